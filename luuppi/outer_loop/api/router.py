"""The API of root causes and improvements; each act is the twin of a button on the improvement's page."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from luuppi.api.auth import UnknownColleague, acting_as, require
from luuppi.api.fields import Email, Id, Limit
from luuppi.api.lists import page
from luuppi.api.problems import Problem
from luuppi.capture.drafts import clean_text
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.models import EffectReading, Improvement, RootCause
from luuppi.outer_loop.proposing import Plan, propose_improvement
from luuppi.outer_loop.queries.improvement_page import find_improvement, newest_reading
from luuppi.outer_loop.refusals import NoSuchRootCause
from luuppi.outer_loop.tracing import name_root_cause, word_root_cause
from luuppi.outer_loop.working import complete_improvement, start_improvement
from luuppi.people.models import Member
from luuppi.running.ids import id_in

router = Router(tags=["improvements"])

Words = Annotated[str, BeforeValidator(clean_text), StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Title = Annotated[str, BeforeValidator(clean_text), StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Language = Literal["fi", "sv", "en"]
Whys = Annotated[list[Words], Field(max_length=20)]
_REFUSED = {401: Problem, 403: Problem, 422: Problem}
_ACT = {400: Problem, **_REFUSED, 404: Problem, 409: Problem}


class Act(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, json_schema_extra={"examples": [{}]})
    acting_as: Annotated[Email | None, Field(alias="as")] = None


class RootCauseIn(Act):
    """`title` and `whys`: in one language, which is found, or by language."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Nobody sorts at the weekend",
                    "polarity": "problem",
                    "whys": ["Parcels stand from Friday to Monday"],
                    "evidence": [],
                }
            ]
        }
    )
    title: Title | Annotated[dict[Language, Title], Field(min_length=1, max_length=3)]
    polarity: Literal["problem", "strength"]
    whys: Whys | Annotated[dict[Language, Whys], Field(max_length=3)] = []
    evidence: Annotated[list[Id], Field(max_length=10_000)] = []
    themes: Annotated[list[Id], Field(max_length=200)] = []


class RootCauseWordsIn(Act):
    """The words in each language, in place of those before; a language that is left out is shown as it was written first. Without
    `whys` these stay as they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": {"en": "Nobody sorts", "fi": "Kukaan ei lajittele"}}]})
    title: Annotated[dict[Language, Title], Field(min_length=1, max_length=3)]
    whys: Annotated[dict[Language, Whys], Field(max_length=3)] | None = None


class RootCauseOut(Schema):
    """`title` and `whys` in the caller's language (Accept-Language) where they were given in it, else as they were written first."""

    id: str
    title: str
    titles: dict[str, str]
    language: str
    polarity: str
    whys: list[str]
    whys_by_language: dict[str, list[str]]
    themes: list[str]
    n_evidence: int
    created_at: datetime


class RootCauseList(Schema):
    items: list[RootCauseOut]
    next: str | None


class ImprovementIn(Act):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Sorting on Saturdays too", "type": "process", "because_of": [], "due_on": "2027-01-31"}]}
    )
    title: Title
    type: Literal["product", "service", "process", "skill", "price"]
    because_of: Annotated[list[Id], Field(max_length=10_000)] = []
    root_causes: Annotated[list[Id], Field(max_length=200)] = []
    owner: Email | None = None
    due_on: date | None = None


class DecisionIn(Act):
    model_config = ConfigDict(json_schema_extra={"examples": [{"accepted": True, "reason": "It pays for itself in refunds."}]})
    accepted: bool
    reason: Words


class StartIn(Act):
    text: Annotated[dict[Language, Words], Field(max_length=3)] | None = None


class CompletionIn(Act):
    model_config = ConfigDict(json_schema_extra={"examples": [{"text": {"en": "We sort on Saturdays too."}}]})
    text: Annotated[dict[Language, Words], Field(max_length=3)] | None = None


