"""What members are in an organisation: their roles in teams, whether they still belong to it, and whether they are away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotAllowed, NotNow, NotValid
from luuppi.people.models import Member, MemberRole, Team
from luuppi.people.organising import UnknownRole
from luuppi.people.rules.permissions import ROLES

# What a member has in hand that somebody else must take over when they leave. Later stages fill this in.
IN_HAND: list["InHand"] = []


@dataclass(frozen=True, slots=True)
class InHand:
    """count: how many of them a member has. sentence: for the page, with %(n)s. release(member, by=, reason=): hands them on, because the
    member "left", is "away" or has another "role", in the transaction of that.

    needs: what one must be allowed to, to have them at all. waits: not handed on when somebody is only away.
    """

    count: Callable[[Member], int]
    sentence: Callable[[int], str]
    release: Callable[..., None]
    needs: str
    waits: bool = False


class LastAdministrator(NotNow):
    code = "last-administrator"
    sentence = _("%(name)s is the only administrator. Make somebody else one first.")


class DayIsPast(NotValid):
    code = "day-is-past"
    sentence = _("This day has passed. Choose the last day of the absence.")


@transaction.atomic
def give_roles(member: Member, roles: Iterable[tuple[str, Team]], *, by: Member) -> Member:
    """The member has exactly these roles from now on; what these do not let them have in hand is handed on.

    Raises NotAllowed, UnknownRole, LastAdministrator.
    """
    wanted = list(dict.fromkeys(roles))
    member = _taken(member, by)
    for role, team in wanted:
        if role not in ROLES or team.organisation_id != member.organisation_id:
            raise UnknownRole(role=role)
    if not any(role == "admin" for role, _team in wanted):
        _refuse_without_administrator(member)
    has = {(one.role, one.team_id): one.pk for one in member.roles.all()}
    stays = {(role, team.pk) for role, team in wanted}
    member.roles.filter(pk__in=[pk for one, pk in has.items() if one not in stays]).delete()
    MemberRole.objects.bulk_create([MemberRole(member=member, team=team, role=role) for role, team in wanted if (role, team.pk) not in has])
    member = Member.objects.get(pk=member.pk)
    for thing in IN_HAND:
        if not member.grants.reach(thing.needs):
            thing.release(member, by=by, reason="role")
    return member


@transaction.atomic
def deactivate(member: Member, *, by: Member) -> None:
    """The person belongs to the organisation no more; what they did stays theirs, what they had in hand is handed on.

    Raises NotAllowed, LastAdministrator.
    """
    member = _taken(member, by)
    _refuse_without_administrator(member)
    if member.is_active:
        member.is_active = False
        member.save(update_fields=["is_active"])
        for thing in IN_HAND:
            thing.release(member, by=by, reason="left")


def in_hand(member: Member, *, away: bool = False) -> list[str]:
    """A sentence for each kind of thing that is handed on when the member leaves, or is away; none where there is nothing."""
    return [thing.sentence(n) for thing in IN_HAND if not (away and thing.waits) and (n := thing.count(member))]


@transaction.atomic
def send_away(member: Member, *, until: date, by: Member, hands_on: bool = True) -> Member:
    """The person is away up to and including this day: what would come to them by itself goes to their team, with `hands_on` also what they
    have in hand. Raises NotAllowed, DayIsPast.
    """
    member = _absent(member, by)
    if until < timezone.localdate(timezone=member.organisation.zone):
        raise DayIsPast()
    member.away_until = until
    member.save(update_fields=["away_until"])
    for thing in IN_HAND if hands_on else ():
        if not thing.waits:
            thing.release(member, by=by, reason="away")
    return member


@transaction.atomic
def come_back(member: Member, *, by: Member) -> Member:
    """The person is here again; what was handed on stays where it is. Raises NotAllowed."""
    member = _absent(member, by)
    member.away_until = None
    member.save(update_fields=["away_until"])
    return member


def _absent(member: Member, by: Member) -> Member:
    if not Member.objects.absences_set_by(by).filter(pk=member.pk).exists():
        raise NotAllowed()
    return Member.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=member.pk)


@transaction.atomic
def reactivate(member: Member, *, by: Member) -> None:
    """Raises NotAllowed."""
    member = _taken(member, by)
    member.is_active = True
    member.save(update_fields=["is_active"])


def _taken(member: Member, by: Member) -> Member:
    if not by.grants.reach("settings.people") or by.organisation_id != member.organisation_id:
        raise NotAllowed()
    # All members of the organisation wait for one another here, so that two administrators cannot remove each other at once.
    list(Member.objects.select_for_update().filter(organisation=member.organisation_id, roles__role="admin").order_by("pk"))
    return Member.objects.select_for_update().get(pk=member.pk)


def _refuse_without_administrator(member: Member) -> None:
    others = Member.objects.filter(organisation=member.organisation_id, is_active=True, roles__role="admin").exclude(pk=member.pk)
    if member.is_active and member.roles.filter(role="admin").exists() and not others.exists():
        raise LastAdministrator(name=member.name)
