"""/o/{organisation}/settings/touchpoints: where feedback comes from, and which team it goes to."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luuppi.capture.models import Touchpoint
from luuppi.capture.placing import TouchpointTaken, change_touchpoint, create_touchpoint
from luuppi.capture.web.settings_forms import NewTouchpointForm, TouchpointForm
from luuppi.people.models import Team
from luuppi.people.web.membership import needs
from luuppi.ui.paging import page_of
from luuppi.ui.toasts import say


def teams_within_reach(request: HttpRequest) -> QuerySet[Team]:
    """The teams in whose settings the member may work."""
    reach = request.member.grants.reach("settings.work")
    teams = Team.objects.visible_to(request.member)
    return teams.filter(pk__in=[team.pk for team in teams if reach.covers(team.path)])


@needs("settings.work")
@require_http_methods(["GET", "HEAD", "POST"])
def touchpoints(request: HttpRequest, organisation: str) -> HttpResponse:
    """The touchpoints, those to confirm first; a POST adds one."""
    teams = teams_within_reach(request)
    form = NewTouchpointForm(request.POST or None, teams=teams)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_touchpoint(key=form.cleaned_data["key"], names=form.names, team=form.cleaned_data["team"], by=request.member)
        except TouchpointTaken as refusal:
            form.add_error("key", str(refusal))
        else:
            say(request, _("Saved: %(name)s") % {"name": made.name})
            return redirect("touchpoints", organisation)
    page = page_of(request, Touchpoint.objects.filter(team__in=teams).select_related("team"), "confirmed", "key")
    return render(
        request,
        "capture/touchpoints.html",
        {"form": form, "touchpoints": page.rows, "page": page, "here": "settings"},
        status=422 if form.errors else 200,
    )


@needs("settings.work")
@require_http_methods(["GET", "HEAD", "POST"])
def touchpoint(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """One touchpoint: its names and its team. Saving confirms it."""
    teams = teams_within_reach(request)
    found = Touchpoint.objects.filter(team__in=teams, pk=pk).select_related("team").first()
    if found is None:
        raise Http404
    form = TouchpointForm(
        request.POST or None,
        teams=teams,
        initial={"team": found.team_id} | {f"name_{language}": name for language, name in found.names.items()},
    )
    if request.method == "POST" and form.is_valid():
        change_touchpoint(found, names=form.names, team=form.cleaned_data["team"], by=request.member)
        say(request, _("Saved: %(name)s") % {"name": found.key})
        return redirect("touchpoints", organisation)
    return render(request, "capture/touchpoint.html", {"form": form, "touchpoint": found, "here": "settings"}, status=422 if form.errors else 200)
