"""NPS, CSAT and CES with their interval, as a whole and by group; numbers come from luuppi.measures, counts from the figures service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from luuppi.insight.asking import Answer, ask
from luuppi.insight.queries.filters import Asked
from luuppi.insight.question import Question, Reader
from luuppi.measures import scores
from luuppi.measures.estimate import Estimate
from luuppi.measures.shrinkage import hidden_groups
from luuppi.measures.speaking import Level

MEASURES = ("nps", "csat", "ces")
BANDS = ("detractors", "passives", "promoters")


@dataclass(frozen=True, slots=True)
class Figure:
    """One estimate as it may be shown. key: the group's values in the order of `by`, empty for the whole.

    estimate.value is None below ten answers, and the bounds are then those of the scale. why: privacy, too_few_answers, few_answers or None.
    distribution: answers by band (NPS) or score, from the lowest; empty where a person could be known. For privacy n is 0 and not the truth.
    """

    key: tuple[Any, ...]
    estimate: Estimate
    level: Level
    why: str | None
    distribution: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """whole: all answers together. groups: in the order of their keys; `more` when there were too many to list."""

    measure: str
    by: tuple[str, ...]
    whole: Figure
    groups: tuple[Figure, ...]
    more: bool
    as_of: datetime | None


def read_scores(who: Reader, measure: str, asked: Asked, *, by: Sequence[str] = (), at: datetime | None = None) -> Scores:
    """measure: nps, csat or ces, counted by the local day when the feedback's matter happened.

    Raises FiguresAreRebuilding, FiguresAreBusy, ValueError for a grouping that does not exist.
    """
    moment = {"at": at} if at else {}
    question = Question.for_(who, measure, filters=asked.filters, period=asked.period("occurred"), by=tuple(by), **moment)
    answer = ask(question)
    counts = [_bands(measure, row[len(by) :]) for row in answer.rows]
    if "theme" in by or answer.more:
        # An item counts once for each of its themes, and not every group may be here: the whole is asked for by itself.
        whole = _bands(measure, ask(Question.for_(who, measure, filters=asked.filters, period=asked.period("occurred"), **moment)).rows[0])
    else:
        whole = tuple(sum(band) for band in zip(*counts, strict=True)) if counts else _bands(measure, (0,) * 9)
    return Scores(
        measure=measure,
        by=tuple(by),
        whole=figure_of(measure, (), whole),
        groups=_groups(measure, answer, counts, len(by)),
        more=answer.more,
        as_of=answer.as_of,
    )


def figure_of(measure: str, key: tuple[Any, ...], counts: tuple[int, ...], *, hidden: bool = False) -> Figure:
    """What may be said about these answers. hidden: another group's number could be worked out from this one."""
    says = scores.speaking("figure", sum(counts))
    if hidden or says.why == "privacy":
        return Figure(key, _unknown(measure, 0), "silent", "privacy", ())
    estimate = estimate_of(measure, counts)
    if says.level == "silent":
        estimate = _unknown(measure, estimate.n)
    return Figure(key, estimate, says.level, says.why, counts)


def estimate_of(measure: str, counts: tuple[int, ...]) -> Estimate:
    """counts: detractors, passives, promoters; or answers of each score from the lowest."""
    if measure == "nps":
        detractors, passives, promoters = counts
        return scores.nps_of(promoters, passives, detractors)
    if measure == "csat":
        return scores.csat_of(counts[3] + counts[4], sum(counts))
    total = sum(score * n for score, n in enumerate(counts, 1))
    squares = sum(score * score * n for score, n in enumerate(counts, 1))
    return scores.mean_of(sum(counts), total, squares, lowest=1, highest=7)


def _groups(measure: str, answer: Answer, counts: list[tuple[int, ...]], n_keys: int) -> tuple[Figure, ...]:
    if not n_keys:
        return ()
    # Without its neighbours a group below five could be worked out from the whole.
    hidden = hidden_groups([sum(bands) for bands in counts]) if counts else []
    rows = zip(answer.rows, counts, hidden, strict=True)
    return tuple(figure_of(measure, row[:n_keys], bands, hidden=hide) for row, bands, hide in rows)


def _bands(measure: str, row: Sequence[int]) -> tuple[int, ...]:
    """The answer's columns from the lowest band up; the first column is n."""
    if measure == "nps":
        _, promoters, passives, detractors = row[:4]
        return detractors, passives, promoters
    return tuple(row[1 : 6 if measure == "csat" else 8])


def _unknown(measure: str, n: int) -> Estimate:
    low, high = {"nps": (-100.0, 100.0), "csat": (0.0, 1.0), "ces": (1.0, 7.0)}[measure]
    return Estimate(None, low, high, n)
