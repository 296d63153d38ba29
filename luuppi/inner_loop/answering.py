"""Answering the customer: by mail, with ten seconds to take it back; without an address the answer stands on the tracking page.

`answered` is recorded when the answer has left the house, not when it is written.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.delivery import mailing
from luuppi.delivery.models import Outgoing
from luuppi.inner_loop.assigning import become_owner
from luuppi.inner_loop.going_through import note_reading
from luuppi.inner_loop.holding import hold, refuse_withdrawn, said
from luuppi.inner_loop.letters import address_of, write_letter
from luuppi.inner_loop.models import Case, Message
from luuppi.inner_loop.models.case import CLOSED, OPEN, WAITING
from luuppi.inner_loop.models.message import FAILED, IN, ON_ITS_WAY_OR_THERE, OUT, QUEUED, SENT, STANDING
from luuppi.inner_loop.refusals import NotForSendingAgain, PromiseInThePast, PromiseTooFar, TooLateToTakeBack
from luuppi.inner_loop.reopening import bring_back, open_again
from luuppi.inner_loop.rules.promise import end_of_day
from luuppi.journal import kinds
from luuppi.journal.recording import SYSTEM, record
from luuppi.running.ids import new_id

TIME_TO_UNDO = timedelta(seconds=10)


@transaction.atomic
def write_answer(case: Case, *, text: str, by: Any, promised_on: date | None = None, key: str = "") -> Message:
    """Answer the customer; who answers a case that nobody has becomes its owner. The same key again gives the first answer.

    Raises CaseIsClosed, OutsideYourAuthority, NothingSaid, TooLong, PromiseInThePast, PromiseTooFar, WithdrawnFeedback.
    """
    case = hold(case, by=by)
    refuse_withdrawn(case)
    text = said(text)
    if key and (known := case.messages.filter(key=key).first()):
        return known
    _check_promise(promised_on, timezone.localdate(timezone=case.organisation.zone))
    case = become_owner(case, by=by)
    note_reading(case.item_ids, organisation=case.organisation, by=by)
    return speak(case, text=text, by=by, promised_on=promised_on, key=key)


def speak(case: Case, *, text: str, by: Any, promised_on: date | None = None, key: str = "", closes: bool = False) -> Message:
    """Keep what is said to the customer and send it on its way, in the transaction of the act that holds the case."""
    message = Message.objects.create(
        case=case,
        direction=OUT,
        text=text,
        by=getattr(by, "actor", by),
        at=timezone.now(),
        key=key or f"answer-{new_id()}",
        state=QUEUED,
        promised_on=promised_on,
        closes=closes,
    )
    record(kinds.ANSWER_WRITTEN, organisation=case.organisation, case=case.pk, by=by, message=message.pk)
    _send(case, message, attempt=0)
    return message


@transaction.atomic
def take_back_answer(message: Message, *, by: Any) -> str:
    """Undo within ten seconds: the answer never leaves. Returns its text, so that it can be written again.

    Raises TooLateToTakeBack, OutsideYourAuthority, CaseIsClosed (open it again first).
    """
    case = hold(message.case, by=by)
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.state != QUEUED or message.outgoing is None or not mailing.take_back(message.outgoing):
        raise TooLateToTakeBack()
    text = message.text
    message.delete()
    record(kinds.ANSWER_TAKEN_BACK, organisation=case.organisation, case=case.pk, by=by)
    return text


@transaction.atomic
def send_again(message: Message, *, by: Any) -> Message:
    """Send an answer anew that did not arrive, or of which nobody knows. Raises NotForSendingAgain, OutsideYourAuthority."""
    case = hold(message.case, by=by, closed_too=True)
    message = Message.objects.select_for_update().get(pk=message.pk)
    if not (message.state == FAILED or message.perhaps_sent):
        raise NotForSendingAgain()
    _send(case, message, attempt=Outgoing.objects.filter(purpose="answer", refers_to=message.pk).count())
    return message


@transaction.atomic
def count_as_sent(message: Message, *, by: Any) -> Message:
    """A person knows that the answer has arrived which was perhaps sent. Raises NotForSendingAgain, OutsideYourAuthority."""
    case = hold(message.case, by=by, closed_too=True)
    message = Message.objects.select_for_update().get(pk=message.pk)
    if not message.perhaps_sent:
        raise NotForSendingAgain()
    _note_left(case, message, SENT)
    return message


# --- what the mail reports back -------------------------------------------------------------------------------------------------


def when_sent(outgoing: Outgoing) -> None:
    """The answer has left: `answered`, and the clock stands. Twice is once."""
    message = Message.objects.select_for_update().filter(pk=outgoing.refers_to).first()
    if message is not None and message.state != SENT:
        _note_left(Case.objects.locked(message.case_id), message, SENT)


def when_failed(outgoing: Outgoing) -> None:
    """The answer cannot be delivered: the case comes back to its owner, at once due. One that
    closed with these words, or after nothing else, opens again."""
    message = Message.objects.select_for_update().filter(pk=outgoing.refers_to).first()
    if message is None or message.state in (SENT, FAILED):
        return
    message.state = FAILED
    message.save(update_fields=["state"])
    case = Case.objects.locked(message.case_id)
    record(
        kinds.ANSWER_FAILED,
        organisation=case.organisation,
        items=case.item_ids,
        case=case.pk,
        by=SYSTEM,
        reason="mail-refused",
        message=message.pk,
    )
    if case.state != CLOSED:
        bring_back(case)
    elif message.closes or not (case.not_told_because or case.messages.filter(direction=OUT, state__in=ON_ITS_WAY_OR_THERE).exists()):
        open_again(case, by=SYSTEM, reason="answer-failed")


def _check_promise(promised_on: date | None, today: date) -> None:
    if promised_on is None:
        return
    if promised_on < today:
        raise PromiseInThePast(day=promised_on)
    if promised_on > today + timedelta(days=366):
        raise PromiseTooFar(day=promised_on)


def _send(case: Case, message: Message, *, attempt: int) -> None:
    address = address_of(case)
    if address is None:
        _note_left(case, message, STANDING)
        return
    letter = write_letter(case, message)
    message.outgoing = mailing.hand_over(
        key=f"answer:{message.pk}:{attempt}",
        purpose="answer",
        organisation=case.organisation,
        to=address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        from_name=letter.from_name,
        refers_to=message.pk,
        due_at=timezone.now() + TIME_TO_UNDO,
    )
    message.state = QUEUED
    message.save(update_fields=["outgoing", "state"])


def _note_left(case: Case, message: Message, state: str) -> None:
    now = timezone.now()
    message.state = state
    message.save(update_fields=["state"])
    record(kinds.ANSWERED, organisation=case.organisation, items=case.item_ids, case=case.pk, by=message.by, message=message.pk)
    case.first_answered_at = case.first_answered_at or now
    if case.state != CLOSED and not case.messages.filter(direction=IN, at__gt=message.at).exists():
        # A promised day keeps the case ours until then; else we wait for the customer and the clock stands.
        case.promised_on = message.promised_on
        case.state = OPEN if message.promised_on else WAITING
        case.answer_due_at = None
        case.queue_at = end_of_day(message.promised_on, case.organisation.zone) if message.promised_on else now
        if case.escalated_at is None or message.at >= case.escalated_at:
            case.escalated_at = case.escalated_to = None  # the help has come; what was asked after this was written still waits for it
    case.save(update_fields=["first_answered_at", "promised_on", "state", "answer_due_at", "queue_at", "escalated_at", "escalated_to"])
