"""Who has the case: one owner at a time, or a team whose members may take it."""

from typing import Any

from django.db import transaction

from luuppi.inner_loop.going_through import note_reading
from luuppi.inner_loop.holding import hold
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.refusals import CannotTakeCases
from luuppi.inner_loop.rules.acting import may_have_cases
from luuppi.journal import kinds
from luuppi.journal.recording import record
from luuppi.people.models import Member, Team


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
    earlier, case.owner, case.team = case.owner, None, team
    case.save(update_fields=["owner", "team"])
    items = case.item_ids
    note_reading(items, organisation=case.organisation, by=by)
    record(kinds.HANDED_OFF, organisation=case.organisation, items=items, case=case.pk, by=by, to=f"team:{team.pk}", earlier=earlier.actor if earlier else None)
    return case


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
    if earlier:
        case.escalated_at = case.escalated_to = None  # somebody else has taken over
    case.save(update_fields=["owner", "first_owner", "escalated_at", "escalated_to"])
    items = case.item_ids
    kind = kinds.HANDED_OFF if earlier else kinds.ASSIGNED
    note_reading(items, organisation=case.organisation, by=by)
    record(kind, organisation=case.organisation, items=items, case=case.pk, by=by, to=to.actor, earlier=earlier.actor if earlier else None)
    return case
