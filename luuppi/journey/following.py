"""What the giver can do on the tracking page: reply or add, say whether it is solved, withdraw and take that back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format

from luuppi.capture.drafts import MAX_TEXT, clean_text
from luuppi.capture.models import FeedbackItem
from luuppi.capture.sending import add
from luuppi.inner_loop import replying
from luuppi.inner_loop.refusals import HasNoCase
from luuppi.journal import kinds
from luuppi.journal.recording import CUSTOMER, record
from luuppi.journey.queries.tracking import WITHDRAWAL_DAYS, is_taken_back_by_us
from luuppi.journey.refusals import ItIsErased, NothingWritten, NotYoursToTakeBack, TooLateToTakeBack, TooMuchWritten


@transaction.atomic
def say_more(item: FeedbackItem, *, text: str, key: str) -> None:
    """The giver writes more: a reply where there is a case, else an addition to the item. The same key twice is said once.

    Raises NothingWritten, TooMuchWritten, WithdrawnFeedback, ItIsErased.
    """
    item = FeedbackItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.erased_at:
        raise ItIsErased()
    text = clean_text(text)
    if not text:
        raise NothingWritten()
    if len(text) > MAX_TEXT:
        raise TooMuchWritten(n=number_format(len(text), force_grouping=True), most=number_format(MAX_TEXT, force_grouping=True))
    try:
        replying.receive_reply(item, text=text, key=key)
    except HasNoCase:
        add(item, text, by=CUSTOMER, key=key)


@transaction.atomic
def withdraw(item: FeedbackItem) -> None:
    """The giver takes the feedback back, at once; for seven days it can be brought back."""
    item = FeedbackItem.objects.select_for_update().get(pk=item.pk)
    if item.withdrawn_at is None:
        FeedbackItem.objects.filter(pk=item.pk).update(withdrawn_at=timezone.now())
        record(kinds.WITHDRAWN, organisation=item.organisation_id, items=[item.pk], by=CUSTOMER)


@transaction.atomic
def take_withdrawal_back(item: FeedbackItem) -> None:
    """Raises TooLateToTakeBack after seven days, NotYoursToTakeBack when it was not the giver who withdrew it or the same has come anew."""
    item = FeedbackItem.objects.select_for_update().get(pk=item.pk)
    if item.withdrawn_at is None:
        return
    if is_taken_back_by_us(item) or _has_come_anew(item):
        raise NotYoursToTakeBack()
    if timezone.now() - item.withdrawn_at > timedelta(days=WITHDRAWAL_DAYS):
        raise TooLateToTakeBack()
    FeedbackItem.objects.filter(pk=item.pk).update(withdrawn_at=None)
    record(kinds.RESTORED, organisation=item.organisation_id, items=[item.pk], by=CUSTOMER)


def _has_come_anew(item: FeedbackItem) -> bool:
    """Withdrawn, its external id was free: the organisation's own system has sent it once more."""
    same = FeedbackItem.objects.filter(organisation=item.organisation_id, source=item.source, external_id=item.external_id, withdrawn_at=None)
    return item.external_id is not None and same.exists()
