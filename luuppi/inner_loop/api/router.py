"""The API of cases: lists, one case, and the acts of the inner loop. Each is the twin of an act on the page of the case."""

import hashlib
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import ConfigDict

from luuppi.api.auth import acting_as, require
from luuppi.api.fields import Limit
from luuppi.api.lists import page
from luuppi.api.problems import Problem
from luuppi.capture.api.router import find_item
from luuppi.capture.drafts import clean_text
from luuppi.capture.models import FeedbackItem, sees_customer
from luuppi.errors import NotFound, NotValid
from luuppi.inner_loop import answering, assigning, closing, escalating, noting, reopening, routing
from luuppi.inner_loop.api import rules
from luuppi.inner_loop.api.finding import find_member, find_team
from luuppi.inner_loop.api.shapes import (
    Act,
    AnswerIn,
    AssignmentIn,
    CaseIn,
    CaseList,
    CaseOut,
    CaseWithTalk,
    ClosureIn,
    EscalationIn,
    MessageOut,
    NoteIn,
    case_out,
    message_out,
    words_out,
)
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.models.case import OPEN
from luuppi.people.models import ApiToken, Team

router = Router(tags=["cases"])
router.add_router("", rules.router)
_SEEN = {401: Problem, 403: Problem, 422: Problem}
_DONE = _SEEN | {400: Problem, 404: Problem, 409: Problem}


class NoSuchCase(NotFound):
    code = "no-such-case"
    sentence = "There is no case with this number, or this token may not see it."


class NobodyNamed(NotValid):
    code = "nobody-named"
    sentence = "Say who gets the case: either to (the e-mail of a member) or team (the key of a team)."


class CaseFilters(Schema):
    model_config = ConfigDict(extra="ignore")
    state: Annotated[str | None, Field(pattern="^(open|waiting|closed)$")] = None
    owner: Annotated[
        str | None,
        Field(max_length=254, description="E-mail of the owner; none for cases that nobody has.", examples=["mikko@example.com"]),
    ] = None
    team: Annotated[str | None, Field(max_length=50, description="Key of a team: its cases and those of the teams below.")] = None
    breaching: Annotated[bool | None, Field(description="Whether the promise to the customer has passed.")] = None
    touchpoint: Annotated[str | None, Field(max_length=100)] = None


@router.get("/cases", response={200: CaseList, **_SEEN}, operation_id="list_cases", summary="Cases, newest first")
def list_cases(request: HttpRequest, filters: Query[CaseFilters], cursor: str | None = None, limit: Limit = 50):
    token = require(request.auth, "cases:read")
    rows, following = page(_narrowed(token, filters), cursor=cursor, limit=limit)
    return {"items": [case_out(case) for case in rows], "next": following}


@router.post("/cases", response={201: CaseOut, **_DONE}, operation_id="open_case", summary="Open a case for a feedback item")
def open_case(request: HttpRequest, act: CaseIn):
    """Rules open cases by themselves; this is for what they left, and for imported feedback."""
    token = require(request.auth, "cases:write")
    case = routing.open_case(find_item(token, act.feedback), by=acting_as(token, act.as_))
    return Status(201, _shown(case))


@router.get(
    "/cases/{number}",
    response={200: CaseWithTalk, 404: Problem, **_SEEN},
    operation_id="read_case",
    summary="One case with its conversation",
)
def read_case(request: HttpRequest, number: str):
    token = require(request.auth, "cases:read")
    case = _find(token, number)
    items = FeedbackItem.objects.filter(case_items__case=case).select_related("team", "reading").order_by("id")
    words = [words_out(item, full=sees_customer(token, item)) for item in items]
    return case_out(case) | {"words": words, "messages": [message_out(m) for m in case.messages.select_related("outgoing").order_by("at", "id")]}


@router.post(
    "/cases/{number}/assignment",
    response={200: CaseOut, **_DONE},
    operation_id="assign_case",
    summary="Give the case to a member or to a team",
)
def assign_case(request: HttpRequest, number: str, act: AssignmentIn):
    token, case, by = _begin(request, number, act)
    if bool(act.to) == bool(act.team):
        raise NobodyNamed()
    if act.to:
        assigning.assign_case(case, to=find_member(token, act.to), by=by)
    else:
        assigning.move_to_team(case, team=find_team(token, act.team or ""), by=by)
    return _shown(case)


