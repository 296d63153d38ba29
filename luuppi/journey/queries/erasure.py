"""The administrator's pages of erasure: who asks, and what would go and stay."""

from dataclasses import dataclass
from datetime import datetime

from luuppi.capture.models import FeedbackItem
from luuppi.inner_loop.models import Case, Message
from luuppi.journey.models import ErasureRequest
from luuppi.journey.queries.rows import name_of_giver
from luuppi.people.models import CustomerAddress

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Asked:
    item: FeedbackItem
    giver: str
    asked_at: datetime
    by_mail: bool
    confirmed_at: datetime | None
    waits_for_giver: bool


@dataclass(frozen=True, slots=True)
class WhatGoes:
    """n_items: feedback of the same customer. request: None when nobody asked on the tracking page."""

    item: FeedbackItem
    giver: str
    is_whole_customer: bool
    n_items: int
    n_cases: int
    n_messages: int
    n_addresses: int
    request: ErasureRequest | None


def read_requests(who, *, most: int = SHOWN) -> list[Asked]:
    """The oldest that wait."""
    rows = ErasureRequest.objects.visible_to(who).waiting().select_related("item__customer", "item__touchpoint", "item__team").order_by("id")[:most]
    return [Asked(row.item, name_of_giver(row.item), row.asked_at, row.by_mail, row.confirmed_at, row.waits_for_giver) for row in rows]


def n_requests(who) -> int:
    """How many wait, up to a hundred."""
    return ErasureRequest.objects.visible_to(who).waiting()[:SHOWN].count()


def read_what_goes(item: FeedbackItem) -> WhatGoes:
    """The item must have come through its `visible_to`, by who may erase."""
    items = FeedbackItem.objects.filter(customer=item.customer_id) if item.customer_id else FeedbackItem.objects.filter(pk=item.pk)
    cases = Case.objects.filter(case_items__item__in=items.values("pk")).distinct()
    addresses = (
        CustomerAddress.objects.filter(customer=item.customer_id).count()
        if item.customer_id
        else len([name for name in ("email", "phone") if item.says_to_be.get(name)])
    )
    return WhatGoes(
        item=item,
        giver=name_of_giver(item),
        is_whole_customer=item.customer_id is not None,
        n_items=items.count(),
        n_cases=cases.count(),
        n_messages=Message.objects.filter(case__in=cases.values("pk")).count(),
        n_addresses=addresses,
        request=ErasureRequest.objects.filter(item=item).first(),
    )
