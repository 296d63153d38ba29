"""The customer's reply, from the tracking page: it comes back to the case, and opens a closed one again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.inner_loop.holding import said
from luuppi.inner_loop.models import Case, Message
from luuppi.inner_loop.models.message import IN
from luuppi.inner_loop.refusals import HasNoCase, WithdrawnFeedback
from luuppi.inner_loop.reopening import bring_back, open_again
from luuppi.inner_loop.rules.promise import answer_due_at
from luuppi.journal import kinds
from luuppi.journal.recording import CUSTOMER, record


def case_of(item: FeedbackItem) -> Case | None:
    """The case that the item is in: the open one, else the latest. For the customer's own page, which needs no `visible_to`."""
    cases = Case.objects.filter(case_items__item=item.pk)
    return cases.filter(case_items__in_open_case=True).first() or cases.order_by("-id").first()


@transaction.atomic
def receive_reply(item: FeedbackItem, *, text: str, key: str) -> Message:
    """The customer writes about the item. The same key again gives the first reply.

    Raises HasNoCase (keep it as an addition then), NothingSaid, TooLong, WithdrawnFeedback.
    """
    found = case_of(item)
    if found is None:
        raise HasNoCase()
    if item.withdrawn_at:
        raise WithdrawnFeedback()
    text = said(text)
    case = Case.objects.locked(found.pk)
    now = timezone.now()
    message, is_new = Message.objects.get_or_create(
        case=case, key=key, defaults={"direction": IN, "text": text, "by": CUSTOMER, "at": now, "item": item}
    )
    if not is_new:
        return message
    record(kinds.CUSTOMER_REPLIED, organisation=case.organisation, items=[item.pk], case=case.pk, by=CUSTOMER, message=message.pk)
    if case.is_closed:
        open_again(case, by=CUSTOMER, reason="customer-replied")
    else:
        bring_back(case, due_at=_due_at(case, now))
    return message


def _due_at(case: Case, now: datetime) -> datetime:
    """A reply gets an answer within the case's promise; one that was due sooner stays due then."""
    due = answer_due_at(now, case.promise_hours, case.organisation.zone)
    return min(due, case.queue_at) if case.due_at else due
