"""/o/{organisation}/settings/people and /teams: who works here, what they may do, and the tree of teams."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from luuppi.delivery.backends import stays_in_the_house
from luuppi.people.joining import AlreadyMember, invite, link_of
from luuppi.people.models import Invitation, Member, Team
from luuppi.people.organising import found_team, rename_team
from luuppi.people.staffing import deactivate, give_roles, in_hand, reactivate
from luuppi.people.web.forms import InviteForm, NewTeamForm, RoleForm, TeamNameForm
from luuppi.people.web.membership import needs
from luuppi.people.wording import ROLE_NAMES
from luuppi.ui.toasts import say


@never_cache
@needs("settings.people")
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, organisation: str) -> HttpResponse:
    """The members, those invited, and the form that invites. Where no mail leaves the house, the answer to the POST shows the link, once."""
    form = InviteForm(request.POST or None, teams=_teams(request))
    invited = link = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            invited, secret = invite(said["email"], name=said["name"], team=said["team"], role=said["role"], by=request.member)
        except AlreadyMember as refusal:
            form.add_error("email", str(refusal))
        else:
            if not stays_in_the_house():
                say(request, _("The invitation is on its way to %(email)s") % {"email": invited.email})
                return redirect("people_settings", organisation)
            form, link = InviteForm(teams=_teams(request)), link_of(secret)
    members = (
        Member.objects.filter(organisation=request.organisation)
        .select_related("user")
        .prefetch_related("roles__team")
        .order_by("-is_active", "name")
    )
    waiting = (
        Invitation.objects.filter(organisation=request.organisation, accepted_at=None, expires_at__gt=timezone.now())
        .select_related("team")
        .order_by("-created_at")
    )
    context = {
        "form": form,
        "here": "settings",
        "invited": invited,
        "link": link,
        "members": [
            {"member": member, "roles": [{"name": ROLE_NAMES[role.role], "team": role.team} for role in member.roles.all()]}
            for member in members
        ],
        "waiting": [{"invitation": one, "role": ROLE_NAMES[one.role]} for one in waiting],
    }
    return render(request, "people/people.html", context, status=422 if form.errors else 200)


@needs("settings.people")
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """One member: the roles they have; a POST adds one."""
    found = _member(request, pk)
    form = RoleForm(request.POST or None, teams=_teams(request))
    if request.method == "POST" and form.is_valid():
        give_roles(found, [*_roles(found), (form.cleaned_data["role"], form.cleaned_data["team"])], by=request.member)
        say(request, _("Saved: %(name)s") % {"name": found.name})
        return redirect("member", organisation, pk)
    roles = [{"role": role, "name": ROLE_NAMES[role.role]} for role in found.roles.select_related("team").order_by("team__path", "role")]
    return render(
        request,
        "people/member.html",
        {"found": found, "form": form, "roles": roles, "in_hand": in_hand(found), "here": "settings"},
        status=422 if form.errors else 200,
    )


@needs("settings.people")
@require_POST
def role_removal(request: HttpRequest, organisation: str, pk: int, role: int) -> HttpResponse:
    """POST …/people/{pk}/roles/{role}/removal"""
    found = _member(request, pk)
    gone = found.roles.filter(pk=role).first()
    if gone is None:
        raise Http404
    had = in_hand(found)
    changed = give_roles(found, [(one.role, one.team) for one in found.roles.select_related("team") if one.pk != gone.pk], by=request.member)
    say(request, _and_handed_on(_("Saved: %(name)s") % {"name": found.name}, had, in_hand(changed)))
    return redirect("member", organisation, pk)


@needs("settings.people")
@require_POST
def membership(request: HttpRequest, organisation: str, pk: int, active: bool) -> HttpResponse:
    """POST …/people/{pk}/leaving and …/return"""
    found = _member(request, pk)
    if active:
        reactivate(found, by=request.member)
        say(request, _("%(name)s has access again") % {"name": found.name})
    else:
        had = in_hand(found)
        deactivate(found, by=request.member)
        say(request, _and_handed_on(_("%(name)s no longer has access") % {"name": found.name}, had, []))
    return redirect("people_settings", organisation)


def _and_handed_on(words: str, had: list[str], has: list[str]) -> str:
    """What was done, and what became of what the member had in hand."""
    return " ".join([f"{words}.", *(sentence for sentence in had if sentence not in has)])


@needs("settings.people")
@require_POST
def invitation_removal(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """POST …/invitations/{pk}/removal: the link opens nothing any more."""
    removed, _kinds = Invitation.objects.filter(organisation=request.organisation, pk=pk, accepted_at=None).delete()
    if not removed:
        raise Http404
    say(request, _("The invitation was cancelled"))
    return redirect("people_settings", organisation)


@needs("settings.people")
@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest, organisation: str) -> HttpResponse:
    """The tree; a POST adds a team."""
    form = NewTeamForm(request.POST or None, teams=_teams(request))
    if request.method == "POST" and form.is_valid():
        made = found_team(request.organisation, name=form.cleaned_data["name"], under=form.cleaned_data["team"], by=request.member)
        say(request, _("Saved: %(name)s") % {"name": made.name})
        return redirect("teams", organisation)
    shown = [{"team": team, "depth": "\u2003" * (team.path.count(".") - 1)} for team in _teams(request).order_by("path")]
    return render(request, "people/teams.html", {"form": form, "teams": shown, "here": "settings"}, status=422 if form.errors else 200)


@needs("settings.people")
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """One team: its name."""
    found = _teams(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    form = TeamNameForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        rename_team(found, name=form.cleaned_data["name"], by=request.member)
        say(request, _("Saved: %(name)s") % {"name": found.name})
        return redirect("teams", organisation)
    return render(request, "people/team.html", {"form": form, "team": found, "here": "settings"}, status=422 if form.errors else 200)


def _teams(request: HttpRequest):
    return Team.objects.visible_to(request.member)


def _roles(found: Member) -> list[tuple[str, Team]]:
    return [(one.role, one.team) for one in found.roles.select_related("team")]


def _member(request: HttpRequest, pk: int) -> Member:
    found = Member.objects.filter(organisation=request.organisation, pk=pk).select_related("user").first()
    if found is None:
        raise Http404
    return found
