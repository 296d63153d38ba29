"""A copy of everything that is kept of one customer: to be handed to the person who asks what is known about them."""

from typing import Any

from luuppi.capture.models import FeedbackItem
from luuppi.capture.tracking_links import tracking_url
from luuppi.inner_loop.models import Case
from luuppi.journal.models import LoopEvent
from luuppi.journey.wording import for_staff
from luuppi.people.models import Customer

_FACTS = (
    "kind",
    "channel",
    "occurred_at",
    "received_at",
    "language",
    "text",
    "nps",
    "csat",
    "ces",
    "answers",
    "wants_contact",
    "contact_by",
    "source",
    "external_id",
    "attributes",
)


def copy_of(customer: Customer, who) -> dict[str, Any]:
    """What this reader may see of it: feedback with its additions, messages of the cases with our notes, what happened, addresses, wishes.

    The customer must have come through its `visible_to`.
    """
    items = list(
        FeedbackItem.objects.visible_to(who)
        .filter(customer=customer)
        .select_related("touchpoint")
        .prefetch_related("additions", "variants")
        .order_by("id")
    )
    cases = list(Case.objects.visible_to(who).filter(customer=customer).prefetch_related("messages").order_by("id"))
    events: dict[int, list[LoopEvent]] = {}
    for event in LoopEvent.objects.filter(item__in=[item.pk for item in items]).order_by("id"):
        events.setdefault(event.item, []).append(event)
    return {
        "id": str(customer.pk),
        "external_id": customer.external_id,
        "name": customer.name,
        "language": customer.language,
        "attributes": customer.attributes,
        "since": customer.created_at,
        "wants_no_surveys_since": customer.stopped_asking_at,
        "wants_no_telling_since": customer.stopped_telling_at,
        "addresses": list(customer.addresses.order_by("id").values("kind", "value", "verified")),
        "feedback": [_item(item, events.get(item.pk, []), who.organisation) for item in items],
        "cases": [
            {
                "number": str(case.number),
                "opened_at": case.opened_at,
                "closed_at": case.closed_at,
                "outcome": case.outcome,
                "messages": _messages(case),
            }
            for case in cases
        ],
    }


def _item(item: FeedbackItem, events: list[LoopEvent], organisation) -> dict[str, Any]:
    return {
        "id": str(item.pk), "reference": item.reference, "tracking_url": tracking_url(item.pk, counter=item.link_counter),
        "touchpoint": item.touchpoint.key if item.touchpoint else None,
        **{name: getattr(item, name) for name in _FACTS},
        "additions": [{"at": one.at, "text": one.text} for one in item.additions.all()],
        "sent_again": [{"at": one.at, "content": one.content} for one in item.variants.all()],
        "journey": [{"at": one.at, "kind": one.kind, "words": one.words} for one in for_staff(events, organisation)],
    }  # fmt: skip


def _messages(case: Case) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "direction": one.direction, "text": one.text, "state": one.state}
        for one in sorted(case.messages.all(), key=lambda one: one.pk)
    ]
