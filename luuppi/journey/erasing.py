"""Erasure: the giver asks, confirms by mail where an address is known, and an administrator carries it out. The person goes, the
statistics stay: what was said, by whom and where they can be reached is emptied in every table; times, places, kinds, scores, themes and
the journal, which holds no personal text, remain and name nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luuppi.capture.correspondence import address_of, language_of
from luuppi.capture.erasing import erase_words
from luuppi.capture.models import FeedbackItem
from luuppi.capture.tracking_links import is_genuine, item_id_in, token_of
from luuppi.delivery import mailing
from luuppi.delivery.forgetting import forget_mail
from luuppi.errors import NotAllowed
from luuppi.inner_loop.erasing import empty_cases
from luuppi.journal import kinds
from luuppi.journal.recording import CUSTOMER, record
from luuppi.journey.models import ErasureRequest
from luuppi.journey.refusals import LinkIsNotOurs
from luuppi.meaning.erasing import forget_readings
from luuppi.people.erasing import empty_customer
from luuppi.people.models import Customer, CustomerAddress
from luuppi.running.sqlite.overwriting import overwriting
from luuppi.telling.erasing import forget_givers
from luuppi.ui.brand import nearest_passing

CONFIRM = b"erasure"  # the purpose of the link in the mail: the tracking link itself confirms nothing


@dataclass(frozen=True, slots=True)
class Erased:
    """How much went."""

    items: int
    cases: int
    mails: int


@transaction.atomic
def ask_for_erasure(item: FeedbackItem) -> ErasureRequest | None:
    """The giver asks on the tracking page; once. Where an address is known a mail goes there that asks for the confirmation."""
    item = FeedbackItem.objects.select_for_update(of=("self",)).select_related("organisation", "customer", "reading").get(pk=item.pk)
    if item.erased_at:
        return None
    address = address_of(item)
    request, is_new = ErasureRequest.objects.get_or_create(
        item=item, defaults={"organisation": item.organisation, "asked_at": timezone.now(), "by_mail": bool(address)}
    )
    if is_new:
        record(kinds.ERASURE_ASKED, organisation=item.organisation_id, items=[item.pk], by=CUSTOMER)
        if address:
            _ask_by_mail(request, item, address)
    return request


def request_behind(token: str) -> ErasureRequest:
    """The request whose mail holds this link. Raises LinkIsNotOurs, also when the item has been erased since."""
    found = ErasureRequest.objects.select_related("item__organisation").filter(item=item_id_in(token)).first()
    if found is None or not is_genuine(token, counter=found.item.link_counter, purpose=CONFIRM):
        raise LinkIsNotOurs()
    return found


@transaction.atomic
def confirm_erasure(request: ErasureRequest) -> None:
    """The giver has opened the mail and pressed; twice is once."""
    request = ErasureRequest.objects.select_for_update().get(pk=request.pk)
    if request.confirmed_at is None and request.done_at is None:
        request.confirmed_at = timezone.now()
        request.save(update_fields=["confirmed_at"])
        record(kinds.ERASURE_CONFIRMED, organisation=request.organisation_id, items=[request.item_id], by=CUSTOMER)


def erase_customer(customer: Customer, *, by: Any) -> Erased:
    """The person goes from every item, case and message; again: nothing is left to do. Raises NotAllowed."""
    _refuse_others(by, customer.organisation_id)
    with overwriting(), transaction.atomic():
        customer = Customer.objects.select_for_update().get(pk=customer.pk)
        items = list(FeedbackItem.objects.select_for_update(of=("self",)).filter(customer=customer))
        addresses = list(customer.addresses.filter(kind=CustomerAddress.EMAIL).values_list("value", flat=True))
        done = _erase(
            items,
            organisation_id=customer.organisation_id,
            addresses=addresses,
            by=by,
            customer=None if customer.erased_at else customer.pk,
        )
        empty_customer(customer)
    return done


def erase_giver(item: FeedbackItem, *, by: Any) -> Erased:
    """The giver of this item goes: the whole customer where one is known, else what this item holds. Raises NotAllowed."""
    if item.customer_id:
        return erase_customer(Customer.objects.get(pk=item.customer_id), by=by)
    _refuse_others(by, item.organisation_id)
    with overwriting(), transaction.atomic():
        items = list(FeedbackItem.objects.select_for_update(of=("self",)).filter(pk=item.pk, erased_at=None))
        return _erase(items, organisation_id=item.organisation_id, by=by)


def _erase(items: Sequence[FeedbackItem], *, organisation_id: int, by: Any, addresses: Sequence[str] = (), customer: int | None = None) -> Erased:
    ids = [item.pk for item in items]
    requests = list(ErasureRequest.objects.select_for_update().filter(item__in=ids).values_list("pk", flat=True))
    emptied = empty_cases(ids, by=by)
    notices = forget_givers(ids)
    about = {"acknowledgement": ids, "answer": emptied.messages, "closing": emptied.cases, "telling": notices, "erasure": requests}
    mails = forget_mail(organisation_id, about, addresses)
    forget_readings(ids)
    erase_words(items)
    ErasureRequest.objects.filter(pk__in=requests, done_at=None).update(done_at=timezone.now())
    if ids or customer:
        record(kinds.ERASED, organisation=organisation_id, items=ids, by=by)
    return Erased(len(ids), len(emptied.cases), mails)


def _refuse_others(by: Any, organisation_id: int) -> None:
    """Only who reaches the whole organisation: a person's feedback may lie in every team."""
    if not by.grants.reach("customers.erase").everywhere or by.organisation_id != organisation_id:
        raise NotAllowed()


def _ask_by_mail(request: ErasureRequest, item: FeedbackItem, address: str) -> None:
    """Nothing that the giver said stands in it: a typed address may be anybody's."""
    link = settings.BASE_URL + reverse("erasure_confirmation", args=[token_of(item.pk, counter=item.link_counter, purpose=CONFIRM)])
    with translation.override(language_of(item)), timezone.override(item.organisation.zone):
        title = _("Shall we erase your details?")
        facts = {"organisation": item.organisation, "item": item, "title": title, "link": link, "colour": nearest_passing(item.organisation.colour)}
        mailing.hand_over(
            key=f"erasure:{request.pk}",
            purpose="erasure",
            organisation=item.organisation,
            to=address,
            refers_to=request.pk,
            subject=f"{title} · {item.reference}",
            text=render_to_string("journey/mail/erasure.txt", facts),
            html=render_to_string("journey/mail/erasure.html", facts),
        )
