"""The API of touchpoints and surveys: the twins of their pages of settings."""

from typing import Annotated, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema, Status
from pydantic import BeforeValidator, ConfigDict

from luuppi.api.auth import require
from luuppi.api.fields import Limit
from luuppi.api.lists import page
from luuppi.api.problems import Problem
from luuppi.capture.drafts import clean_text
from luuppi.capture.models import Survey, Touchpoint
from luuppi.capture.placing import create_touchpoint
from luuppi.capture.surveying import create_survey
from luuppi.errors import NotValid
from luuppi.people.models import Team
from luuppi.people.reading import team_named

router = Router()
Name = Annotated[str, BeforeValidator(clean_text), Field(min_length=1, max_length=100)]


class UnknownTouchpoint(NotValid):
    code = "unknown-touchpoint"
    sentence = "There is no touchpoint %(key)s, or this token may not see it. GET /touchpoints lists them."


class UnknownTeam(NotValid):
    code = "unknown-team"
    sentence = "There is no team %(key)s, or this token may not see it."


class TouchpointIn(Schema):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"key": "pick-up", "name": {"fi": "Nouto", "en": "Pick-up"}, "team": None}]}
    )
    key: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,100}$")]
    name: Annotated[dict[Literal["fi", "sv", "en"], Name], Field(default_factory=dict)]
    team: Annotated[str, Field(max_length=50)] | None = None


class TouchpointOut(Schema):
    id: str
    key: str
    name: dict[str, str]
    team: str
    confirmed: bool


class TouchpointList(Schema):
    items: list[TouchpointOut]
    next: str | None


class SurveyIn(Schema):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "After delivery", "touchpoint": None}]})
    name: Annotated[str, BeforeValidator(clean_text), Field(min_length=1, max_length=120)]
    measure: Literal["nps"] = "nps"
    touchpoint: Annotated[str, Field(max_length=100)] | None = None


class SurveyOut(Schema):
    id: str
    key: str
    version: int
    name: str
    measure: str
    touchpoint: str | None
    is_open: bool
    url: str


class SurveyList(Schema):
    items: list[SurveyOut]
    next: str | None


@router.get(
    "/touchpoints",
    response={200: TouchpointList, 401: Problem, 403: Problem, 422: Problem},
    operation_id="list_touchpoints",
    summary="Touchpoints",
)
def list_touchpoints(request: HttpRequest, cursor: str | None = None, limit: Limit = 50):
    require(request.auth, "feedback:read")
    rows, following = page(Touchpoint.objects.visible_to(request.auth).select_related("team"), cursor=cursor, limit=limit, newest_first=False)
    return {"items": [_touchpoint(row) for row in rows], "next": following}


@router.post(
    "/touchpoints",
    response={201: TouchpointOut, 400: Problem, 401: Problem, 403: Problem, 422: Problem, 409: Problem},
    operation_id="create_touchpoint",
    summary="Make a touchpoint",
)
def make_touchpoint(request: HttpRequest, data: TouchpointIn):
    require(request.auth, "surveys:write")
    made = create_touchpoint(key=data.key, names=dict(data.name), team=_team(request.auth, data.team), by=request.auth)
    return Status(201, _touchpoint(made))


@router.get(
    "/surveys",
    response={200: SurveyList, 401: Problem, 403: Problem, 422: Problem},
    operation_id="list_surveys",
    summary="Surveys and their links",
)
def list_surveys(request: HttpRequest, cursor: str | None = None, limit: Limit = 50):
    require(request.auth, "surveys:write")
    rows = Survey.objects.visible_to(request.auth).select_related("touchpoint")
    if request.auth.root_path:
        rows = rows.filter(touchpoint__team__path__startswith=request.auth.root_path)
    found, following = page(rows, cursor=cursor, limit=limit)
    return {"items": [_survey(row) for row in found], "next": following}


@router.post(
    "/surveys",
    response={201: SurveyOut, 400: Problem, 401: Problem, 403: Problem, 422: Problem, 409: Problem},
    operation_id="create_survey",
    summary="Make an NPS survey",
)
def make_survey(request: HttpRequest, data: SurveyIn):
    require(request.auth, "surveys:write")
    touchpoint = None
    if data.touchpoint is not None:
        touchpoint = Touchpoint.objects.visible_to(request.auth).select_related("team").filter(key=clean_text(data.touchpoint)).first()
        if touchpoint is None:
            raise UnknownTouchpoint(key=data.touchpoint)
    made = create_survey(request.auth.organisation, name=data.name, touchpoint=touchpoint, by=request.auth)
    return Status(201, _survey(made))


def _team(token, key: str | None) -> Team:
    """The team of this key, else the token's own, else the root team. Raises UnknownTeam."""
    if key is None:
        return token.team or team_named(token.organisation, None)
    found = Team.objects.visible_to(token).filter(key=clean_text(key)).first()
    if found is None:
        raise UnknownTeam(key=key)
    return found


def _touchpoint(one: Touchpoint) -> dict:
    return {"id": str(one.pk), "key": one.key, "name": one.names, "team": one.team.key, "confirmed": one.confirmed}


def _survey(one: Survey) -> dict:
    url = settings.BASE_URL + reverse("survey_score", args=[one.key])
    return {
        "id": str(one.pk),
        "key": one.key,
        "version": one.version,
        "name": one.name,
        "measure": one.measure,
        "touchpoint": one.touchpoint.key if one.touchpoint else None,
        "is_open": one.is_open,
        "url": url,
    }
