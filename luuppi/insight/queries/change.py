"""How much a score has moved against the days before: as many of them, directly before the first one."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from luuppi.insight.queries.filters import Asked
from luuppi.insight.queries.scores import Scores, read_scores
from luuppi.insight.question import Reader
from luuppi.measures import scores
from luuppi.measures.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Change:
    """estimate: now minus before, with its interval. since, until: the days before, both included."""

    estimate: Estimate
    since: date
    until: date

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out that nothing has changed."""
        return self.estimate.low > 0 or self.estimate.high < 0


def read_change(who: Reader, now: Scores, asked: Asked, *, at: datetime | None = None) -> Change | None:
    """None where the days are open at one end, or where too few have answered in one of both times to speak of a change.

    Raises FiguresAreRebuilding, FiguresAreBusy.
    """
    before = days_before(asked)
    if before is None or now.whole.estimate.value is None:
        return None
    earlier = read_scores(who, now.measure, before, at=at).whole
    if earlier.estimate.value is None:
        return None
    moved = scores.difference(earlier.estimate, now.whole.estimate)
    if scores.speaking("change", moved.n).level == "silent":
        return None
    return Change(moved, before.since, before.until)


def days_before(asked: Asked) -> Asked | None:
    """The same question of as many days before; None where there are none."""
    if asked.since is None or asked.until is None or asked.until < asked.since:
        return None
    length = asked.until - asked.since
    if asked.since - date.min <= length + timedelta(days=1):
        return None
    until = asked.since - timedelta(days=1)
    return replace(asked, since=until - length, until=until)
