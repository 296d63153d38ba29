"""Going through feedback: every item, praise too, is marked as read by a person. Never by a GET."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from luuppi.capture.models import FeedbackItem
from luuppi.capture.models.item import sees_customer
from luuppi.errors import NotAllowed
from luuppi.journal import kinds
from luuppi.journal.models import Progress
from luuppi.journal.recording import record


@transaction.atomic
def go_through(item: FeedbackItem, *, by: Any) -> bool:
    """Somebody has gone through the item. Doing it again changes nothing. Returns whether this was the first time.

    Raises NotAllowed for who cannot see the item with its customer.
    """
    if not sees_customer(by, item):
        raise NotAllowed()
    return bool(note_reading([item.pk], organisation=item.organisation_id, by=by))


def note_reading(items: Iterable[int], *, organisation: Any, by: Any) -> list[int]:
    """Record that a member has read the items that nobody has read yet, inside the transaction of what the member does with them.

    A token reads nothing. Returns the ids that were unread.
    """
    if not getattr(by, "actor", "").startswith("member:"):
        return []
    rows = Progress.objects.select_for_update().filter(item__in=list(items), read_at=None)
    unread = sorted(rows.values_list("item_id", flat=True))
    if unread:
        record(kinds.READ, organisation=organisation, items=unread, by=by)
    return unread
