"""The loop funnel: how far feedback has come, and how much of it has fallen into the black hole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from luuppi.insight.asking import ask
from luuppi.insight.queries.filters import Asked
from luuppi.insight.question import STEPS, Question, Reader
from luuppi.measures import scores
from luuppi.measures.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Funnel:
    """counts: items that reached each step, `received` first. old_enough: those that could be in the hole; in_hole: those that are.

    `share(step)` and `black_hole` are shares 0–1 with their interval; without items the value is None.
    """

    key: tuple[Any, ...]
    counts: dict[str, int]
    old_enough: int
    in_hole: int

    @property
    def collected(self) -> int:
        return self.counts["received"]

    def share(self, step: str) -> Estimate:
        return scores.csat_of(self.counts[step], self.collected)

    @property
    def black_hole(self) -> Estimate:
        return scores.csat_of(self.in_hole, self.old_enough)


@dataclass(frozen=True, slots=True)
class Loop:
    by: tuple[str, ...]
    whole: Funnel
    groups: tuple[Funnel, ...]
    more: bool
    as_of: datetime | None


def read_loop(who: Reader, asked: Asked, *, hole_days: int, by: Sequence[str] = (), at: datetime | None = None) -> Loop:
    """Counted by the local day of receipt. Raises FiguresAreRebuilding, FiguresAreBusy, ValueError for a grouping that does not exist."""
    given = {"filters": asked.filters, "period": asked.period("received"), "hole_days": hole_days} | ({"at": at} if at else {})
    answer = ask(Question.for_(who, "loop", by=tuple(by), **given))
    groups = tuple(_funnel(row, len(by)) for row in answer.rows)
    if "theme" in by or answer.more:
        whole = _funnel(ask(Question.for_(who, "loop", **given)).rows[0], 0)
    else:
        whole = _together(groups)
    return Loop(by=tuple(by), whole=whole, groups=groups if by else (), more=answer.more, as_of=answer.as_of)


def _funnel(row: tuple[Any, ...], n_keys: int) -> Funnel:
    counts = dict(zip(STEPS, row[n_keys:], strict=False))
    return Funnel(row[:n_keys], counts, *row[n_keys + len(STEPS) :])


def _together(groups: Sequence[Funnel]) -> Funnel:
    counts = {step: sum(group.counts[step] for group in groups) for step in STEPS}
    return Funnel((), counts, sum(group.old_enough for group in groups), sum(group.in_hole for group in groups))
