"""The API of feedback: POST /feedback and /feedback/batch (the same code as the hot doors of intake.py), lists and items."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router, Schema, Status

from luuppi.api import problems
from luuppi.api.auth import require
from luuppi.api.fields import Limit
from luuppi.api.lists import page
from luuppi.api.problems import Problem
from luuppi.capture.api import intake, settings
from luuppi.capture.drafts import FeedbackIn
from luuppi.capture.models import FeedbackItem, sees_customer
from luuppi.capture.queries.stream import Filters, read_items
from luuppi.capture.tracking_links import tracking_url
from luuppi.errors import NotFound
from luuppi.running import bodies
from luuppi.running.ids import id_in

router = Router(tags=["feedback"])
router.add_router("", settings.router, tags=["settings"])


class FeedbackReceived(Schema):
    """With 201 what was sent stands beside it, cleaned, with kind, channel and source as they were settled; with 200 GET tells the item."""

    id: str
    reference: str
    status: str
    tracking_url: str | None  # None: a team's token does not get the link of another team's item
    differs: list[str]
    kind: str | None = None
    channel: str | None = None
    touchpoint: str | None = None
    occurred_at: datetime | None = None
    language: str | None = None
    text: str | None = None
    scores: dict[str, int] | None = None
    answers: list[dict[str, Any]] | None = None
    customer: dict[str, str] | None = None
    wants_contact: bool | None = None
    contact_by: str | None = None
    visibility: str | None = None
    source: str | None = None
    external_id: str | None = None
    attributes: dict[str, Any] | None = None


class CustomerOut(Schema):
    id: str
    external_id: str | None
    name: str


class FeedbackOut(Schema):
    id: str
    reference: str
    kind: str
    channel: str
    touchpoint: str | None
    team: str
    occurred_at: datetime
    received_at: datetime
    language: str
    text: str
    masked: bool
    scores: dict[str, int]
    answers: list[dict[str, Any]]
    customer: CustomerOut | None
    wants_contact: bool
    source: str
    external_id: str | None
    attributes: dict[str, Any]
    steps: dict[str, datetime | None]
    themes: list[dict[str, Any]]
    tracking_url: str | None


class FeedbackList(Schema):
    items: list[FeedbackOut]
    next: str | None


def _body(schema: type) -> dict:
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema.model_json_schema(ref_template="#/components/schemas/{model}")}},
        }
    }


@router.post(
    "/feedback",
    response={
        201: FeedbackReceived,
        200: FeedbackReceived,
        400: Problem,
        401: Problem,
        403: Problem,
        413: Problem,
        422: Problem,
        503: Problem,
    },
    operation_id="send_feedback",
    summary="Send one feedback item",
    exclude_unset=True,
)
def send_feedback(request: HttpRequest, data: FeedbackIn):
    """201 and the item with its tracking link; 200 when its external id is known already. On disk before the answer leaves."""
    require(request.auth, "feedback:write")
    status, answer = intake.store_one(request.auth, request.body, request.headers.get("Idempotency-Key"))
    return answer if isinstance(answer, HttpResponse) else Status(status, answer)


@router.post(
    "/feedback/batch",
    operation_id="send_feedback_batch",
    summary="Send many items as NDJSON",
    response={401: Problem, 403: Problem, 413: Problem, 422: Problem},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/x-ndjson": {
                    "schema": {"type": "string"},
                    "example": '{"text": "Kiitos nopeasta toimituksesta", "kind": "praise"}\n',
                }
            },
        },
        "responses": {
            200: {
                "description": "one line for each line sent, in order",
                "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
            }
        },
    },
)
def send_feedback_batch(request: HttpRequest):
    """One JSON object a line, any length. The answer has a line for each: {"line", "status": "new|same|bad", "id", "differs", "problem"}."""
    require(request.auth, "feedback:write")
    key = request.headers.get("Idempotency-Key")
    if refused := intake.refuse_key(key, most=intake.MOST_OF_BATCH_KEY):
        return refused
    lines = bodies.lines({"wsgi.input": request, "CONTENT_LENGTH": None}, longest=intake.MOST_BYTES)
    try:
        answers = intake.batch_answers(request.auth, lines, key)
        first = next(answers, b"")
    except bodies.BodyTooLarge as error:
        return problems.problem(413, "too-large", f"{error}. Send less at a time.")
    return StreamingHttpResponse(intake._rest(first, answers), content_type="application/x-ndjson")


@router.get(
    "/feedback",
    response={200: FeedbackList, 401: Problem, 403: Problem, 422: Problem},
    operation_id="list_feedback",
    summary="Feedback items, newest first",
)
def list_feedback(
    request: HttpRequest, filters: Query[Filters], cursor: str | None = None, limit: Limit = 50
):
    require(request.auth, "feedback:read")
    rows, following = page(read_items(request.auth, filters), cursor=cursor, limit=limit)
    return {"items": [shown(row, request.auth) for row in rows], "next": following}


@router.get(
    "/feedback/{feedback_id}",
    response={200: FeedbackOut, 401: Problem, 403: Problem, 404: Problem, 422: Problem},
    operation_id="read_feedback",
    summary="One feedback item",
)
def read_feedback(request: HttpRequest, feedback_id: str):
    require(request.auth, "feedback:read")
    return shown(find_item(request.auth, feedback_id), request.auth)


class NoSuchFeedback(NotFound):
    code = "no-such-feedback"
    sentence = "There is no feedback item with this id, or this token may not see it."


def find_item(who, feedback_id: str) -> FeedbackItem:
    """Raises NoSuchFeedback, also for what is not an id."""
    found = read_items(who, Filters()).filter(pk=number).first() if (number := id_in(feedback_id)) is not None else None
    if found is None:
        raise NoSuchFeedback()
    return found


def shown(item: FeedbackItem, who) -> dict[str, Any]:
    """The item as this reader may see it: masked and without the customer where they may not know who it was."""
    full = sees_customer(who, item)
    reading = getattr(item, "reading", None)
    customer = {"id": str(item.customer_id), "external_id": item.customer.external_id, "name": item.customer.name} if full and item.customer else None
    return {
        "id": str(item.pk),
        "reference": item.reference,
        "kind": item.kind,
        "channel": item.channel,
        "touchpoint": item.touchpoint.key if item.touchpoint else None,
        "team": item.team.key,
        "occurred_at": item.occurred_at,
        "received_at": item.received_at,
        "language": item.language or (reading.language if reading else ""),
        "text": item.text if full else (reading.masked_text if reading else ""),
        "masked": not full,
        "scores": {name: value for name in ("nps", "csat", "ces") if (value := getattr(item, name)) is not None},
        "answers": item.answers if full else [],
        "customer": customer,
        "wants_contact": item.wants_contact,
        "source": item.source,
        "external_id": item.external_id if full else None,
        "attributes": item.attributes if full else {},
        "steps": {
            "received": item.received_at,
            **{step: getattr(item.progress, f"{step}_at") for step in ("acknowledged", "read", "answered", "solved", "used", "told")},
        },
        "themes": [
            {"theme": str(c.theme_id), "key": c.theme.key, "polarity": c.polarity, "confidence": c.confidence, "answers": c.answers}
            for c in item.codings.all()
        ],
        "tracking_url": tracking_url(item.pk, counter=item.link_counter) if full else None,
    }
