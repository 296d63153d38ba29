"""/customers/{id}: the story of a customer, everything that is known of them, and its erasure."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from luuppi.api.auth import require
from luuppi.api.fields import Limit
from luuppi.api.lists import page
from luuppi.api.problems import Problem
from luuppi.capture.api.router import FeedbackOut, shown
from luuppi.capture.queries.stream import Filters, read_items
from luuppi.errors import NotFound
from luuppi.inner_loop.models import Case
from luuppi.journey.erasing import erase_customer
from luuppi.journey.queries.customer_copy import copy_of
from luuppi.people.models import Customer
from luuppi.running.ids import id_in

router = Router(tags=["customers"])


class CustomerCopy(Schema):
    id: str
    external_id: str | None
    name: str
    language: str
    attributes: dict[str, Any]
    since: datetime
    wants_no_surveys_since: datetime | None
    wants_no_telling_since: datetime | None
    addresses: list[dict[str, Any]]
    feedback: list[dict[str, Any]]
    cases: list[dict[str, Any]]


class StoryCase(Schema):
    """The case that a feedback item belongs to; its conversation stands in /cases/{number}."""

    number: str
    state: str
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None


class ChapterOut(FeedbackOut):
    case: StoryCase | None


class StoryOut(Schema):
    items: list[ChapterOut]
    next: str | None


class ErasedOut(Schema):
    """How much names nobody any more."""

    feedback: int
    cases: int


class NoSuchCustomer(NotFound):
    code = "no-such-customer"
    sentence = "There is no customer with this id, or this token may not see it. The id is in the `customer` of any feedback item."


@router.get(
    "/customers/{customer_id}/export",
    response={200: CustomerCopy, 401: Problem, 403: Problem, 404: Problem, 422: Problem},
    operation_id="export_customer",
    summary="Everything that is kept of one customer",
)
def export_customer(request: HttpRequest, customer_id: str):
    """For the person who asks what is known about them. A token bound to a team gets what lies in that branch."""
    token = require(request.auth, "customers:read")
    return copy_of(_find(Customer.objects.visible_to(token), customer_id), token)


@router.get(
    "/customers/{customer_id}/story",
    response={200: StoryOut, 401: Problem, 403: Problem, 404: Problem, 422: Problem},
    operation_id="read_story",
    summary="What a customer has told, newest first",
)
def read_story(request: HttpRequest, customer_id: str, cursor: str | None = None, limit: Limit = 50):
    """Each feedback item as in /feedback, with the case that it led to; what the token may not see is left out."""
    token = require(request.auth, "customers:read")
    require(token, "feedback:read")
    customer = _find(Customer.objects.visible_to(token), customer_id)
    rows, following = page(read_items(token, Filters()).filter(customer=customer), cursor=cursor, limit=limit)
    cases = _cases_of([row.pk for row in rows], token)
    return {"items": [shown(row, token) | {"case": cases.get(row.pk)} for row in rows], "next": following}


def _cases_of(items: list[int], token: Any) -> dict[int, dict[str, Any]]:
    """The newest case of each item, where the token may see it."""
    found = (
        Case.objects.visible_to(token)
        .filter(case_items__item__in=items)
        .order_by("id")
        .values_list("case_items__item", "number", "state", "outcome", "opened_at", "closed_at")
    )
    return {
        item: {"number": str(number), "state": state, "outcome": outcome or None, "opened_at": opened, "closed_at": closed}
        for item, number, state, outcome, opened, closed in found
    }


@router.delete(
    "/customers/{customer_id}",
    response={200: ErasedOut, 401: Problem, 403: Problem, 404: Problem},
    operation_id="erase_customer",
    summary="Erase a customer for good",
)
def delete_customer(request: HttpRequest, customer_id: str):
    """The person goes from every item, case, message and mail; scores, times and themes stay and name nobody. Again: 200, with nothing left to do.

    Needs the scope customers:erase, and a token that is not bound to a team: a person's feedback may lie in any.
    """
    token = require(request.auth, "customers:erase")
    done = erase_customer(_find(Customer.objects.visible_to(token, act="customers.erase"), customer_id, erased_too=True), by=token)
    return {"feedback": done.items, "cases": done.cases}


def _find(customers, customer_id: str, *, erased_too: bool = False) -> Customer:
    among = customers if erased_too else customers.filter(erased_at=None)
    found = among.filter(pk=number).first() if (number := id_in(customer_id)) is not None else None
    if found is None:
        raise NoSuchCustomer()
    return found
