"""Bringing a case back: closed ones are opened again, answered ones become ours again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.delivery import mailing
from luuppi.delivery.models import Outgoing
from luuppi.inner_loop.holding import hold
from luuppi.inner_loop.leaving import leave_who_is_away
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.models.case import OPEN
from luuppi.inner_loop.models.message import QUEUED
from luuppi.inner_loop.refusals import CaseIsOpen, ItemHasAnOpenCase
from luuppi.inner_loop.rules.promise import answer_due_at
from luuppi.journal import kinds
from luuppi.journal.recording import record


@transaction.atomic
def reopen_case(case: Case, *, by: Any) -> Case:
    """Go on with a closed case. Within ten seconds of the closing this is its undo: what was not sent yet does not leave.

    Raises CaseIsOpen, OutsideYourAuthority, ItemHasAnOpenCase.
    """
    case = hold(case, by=by, closed_too=True)
    if not case.is_closed:
        raise CaseIsOpen(number=case.number)
    open_again(case, by=by, reason="by-hand")
    return case


def open_again(case: Case, *, by: Any, reason: str) -> None:
    """The held case is open again, as soon due as a new one. Raises ItemHasAnOpenCase."""
    items = case.item_ids
    elsewhere = Case.objects.filter(case_items__item__in=items, case_items__in_open_case=True).exclude(pk=case.pk).first()
    if elsewhere is not None:
        raise ItemHasAnOpenCase(number=elsewhere.number)
    _take_back_closing(case)
    case.case_items.update(in_open_case=True)
    case.closed_at, case.outcome, case.not_told_because, case.promised_on = None, "", "", None
    case.reopened_count += 1
    case.state = OPEN
    case.answer_due_at = case.queue_at = answer_due_at(timezone.now(), case.promise_hours, case.organisation.zone)
    case.save(update_fields=["state", "closed_at", "outcome", "not_told_because", "promised_on", "reopened_count", "answer_due_at", "queue_at"])
    record(kinds.REOPENED, organisation=case.organisation, items=items, case=case.pk, by=by, reason=reason)
    leave_who_is_away(case)


def bring_back(case: Case, *, due_at: datetime | None = None) -> None:
    """The held case is ours again; without a time it is due now."""
    case.state = OPEN
    case.answer_due_at = case.queue_at = due_at or timezone.now()
    case.save(update_fields=["state", "answer_due_at", "queue_at"])
    leave_who_is_away(case)


def closing_key(case: Case) -> str:
    """The key of the mail that asks the customer after this closing."""
    return f"closing:{case.pk}:{case.n_closings}"


def _take_back_closing(case: Case) -> None:
    """What the closing wanted to say and has not said yet."""
    if asked := Outgoing.objects.filter(key=closing_key(case)).first():
        mailing.take_back(asked)
    for message in case.messages.filter(closes=True, state=QUEUED, outgoing__isnull=False).select_related("outgoing"):
        if mailing.take_back(message.outgoing):
            message.delete()
