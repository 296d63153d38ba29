"""GET /feedback/{id}/journey: the loop events of one item, oldest first."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from luuppi.api.auth import require
from luuppi.api.problems import Problem
from luuppi.capture.api.router import find_item
from luuppi.journal.models import LoopEvent
from luuppi.journey.api import customers
from luuppi.journey.wording import for_staff

router = Router(tags=["journey"])
router.add_router("", customers.router, tags=["customers"])


class EventOut(Schema):
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


@router.get("/feedback/{feedback_id}/journey", response={200: JourneyOut, 401: Problem, 403: Problem, 404: Problem}, operation_id="read_journey", summary="What happened to one feedback item")
def read_journey(request: HttpRequest, feedback_id: str):
    require(request.auth, "feedback:read")
    item = find_item(request.auth, feedback_id)
    events = list(LoopEvent.objects.filter(item=item.pk).order_by("id"))
    words = for_staff(events, request.organisation)
    shown = [
        {"id": str(e.pk), "kind": e.kind, "at": e.at, "by": e.by.split(":")[0], "words": w.words, "case": e.case and str(e.case), "improvement": e.improvement and str(e.improvement), "data": e.data}
        for e, w in zip(events, words, strict=True)
    ]
    return {"items": shown, "next": None}
