"""Who is told about an improvement, how and in which language: one entry a giver, however many items they gave."""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

from luuppi.capture.correspondence import first_of_ours, known_addresses
from luuppi.capture.models import FeedbackItem
from luuppi.outer_loop.models import Improvement
from luuppi.telling.models import Notice, StoppedAddress


@dataclass(frozen=True, slots=True)
class Giver:
    """key: as in Notice.giver. items: newest first, the first with words leads. address: "" where there is none."""

    key: str
    items: tuple[FeedbackItem, ...]
    channel: str
    language: str
    address: str
    address_is_known: bool

    @property
    def lead(self) -> FeedbackItem:
        return next((item for item in self.items if item.text), self.items[0])


def givers_of(improvement: Improvement) -> list[Giver]:
    """Everybody whose feedback stands behind the improvement; withdrawn and erased items have no giver any more."""
    rows = (
        FeedbackItem.objects.filter(improvement_items__improvement=improvement, withdrawn_at=None, erased_at=None, progress__held=False)
        .select_related("customer", "reading", "progress")
        .defer("answers", "attributes", "reading__masked_text", "reading__stems")
        .order_by("-id")
    )
    grouped: dict[str, list[FeedbackItem]] = {}
    for item in rows:
        grouped.setdefault(_key(item), []).append(item)
    known = known_addresses([item.customer_id for items in grouped.values() for item in items if item.customer_id])
    stopped = set(StoppedAddress.objects.filter(organisation=improvement.organisation_id).values_list("address_hash", flat=True))
    return [_giver(key, items, known, stopped, improvement) for key, items in grouped.items()]


def hash_of_address(address: str) -> str:
    """A keyed hash: an address can be recognised by it, not read from it."""
    return hmac.new(settings.SECRET_KEY.encode(), b"address|" + address.strip().lower().encode(), hashlib.sha256).hexdigest()


def language_of(item: FeedbackItem, organisation) -> str:
    """The customer's language: as they are known, else as they wrote, else the organisation's."""
    reading = getattr(item, "reading", None)
    return first_of_ours(item.customer and item.customer.language, item.language, reading and reading.language, organisation.language)


def _key(item: FeedbackItem) -> str:
    if item.customer_id:
        return f"customer:{item.customer_id}"
    typed = item.says_to_be.get("email", "")
    return f"address:{hash_of_address(typed)}" if typed else f"item:{item.pk}"


def _giver(key: str, items: list[FeedbackItem], known: dict[int, str], stopped: set[str], improvement: Improvement) -> Giver:
    first = items[0]
    address = known.get(first.customer_id, "") if first.customer_id else first.says_to_be.get("email", "")
    wants_none = bool(first.customer and first.customer.stopped_telling_at) or (bool(address) and hash_of_address(address) in stopped)
    channel = Notice.NOT_WANTED if wants_none else Notice.MAIL if address else Notice.PAGE
    return Giver(key, tuple(items), channel, language_of(first, improvement.organisation), address, first.customer_id is not None)
