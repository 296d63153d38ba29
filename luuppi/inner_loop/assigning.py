"""Who has the case: one owner at a time, or a team whose members may take it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.inner_loop.going_through import note_reading
from luuppi.inner_loop.holding import hold
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.refusals import CannotTakeCases, CaseHasMovedOn
from luuppi.inner_loop.rules.acting import may_have_cases
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import record
from luuppi.people.models import Member, Team

TIME_TO_TAKE_BACK = timedelta(minutes=1)


@transaction.atomic
def take_case(case: Case, *, by: Member) -> Case:
    """Make who asks the owner of a case that nobody has; one's own stays as it is. Raises CaseIsClosed, OutsideYourAuthority."""
    return _give(hold(case, by=by), to=by, by=by)


@transaction.atomic
def assign_case(case: Case, *, to: Member, by: Any) -> Case:
    """Make `to` the one owner of the case. Assigning it to its owner again changes nothing.

    Raises CaseIsClosed, OutsideYourAuthority, CannotTakeCases.
    """
    return _give(hold(case, by=by), to=to, by=by)


@transaction.atomic
def move_to_team(case: Case, *, team: Team, by: Any) -> Case:
    """Give the case to a team's queue: nobody owns it until one of them takes it. Raises CaseIsClosed, OutsideYourAuthority."""
    case = hold(case, by=by)
    if case.team_id == team.pk and case.owner_id is None:
        return case
    earlier, earlier_team = case.owner, case.team_id
    case.owner, case.team = None, team
    case.save(update_fields=["owner", "team"])
    items = case.item_ids
    note_reading(items, organisation=case.organisation, by=by)
    facts = {"to": f"team:{team.pk}", "earlier": earlier.actor if earlier else None, "earlier_team": earlier_team}
    record(kinds.HANDED_OFF, organisation=case.organisation, items=items, case=case.pk, by=by, **facts)
    return case


@transaction.atomic
def take_back_move(case: Case, *, by: Member) -> Case:
    """Who gave the case away has it as it was, a call for help included, within a minute and while nobody has gone on with it: also who may
    not act on it any more.

    Raises CaseHasMovedOn.
    """
    case = Case.objects.locked(case.pk)
    last = LoopEvent.objects.filter(case=case.pk).order_by("-id").first()
    if not was_moved_by(by, last) or case.messages.filter(at__gt=last.at).exists():
        raise CaseHasMovedOn(number=case.number)
    earlier = str(last.data.get("earlier") or "").removeprefix("member:")
    case.owner = Member.objects.filter(pk=earlier, organisation=case.organisation_id, is_active=True).first() if earlier else None
    case.team_id = last.data.get("earlier_team") or case.team_id
    if called_at := last.data.get("called_at"):
        case.escalated_at = datetime.fromisoformat(called_at)
        case.escalated_to = Member.objects.filter(pk=last.data.get("called"), organisation=case.organisation_id).first()
    case.save(update_fields=["owner", "team", "escalated_at", "escalated_to"])
    to = case.owner.actor if case.owner else f"team:{case.team_id}"
    record(
        kinds.HANDED_OFF,
        organisation=case.organisation,
        items=case.item_ids,
        case=case.pk,
        by=by,
        to=to,
        earlier=last.data.get("to"),
        reason="taken-back",
    )
    return case


def was_moved_by(who: Member, last: LoopEvent | None) -> bool:
    """Whether the last that happened to a case is that this member gave it away just now."""
    moved = last is not None and last.kind in (kinds.ASSIGNED.key, kinds.HANDED_OFF.key) and last.data.get("reason") is None
    return moved and last.by == who.actor and last.data.get("to") != last.by and last.at > timezone.now() - TIME_TO_TAKE_BACK


def become_owner(case: Case, *, by: Any) -> Case:
    """Who acts on a case that nobody owns takes it with that act. The case is held already; a token owns nothing."""
    return _give(case, to=by, by=by) if case.owner_id is None and isinstance(by, Member) else case


def _give(case: Case, *, to: Member, by: Any) -> Case:
    if case.owner_id == to.pk:
        return case
    if to.organisation_id != case.organisation_id or not to.is_active or not may_have_cases(to):
        raise CannotTakeCases(name=to.name)
    earlier, case.owner = case.owner, to
    case.first_owner = case.first_owner or to
    call = {}
    if earlier and case.escalated_at:  # somebody else has taken over; the call is kept for who takes the hand-over back
        call = {"called_at": case.escalated_at.isoformat(), "called": case.escalated_to_id}
        case.escalated_at = case.escalated_to = None
    case.save(update_fields=["owner", "first_owner", "escalated_at", "escalated_to"])
    items = case.item_ids
    kind = kinds.HANDED_OFF if earlier else kinds.ASSIGNED
    note_reading(items, organisation=case.organisation, by=by)
    facts = {"to": to.actor, "earlier": earlier.actor if earlier else None, **call}
    record(kind, organisation=case.organisation, items=items, case=case.pk, by=by, **facts)
    return case
