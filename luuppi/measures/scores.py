"""NPS, CSAT, CES and means with intervals; the difference of two of them; how many answers are needed.

NPS is in points −100…100, CSAT a share 0–1, CES a mean 1–7. The `…_of` functions take counts or sums, as a database gives them:
plain numbers for one group, arrays for many.

Where some customers answered more than once, say who gave each answer (`customer`): the interval then knows that answers of one customer are
alike. Without it every answer is taken to be another customer's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from luuppi.measures import inputs, options
from luuppi.measures.estimate import Estimate
from luuppi.measures.inputs import Floats
from luuppi.measures.repeated import worth_in_customers
from luuppi.measures.speaking import Screen, Speaking, speaking

__all__ = [
    "NPS_VARIANCE", "Screen", "Speaking", "ces", "csat", "csat_of", "difference", "mean", "mean_of", "nps", "nps_of",
    "sample_size_for", "speaking", "visible_change",
]  # fmt: skip

_MOST_ANSWERS = 1e15

NPS_VARIANCE = 6100.0
"""Variance of one answer counted as −100, 0 or 100: the usual spread of service surveys, in points squared."""


def nps(scores: ArrayLike, *, customer: Any = None, confidence: float = 0.95) -> Estimate:
    """Net Promoter Score: promoters (9–10) minus detractors (0–6) per hundred answers.

    scores: n whole numbers 0–10 in any order; n may be 0. customer: n keys, who gave each (None: all differ).
    Returns Estimate in points −100…100; with n = 0 the value is None and the bounds −100 and 100.
    Raises ValueError when a score or a customer is missing, a score not whole or outside 0–10, a hundred or more all within 1–5 (marks of
    five steps, which would nearly all be detractors), or the lengths differ.
    Source: as nps_of, of as many answers as these are worth (`repeated`).
    """
    given = inputs.nps_answers("scores", scores)
    up, down = given >= 9, given <= 6
    worth, _ = _worth(np.where(up, 1.0, np.where(down, -1.0, 0.0)), customer, step=1.0)
    return _nps(_one(up.sum()), _one(given.size - up.sum() - down.sum()), _one(down.sum()), _one(worth), confidence)[0]


@overload
def nps_of(promoters: int, passives: int, detractors: int, *, confidence: float = ...) -> Estimate: ...
@overload
def nps_of(promoters: ArrayLike, passives: ArrayLike, detractors: ArrayLike, *, confidence: float = ...) -> list[Estimate]: ...
def nps_of(promoters: ArrayLike, passives: ArrayLike, detractors: ArrayLike, *, confidence: float = 0.95) -> Estimate | list[Estimate]:
    """Net Promoter Score from counts: one Estimate for three whole numbers, a list of g for three arrays of g counts.

    Interval: adjusted Wald, three answers added as ¾ promoter, 1½ passives, ¾ detractor; clipped to −100…100.
    A group without answers: value None, bounds −100 and 100.
    Raises ValueError on a negative or broken count, or arrays of different lengths.
    Source: Rocks (2016), Interval estimation for the Net Promoter Score, The American Statistician 70, 365–372.
    """
    up, middle, down = (inputs.counts(name, given) for name, given in
                        (("promoters", promoters), ("passives", passives), ("detractors", detractors)))  # fmt: skip
    inputs.same_length(promoters=up, passives=middle, detractors=down)
    found = _nps(up, middle, down, up + middle + down, confidence)
    return found if _many(promoters, passives, detractors) else found[0]


def csat(scores: ArrayLike, *, satisfied_from: int = 4, customer: Any = None, confidence: float = 0.95) -> Estimate:
    """Share of satisfied answers.

    scores: n whole numbers 1–5, in any order; n may be 0. satisfied_from: 2–5, the lowest score that counts as satisfied.
    customer: n keys, who gave each (None: all differ).
    Returns Estimate, a share 0–1; with n = 0 the value is None and the bounds 0 and 1.
    Raises ValueError when a score or a customer is missing, a score not whole or outside 1–5, or the lengths differ.
    Source: as csat_of, of as many answers as these are worth (`repeated`).
    """
    satisfied_from = options.whole_number("satisfied_from", satisfied_from, low=2, high=5)
    given = inputs.whole("scores", inputs.within("scores", inputs.numbers("scores", scores), 1, 5))
    satisfied = given >= satisfied_from
    worth, _ = _worth(np.where(satisfied, 1.0, 0.0), customer, step=0.5)
    return _share(_one(satisfied.sum()), _one(given.size), _one(worth), confidence)[0]


@overload
def csat_of(satisfied: int, n: int, *, confidence: float = ...) -> Estimate: ...
@overload
def csat_of(satisfied: ArrayLike, n: ArrayLike, *, confidence: float = ...) -> list[Estimate]: ...
def csat_of(satisfied: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Estimate | list[Estimate]:
    """A share from counts, satisfied of n: one Estimate for two whole numbers, a list of g for two arrays of g counts.

    Serves any share: answered in time, recovered, told. A group without answers: value None, bounds 0 and 1.
    Raises ValueError on a negative or broken count, satisfied above n, or arrays of different lengths.
    Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209–212; no continuity correction.
    """
    yes, answers = inputs.counts("satisfied", satisfied), inputs.counts("n", n)
    inputs.same_length(satisfied=yes, n=answers)
    above = np.flatnonzero(yes > answers)
    if above.size:
        raise ValueError(f"satisfied: position {above[0]} is {yes[above[0]]:g}, more than the {answers[above[0]]:g} answers")
    found = _share(yes, answers, answers, confidence)
    return found if _many(satisfied, n) else found[0]


def ces(scores: ArrayLike, *, customer: Any = None, confidence: float = 0.95) -> Estimate:
    """Customer Effort Score: the mean of answers 1–7.

    scores: n whole numbers 1–7, in any order; n may be 0. customer: n keys, who gave each (None: all differ).
    Returns Estimate, a mean 1–7; with n = 0 the value is None and the bounds 1 and 7, with n = 1 the bounds are 1 and 7.
    Raises ValueError when a score or a customer is missing, a score not whole or outside 1–7, or the lengths differ.
    Source: as mean_of, of as many answers as these are worth (`repeated`).
    """
    return mean(inputs.whole("scores", inputs.numbers("scores", scores)), lowest=1, highest=7, customer=customer, confidence=confidence)


def mean(scores: ArrayLike, *, lowest: float, highest: float, customer: Any = None, confidence: float = 0.95) -> Estimate:
    """The mean of answers on a scale lowest … highest whose neighbouring answers lie 1 apart.

    scores: n numbers in any order; n may be 0. customer: n keys, who gave each (None: all differ).
    Returns Estimate in the unit of the scale, never outside it.
    Raises ValueError when a score or a customer is missing, a score outside the scale, the lengths differ, or the scale has no width.
    Source: as mean_of, of as many answers as these are worth (`repeated`).
    """
    lowest, highest = _checked_scale(lowest, highest)
    given = inputs.within("scores", inputs.numbers("scores", scores), lowest, highest)
    apart = given - lowest  # sums of squares around the scale's end lose no digits to a large offset
    worth, customers = _worth(apart, customer, step=1.0)
    found = _mean(_one(given.size), _one(apart.sum()), _one((apart**2).sum()), _one(worth), _one(customers), (0.0, highest - lowest), confidence)[0]
    value = None if found.value is None else found.value + lowest
    return Estimate(value, found.low + lowest, found.high + lowest, found.n)


@overload
def mean_of(n: int, total: float, squares: float, *, lowest: float, highest: float, confidence: float = ...) -> Estimate: ...
@overload
def mean_of(
    n: ArrayLike, total: ArrayLike, squares: ArrayLike, *, lowest: float, highest: float, confidence: float = ...
) -> list[Estimate]: ...
def mean_of(
    n: ArrayLike, total: ArrayLike, squares: ArrayLike, *, lowest: float, highest: float, confidence: float = 0.95
) -> Estimate | list[Estimate]:
    """A mean from sums: n answers, their total, the total of their squares; one Estimate, or a list of g for arrays of g.

    Interval: Student's t, clipped to the scale. To the sum of squared deviations 2 is added, as if one more answer stood a step above
    the mean and one a step below, and for each side the square of the way to its end of the scale, as if one more answer stood there.
    Answers that are all equal would get an interval without width, and one customer in twenty who gives the worst is often not among
    thirty answers: t alone held the truth in 79–87 of 100 where nearly all give the best, this in 94 or more.
    No answers: value None, bounds of the scale. One answer: bounds of the scale.
    Raises ValueError when the sums cannot be those of n answers on the scale.
    Source: Student (1908), Biometrika 6, 1–25; what is added is ours, its coverage is in the tests.
    """
    lowest, highest = _checked_scale(lowest, highest)
    answers = inputs.counts("n", n)
    sums, of_squares = (inputs.number_or_numbers(name, given) for name, given in (("total", total), ("squares", squares)))
    inputs.same_length(n=answers, total=sums, squares=of_squares)
    found = _mean(answers, sums, of_squares, answers, answers, (lowest, highest), confidence)
    return found if _many(n, total, squares) else found[0]


@overload
def difference(before: Estimate, after: Estimate) -> Estimate: ...
@overload
def difference(before: Sequence[Estimate], after: Sequence[Estimate]) -> list[Estimate]: ...
def difference(before: Estimate | Sequence[Estimate], after: Estimate | Sequence[Estimate]) -> Estimate | list[Estimate]:
    """How much a figure moved from one period to another: after minus before, of one measure and one confidence.

    Two Estimates give one, two equally long lists a list. The interval is put together from both intervals, so it suits NPS, shares
    and means alike and never leaves the scale; a change is worth an arrow only when it excludes 0. n is the smaller of both, which
    is what `speaking("change", n)` asks for. Nothing answered in a period: value None, the bounds stay honest.
    Raises ValueError when one is a list and the other is not, their lengths differ, or one of them is no Estimate.
    Source: Zou & Donner (2008), Statistics in Medicine 27, 1693–1702; for shares it is Newcombe (1998), method 10.
    """
    if isinstance(before, Estimate) and isinstance(after, Estimate):
        return _difference(before, after)
    if isinstance(before, Estimate) or isinstance(after, Estimate):
        raise ValueError("before and after: one is a single Estimate and the other a list")
    for name, given in (("before", before), ("after", after)):
        _check_estimates(name, given)
    inputs.same_length(before=before, after=after)
    return [_difference(earlier, later) for earlier, later in zip(before, after, strict=True)]


def sample_size_for(
    *,
    within: float | None = None,
    change: float | None = None,
    variance: float = NPS_VARIANCE,
    power: float = 0.8,
    confidence: float = 0.95,
) -> int:
    """Answers needed for an interval of ± `within`, or in each of two periods to see a change of `change` with this power.

    Give exactly one, in the unit of the figure; variance is that of one answer in the unit squared (NPS by default).
    Raises ValueError when neither or both are given, a number is not positive, or it would take more answers than can be counted.
    Source: the normal approximation, e.g. Fleiss (1981), Statistical methods for rates and proportions, ch. 3.
    """
    if (within is None) == (change is None):
        raise ValueError("within and change: give exactly one of them")
    name, wished = ("within", within) if change is None else ("change", change)
    size = options.number(name, wished, above=0)
    spread = options.number("variance", variance, above=0)
    errors = _z(confidence) if change is None else math.sqrt(2) * (_z(confidence) + _quantile("power", power))
    needed = spread * (errors / size) ** 2 if size > 1e-100 else math.inf
    if needed > _MOST_ANSWERS:
        raise ValueError(f"{name}: {size:g} is so small that no number of answers would do")
    return math.ceil(needed)


def visible_change(
    n_before: int, n_after: int, *, variance: float = NPS_VARIANCE, power: float = 0.8, confidence: float = 0.95
) -> float | None:
    """The smallest change between two periods that would be seen with this power; None when a period has no answers.

    In the unit of the figure (NPS points by default). Raises ValueError for what is no count, or a variance that is not positive.
    Source: as sample_size_for, solved for the change.
    """
    spread = options.number("variance", variance, above=0)
    earlier, later = options.whole_number("n_before", n_before), options.whole_number("n_after", n_after)
    errors = _z(confidence) + _quantile("power", power)
    if not earlier or not later:
        return None
    return errors * math.sqrt(spread * (1 / earlier + 1 / later))


def _nps(up: Floats, middle: Floats, down: Floats, worth: Floats, confidence: float) -> list[Estimate]:
    """Of each group its counts, and as how many answers by different customers they count in the interval."""
    n = up + middle + down
    some = np.maximum(n, 1)
    each = worth / some  # of an answer
    p, d = (up * each + 0.75) / (worth + 3), (down * each + 0.75) / (worth + 3)
    half = _z(confidence) * np.sqrt((p + d - (p - d) ** 2) / (worth + 3))
    return _estimates(100 * (up - down) / some, 100 * (p - d - half), 100 * (p - d + half), n, lowest=-100.0, highest=100.0)


def _share(yes: Floats, answers: Floats, worth: Floats, confidence: float) -> list[Estimate]:
    z, some = _z(confidence), np.maximum(worth, 1)
    value = yes / np.maximum(answers, 1)
    centre = (value + z * z / (2 * some)) / (1 + z * z / some)
    half = z / (1 + z * z / some) * np.sqrt(value * (1 - value) / some + z * z / (4 * some * some))
    return _estimates(value, centre - half, centre + half, answers, lowest=0.0, highest=1.0)


def _mean(
    answers: Floats, sums: Floats, of_squares: Floats, worth: Floats, customers: Floats, scale: tuple[float, float], confidence: float
) -> list[Estimate]:
    from scipy.special import stdtrit  # heavy, and needed by means alone

    lowest, highest = scale
    some = np.maximum(answers, 1)
    value = sums / some
    deviations = of_squares - sums * value
    most = (lowest + highest) * sums - answers * lowest * highest  # of squares: all at the two ends of the scale
    slack = 1e-9 * np.maximum(1.0, np.maximum(np.abs(of_squares), np.abs(most)))
    span = 1e-9 * max(1.0, abs(lowest), abs(highest))
    outside = (value < lowest - span) | (value > highest + span)
    impossible = np.flatnonzero(np.where(answers > 0, outside | (deviations < -slack) | (of_squares > most + slack), (sums != 0) | (of_squares != 0)))
    if impossible.size:
        where = int(impossible[0])
        raise ValueError(f"total: position {where}: {sums[where]:g} and squares {of_squares[where]:g} cannot come from "
                         f"{answers[where]:g} answers on {lowest:g}–{highest:g}")  # fmt: skip
    told, each = worth > 1, worth / some
    quantile = stdtrit(np.maximum(customers - 1, 1), (1 + options.share("confidence", confidence)) / 2)
    squared, freedom = np.maximum(deviations, 0.0) * each + 2.0, np.where(told, worth - 1, 1.0)
    down, up = (
        np.where(told, quantile * np.sqrt((squared + (value - end) ** 2) / freedom / np.maximum(worth, 1)), highest - lowest)
        for end in (lowest, highest)
    )
    return _estimates(np.clip(value, lowest, highest), value - down, value + up, answers, lowest=lowest, highest=highest)


def _worth(answers: Floats, customer: Any, step: float) -> tuple[float, int]:
    return (float(answers.size), answers.size) if customer is None else worth_in_customers(answers, customer, step)


def _one(number: float) -> Floats:
    return np.array([number], dtype=np.float64)


def _difference(before: Estimate, after: Estimate) -> Estimate:
    n = min(before.n, after.n)
    if before.value is None or after.value is None:
        return Estimate(None, after.low - before.high, after.high - before.low, n)
    value = after.value - before.value
    low = value - math.hypot(after.value - after.low, before.high - before.value)
    high = value + math.hypot(after.high - after.value, before.value - before.low)
    return Estimate(value, low, high, n)


def _estimates(value: Floats, low: Floats, high: Floats, n: Floats, *, lowest: float, highest: float) -> list[Estimate]:
    # The adjusted centre may lie so far inside that a narrow interval (low confidence) would miss the figure itself; and rounding must
    # not put the bound of "all" or "none" a hair inside it.
    low, high = np.maximum(np.minimum(low, value), lowest), np.minimum(np.maximum(high, value), highest)
    return [
        Estimate(v, bottom, top, count) if count else Estimate(None, float(lowest), float(highest), 0)
        for v, bottom, top, count in zip(value.tolist(), low.tolist(), high.tolist(), n.astype(np.int64).tolist(), strict=True)
    ]


def _many(*given: ArrayLike) -> bool:
    return any(np.ndim(value) for value in given)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + options.share("confidence", confidence)) / 2)


def _quantile(argument: str, probability: float) -> float:
    return NormalDist().inv_cdf(options.share(argument, probability))


def _checked_scale(lowest: float, highest: float) -> tuple[float, float]:
    low, high = options.number("lowest", lowest), options.number("highest", highest)
    if not low < high:
        raise ValueError(f"lowest and highest: need a scale with lowest below highest, got {low:g} and {high:g}")
    return low, high


def _check_estimates(argument: str, given: Sequence[Estimate]) -> None:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ValueError(f"{argument}: must be an Estimate, or a list of them, got {options.said(given)}")
    for position, one in enumerate(given):
        if not isinstance(one, Estimate):
            raise ValueError(f"{argument}: position {position} is {options.said(one)}, not an Estimate")
