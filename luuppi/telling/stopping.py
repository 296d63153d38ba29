"""Stopping: a giver who wants no more messages says so once, by one press, and can take it back."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.capture.tracking_links import UNSUBSCRIBE, is_genuine, item_id_in
from luuppi.people.models import Customer
from luuppi.telling.givers import hash_of_address
from luuppi.telling.models import StoppedAddress
from luuppi.telling.refusals import LinkIsNotOurs


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person behind the link wants no more."""

    item: FeedbackItem
    no_telling: bool
    no_asking: bool
    can_stop_asking: bool


def read_wishes(token: str) -> Wishes:
    """Raises LinkIsNotOurs."""
    item = _item_of(token)
    if item.customer is not None:
        return Wishes(item, item.customer.stopped_telling_at is not None, item.customer.stopped_asking_at is not None, True)
    address = item.says_to_be.get("email", "")
    stopped = bool(address) and StoppedAddress.objects.filter(organisation=item.organisation, address_hash=hash_of_address(address)).exists()
    return Wishes(item, stopped, False, False)


@transaction.atomic
def stop(token: str, *, telling: bool = True, asking: bool = False) -> Wishes:
    """No more messages about what came of feedback, no more surveys, or neither. Twice is once. Raises LinkIsNotOurs."""
    return _set(token, timezone.now(), telling=telling, asking=asking)


@transaction.atomic
def go_on(token: str, *, telling: bool = True, asking: bool = True) -> Wishes:
    """Take it back. Raises LinkIsNotOurs."""
    return _set(token, None, telling=telling, asking=asking)


def stopped_among(organisation_id: int, addresses: Collection[str]) -> set[str]:
    """Those of the addresses that want no messages, of people who are not known."""
    hashes = {hash_of_address(address): address for address in addresses}
    found = StoppedAddress.objects.filter(organisation=organisation_id, address_hash__in=hashes).values_list("address_hash", flat=True)
    return {hashes[one] for one in found}


def _set(token: str, moment, *, telling: bool, asking: bool) -> Wishes:
    item = _item_of(token)
    if item.customer is not None:
        customer = Customer.objects.select_for_update().get(pk=item.customer_id)
        for wanted, field in ((telling, "stopped_telling_at"), (asking, "stopped_asking_at")):
            if wanted and (moment is None or getattr(customer, field) is None):
                setattr(customer, field, moment)
        customer.save(update_fields=["stopped_telling_at", "stopped_asking_at"])
    elif telling and (address := item.says_to_be.get("email", "")):
        rows = StoppedAddress.objects.filter(organisation=item.organisation, address_hash=hash_of_address(address))
        if moment is None:
            rows.delete()
        else:
            StoppedAddress.objects.get_or_create(
                organisation=item.organisation, address_hash=hash_of_address(address), defaults={"stopped_at": moment}
            )
    return read_wishes(token)


def _item_of(token: str) -> FeedbackItem:
    item = FeedbackItem.objects.select_related("organisation", "customer").filter(pk=item_id_in(token)).first()
    if item is None or not is_genuine(token, counter=item.link_counter, purpose=UNSUBSCRIBE):
        raise LinkIsNotOurs()
    return item
