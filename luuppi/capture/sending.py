"""What the forms do: store what was sent once, take a second send with other words as an addition, hold back what looks automatic."""

import hashlib
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.capture.committing import receive_one
from luuppi.capture.drafts import Draft, FeedbackIn
from luuppi.capture.models import Addition, FeedbackItem
from luuppi.capture.receiving import BAD, NEW, Received
from luuppi.journal import kinds
from luuppi.journal.recording import SYSTEM, record
from luuppi.people.models import Organisation
from luuppi.running import patience


def new_sending() -> str:
    """The token of one form: 128 random bits."""
    return secrets.token_urlsafe(16)


def send(
    item: FeedbackIn,
    *,
    organisation: Organisation,
    channel: str,
    sending: str,
    by: Any,
    looks_automatic: bool = False,
    knows_addresses: bool = False,
) -> int:
    """Store what a form sent; returns the item's id. The same token with another body adds to the first item, so nothing is lost.

    Raises StoreIsBusy.
    """
    draft = Draft(item, channel=channel, source=channel, knows_addresses=knows_addresses, key=f"form:{sending}", acknowledged=channel != "staff")
    received = receive_one(draft, organisation=organisation, by=by, within=patience.OF_A_PERSON)
    if received.status == BAD:
        _add(received, item)
    elif looks_automatic and received.status == NEW:
        hold(received.item_id, organisation, reason="honeypot")
    return received.item_id


def _add(received: Received, item: FeedbackIn) -> None:
    if received.code == "key-used" and item.text:
        add(FeedbackItem.objects.get(pk=received.item_id), item.text, by="customer")


@transaction.atomic
def add(item: FeedbackItem, text: str, *, by: Any, key: str | None = None) -> Addition:
    """What the giver says later to the same item; the same words (or key) twice are one addition."""
    key = key or hashlib.sha256(text.encode()).hexdigest()
    addition, is_new = Addition.objects.get_or_create(item=item, key=key, defaults={"text": text, "at": timezone.now()})
    if is_new:
        record(kinds.ADDED, organisation=item.organisation_id, items=[item.pk], by=by, addition=addition.pk)
    return addition


@transaction.atomic
def hold(item_id: int, organisation: Organisation, *, reason: str) -> None:
    """Held back, not deleted: no clock and no alert runs for it until a member releases it."""
    record(kinds.HELD, organisation=organisation, items=[item_id], by=SYSTEM, reason=reason)


@transaction.atomic
def release(item: FeedbackItem, *, by: Any) -> None:
    """A member says that it is no spam: from now on it goes the way of every item."""
    if not item.progress.held:
        return
    record(kinds.RELEASED, organisation=item.organisation_id, items=[item.pk], by=by)
