"""/o/{organisation}/settings/surveys: surveys by link, open or closed."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luuppi.capture.models import Survey, Touchpoint
from luuppi.capture.models.imports import ROOT_PATH
from luuppi.capture.surveying import create_survey, open_survey
from luuppi.capture.web.settings_forms import SurveyForm
from luuppi.capture.web.touchpoints import teams_within_reach
from luuppi.people.web.membership import needs
from luuppi.ui.paging import page_of
from luuppi.ui.toasts import say


@needs("settings.work")
@require_http_methods(["GET", "HEAD", "POST"])
def surveys(request: HttpRequest, organisation: str) -> HttpResponse:
    """The surveys with their links; a POST makes one."""
    reachable = Touchpoint.objects.filter(team__in=teams_within_reach(request))
    form = SurveyForm(request.POST or None, touchpoints=reachable)
    everything = request.member.grants.reach("settings.work").covers(ROOT_PATH)
    form.fields["touchpoint"].required = not everything
    if request.method == "POST" and form.is_valid():
        made = create_survey(request.organisation, by=request.member, **form.cleaned_data)
        say(request, _("Saved: %(name)s") % {"name": made.name})
        return redirect("surveys", organisation)
    page = page_of(request, _within(request), "-is_open", "-pk")
    shown = [{"survey": one, "url": settings.BASE_URL + reverse("survey_score", args=[one.key])} for one in page.rows]
    context = {"form": form, "here": "settings", "surveys": shown, "page": page}
    return render(request, "capture/surveys.html", context, status=422 if form.errors else 200)


@needs("settings.work")
@require_POST
def opening(request: HttpRequest, organisation: str, pk: int, is_open: bool) -> HttpResponse:
    """POST …/closing and …/opening"""
    found = _within(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    open_survey(found, is_open=is_open, by=request.member)
    say(request, (_("%(name)s is open") if is_open else _("%(name)s is closed")) % {"name": found.name})
    return redirect("surveys", organisation)


def _within(request: HttpRequest):
    rows = Survey.objects.visible_to(request.member).select_related("touchpoint__team", "organisation")
    if request.member.grants.reach("settings.work").covers(ROOT_PATH):
        return rows
    return rows.filter(touchpoint__team__in=teams_within_reach(request))
