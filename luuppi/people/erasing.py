"""The person goes: what the organisation knew of a customer is emptied, and a keyed hash keeps later imports from bringing them back."""

import functools
import hmac
from collections.abc import Collection

from django.conf import settings
from django.utils import timezone

from luuppi.people.models import Customer, ErasedCustomer
from luuppi.running.keys import Keyring

_ring = Keyring(settings.SECRET_KEY_FILE)


def keyed_hash(purpose: str, *parts: object) -> str:
    """A hash by which something can be recognised and not read: without the installation's key nobody can try out what it may be."""
    return hmac.digest(_key(purpose), "|".join(str(part) for part in parts).encode(), "sha256").hex()


@functools.cache
def _key(purpose: str) -> bytes:
    return _ring.derive(purpose).encode()


def external_id_hash(organisation_id: int, external_id: str) -> str:
    """What stays of an erased customer."""
    return keyed_hash("erased customers", organisation_id, external_id)


def erased_among(organisation_id: int, external_ids: Collection[str]) -> set[str]:
    """Those of the external ids whose customer was erased."""
    if not external_ids or not (erased := ErasedCustomer.objects.filter(organisation=organisation_id)).exists():
        return set()
    hashes = {external_id_hash(organisation_id, external_id): external_id for external_id in external_ids}
    return {hashes[one] for one in erased.filter(external_id_hash__in=hashes).values_list("external_id_hash", flat=True)}


def empty_customer(customer: Customer) -> None:
    """Name, addresses, external id and attributes go; the row stays, empty, so that asking again finds it done. In the caller's transaction."""
    now = timezone.now()
    if customer.external_id:
        hashed = external_id_hash(customer.organisation_id, customer.external_id)
        ErasedCustomer.objects.get_or_create(organisation_id=customer.organisation_id, external_id_hash=hashed, defaults={"erased_at": now})
    customer.addresses.all().delete()
    customer.external_id, customer.name, customer.language, customer.attributes, customer.erased_at = None, "", "", {}, now
    customer.save(update_fields=["external_id", "name", "language", "attributes", "erased_at"])
