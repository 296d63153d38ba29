"""Watching one unit week by week: does the share of detractors truly move, or does it only shake?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from luuppi.measures import inputs, options
from luuppi.measures.inputs import Floats

__all__ = ["Direction", "Shift", "Watch", "find_shifts", "watch_unit"]

Direction: TypeAlias = Literal["worse", "better"]

SMOOTHING = 0.2
LIMIT: float = 3.2 * (SMOOTHING / (2 - SMOOTHING)) ** 0.5
FEWEST_A_WEEK = 3.0
# Where fewer detractors, or others, than this are expected a week, the smoothed level is too lopsided for the limit of a normal one.
_FEW_A_WEEK = 1.0
_FALSE_YEARS = 0.1  # share of years in which the limit may be crossed by chance, as it is in units with more
_YEARS_DRAWN, _WEEKS_DRAWN = 1000, 52
# Up to this many times the answers of the baseline, what the baseline does not know of its own share is small beside the weekly noise.
_GROWTH_ALLOWED = 2.0


@dataclass(frozen=True, slots=True)
class Shift:
    """The share of detractors has moved. week: index of the week in which it became certain; direction: worse | better."""

    week: int
    direction: Direction


@dataclass(frozen=True, slots=True)
class Watch:
    """What the alarm saw. level: float[weeks − baseline], smoothed distance from the baseline, alarm beyond ± limit (wider than `LIMIT`
    where few detractors, or nearly none but detractors, are usual).

    usual_share: detractors of the baseline, 0–1, None when silent. dispersion: how much more the weeks of the baseline vary than
    chance alone would make them (1 or more). why_silent: None, too_few_weeks or too_few_answers; then there are no shifts or levels.
    """

    shifts: tuple[Shift, ...]
    level: tuple[float, ...]
    limit: float
    usual_share: float | None
    dispersion: float | None
    why_silent: Literal["too_few_weeks", "too_few_answers"] | None


def find_shifts(n_answers: ArrayLike, n_detractors: ArrayLike, baseline_weeks: int = 26) -> list[Shift]:
    """The weeks in which one unit's share of detractors was seen to have moved from its first `baseline_weeks` weeks.

    Arguments and errors as watch_unit; with too little data the list is empty (watch_unit tells why).
    """
    return list(watch_unit(n_answers, n_detractors, baseline_weeks).shifts)


def watch_unit(n_answers: ArrayLike, n_detractors: ArrayLike, baseline_weeks: int = 26) -> Watch:
    """Smoothed weekly alarm for one unit, with all that its chart needs.

    n_answers, n_detractors: int[weeks], oldest first; weeks without answers stand as 0 and neither raise nor calm the alarm.
    One Shift for each excursion: the next is told only after the level has come back half-way to its usual place.
    Silent without a week after the baseline, or with fewer than 3 answers a week in the baseline on average.
    Raises ValueError on lengths that differ, broken counts, more detractors than answers, baseline_weeks below 8.
    Source: Roberts (1959), Technometrics 1, 239–250 (λ .2, limit 3.2 standard deviations); dispersion from the mean moving range of
    the baseline, as Laney (2002), Quality Engineering 14, 531–537.
    """
    baseline_weeks = options.whole_number("baseline_weeks", baseline_weeks, low=8)
    answers, detractors = inputs.counts("n_answers", n_answers), inputs.counts("n_detractors", n_detractors)
    inputs.same_length(n_answers=answers, n_detractors=detractors)
    over = np.flatnonzero(detractors > answers)
    if over.size:
        raise ValueError(f"n_detractors: position {over[0]} is {detractors[over[0]]:g}, more than the {answers[over[0]]:g} answers")
    if answers.size <= baseline_weeks:
        return Watch((), (), LIMIT, None, None, "too_few_weeks")
    if answers[:baseline_weeks].sum() < FEWEST_A_WEEK * baseline_weeks:
        return Watch((), (), LIMIT, None, None, "too_few_answers")

    # Half a detractor and half another answer keep the usual share off 0 and 1, where a single answer would be an alarm.
    usual = float((detractors[:baseline_weeks].sum() + 0.5) / (answers[:baseline_weeks].sum() + 1))
    surprise = _standardised(answers, detractors, usual)
    dispersion = _dispersion(surprise[:baseline_weeks][answers[:baseline_weeks] > 0])
    known, later = answers[:baseline_weeks], answers[baseline_weeks:]
    level = _smoothed(surprise[baseline_weeks:] / dispersion, later > 0)
    level = [value / unsure for value, unsure in zip(level, _growth(known, later), strict=True)]
    limit = _limit(known[known > 0], float(detractors[:baseline_weeks].sum()), usual, dispersion)
    return Watch(tuple(_excursions(level, baseline_weeks, limit)), tuple(level), limit, usual, dispersion, None)


def _standardised(answers: Floats, detractors: Floats, usual: float) -> Floats:
    expected_deviation = np.sqrt(np.maximum(answers, 1) * usual * (1 - usual))
    result: Floats = (detractors - answers * usual) / expected_deviation
    return result


def _dispersion(surprise: Floats) -> float:
    """Week-to-week standard deviation by the mean moving range (1.128 = its expectation for one unit of noise), at least 1."""
    return max(1.0, float(np.abs(np.diff(surprise)).mean()) / 1.128) if surprise.size > 1 else 1.0


def _smoothed(surprise: Floats, answered: np.ndarray[tuple[int], np.dtype[np.bool_]], start: float = 0.0) -> list[float]:
    level, levels = start, []
    for value, known in zip(surprise.tolist(), answered.tolist(), strict=True):
        if known:
            level = (1 - SMOOTHING) * level + SMOOTHING * value
        levels.append(level)
    return levels


def _growth(known: Floats, later: Floats) -> list[float]:
    """For each later week by how much its level is to be drawn in, 1 or more.

    The baseline's share is itself an estimate. With many more answers a week than in the baseline its error is no longer small beside the
    noise: with ten times the answers a steady unit was called out in three years of four.
    """
    steady = SMOOTHING / (2 - SMOOTHING)
    roots = np.array(_smoothed(np.sqrt(later), later > 0, start=float(np.sqrt(known.mean()))))
    unsure = (steady + roots**2 / known.sum()) / (steady + _GROWTH_ALLOWED / len(known))
    return [float(one) for one in np.sqrt(np.maximum(unsure, 1.0))]


def _limit(known: Floats, n_detractors: float, usual: float, dispersion: float) -> float:
    """The limit that a unit without any change crosses in one year of ten at most, not below `LIMIT`.

    Where half a detractor a week is usual, two at once carry the level beyond the limit of a normal one: steady units with 1–5 % detractors were
    called out .3–.6 times a year. There years are drawn as they would be with any share that fits the baseline, by a fixed seed.
    Source: the predictive distribution of a share after Jeffreys (1946), Proc. R. Soc. London A 186, 453–461.
    """
    if float(known.mean()) * min(usual, 1 - usual) >= _FEW_A_WEEK:
        return LIMIT
    rng = np.random.default_rng(0)
    share = rng.beta(n_detractors + 0.5, known.sum() - n_detractors + 0.5, (_YEARS_DRAWN, 1))
    answers = rng.choice(known, (_YEARS_DRAWN, _WEEKS_DRAWN))
    detractors = rng.binomial(answers.astype(np.int64), share).astype(np.float64)
    surprise = _standardised(answers, detractors, usual) / dispersion
    level, furthest = np.zeros(_YEARS_DRAWN), np.zeros(_YEARS_DRAWN)
    for week in range(_WEEKS_DRAWN):
        level = (1 - SMOOTHING) * level + SMOOTHING * surprise[:, week]
        furthest = np.maximum(furthest, np.abs(level))
    return max(LIMIT, float(np.quantile(furthest, 1 - _FALSE_YEARS)))


def _excursions(level: list[float], first_week: int, limit: float) -> list[Shift]:
    shifts: list[Shift] = []
    beyond: Direction | None = None
    for week, value in enumerate(level, start=first_week):
        if abs(value) > limit:
            direction: Direction = "worse" if value > 0 else "better"
            if direction != beyond:
                shifts.append(Shift(week, direction))
            beyond = direction
        elif abs(value) < limit / 2:
            beyond = None
    return shifts
