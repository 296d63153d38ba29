"""GET /o/{organisation}/today: what should I do now? And the short address that leads there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from luuppi.capture.models import FeedbackItem
from luuppi.inner_loop.queries.queue import COUNTED_TO
from luuppi.inner_loop.queries.today import read_today
from luuppi.ui.today_parts import draw_parts


@require_safe
def today(request: HttpRequest, organisation: str) -> HttpResponse:
    parts = draw_parts(request)
    found = read_today(request.member, at=timezone.now(), case_leads=not parts.lead)
    hour = timezone.localtime(timezone=request.organisation.zone).hour
    may = request.member.grants.may
    # Where nobody has said anything, it would be idle to say that nobody waits and everything is gone through.
    is_empty = not (parts.lead or found.next or found.unread) and not FeedbackItem.objects.filter(organisation=request.organisation).exists()
    context = {
        "today": found,
        "parts": parts,
        "hour": hour,
        "most": COUNTED_TO,
        "may_record": may("items.write"),
        "is_empty": is_empty,
        "is_new": is_empty and may("settings.work"),
        "may_invite": may("settings.people"),
    }
    return render(request, "inner_loop/today.html", context)


@require_safe
def home(request: HttpRequest, organisation: str) -> HttpResponse:
    return redirect("today", organisation)
