"""The API of routing rules."""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import BeforeValidator, ConfigDict

from luuppi.api.auth import require
from luuppi.api.problems import Problem
from luuppi.capture.drafts import clean_text
from luuppi.inner_loop.api.finding import find_member, find_team
from luuppi.inner_loop.models import Rule
from luuppi.inner_loop.refusals import CannotTakeCases
from luuppi.inner_loop.rules.acting import may_have_cases
from luuppi.inner_loop.rules.matching import Conditions
from luuppi.inner_loop.setting_rules import save_rule
from luuppi.people.models import ApiToken, Member

router = Router(tags=["rules"])
Word = Annotated[str, BeforeValidator(clean_text), Field(min_length=1, max_length=200)]
Words = Annotated[list[Word], Field(max_length=100)]


class ConditionsIn(Schema):
    """Everything that is set must fit; lists mean one of these."""

    model_config = ConfigDict(extra="forbid")
    kinds: Annotated[list[Literal["survey", "complaint", "praise", "idea", "question"]], Field(max_length=5)] = []
    nps_at_most: Annotated[int | None, Field(ge=0, le=10)] = None
    csat_at_most: Annotated[int | None, Field(ge=1, le=5)] = None
    ces_at_most: Annotated[int | None, Field(ge=1, le=7)] = None
    touchpoints: Words = []
    languages: Annotated[list[Literal["fi", "sv", "en"]], Field(max_length=3)] = []
    themes: Words = []
    words: Words = []
    wants_contact: bool | None = None
    attributes: Annotated[dict[Word, Word], Field(max_length=50)] = {}


class RuleIn(Schema):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, BeforeValidator(clean_text), Field(min_length=1, max_length=120, examples=["Laskut"])]
    conditions: ConditionsIn = Field(ConditionsIn(), examples=[{"words": ["lasku", "invoice"]}])
    position: Annotated[int, Field(ge=1, le=99_999)] = 500
    is_on: bool = True
    opens_case: bool = True
    team: Annotated[Word | None, Field(examples=["phones"])] = None
    owner: Annotated[Word | None, Field(examples=["mikko@example.com"])] = None
    priority: Annotated[int, Field(ge=0, le=2)] = 0
    promise_hours: Annotated[int | None, Field(ge=1, le=10_000)] = None


class RuleOut(Schema):
    id: str
    name: str
    conditions: ConditionsIn
    position: int
    is_on: bool
    opens_case: bool
    team: str | None
    owner: str | None
    priority: int
    promise_hours: int | None


class RuleList(Schema):
    items: list[RuleOut]
    next: None


@router.get(
    "/rules",
    response={200: RuleList, 401: Problem, 403: Problem, 422: Problem},
    operation_id="list_rules",
    summary="Routing rules, in the order in which they decide",
)
def list_rules(request: HttpRequest):
    token = require(request.auth, "surveys:write")
    rules = Rule.objects.visible_to(token).in_order().select_related("team", "owner__user")
    return {"items": [shown(rule) for rule in rules], "next": None}


@router.post(
    "/rules",
    response={201: RuleOut, 400: Problem, 401: Problem, 403: Problem, 409: Problem, 422: Problem},
    operation_id="make_rule",
    summary="Make a routing rule",
)
def make_rule(request: HttpRequest, rule: RuleIn):
    """The first rule that fits an item decides, by `position`. Without a team it goes to the team of the touchpoint."""
    token = require(request.auth, "surveys:write")
    said = rule.conditions
    conditions = Conditions.from_json(said.dict(exclude={"attributes"}) | {"attributes": list(said.attributes.items())})
    facts = rule.dict(include={"name", "position", "is_on", "opens_case", "priority", "promise_hours"})
    team = None if rule.team is None else find_team(token, rule.team)
    made = save_rule(None, by=token, conditions=conditions, team=team, owner=_owner(token, rule.owner), **facts)
    return Status(201, shown(made))


def shown(rule: Rule) -> dict:
    conditions = Conditions.from_json(rule.conditions).to_json()
    return {
        "id": str(rule.pk),
        "name": str(rule),
        "conditions": conditions | {"attributes": dict(conditions.get("attributes", ()))},
        "position": rule.position,
        "is_on": rule.is_on,
        "opens_case": rule.opens_case,
        "team": rule.team.key if rule.team else None,
        "owner": rule.owner.user.email if rule.owner else None,
        "priority": rule.priority,
        "promise_hours": rule.promise_hours,
    }


def _owner(token: ApiToken, email: str | None) -> Member | None:
    if email is None:
        return None
    found = find_member(token, email)
    if not may_have_cases(found):
        raise CannotTakeCases(name=found.name)
    return found
