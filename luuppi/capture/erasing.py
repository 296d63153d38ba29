"""What a giver said goes from the items; when, where, of which kind and with which score it was said stays for the figures."""

from collections.abc import Sequence

from django.utils import timezone

from luuppi.capture.drafts import Draft
from luuppi.capture.models import Addition, ErasedItem, FeedbackItem, SurveyDraft, Variant
from luuppi.people.erasing import erased_among as erased_customers
from luuppi.people.erasing import keyed_hash

KEPT_ATTRIBUTES = ("segment", "value_eur")  # what figures group and weigh by


def erase_words(items: Sequence[FeedbackItem]) -> None:
    """Empty the items, in the caller's transaction. Running it again changes nothing."""
    now, ids = timezone.now(), [item.pk for item in items]
    for item in items:
        if item.external_id:
            hashed = item_hash(item.organisation_id, item.source, item.external_id)
            ErasedItem.objects.get_or_create(organisation_id=item.organisation_id, external_id_hash=hashed, defaults={"erased_at": now})
        item.text, item.says_to_be, item.external_id, item.contact_by, item.wants_contact, item.visibility = "", {}, None, "", False, "private"
        item.answers = [answer for answer in item.answers if isinstance(answer.get("value"), (int, float))]
        item.attributes = {name: value for name, value in item.attributes.items() if name in KEPT_ATTRIBUTES}
        item.customer, item.erased_at = None, item.erased_at or now
    fields = ["text", "says_to_be", "external_id", "contact_by", "wants_contact", "visibility", "answers", "attributes", "customer", "erased_at"]
    FeedbackItem.objects.bulk_update(items, fields, batch_size=100)
    for model in (Addition, Variant):
        model.objects.filter(item__in=ids).delete()
    SurveyDraft.objects.filter(item_id__in=ids).delete()


def item_hash(organisation_id: int, source: str, external_id: str) -> str:
    """What stays of the external id of an erased item: the same file again does not bring its words back."""
    return keyed_hash("erased items", organisation_id, source, external_id)


def erased_among(drafts: Sequence[Draft], indexes: Sequence[int], organisation_id: int) -> set[int]:
    """Which of the drafts come from an erased customer, or are an item that was erased."""
    named = {i: drafts[i].item.customer.external_id for i in indexes if drafts[i].item.customer and drafts[i].item.customer.external_id}
    gone = erased_customers(organisation_id, set(named.values()))
    found = {i for i, external_id in named.items() if external_id in gone}
    with_id = [i for i in indexes if drafts[i].item.external_id]
    if with_id and (known := ErasedItem.objects.filter(organisation=organisation_id)).exists():
        hashes = {i: item_hash(organisation_id, drafts[i].source, drafts[i].item.external_id) for i in with_id}
        erased = set(known.filter(external_id_hash__in=set(hashes.values())).values_list("external_id_hash", flat=True))
        found |= {i for i, hashed in hashes.items() if hashed in erased}
    return found
