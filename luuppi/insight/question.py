"""The one typed value that crosses to the figures service: what is asked, about whose feedback, and who may know it.

SQL never crosses. Organisation and scope come from who asks, by `Question.for_`; the service builds its question from the wire
by `Question.from_wire` and checks every field again.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any, Protocol, Self

from luuppi.capture.scales import SCORES

MEASURES = ("nps", "csat", "ces", "loop", "themes", "counts", "ids")
GROUPINGS = ("day", "week", "month", "touchpoint", "team", "channel", "kind", "theme", "language")
STEPS = ("received", "acknowledged", "read", "answered", "solved", "used", "told")
ITEMS = "ids"  # the measure that answers items, not figures: it takes no grouping and pages by `after`
ROWS_AT_MOST = 1000
TEAM_PATH = re.compile(r"^(?:[0-9A-Za-z]+\.)+$")


class Reach(Protocol):
    """How far somebody may look: everywhere in the organisation, or below some team paths."""

    everywhere: bool
    paths: tuple[str, ...]


class Grants(Protocol):
    def reach(self, act: str) -> Reach: ...


class Reader(Protocol):
    """Who asks: a member or a token (luuppi.people)."""

    organisation_id: int
    grants: Grants


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """`score=nps:0-6`: answered on this scale, from `low` to `high`, both included."""

    scale: str
    low: int
    high: int

    def __post_init__(self) -> None:
        if self.scale not in SCORES:
            raise ValueError(f"score: {self.scale!r} is not one of {', '.join(SCORES)}")
        least, most = SCORES[self.scale]
        if not (least <= _whole("score", self.low) <= _whole("score", self.high) <= most):
            raise ValueError(f"score: {self.scale} goes from {least} to {most}, low first; got {self.low}-{self.high}")


@dataclass(frozen=True, slots=True)
class StepFilter:
    """`step=told`: reached; `step=!told`: not yet."""

    step: str
    reached: bool = True

    def __post_init__(self) -> None:
        if self.step not in STEPS:
            raise ValueError(f"step: {self.step!r} is not one of {', '.join(STEPS)}")


@dataclass(frozen=True, slots=True)
class Filters:
    """Values of one word widen (or), different words narrow (and). Teams are paths and include what is below them."""

    kind: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    touchpoint: tuple[int, ...] = ()
    team: tuple[str, ...] = ()
    theme: tuple[int, ...] = ()
    language: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    score: tuple[ScoreRange, ...] = ()
    step: tuple[StepFilter, ...] = ()
    loop: bool = False  # only what the loop funnel counts

    def __post_init__(self) -> None:
        for name in ("kind", "channel", "language", "segment"):
            _each(name, getattr(self, name), _short_text)
        for name in ("touchpoint", "theme"):
            _each(name, getattr(self, name), _whole)
        _each("team", self.team, _team_path)
        if not isinstance(self.loop, bool):
            raise ValueError(f"loop: true or false is needed, not {self.loop!r}")


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of the organisation, both included; None is open.

    of: "occurred" counts by the day when it happened (measures), "received" by the day when it reached us (funnels, lists).
    """

    since: date | None = None
    until: date | None = None
    of: str = "occurred"

    def __post_init__(self) -> None:
        if self.of not in ("occurred", "received"):
            raise ValueError(f"period: of is occurred or received, not {self.of!r}")


@dataclass(frozen=True, slots=True)
class After:
    """Where the page before ended: the moment and id of its last item."""

    received_at: datetime
    item: int

    def __post_init__(self) -> None:
        _aware("after", self.received_at)
        _whole("after", self.item)