class ImprovementOut(Schema):
    id: str
    number: int
    title: str
    titles: dict[str, str]
    type: str
    state: str
    touchpoint: str | None
    owner: str | None
    due_on: date | None
    proposed_at: datetime
    decided_at: datetime | None
    decision_reason: str
    started_at: datetime | None
    done_at: datetime | None
    effect_reads_on: date | None
    measured_at: datetime | None
    verdict: str | None
    told_at: datetime | None


class ImprovementList(Schema):
    items: list[ImprovementOut]
    next: str | None


class EffectOut(Schema):
    """NPS points against the untouched touchpoints. `value` null: silent, and `why_silent` or the verdict says why."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    verdict: str | None
    smallest_visible: float | None
    why_silent: str | None
    reads_on: date | None
    read_at: datetime | None
    final: bool


@router.get("/root-causes", response={200: RootCauseList, **_REFUSED}, operation_id="list_root_causes", summary="Root causes, newest first")
def list_root_causes(request: HttpRequest, cursor: str | None = None, limit: Limit = 50):
    require(request.auth, "feedback:read")
    rows, following = page(RootCause.objects.visible_to(request.auth).prefetch_related("themes", "evidence"), cursor=cursor, limit=limit)
    return {"items": [shown_cause(row) for row in rows], "next": following}


@router.post(
    "/root-causes",
    response={201: RootCauseOut, 400: Problem, **_REFUSED},
    operation_id="add_root_cause",
    summary="Name a root cause, with its evidence",
)
def add_root_cause(request: HttpRequest, data: RootCauseIn):
    require(request.auth, "improvements:write")
    by = acting_as(request.auth, data.acting_as)
    cause = name_root_cause(data.title, by=by, polarity=data.polarity, whys=data.whys, evidence=map(int, data.evidence), themes=map(int, data.themes))
    return Status(201, shown_cause(cause))


@router.put(
    "/root-causes/{root_cause_id}/words",
    response={200: RootCauseOut, 400: Problem, **_REFUSED, 404: Problem},
    operation_id="put_root_cause_words",
    summary="Say a root cause in other words or languages",
)
def put_root_cause_words(request: HttpRequest, root_cause_id: str, data: RootCauseWordsIn):
    require(request.auth, "improvements:write")
    pk = id_in(root_cause_id)
    found = RootCause.objects.visible_to(request.auth).filter(pk=pk).first() if pk is not None else None
    if found is None:
        raise NoSuchRootCause()
    return shown_cause(word_root_cause(found, titles=data.title, whys=data.whys, by=acting_as(request.auth, data.acting_as)))


@router.get(
    "/improvements", response={200: ImprovementList, **_REFUSED}, operation_id="list_improvements", summary="Improvements, newest first"
)
def list_improvements(
    request: HttpRequest,
    state: Literal["proposed", "accepted", "declined", "under_way", "done"] | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
):
    require(request.auth, "feedback:read")
    rows = Improvement.objects.visible_to(request.auth).select_related("touchpoint", "owner__user")
    if state:
        rows = rows.filter(state=state)
    found, following = page(rows, cursor=cursor, limit=limit)
    return {"items": [shown(row) for row in found], "next": following}


@router.post(
    "/improvements",
    response={201: ImprovementOut, 400: Problem, **_REFUSED},
    operation_id="propose_improvement",
    summary="Propose an improvement",
)
def add_improvement(request: HttpRequest, data: ImprovementIn):
    require(request.auth, "improvements:write")
    by = acting_as(request.auth, data.acting_as)
    plan = Plan(owner=_colleague(request.auth, data.owner), due_on=data.due_on)
    made = propose_improvement(
        data.title, type=data.type, by=by, because_of=map(int, data.because_of), root_causes=map(int, data.root_causes), plan=plan
    )
    return Status(201, shown(find_improvement(request.auth, made.number)))


@router.get(
    "/improvements/{number}",
    response={200: ImprovementOut, **_REFUSED, 404: Problem},
    operation_id="read_improvement",
    summary="One improvement",
)
def one_improvement(request: HttpRequest, number: str):
    require(request.auth, "feedback:read")
    return shown(find_improvement(request.auth, number))


@router.post(
    "/improvements/{number}/decision",
    response={200: ImprovementOut, **_ACT},
    operation_id="decide_improvement",
    summary="Accept or decline, with a reason",
)
def decision(request: HttpRequest, number: str, data: DecisionIn):
    require(request.auth, "improvements:write")
    found = find_improvement(request.auth, number)
    decide_improvement(found, accepted=data.accepted, reason=data.reason, by=acting_as(request.auth, data.acting_as))
    return shown(find_improvement(request.auth, number))


@router.post("/improvements/{number}/start", response={200: ImprovementOut, **_ACT}, operation_id="start_improvement", summary="Work has begun")
def start(request: HttpRequest, number: str, data: StartIn):
    require(request.auth, "improvements:write")
    start_improvement(find_improvement(request.auth, number), by=acting_as(request.auth, data.acting_as), text=data.text)
    return shown(find_improvement(request.auth, number))


@router.post(
    "/improvements/{number}/completion",
    response={200: ImprovementOut, **_ACT},
    operation_id="complete_improvement",
    summary="The change is made",
)
def completion(request: HttpRequest, number: str, data: CompletionIn):
    require(request.auth, "improvements:write")
    complete_improvement(find_improvement(request.auth, number), by=acting_as(request.auth, data.acting_as), text=data.text)
    return shown(find_improvement(request.auth, number))


@router.get(
    "/improvements/{number}/effect",
    response={200: EffectOut, **_REFUSED, 404: Problem},
    operation_id="read_effect",
    summary="What the improvement did",
)
def effect(request: HttpRequest, number: str):
    """The newest reading; before there is one, the day on which the effect will be read."""
    require(request.auth, "feedback:read")
    found = find_improvement(request.auth, number)
    return shown_effect(newest_reading(found), found)


def shown_cause(cause: RootCause) -> dict:
    return {
        "id": str(cause.pk),
        "title": cause.said.title,
        "titles": cause.titles,
        "language": cause.language,
        "polarity": cause.polarity,
        "whys": cause.said.whys,
        "whys_by_language": cause.whys,
        "themes": [str(theme.pk) for theme in cause.themes.all()],
        "n_evidence": len(cause.evidence.all()),
        "created_at": cause.created_at,
    }


def shown(one: Improvement) -> dict:
    return {
        "id": str(one.pk),
        "number": one.number,
        "title": one.title,
        "titles": one.titles,
        "type": one.type,
        "state": one.state,
        "touchpoint": one.touchpoint.key if one.touchpoint else None,
        "owner": one.owner.email if one.owner else None,
        "due_on": one.due_on,
        "proposed_at": one.proposed_at,
        "decided_at": one.decided_at,
        "decision_reason": one.decision_reason,
        "started_at": one.started_at,
        "done_at": one.done_at,
        "effect_reads_on": one.effect_reads_on,
        "measured_at": one.measured_at,
        "verdict": one.verdict or None,
        "told_at": one.told_at,
    }


def shown_effect(reading: EffectReading | None, one: Improvement) -> dict:
    if reading is None:
        why = "not_done" if one.done_at is None else "not_read_yet"
        return {
            "value": None,
            "low": None,
            "high": None,
            "n": 0,
            "verdict": None,
            "smallest_visible": None,
            "why_silent": why,
            "reads_on": one.effect_reads_on,
            "read_at": None,
            "final": False,
        }
    return {
        "value": reading.value,
        "low": reading.low,
        "high": reading.high,
        "n": reading.n,
        "verdict": reading.verdict or None,
        "smallest_visible": reading.smallest_visible,
        "why_silent": reading.why_silent or None,
        "reads_on": one.effect_reads_on,
        "read_at": reading.read_at,
        "final": reading.is_final,
    }


def _colleague(token, email: str | None) -> Member | None:
    """Raises UnknownColleague."""
    if email is None:
        return None
    found = acting_as(token, email)
    if not isinstance(found, Member):
        raise UnknownColleague(email=email)
    return found
