"""Plain counts: how many items, how often each theme; and the pages of ids for lists that no index of the database serves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from luuppi.insight.asking import ask
from luuppi.insight.queries.filters import Asked
from luuppi.insight.question import After, Question, Reader, usual_day_of


@dataclass(frozen=True, slots=True)
class Counts:
    """rows: the values of `by`, then those of `figures` (n; for themes also negative, neutral, positive)."""

    by: tuple[str, ...]
    figures: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool
    as_of: datetime | None


def read_counts(who: Reader, measure: str, asked: Asked, *, by: Sequence[str] = ()) -> Counts:
    """measure: counts or themes; themes are grouped by theme besides `by`, the most frequent first. Themes are counted by the day when it
    happened, items by that of receipt, as lists are.

    Raises FiguresAreRebuilding, FiguresAreBusy.
    """
    answer = ask(Question.for_(who, measure, filters=asked.filters, period=asked.period(usual_day_of(measure)), by=tuple(by)))
    keys = (*by, "theme") if measure == "themes" else tuple(by)
    return Counts(keys, answer.columns[len(keys) :], answer.rows, answer.more, answer.as_of)


def read_ids(
    who: Reader, asked: Asked, *, day_of: str = "received", limit: int = 50, after: tuple[datetime, int] | None = None
) -> list[tuple[int, datetime]]:
    """A page of (item id, received_at), newest first, one more than `limit` when there are more. Load them through `visible_to`.

    day_of: "occurred" for the items behind a score, "received" for those behind a funnel. after: the last pair of the page before, turned round.
    """
    question = Question.for_(
        who, "ids", filters=asked.filters, period=asked.period(day_of), limit=limit + 1, after=After(*after) if after else None
    )
    return [(item, received_at) for item, received_at in ask(question).rows]