@router.post("/cases/{number}/answers", response={201: MessageOut, **_DONE}, operation_id="answer_case", summary="Answer the customer")
def answer_case(request: HttpRequest, number: str, act: AnswerIn):
    """Sent by mail in ten seconds; without an address it stands on the tracking page at once."""
    _token, case, by = _begin(request, number, act)
    return Status(201, message_out(answering.write_answer(case, text=act.text, promised_on=act.promised_on, by=by, key=_key(request))))


@router.post(
    "/cases/{number}/notes",
    response={201: MessageOut, **_DONE},
    operation_id="note_case",
    summary="Write a note that the customer does not see",
)
def note_case(request: HttpRequest, number: str, act: NoteIn):
    _token, case, by = _begin(request, number, act)
    return Status(201, message_out(noting.write_note(case, text=act.text, by=by, key=_key(request))))


@router.post(
    "/cases/{number}/escalation",
    response={200: CaseOut, **_DONE},
    operation_id="escalate_case",
    summary="Ask for help; the case keeps its owner",
)
def escalate_case(request: HttpRequest, number: str, act: EscalationIn):
    token, case, by = _begin(request, number, act)
    escalating.escalate_case(case, reason=act.reason, to=find_member(token, act.to) if act.to else None, by=by, key=_key(request))
    return _shown(case)


@router.post(
    "/cases/{number}/closure",
    response={200: CaseOut, **_DONE},
    operation_id="close_case",
    summary="Close the case with an outcome that the customer is told",
)
def close_case(request: HttpRequest, number: str, act: ClosureIn):
    _token, case, by = _begin(request, number, act)
    closing.close_case(case, by=by, outcome=act.outcome, text=act.text or "", not_told_because=act.not_told_because or "", key=_key(request))
    return _shown(case)


@router.post("/cases/{number}/reopening", response={200: CaseOut, **_DONE}, operation_id="reopen_case", summary="Go on with a closed case")
def reopen_case(request: HttpRequest, number: str, act: Act):
    _token, case, by = _begin(request, number, act)
    reopening.reopen_case(case, by=by)
    return _shown(case)


# --- what they share ------------------------------------------------------------------------------------------------------------


def _begin(request: HttpRequest, number: str, act: Act) -> tuple[ApiToken, Case, Any]:
    token = require(request.auth, "cases:write")
    return token, _find(token, number, act="cases.act"), acting_as(token, act.as_)


def _with_parts(cases: QuerySet) -> QuerySet:
    return cases.select_related("organisation", "team", "owner__user", "touchpoint").prefetch_related("case_items", "confirmations")


def _find(token: ApiToken, number: str, *, act: str = "cases.read") -> Case:
    """Raises NoSuchCase, also for what is not a number. A token that may act may see what it acts on."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NoSuchCase()
    found = _with_parts(Case.objects.visible_to(token, act=act)).filter(number=int(number)).first()
    if found is None:
        raise NoSuchCase()
    return found


def _shown(case: Case) -> dict:
    return case_out(_with_parts(Case.objects.filter(pk=case.pk)).get())


def _narrowed(token: ApiToken, filters: CaseFilters) -> QuerySet:
    cases = _with_parts(Case.objects.visible_to(token))
    if filters.state:
        cases = cases.filter(state=filters.state)
    if owner := clean_text(filters.owner or ""):
        cases = cases.filter(owner=None) if owner == "none" else cases.filter(owner__user__email=owner.lower())
    if team := clean_text(filters.team or ""):
        path = Team.objects.visible_to(token).filter(key=team).values_list("path", flat=True).first()
        cases = cases.filter(team__path__startswith=path) if path else cases.none()
    if touchpoint := clean_text(filters.touchpoint or ""):
        cases = cases.filter(touchpoint__key=touchpoint)
    if filters.breaching is not None:
        late = Q(state=OPEN, queue_at__lte=timezone.now())
        cases = cases.filter(late) if filters.breaching else cases.exclude(late)
    return cases


def _key(request: HttpRequest) -> str:
    """The Idempotency-Key, so that an act that was done but not noted as answered is not done twice."""
    key = request.headers.get("Idempotency-Key")
    return f"api-{hashlib.sha256(f'{request.auth.pk}|{request.path}|{key}'.encode()).hexdigest()[:40]}" if key else ""
