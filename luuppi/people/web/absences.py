"""/o/{organisation}/absences: who is away until when, set by those above them or by themselves."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luuppi.errors import NotValid
from luuppi.people.models import Member
from luuppi.people.staffing import come_back, in_hand, send_away
from luuppi.people.web.forms import AbsenceForm
from luuppi.people.web.membership import needs
from luuppi.people.wording import ROLE_NAMES
from luuppi.ui.paging import page_of
from luuppi.ui.toasts import say
from luuppi.ui.today_parts import SIDE, Shown, register

_ON_TODAY = 5


def connect() -> None:
    register("absences", absences_of_today, place=SIDE, order=80)


def absences_of_today(member: Any) -> Shown | None:
    """Who of those below is away; nothing to who leads nobody."""
    if not (reach := member.grants.reach("members.away")) or (reach.own and not reach.paths and not reach.everywhere):
        return None
    away = list(_settable(member).filter(away_until__gte=_today(member)).order_by("away_until", "name")[: _ON_TODAY + 1])
    return Shown("people/_today_absences.html", {"away": away[:_ON_TODAY], "are_more": len(away) > _ON_TODAY})


@needs("members.away")
@require_safe
def absences(request: HttpRequest, organisation: str) -> HttpResponse:
    """The people whose absence one may set, each with the page where it is done."""
    page = page_of(request, _settable(request.member).prefetch_related("roles__team"), "name", "pk")
    shown = [
        {
            "member": one,
            "roles": [{"name": ROLE_NAMES[role.role], "team": role.team} for role in one.roles.all()],
            "is_away": one.is_away(at=timezone.now()),
        }
        for one in page.rows
    ]
    return render(request, "people/absences.html", {"members": shown, "page": page})


@needs("members.away")
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """One person: a POST sets the last day, and hands on what they have in hand."""
    found = _find(request, pk)
    is_away = found.is_away(at=timezone.now())
    form = AbsenceForm(request.POST or None, initial={"until": found.away_until if is_away else None, "hands_on": True})
    if request.method == "POST" and form.is_valid():
        try:
            send_away(found, by=request.member, **form.cleaned_data)
        except NotValid as refusal:
            form.add_error("until", str(refusal))
        else:
            say(request, _("%(name)s is away") % {"name": found.name})
            return redirect("absences", organisation)
    context = {"found": found, "form": form, "is_away": is_away, "in_hand": in_hand(found, away=True)}
    return render(request, "people/absence.html", context, status=422 if form.errors else 200)


@needs("members.away")
@require_POST
def end(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """POST …/absences/{pk}/end"""
    found = come_back(_find(request, pk), by=request.member)
    say(request, _("%(name)s is back") % {"name": found.name})
    return redirect("absences", organisation)


def _find(request: HttpRequest, pk: int) -> Member:
    found = _settable(request.member).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _settable(member: Any):
    return Member.objects.absences_set_by(member).select_related("organisation")


def _today(member: Any):
    return timezone.localdate(timezone=member.organisation.zone)
