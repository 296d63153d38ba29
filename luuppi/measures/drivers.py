"""What moves the score: how much of its variation goes with each question, and how many NPS points go with each theme.

A connection, not a cause. Questions of one survey go up and down together, so plain regression gives helpful things a negative sign;
relative weights share out what the questions explain together instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import factorial
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from luuppi.measures import inputs, options
from luuppi.measures.inputs import Floats

__all__ = ["DRAWS", "Driver", "relative_weights", "theme_points"]

LMG_UP_TO = 12  # predictors; "auto" changes to Johnson above
LMG_AT_MOST = 15  # all 2^k combinations are worked through
DRAWS = 500
FEWEST_DRAWS, MOST_DRAWS = 100, 100_000
_GROUPS = 1000
_ROWS_ONE_BY_ONE = 4000
_PIVOT = 1e-9  # of a predictor's variance left after the others: less is rounding, the predictor repeats them
_AT_ONCE = 2**17  # numbers worked on at a time: what fits the processor cache


@dataclass(frozen=True, slots=True)
class Driver:
    """One predictor's part. value: None when nothing can be told (it never varies, or there are too few rows); n: rows.

    rank: 1 is the strongest. rank_low, rank_high: where it stood in 95 of 100 redrawn samples; p_top: how often it stood first.
    """

    name: str
    value: float | None
    low: float
    high: float
    n: int
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    p_top: float | None


def relative_weights(
    x: Any,
    y: ArrayLike,
    method: Literal["auto", "lmg", "johnson"] = "auto",
    *,
    seed: int = 0,
    draws: int = DRAWS,
    confidence: float = 0.95,
) -> list[Driver]:
    """Each predictor's share of the variation of y; together they are R². The strongest first.

    x: frame, mapping of name to column, or float[n, k] (columns named x1 … xk where they have no names); y: float[n]. No missing values.
    method: "lmg" is the average increase of R² over all orders of the predictors, up to 15; "johnson" comes close to it for any number;
    "auto" takes lmg up to 12. Predictors that repeat one another share evenly. Interval and ranks: `draws` bootstrap samples from `seed`.
    A part that an unrelated question would get as well (1 − confidence of the time) has low 0: parts are never negative, so even those
    of chance lie above 0, in every sample.
    Nothing can be told (value None, bounds 0 and 1) about a predictor that never varies, and about any when y never varies or there are
    fewer than k + 3 rows. No predictors: []. Ask `speaking("drivers", n)` before showing it.
    Raises ValueError on lengths that differ, a value that is not a number (with its row and column), an unknown method.
    Source: Lindeman, Merenda & Gold (1980); Grömping (2006), J. Stat. Software 17(1); Johnson (2000), Multivar. Behav. Res. 35, 1–19.
    """
    predictors, target = inputs.table("x", x), inputs.numbers("y", y)
    inputs.same_length(x=predictors, y=target)
    names = inputs.column_names("x", x, predictors.shape[1])
    weigh = _method(method, len(names))
    unknown = _constant(predictors)
    if len(target) < len(names) + 3 or _constant(target[:, None])[0]:
        unknown[:] = True

    def shares(sums: Floats) -> Floats:
        _, covariance = _means_and_covariance(sums)
        return weigh(_correlation(covariance))

    draws, seed = options.whole_number("draws", draws, low=FEWEST_DRAWS, high=MOST_DRAWS), options.seed(seed)
    drawn = _resampled(np.column_stack([predictors, target]), shares, draws, seed) if not unknown.all() else None
    confidence = options.share("confidence", confidence)
    found = _drivers(names, drawn, unknown, len(target), confidence, (0.0, 1.0))
    by_chance = _part_by_chance(found, confidence)
    return [replace(one, low=0.0) if one.value is not None and one.value <= by_chance else one for one in found]


def theme_points(
    flags: Any, nps_scores: ArrayLike, seed: int = 0, *, draws: int = 2 * DRAWS, confidence: float = 0.95
) -> list[Driver]:
    """How many NPS points each theme adds (+) or costs (−), the others held still: its effect on those who mention it × their share.

    flags: frame, mapping of name to column, or 0/1[n, k], whether a comment has the theme; nps_scores: whole numbers 0–10 [n],
    never marks of a shorter scale, which would nearly all be detractors. The largest first, by size.
    Themes that always come together share evenly. Nothing can be told (value None, bounds −100 and 100) about a theme that nobody or
    everybody mentions, and about any with fewer than k + 3 rows or with answers all of one kind. No themes: []. Interval and ranks
    as relative_weights.
    Raises ValueError on lengths that differ, flags other than 0/1, scores outside 0–10, and where a hundred or more all lie within 1–5.
    Source: least squares of −100, 0, 100 on the flags; expanded percentile bootstrap, Hesterberg (2015), The American Statistician 69,
    371–386.
    """
    marked = inputs.table("flags", flags, flags=True)
    scores = inputs.nps_answers("nps_scores", nps_scores)
    inputs.same_length(flags=marked, nps_scores=scores)
    names = inputs.column_names("flags", flags, marked.shape[1])
    points = np.where(scores >= 9, 100.0, np.where(scores <= 6, -100.0, 0.0))
    unknown = _constant(marked)
    if len(scores) < len(names) + 3 or _constant(points[:, None])[0]:
        unknown[:] = True
    share = marked.sum(axis=0) / max(1, len(marked))
    spread = np.sqrt(share * (1 - share))

    def parts(sums: Floats) -> Floats:
        mean, covariance = _means_and_covariance(sums)
        slopes = np.einsum("bij,bj->bi", np.linalg.pinv(covariance[:, :-1, :-1], rcond=_PIVOT, hermitian=True), covariance[:, :-1, -1])
        # The columns were standardised before they were summed: back to points, and to each sample's own share of mentions.
        drawn_share = share + mean[:, :-1] * spread
        result: Floats = slopes / np.where(spread > 0, spread, 1.0) * np.std(points) * drawn_share
        return result

    draws, seed = options.whole_number("draws", draws, low=FEWEST_DRAWS, high=MOST_DRAWS), options.seed(seed)
    drawn = _resampled(np.column_stack([marked, points]), parts, draws, seed) if not unknown.all() else None
    return _drivers(names, drawn, unknown, len(scores), options.share("confidence", confidence), (-100.0, 100.0))


def _part_by_chance(found: list[Driver], confidence: float) -> float:
    """The part of R² that a predictor without any tie to the others and to y stays under in `confidence` of the samples.

    What it adds to any set of the others is F(1, n − k − 1) / (n − k − 1) of what that set leaves unexplained; over all orders that is on
    average 1 − R²/2 where the others are unrelated, and less where they stand in for one another, so that the bound errs to the wide side.
    Source: the null weight of Tonidandel, LeBreton & Johnson (2009), Psychological Methods 14, 387–399, in closed form instead of by adding
    columns of noise.
    """
    from scipy.special import stdtrit  # heavy, and needed only here

    known = [one.value for one in found if one.value is not None]
    degrees = found[0].n - len(known) - 1 if found else 0
    if degrees < 1 or not known:
        return 0.0
    r2 = min(sum(known), 1.0)
    return float(stdtrit(degrees, (1 + confidence) / 2)) ** 2 * (1 - r2 / 2) / degrees


def _resampled(columns: Floats, figure: Callable[[Floats], Floats], draws: int, seed: int) -> Floats:
    """The figure of the whole sample (first row) and of `draws` bootstrap samples, from sums of products alone.

    Many rows are first put into groups at random and groups are drawn instead: as good, and the rows are read once.
    """
    rng = np.random.default_rng(seed)
    n_rows, n_columns = columns.shape
    highest, lowest = columns.max(axis=0), columns.min(axis=0)
    constant = _flat(highest, lowest)
    centre = columns.mean(axis=0)
    # By the largest first, so that no square is too small to be seen; a constant would be blown up from rounding to a predictor.
    reach = np.maximum(highest - centre, centre - lowest)
    n_groups = n_rows if n_rows <= _ROWS_ONE_BY_ONE else _GROUPS
    rows = np.zeros((n_rows + -n_rows % n_groups, n_columns + 1))  # a row of zeros adds nothing to any sum
    rows[:n_rows, 0] = 1.0
    rows[:n_rows, 1:] = columns if n_groups == n_rows else columns[rng.permutation(n_rows)]
    rows[:n_rows, 1:] -= centre
    rows[:n_rows, 1:] /= np.where(constant, np.inf, reach)
    rows = rows.reshape(n_groups, -1, n_columns + 1)
    products = np.matmul(rows.transpose(0, 2, 1), rows)
    spread = np.sqrt(np.einsum("gii->i", products) / n_rows)
    scale = 1 / np.where(spread > 0, spread, 1.0)
    products *= scale[:, None] * scale
    times = np.vstack([np.ones((1, n_groups)), rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=draws)])
    return figure((times @ products.reshape(n_groups, -1)).reshape(len(times), n_columns + 1, n_columns + 1))


def _means_and_covariance(sums: Floats) -> tuple[Floats, Floats]:
    n = sums[:, :1, :1]
    mean = sums[:, 0, 1:] / n[:, 0]
    covariance = sums[:, 1:, 1:] / n - mean[:, :, None] * mean[:, None, :]
    return mean, covariance


def _correlation(covariance: Floats) -> Floats:
    """Correlations; a column that does not vary in its sample correlates with nothing, not even itself."""
    spread = np.sqrt(np.maximum(np.diagonal(covariance, axis1=1, axis2=2), 0.0))
    scale = np.where(spread > 1e-7, 1 / np.where(spread > 1e-7, spread, 1.0), 0.0)
    result: Floats = covariance * scale[:, :, None] * scale[:, None, :]
    return result


def _lmg(correlation: Floats) -> Floats:
    """Average increase of R² over all orders. correlation: [draws, k + 1, k + 1], the target last. Returns [draws, k]."""
    k = correlation.shape[1] - 1
    r2 = np.concatenate([_r2_of_subsets(part) for part in np.array_split(correlation, max(1, len(correlation) * 2**k // _AT_ONCE))])
    subsets = np.arange(2**k)
    size = sum((subsets >> i) & 1 for i in range(k))
    chance = np.array([factorial(s) * factorial(k - 1 - s) / factorial(k) for s in range(k)])
    result = np.empty((len(correlation), k))
    for i in range(k):
        without = subsets[(subsets >> i) & 1 == 0]
        result[:, i] = (r2[:, without | (1 << i)] - r2[:, without]) @ chance[np.asarray(size)[without]]
    return result


def _r2_of_subsets(correlation: Floats) -> Floats:
    """R² with each of the 2^k sets of predictors, bit i of the place telling whether i is in: every step takes or leaves one of them."""
    left = correlation[:, None]
    while left.shape[2] > 1:
        pivot, row, rest = left[:, :, 0, 0], left[:, :, 0, 1:], left[:, :, 1:, 1:]
        usable = pivot > _PIVOT
        scaled = np.where(usable[:, :, None], row / np.where(usable, pivot, 1.0)[:, :, None], 0.0)
        left = np.concatenate([rest, rest - scaled[:, :, :, None] * row[:, :, None, :]], axis=1)
    whole = correlation[:, -1, -1]
    result: Floats = np.clip(whole[:, None] - left[:, :, 0, 0], 0.0, None)
    return result


def _johnson(correlation: Floats) -> Floats:
    """Weights by way of the nearest uncorrelated predictors. As _lmg."""
    values, vectors = np.linalg.eigh(correlation[:, :-1, :-1])
    usable = values > _PIVOT
    root = np.sqrt(np.where(usable, values, 0.0))
    inverse = np.where(usable, 1 / np.where(usable, root, 1.0), 0.0)
    to_predictors = np.einsum("bij,bj,bkj->bik", vectors, root, vectors)
    slopes = np.einsum("bij,bj,bkj,bk->bi", vectors, inverse, vectors, correlation[:, :-1, -1])
    result: Floats = np.einsum("bij,bj->bi", to_predictors**2, slopes**2)
    return result


def _drivers(
    names: list[str], drawn: Floats | None, unknown: Any, n: int, confidence: float, bounds: tuple[float, float]
) -> list[Driver]:
    silent = [Driver(name, None, *bounds, n, None, None, None, None) for name, hide in zip(names, unknown, strict=True) if hide]
    if drawn is None:
        return silent
    known = np.flatnonzero(~unknown)
    tail = _tail(confidence, n - drawn.shape[1] - 1)
    drawn = drawn[:, known]
    low, high = np.quantile(drawn[1:], [tail, 1 - tail], axis=0)
    ranks = np.argsort(np.argsort(-np.abs(drawn), axis=1, kind="stable"), axis=1) + 1
    rank_low = np.quantile(ranks[1:], tail, axis=0, method="lower")
    rank_high = np.quantile(ranks[1:], 1 - tail, axis=0, method="higher")
    found = []
    for place in np.argsort(ranks[0]):
        value = float(drawn[0, place])
        ends = min(value, float(low[place])), max(value, float(high[place]))
        held = int(min(ranks[0, place], rank_low[place])), int(max(ranks[0, place], rank_high[place]))
        p_top = float((ranks[1:, place] == 1).mean())
        found.append(Driver(names[known[place]], value, *ends, n, int(ranks[0, place]), *held, p_top))
    return found + silent


def _tail(confidence: float, degrees: int) -> float:
    """Share of bootstrap samples beyond each end, widened for what the fit itself used up of n (Hesterberg 2015, expanded percentile)."""
    from scipy.special import ndtr, stdtrit  # heavy, and needed only here

    return float(ndtr(np.sqrt((degrees + 1) / degrees) * stdtrit(degrees, (1 - confidence) / 2)))


def _method(method: str, k: int) -> Callable[[Floats], Floats]:
    options.choice("method", method, ("auto", "lmg", "johnson"))
    if method == "lmg" and k > LMG_AT_MOST:
        raise ValueError(f"method: lmg works for up to {LMG_AT_MOST} predictors, got {k}; johnson takes any number")
    return _lmg if method == "lmg" or (method == "auto" and k <= LMG_UP_TO) else _johnson


def _constant(columns: Floats) -> Any:
    if not len(columns):
        return np.ones(columns.shape[1], dtype=bool)
    return _flat(columns.max(axis=0), columns.min(axis=0))


def _flat(highest: Floats, lowest: Floats) -> Any:
    return highest - lowest <= 1e-12 * np.maximum(np.abs(highest), np.abs(lowest))

