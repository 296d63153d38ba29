"""GET /feedback/{id}/journey: the loop events of one item, oldest first."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from luuppi.api.auth import require
from luuppi.api.problems import Problem
from luuppi.capture.api.router import find_item
from luuppi.inner_loop.models import Case
from luuppi.journal.models import LoopEvent
from luuppi.journey.api import customers
from luuppi.journey.wording import for_staff
from luuppi.outer_loop.models import Improvement
from luuppi.people.models import Team

router = Router(tags=["journey"])
router.add_router("", customers.router, tags=["customers"])


class EventOut(Schema):
    """case and improvement: their numbers, as in /cases/{number} and /improvements/{number}; null where there is none or the token may not see it."""

    id: str
    kind: str
    at: datetime
    by: str
    words: str
    case: str | None
    improvement: str | None
    data: dict[str, Any]


class JourneyOut(Schema):
    items: list[EventOut]
    next: None


@router.get(
    "/feedback/{feedback_id}/journey",
    response={200: JourneyOut, 401: Problem, 403: Problem, 404: Problem, 422: Problem},
    operation_id="read_journey",
    summary="What happened to one feedback item",
)
def read_journey(request: HttpRequest, feedback_id: str):
    require(request.auth, "feedback:read")
    item = find_item(request.auth, feedback_id)
    events = list(LoopEvent.objects.filter(item=item.pk).order_by("id"))
    words = for_staff(events, request.organisation)
    return {"items": [{**one, "words": w.words} for one, w in zip(_shown(events, request.auth), words, strict=True)], "next": None}


def _shown(events: list[LoopEvent], who: Any) -> list[dict[str, Any]]:
    """The events in the names of the API: cases and improvements by their numbers, teams by their keys; null for what `who` may not see."""
    cases = _names(Case, "number", {event.case for event in events}, who)
    improvements = _names(Improvement, "number", {event.improvement for event in events}, who)
    teams = _names(Team, "key", {event.data.get("team") for event in events}, who)
    return [
        {
            "id": str(event.pk),
            "kind": event.kind,
            "at": event.at,
            "by": event.by.split(":")[0],
            "case": cases.get(event.case),
            "improvement": improvements.get(event.improvement),
            "data": event.data | ({"team": teams.get(event.data["team"])} if "team" in event.data else {}),
        }
        for event in events
    ]


def _names(model: Any, name: str, ids: set[int | None], who: Any) -> dict[int | None, str]:
    found = ids - {None}
    return {pk: str(value) for pk, value in model.objects.visible_to(who).filter(pk__in=found).values_list("pk", name)} if found else {}
