"""Closing and confirming: no case closes in silence, and the customer has the last word."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.capture.scales import SCORES
from luuppi.delivery import mailing
from luuppi.inner_loop.answering import TIME_TO_UNDO, speak
from luuppi.inner_loop.assigning import become_owner
from luuppi.inner_loop.escalating import raise_priority
from luuppi.inner_loop.going_through import note_reading
from luuppi.inner_loop.holding import hold, is_withdrawn, refuse_withdrawn, said
from luuppi.inner_loop.letters import address_of, write_letter
from luuppi.inner_loop.models import Case, Confirmation
from luuppi.inner_loop.models.case import CANNOT_BE_CHANGED, CLOSED, NOT_SOLVED, NOT_TOLD_BECAUSE, OUTCOMES, SOLVED, WAITING
from luuppi.inner_loop.models.message import ON_ITS_WAY_OR_THERE, OUT, THERE
from luuppi.inner_loop.refusals import HasNoCase, NeedsExplanation, NobodyWasTold, NotAnsweredYet, UnknownOutcome
from luuppi.inner_loop.reopening import bring_back, closing_key, open_again
from luuppi.inner_loop.rules.promise import answer_due_at
from luuppi.journal import kinds
from luuppi.journal.recording import CUSTOMER, SYSTEM, record


@transaction.atomic
def close_case(case: Case, *, by: Any, outcome: str = SOLVED, text: str = "", not_told_because: str = "", key: str = "") -> Case:
    """Close the case with an outcome that the customer has been told, and ask the customer whether it is solved.

    text: what the customer is told now; needed when no answer was sent before and when the outcome is that it cannot be changed, unless
    `not_told_because` says why they cannot be told. Raises CaseIsClosed (also for the second of two at once), OutsideYourAuthority,
    UnknownOutcome, NobodyWasTold, NeedsExplanation, WithdrawnFeedback.
    """
    case = hold(case, by=by)
    if outcome not in OUTCOMES or (not_told_because and not_told_because not in NOT_TOLD_BECAUSE):
        raise UnknownOutcome(outcome=outcome if outcome not in OUTCOMES else not_told_because)
    if outcome == CANNOT_BE_CHANGED and not (text or not_told_because):
        raise NeedsExplanation()
    if not text and not not_told_because and not case.messages.filter(direction=OUT, state__in=ON_ITS_WAY_OR_THERE).exists():
        raise NobodyWasTold()
    case = become_owner(case, by=by)
    note_reading(case.item_ids, organisation=case.organisation, by=by)
    shut(case, by=by, outcome=outcome, not_told_because=not_told_because)
    if text:
        refuse_withdrawn(case)
        speak(case, text=said(text), by=by, key=key, closes=True)
    elif not (not_told_because or is_withdrawn(case)):
        _ask(case)
    return case


@transaction.atomic
def confirm(
    item: FeedbackItem, *, solved: bool, key: str = "", ces: int | None = None, new_nps: int | None = None, will_stay: bool | None = None
) -> Confirmation:
    """The customer says whether it is solved. Yes closes an answered case; no opens a closed one again and escalates it.

    Saying the same again adds what was left out before (ces 1–7, new_nps 0–10, will_stay) and does nothing twice; a change of mind
    counts. Raises HasNoCase, NotAnsweredYet, ValueError for a score off its scale.
    """
    _check("ces", ces, *SCORES["ces"])
    _check("new_nps", new_nps, *SCORES["nps"])
    found = Case.objects.filter(case_items__item=item.pk).order_by("-case_items__in_open_case", "-id").first()
    if found is None:
        raise HasNoCase()
    case = Case.objects.locked(found.pk)
    earlier = case.confirmations.order_by("-closing").first()
    if not case.is_closed and case.first_answered_at is None and not (earlier and key and earlier.key == key):
        raise NotAnsweredYet()
    if earlier is not None and _is_said_already(case, earlier, solved, key):
        return _add(earlier, ces, new_nps, will_stay)
    # A no belongs to the closing that it undoes, a yes to the one that it makes or confirms.
    closing = case.n_closings + (1 if solved and not case.is_closed else 0)
    facts = {"item": item, "solved": solved, "at": timezone.now(), "key": key, "ces": ces, "new_nps": new_nps, "will_stay": will_stay}
    made, _is_new = Confirmation.objects.update_or_create(case=case, closing=closing, defaults=facts)
    _follow(case, item, solved)
    return made


def shut(case: Case, *, by: Any, outcome: str, not_told_because: str = "") -> None:
    """The held case is closed, without a word to anybody: who closes says it, or why nobody can be told."""
    now = timezone.now()
    case.state, case.closed_at, case.queue_at, case.answer_due_at, case.promised_on = CLOSED, now, now, None, None
    case.outcome, case.not_told_because = outcome, not_told_because
    case.escalated_at = case.escalated_to = None
    case.n_closings += 1
    facts = [
        "state",
        "closed_at",
        "queue_at",
        "answer_due_at",
        "promised_on",
        "outcome",
        "not_told_because",
        "escalated_at",
        "escalated_to",
        "n_closings",
    ]
    case.save(update_fields=facts)
    case.case_items.update(in_open_case=False)
    told = {"not_told_because": not_told_because} if not_told_because else {}
    record(kinds.CLOSED, organisation=case.organisation, items=case.item_ids, case=case.pk, by=by, reason=outcome, **told)


def _ask(case: Case) -> None:
    """The question alone, where the answer went before. Without an address the tracking page asks."""
    if address := address_of(case):
        letter = write_letter(case, None, asks=True)
        mailing.hand_over(
            key=closing_key(case),
            purpose="closing",
            organisation=case.organisation,
            to=address,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            from_name=letter.from_name,
            refers_to=case.pk,
            due_at=timezone.now() + TIME_TO_UNDO,
        )


def _follow(case: Case, item: FeedbackItem, solved: bool) -> None:
    """What the customer's word does to the case."""
    if solved:
        record(kinds.SOLVED, organisation=case.organisation, items=case.item_ids, case=case.pk, by=CUSTOMER)
        if not case.is_closed:
            shut(case, by=CUSTOMER, outcome=SOLVED)
        return
    record(kinds.NOT_SOLVED, organisation=case.organisation, items=case.item_ids, case=case.pk, by=CUSTOMER)
    if case.is_closed:
        open_again(case, by=CUSTOMER, reason="not-solved")
    elif case.state == WAITING:
        bring_back(case, due_at=answer_due_at(timezone.now(), case.promise_hours, case.organisation.zone))
    raise_priority(case, because=NOT_SOLVED)
    record(kinds.ESCALATED, organisation=case.organisation, items=case.item_ids, case=case.pk, by=SYSTEM, reason=NOT_SOLVED)


def _is_said_already(case: Case, earlier: Confirmation, solved: bool, key: str) -> bool:
    """A double click, or more details; not a second no after we have tried again."""
    if key and earlier.key == key and earlier.solved == solved:
        return True
    if earlier.closing != case.n_closings or earlier.solved != solved or case.is_closed != solved:
        return False
    return solved or not case.messages.filter(direction=OUT, state__in=THERE, at__gt=earlier.at).exists()


def _add(earlier: Confirmation, ces: int | None, new_nps: int | None, will_stay: bool | None) -> Confirmation:
    said_now = {"ces": ces, "new_nps": new_nps, "will_stay": will_stay}
    changed = [name for name, value in said_now.items() if value is not None and getattr(earlier, name) != value]
    for name in changed:
        setattr(earlier, name, said_now[name])
    earlier.save(update_fields=changed) if changed else None
    return earlier


def _check(name: str, value: int | None, low: int, high: int) -> None:
    if value is not None and not low <= value <= high:
        raise ValueError(f"{name} must lie between {low} and {high}, got {value}")
