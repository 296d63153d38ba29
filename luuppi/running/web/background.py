"""/o/{organisation}/settings/background: what is to do in the background, what was given up, and trying that again."""

from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luuppi.people.web.membership import needs
from luuppi.running import todo
from luuppi.running.models import Heartbeat, Todo
from luuppi.running.wording import name_work
from luuppi.ui.toasts import say


@needs("settings.people")
@require_GET
def background(request: HttpRequest, organisation: str) -> HttpResponse:
    mine = Todo.objects.filter(organisation=request.organisation)
    beat = Heartbeat.objects.filter(part="worker").first()
    kinds = mine.filter(parked_at=None).values("kind").annotate(n=Count("pk"), oldest=Min("due_at"), tried=Count("pk", filter=Q(attempts__gt=1)))
    context = {
        "waiting": [{**row, "name": name_work(row["kind"])} for row in kinds.order_by("kind")],
        "parked": [(one, name_work(one.kind)) for one in mine.exclude(parked_at=None).order_by("-parked_at")[:100]],
        "beat": beat,
        "alive": beat is not None and beat.is_alive,
    }
    return render(request, "running/background.html", context)


@needs("settings.people")
@require_POST
def again(request: HttpRequest, organisation: str, todo_id: int) -> HttpResponse:
    """POST …/background/{id}/again: what was given up is tried once more, with all its attempts."""
    one = get_object_or_404(Todo.objects.filter(organisation=request.organisation).exclude(parked_at=None), pk=todo_id)
    todo.try_again(one)
    say(request, _("It is being tried again now."))
    return redirect("background", organisation)
