"""What the giver can do on the tracking page: reply or add, say whether it is solved, withdraw and take that back, ask for erasure."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luuppi.capture.drafts import MAX_TEXT, clean_text
from luuppi.capture.models import FeedbackItem
from luuppi.capture.sending import add
from luuppi.errors import NotNow, NotValid
from luuppi.inner_loop import replying
from luuppi.inner_loop.refusals import HasNoCase
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import CUSTOMER, record
from luuppi.journey.queries.tracking import WITHDRAWAL_DAYS


class NothingWritten(NotValid):
    code = "nothing-written"
    sentence = _("Write something first.")


class TooMuchWritten(NotValid):
    code = "too-much-written"
    sentence = _("That is more than 50 000 characters. Send it in parts.")


class TooLateToTakeBack(NotNow):
    code = "too-late-to-take-back"
    sentence = _("The feedback was withdrawn more than a week ago. Give it again if you want to.")


def say_more(item: FeedbackItem, *, text: str, key: str) -> None:
    """The giver writes more: a reply where there is a case, else an addition to the item. The same key twice is said once.

    Raises NothingWritten, TooMuchWritten, WithdrawnFeedback.
    """
    text = clean_text(text)
    if not text:
        raise NothingWritten()
    if len(text) > MAX_TEXT:
        raise TooMuchWritten()
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
    """Raises TooLateToTakeBack after seven days."""
    item = FeedbackItem.objects.select_for_update().get(pk=item.pk)
    if item.withdrawn_at is None:
        return
    if timezone.now() - item.withdrawn_at > timedelta(days=WITHDRAWAL_DAYS):
        raise TooLateToTakeBack()
    FeedbackItem.objects.filter(pk=item.pk).update(withdrawn_at=None)
    record(kinds.RESTORED, organisation=item.organisation_id, items=[item.pk], by=CUSTOMER)


@transaction.atomic
def ask_for_erasure(item: FeedbackItem) -> None:
    """The wish is recorded once and shown to administrators, who carry it out."""
    if not item.erased_at and not _has_asked(item):
        record(kinds.ERASURE_ASKED, organisation=item.organisation_id, items=[item.pk], by=CUSTOMER)


def _has_asked(item: FeedbackItem) -> bool:
    return LoopEvent.objects.filter(item=item.pk, kind=kinds.ERASURE_ASKED.key).exists()
