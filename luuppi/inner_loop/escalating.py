"""Escalation: one click with a reason. The case keeps its owner, who keeps the customer."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.inner_loop.assigning import become_owner
from luuppi.inner_loop.holding import hold, said
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.models.case import ASKED, HIGH, URGENT
from luuppi.inner_loop.noting import keep_note
from luuppi.inner_loop.refusals import CannotTakeCases
from luuppi.inner_loop.rules.acting import may_have_cases
from luuppi.journal import kinds
from luuppi.journal.recording import record
from luuppi.people.models import Member


@transaction.atomic
def escalate_case(case: Case, *, reason: str, by: Any, to: Member | None = None, key: str = "") -> Case:
    """Ask those above to step in; the reason is kept as a note. `to` names whom, else it is everybody above the team.

    Raises CaseIsClosed, OutsideYourAuthority, NothingSaid, CannotTakeCases.
    """
    case = hold(case, by=by)
    if to is not None and (to.organisation_id != case.organisation_id or not to.is_active or not may_have_cases(to)):
        raise CannotTakeCases(name=to.name)
    reason = said(reason)
    if key and case.messages.filter(key=key).exists():
        return case
    become_owner(case, by=by)
    note = keep_note(case, text=reason, by=by, key=key)
    raise_priority(case, because=ASKED, to=to)
    record(kinds.ESCALATED, organisation=case.organisation, items=case.item_ids, case=case.pk, by=by, to=to.actor if to else None, message=note.pk)
    return case


def raise_priority(case: Case, *, because: str, to: Member | None = None) -> None:
    """One step up, at least high, and marked for those above. because: ASKED or NOT_SOLVED."""
    case.priority = min(URGENT, max(case.priority + 1, HIGH))
    case.escalated_at = timezone.now()
    case.escalated_to, case.escalated_because = to, because
    case.save(update_fields=["priority", "escalated_at", "escalated_to", "escalated_because"])