@dataclass(frozen=True, slots=True)
class Question:
    """organisation: its id. scope: team paths that may be counted, each with all below it; None is the whole organisation.

    at: the moment for which "old enough to be in the black hole" is judged. hole_days: how old that is.
    """

    organisation: int
    scope: tuple[str, ...] | None
    measure: str
    filters: Filters = field(default_factory=Filters)
    by: tuple[str, ...] = ()
    period: Period = field(default_factory=Period)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    hole_days: int = 14
    limit: int = ROWS_AT_MOST
    after: After | None = None

    @classmethod
    def for_(cls, who: Reader, measure: str, **asked: Any) -> Self:
        """The question as `who` may ask it: organisation and scope are theirs, the other fields are free.

        A period left out counts measures by the day when it happened, funnels and the list by the day of receipt.
        """
        asked.setdefault("period", Period(of=usual_day_of(measure)))
        reach = who.grants.reach("figures.read")
        # Somebody without any reach gets the empty scope, which counts nothing.
        scope = None if reach.everywhere else tuple(reach.paths)
        return cls(organisation=who.organisation_id, scope=scope, measure=measure, **asked)

    @classmethod
    def from_wire(cls, sent: Mapping[str, Any]) -> Self:
        """The question that `to_wire` wrote. Raises ValueError that names the field for anything else."""
        if not isinstance(sent, Mapping):
            raise ValueError("a question is an object")
        known = {f.name for f in fields(cls)}
        if unknown := set(sent) - known:
            raise ValueError(f"unknown field: {sorted(unknown)[0]}")
        try:
            after = sent.get("after")
            return cls(
                organisation=sent["organisation"],
                scope=None if sent["scope"] is None else _texts("scope", sent["scope"]),
                measure=sent["measure"],
                filters=_filters_from_wire(sent["filters"]),
                by=_texts("by", sent["by"]),
                period=_period_from_wire(sent["period"]),
                at=_moment("at", sent["at"]),
                hole_days=sent["hole_days"],
                limit=sent["limit"],
                after=None if after is None else After(_moment("after", after["received_at"]), after["item"]),
            )
        except KeyError as missing:
            raise ValueError(f"missing field: {missing.args[0]}") from missing
        except (TypeError, AttributeError) as wrong:
            raise ValueError(f"a field has the wrong type: {wrong}") from wrong

    def to_wire(self) -> dict[str, Any]:
        wire = asdict(self)
        wire["at"] = self.at.isoformat()
        wire["period"] |= {name: day.isoformat() for name in ("since", "until") if (day := getattr(self.period, name))}
        if self.after:
            wire["after"]["received_at"] = self.after.received_at.isoformat()
        return wire

    def __post_init__(self) -> None:
        _whole("organisation", self.organisation)
        if self.scope is not None:
            _each("scope", self.scope, _team_path)
        if self.measure not in MEASURES:
            raise ValueError(f"measure: {self.measure!r} is not one of {', '.join(MEASURES)}")
        for name in self.by:
            if name not in GROUPINGS:
                raise ValueError(f"by: {name!r} is not one of {', '.join(GROUPINGS)}")
        if len(set(self.by)) != len(self.by) or len(self.by) > 2:
            raise ValueError("by: at most two groupings, each once")
        if self.measure == ITEMS and self.by:
            raise ValueError(f"by: {self.measure} lists items and takes no grouping")
        if self.after and self.measure != ITEMS:
            raise ValueError("after: only lists of items are paged")
        if self.measure == "themes" and "theme" in self.by:
            raise ValueError("by: themes are grouped by theme already")
        _aware("at", self.at)
        if not 0 <= _whole("hole_days", self.hole_days) <= 3660:
            raise ValueError("hole_days: 0 to 3660")
        if not 1 <= _whole("limit", self.limit) <= ROWS_AT_MOST:
            raise ValueError(f"limit: 1 to {ROWS_AT_MOST}")


def usual_day_of(measure: str) -> str:
    """By which local day a measure is counted where nothing else is said."""
    return "received" if measure in ("loop", "counts", ITEMS) else "occurred"


def _filters_from_wire(sent: Mapping[str, Any]) -> Filters:
    known = {f.name for f in fields(Filters)}
    if unknown := set(sent) - known:
        raise ValueError(f"unknown filter: {sorted(unknown)[0]}")
    plain = {name: _sequence(name, values) for name, values in sent.items() if name not in ("score", "step", "loop")}
    return Filters(
        **plain,
        score=tuple(ScoreRange(**value) for value in _sequence("score", sent.get("score", ()))),
        step=tuple(StepFilter(step=value["step"], reached=bool(value["reached"])) for value in _sequence("step", sent.get("step", ()))),
        loop=sent.get("loop", False),
    )


def _period_from_wire(sent: Mapping[str, Any]) -> Period:
    return Period(since=_day("period: since", sent["since"]), until=_day("period: until", sent["until"]), of=sent["of"])


def _day(name: str, value: Any) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError as wrong:
        raise ValueError(f"{name}: a day like 2026-11-20 is needed, not {value!r}") from wrong


def _moment(name: str, value: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError as wrong:
        raise ValueError(f"{name}: a moment with its offset from UTC is needed, not {value!r}") from wrong


def _sequence(name: str, values: Any) -> tuple[Any, ...]:
    if not isinstance(values, (list, tuple)):
        raise ValueError(f"{name}: a list is needed")
    if len(values) > 1000:
        raise ValueError(f"{name}: at most 1000 values")
    return tuple(values)


def _texts(name: str, values: Any) -> tuple[str, ...]:
    return tuple(_short_text(name, value) for value in _sequence(name, values))


def _each(name: str, values: Any, check: Any) -> None:
    if not isinstance(values, tuple):
        raise ValueError(f"{name}: a tuple is needed")
    for value in values:
        check(name, value)


def _whole(name: str, value: Any) -> int:
    # bool is an int to Python; a true organisation would be organisation 1.
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise ValueError(f"{name}: a whole number of 64 bits is needed, not {value!r}")
    return value


def _short_text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 500 or "\0" in value:
        raise ValueError(f"{name}: a text of at most 500 characters is needed")
    return value


def _team_path(name: str, value: Any) -> str:
    # The closing dot keeps 0001. from standing for 00012. as well.
    if not isinstance(value, str) or not TEAM_PATH.match(value):
        raise ValueError(f"{name}: a team path like 0001.0004. is needed, not {value!r}")
    return value


def _aware(name: str, value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{name}: an aware moment is needed, not {value!r}")
    return value
