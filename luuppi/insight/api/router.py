"""GET /api/v1/figures/…: each figure with value, low, high and n; a small group is silent and says why."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from luuppi.api.auth import require
from luuppi.api.problems import Problem
from luuppi.capture.queries.stream import Filters
from luuppi.insight.queries.counts import read_counts
from luuppi.insight.queries.filters import understand
from luuppi.insight.queries.groups import Names
from luuppi.insight.queries.loop import Funnel, read_loop
from luuppi.insight.queries.scores import Figure, read_scores
from luuppi.insight.question import GROUPINGS, STEPS
from luuppi.insight.refusals import FilterNotUnderstood
from luuppi.measures.estimate import Estimate
from luuppi.people.models import ApiToken

router = Router(tags=["figures"])

_REFUSED = {401: Problem, 403: Problem, 422: Problem, 503: Problem}
By = Annotated[str | None, Field(max_length=40, description=f"one or two of {', '.join(GROUPINGS)}, with a comma between")]
Key = dict[str, str | None]


class EstimateOut(Schema):
    value: float | None
    low: float
    high: float
    n: int


class FigureOut(EstimateOut):
    why_silent: Literal["privacy", "too_few_answers"] | None
    distribution: list[int]


class FigureGroup(FigureOut):
    key: Key


class ScoresOut(FigureOut):
    measure: str
    unit: str
    by: list[str]
    groups: list[FigureGroup]
    more: bool
    as_of: datetime | None


class FunnelOut(Schema):
    collected: int
    steps: dict[str, int]
    shares: dict[str, EstimateOut]
    in_hole: int
    black_hole: EstimateOut


class FunnelGroup(FunnelOut):
    key: Key


class LoopOut(FunnelOut):
    by: list[str]
    hole_days: int
    groups: list[FunnelGroup]
    more: bool
    as_of: datetime | None


class CountGroup(Schema):
    key: Key
    n: int
    negative: int | None = None
    neutral: int | None = None
    positive: int | None = None


class CountsOut(Schema):
    by: list[str]
    groups: list[CountGroup]
    more: bool
    as_of: datetime | None


UNITS = {"nps": "points", "csat": "share", "ces": "mean 1-7"}


@router.get("/figures/nps", response={200: ScoresOut, **_REFUSED}, operation_id="read_nps", summary="NPS in points with its 95% interval")
def read_nps(request: HttpRequest, filters: Query[Filters], by: By = None):
    return _scores(request, "nps", filters, by)


@router.get("/figures/csat", response={200: ScoresOut, **_REFUSED}, operation_id="read_csat", summary="Share of satisfied answers (4 and 5)")
def read_csat(request: HttpRequest, filters: Query[Filters], by: By = None):
    return _scores(request, "csat", filters, by)


@router.get("/figures/ces", response={200: ScoresOut, **_REFUSED}, operation_id="read_ces", summary="Mean effort, 1–7")
def read_ces(request: HttpRequest, filters: Query[Filters], by: By = None):
    return _scores(request, "ces", filters, by)


@router.get("/figures/loop", response={200: LoopOut, **_REFUSED}, operation_id="read_loop", summary="The loop funnel and the black-hole rate")
def read_loop_figures(request: HttpRequest, filters: Query[Filters], by: By = None):
    """Counts of items that reached each step, shares of those collected; the black hole among those old enough to be in it."""
    token, groupings = _asked_by(request, by)
    hole_days = token.organisation.black_hole_days
    loop = read_loop(token, understand(filters, token.organisation), hole_days=hole_days, by=groupings)
    names = Names(token.organisation, groupings)
    groups = [{"key": _key(names, groupings, group.key), **_funnel(group)} for group in loop.groups]
    return {**_funnel(loop.whole), "by": groupings, "hole_days": hole_days, "groups": groups, "more": loop.more, "as_of": loop.as_of}


@router.get("/figures/counts", response={200: CountsOut, **_REFUSED}, operation_id="read_counts", summary="How many items, by group")
def read_item_counts(request: HttpRequest, filters: Query[Filters], by: By = None):
    return _counts(request, "counts", filters, by)


@router.get("/figures/themes", response={200: CountsOut, **_REFUSED}, operation_id="read_theme_counts", summary="How often each theme, by polarity")
def read_theme_counts(request: HttpRequest, filters: Query[Filters], by: By = None):
    return _counts(request, "themes", filters, by)


def _scores(request: HttpRequest, measure: str, filters: Filters, by: str | None) -> dict[str, Any]:
    token, groupings = _asked_by(request, by)
    found = read_scores(token, measure, understand(filters, token.organisation), by=groupings)
    names = Names(token.organisation, groupings)
    groups = [{"key": _key(names, groupings, group.key), **_figure(group)} for group in found.groups]
    shared = {"measure": measure, "unit": UNITS[measure], "by": groupings, "more": found.more, "as_of": found.as_of}
    return {**_figure(found.whole), **shared, "groups": groups}


def _counts(request: HttpRequest, measure: str, filters: Filters, by: str | None) -> dict[str, Any]:
    token, groupings = _asked_by(request, by)
    if measure == "themes" and "theme" in groupings:
        raise FilterNotUnderstood(word="by", value="theme")
    found = read_counts(token, measure, understand(filters, token.organisation), by=groupings)
    names = Names(token.organisation, found.by)
    groups = [
        {"key": _key(names, found.by, row[: len(found.by)]), **dict(zip(found.figures, row[len(found.by) :], strict=True))}
        for row in found.rows
    ]
    return {"by": list(found.by), "groups": groups, "more": found.more, "as_of": found.as_of}


def _asked_by(request: HttpRequest, by: str | None) -> tuple[ApiToken, list[str]]:
    """Who asks, and the groupings. Raises ScopeMissing, FilterNotUnderstood."""
    token: ApiToken = require(request.auth, "figures:read")
    groupings = [word for word in (by or "").split(",") if word]
    if len(groupings) > 2 or len(set(groupings)) < len(groupings) or not set(groupings) <= set(GROUPINGS):
        raise FilterNotUnderstood(word="by", value=by)
    return token, groupings


def _key(names: Names, by: list[str] | tuple[str, ...], key: tuple[Any, ...]) -> Key:
    return {grouping: names.key(grouping, value) for grouping, value in zip(by, key, strict=True)}


def _figure(figure: Figure) -> dict[str, Any]:
    why = figure.why if figure.level == "silent" else None
    return {**_estimate(figure.estimate), "why_silent": why, "distribution": list(figure.distribution)}


def _funnel(funnel: Funnel) -> dict[str, Any]:
    return {
        "collected": funnel.collected,
        "steps": funnel.counts,
        "shares": {step: _estimate(funnel.share(step)) for step in STEPS},
        "in_hole": funnel.in_hole,
        "black_hole": _estimate(funnel.black_hole),
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high, "n": estimate.n}
