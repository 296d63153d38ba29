"""The wait at which satisfaction is materially lower than after the quickest waits.

A kink is not looked for: where satisfaction bends smoothly, a kink model still reports one, in the wrong place.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

from luuppi.measures.inputs import Floats, numbers, same_length
from luuppi.measures.kaplan_meier import Z95
from luuppi.measures.options import number
from luuppi.measures.options import seed as checked_seed
from luuppi.measures.speaking import speaking
from luuppi.measures.tolerance.spline import FallingSpline, falling_steps

_N_SAMPLES = 200
_NORMAL = NormalDist()
_SURE = 0.95  # share of samples in which a point must be found
_MISFIT = 0.1  # a misfit rarer than this by chance speaks against a smooth curve
_RISES = 0.001  # one rarer than this even of the best curve that never rises, against any falling one

WhySilent = Literal["too_few_answers", "not_seen", "waits_all_equal", "not_falling"]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Satisfaction after a wait, with the 95 % band of the curve; n: answers in the bin.

    The band holds 95 of 100 points of the curve, somewhat fewer at a sharp bend. It may reach beyond the scale.
    """

    wait_seconds: float
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Tolerance:
    """value: seconds, None when none may be shown; low, high: its 95 % interval, high None where it lies beyond the waits seen.

    why_silent: None, "too_few_answers" (under 500), "not_seen" (under 95 % of samples have such a point), "waits_all_equal", or
    "not_falling" (satisfaction rises with the wait somewhere, by more than chance). curve: what the answers look like, also when
    there is no point; () when there is nothing to draw.
    Busy hours and hard cases coincide with long waits: compare within a reason and an hour before calling it the wait's doing.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    why_silent: WhySilent | None
    curve: tuple[CurvePoint, ...]

    def share_beyond(self, wait_seconds: Any) -> float | None:
        """Share of contacts, 0–1, that wait longer than the value (answered or not); None without a value or contacts."""
        wait = numbers("wait_seconds", wait_seconds, low=0)
        return None if self.value is None or not len(wait) else float(np.mean(wait > self.value))


def material_wait(wait_seconds: Any, csat: Any, loss: float = 0.2, seed: int = 0) -> Tolerance:
    """Shortest wait after which mean CSAT is `loss` below that of the quarter with the shortest waits.

    wait_seconds: float[n] ≥ 0; csat: whole numbers 1–5, n of them; loss: points of CSAT above 0. n may be 0.
    Default from 500 answers; below 5 000 the interval is widened to that of the curve without smoothness.
    Raises ValueError for negative or missing waits, scores outside 1–5, unequal lengths.
    Source: see `spline` beside this file; bias-corrected bootstrap of 200 samples, Efron (1987), J. Am. Stat. Assoc. 82, 171–185.
    """
    return _find(wait_seconds, numbers("csat", csat, low=1, high=5, whole=True), number("loss", loss, above=0), checked_seed(seed))


def material_wait_of_detractors(wait_seconds: Any, nps_scores: Any, loss: float = 0.1, seed: int = 0) -> Tolerance:
    """The same for NPS: the wait after which the share of detractors (0–6) is `loss` (0–1) above that of the quickest quarter.

    nps_scores: whole numbers 0–10. The curve is of the share that are not detractors.
    """
    scores = numbers("nps_scores", nps_scores, low=0, high=10, whole=True)
    return _find(wait_seconds, (scores > 6).astype(np.float64), number("loss", loss, above=0, high=1), checked_seed(seed))


@dataclass(frozen=True, slots=True)
class _Bins:
    """Answers by wait: middle (mean of ln(1 + minutes)), seconds, n at each bin and level; levels: the different scores."""

    middle: Floats
    seconds: Floats
    n_at: Floats
    levels: Floats
    quick: Floats  # share of the bin that belongs to the quickest quarter


def _find(wait_seconds: Any, y: Floats, loss: float, seed: int) -> Tolerance:
    wait = numbers("wait_seconds", wait_seconds, low=0)
    n = same_length(wait_seconds=wait, scores=y)
    level = speaking("wait_point", n).level
    if level == "silent":
        return Tolerance(None, None, None, n, "too_few_answers", ())
    bins = _make_bins(wait, y)
    if len(bins.middle) < 5:
        return Tolerance(None, None, None, n, "waits_all_equal", ())
    spline = FallingSpline.at(bins.middle)
    counts = bins.n_at.sum(axis=1)
    means = bins.n_at @ bins.levels / counts
    penalty = spline.choose_penalty(means, counts)
    heights = spline.fit(means, counts, penalty)
    spread, within = spline.spread(counts, penalty), _variance_within(bins, counts, means)
    curve = _curve(bins, heights, counts, within, spread)
    if _by_chance(bins, falling_steps(means, counts), within, 0) < _RISES:
        return Tolerance(None, None, None, n, "not_falling", curve)
    fits = _by_chance(bins, heights, within, float(counts @ spread**2)) >= _MISFIT
    smooth, rough = _sample(bins, spline, seed)

    point = _crossing(bins, heights, counts, loss)
    points = np.array([_crossing(bins, line, weight, loss) for line, weight in smooth])
    if np.isinf(point) or np.isfinite(points).mean() < _SURE:
        return Tolerance(None, None, None, n, "not_seen", curve)
    low, high = _interval(points, _bias(points, point))
    if level == "cautious" or not fits:
        points = np.array([_crossing(bins, line, weight, loss) for line, weight in rough])
        wide = _interval(points, _bias(points, _crossing(bins, falling_steps(means, counts), counts, loss)))
        low, high = min(low, wide[0]), max(high, wide[1])
    if not fits:
        low, high = _to_whole_bins(bins, low, high)
    return Tolerance(point, min(low, point), None if np.isinf(high) else max(high, point), n, None, curve)


def _make_bins(wait: Floats, y: Floats) -> _Bins:
    n_bins = int(np.clip(len(wait) // 50, 20, 100))
    edges = np.unique(np.quantile(wait, np.linspace(0, 1, n_bins + 1)[1:-1]))
    place = np.searchsorted(edges, wait, side="right")
    _, place = np.unique(place, return_inverse=True)
    levels, level = np.unique(y, return_inverse=True)
    k = int(place.max()) + 1
    n_at = np.bincount(place * len(levels) + level, minlength=k * len(levels)).reshape(k, len(levels)).astype(np.float64)
    counts = n_at.sum(axis=1)
    middle = np.bincount(place, weights=np.log1p(wait / 60)) / counts
    quick = np.bincount(place, weights=wait <= np.quantile(wait, 0.25)) / counts
    return _Bins(middle, 60 * np.expm1(middle), n_at, levels, quick)


_Lines = list[tuple[Floats, Floats]]  # heights and answers of the bins


def _sample(bins: _Bins, spline: FallingSpline, seed: int) -> tuple[_Lines, _Lines]:
    """Curves and bin counts of 200 samples of the answers (with replacement), smooth and without smoothness.

    Each sample chooses its smoothness anew: with one kept for all, intervals held the truth in 89 % instead of 95 %.
    """
    rng = np.random.default_rng(seed)
    n = int(bins.n_at.sum())
    drawn = rng.multinomial(n, (bins.n_at / n).ravel(), size=_N_SAMPLES).reshape(_N_SAMPLES, *bins.n_at.shape).astype(np.float64)
    smooth, rough = [], []
    for sample in drawn:
        counts = sample.sum(axis=1)
        means = sample @ bins.levels / np.maximum(counts, 1)
        smooth.append((spline.fit(means, counts, spline.choose_penalty(means, counts)), counts))
        rough.append((falling_steps(means, counts), counts))
    return smooth, rough


def _crossing(bins: _Bins, heights: Floats, counts: Floats, loss: float) -> float:
    """Seconds at which the line through the bins falls `loss` below the quickest quarter; infinite when it does not."""
    quick = bins.quick * counts
    limit = float(quick @ heights / quick.sum()) - loss
    below = np.flatnonzero(heights <= limit)
    if len(below) == 0:
        return float("inf")
    at = int(below[0])
    if at == 0:
        return float(bins.seconds[0])
    part = (heights[at - 1] - limit) / max(heights[at - 1] - heights[at], 1e-12)
    place = bins.middle[at - 1] + part * (bins.middle[at] - bins.middle[at - 1])
    return float(60 * np.expm1(place))


def _bias(points: Floats, point: float) -> float:
    """How far to one side of the point its samples lie, in standard deviations: smoothness pulls them towards short waits, as it did the point."""
    below = np.count_nonzero(points < point) + np.count_nonzero(points == point) / 2
    return _NORMAL.inv_cdf((below + 0.5) / (len(points) + 1))


def _interval(points: Floats, bias: float) -> tuple[float, float]:
    """½ % and 99½ % of the points, where some may be infinite, moved against the bias twice: once from sample to point, once to the truth.

    In 120–400 worlds each of 10 000 answers, 1 % and 99 % as they are held the truth in 92–98 of 100, nearly always missing on one side; these
    held it in 94–98 and are somewhat narrower. 2½ % and 97½ %, moved, held 89–93: the samples vary less than the point does.
    """
    ordered = np.sort(points)
    last = len(ordered) - 1
    low, high = (_NORMAL.cdf(2 * bias + _NORMAL.inv_cdf(share)) for share in (0.005, 0.995))
    return float(ordered[int(np.floor(low * last))]), float(ordered[int(np.ceil(high * last))])


def _to_whole_bins(bins: _Bins, low: float, high: float) -> tuple[float, float]:
    """The places of the bins on either side: where within a bin a step lies, its mean does not tell."""
    below, above = int(np.searchsorted(bins.seconds, low)) - 1, int(np.searchsorted(bins.seconds, high, side="right"))
    return float(bins.seconds[max(below, 0)]), high if above == len(bins.seconds) else float(bins.seconds[above])


def _variance_within(bins: _Bins, counts: Floats, means: Floats) -> float:
    """Of one answer around the mean of its bin."""
    return max(float((bins.n_at @ bins.levels**2 - counts * means**2).sum() / (counts.sum() - len(counts))), 0.0)


def _by_chance(bins: _Bins, heights: Floats, within: float, freedom: float) -> float:
    """How often the means of the bins would lie at least so far from a true line, 0–1; freedom: degrees that the line used up.

    A step or a hump is smoothed away without a trace in redrawn samples: where satisfaction falls at once at five minutes, intervals of the
    smooth curve held that wait in 1 of 60 samples of 6 000 answers.
    """
    from scipy.stats import chi2

    counts = bins.n_at.sum(axis=1)
    if within == 0:
        return 1.0
    apart = float((counts * (bins.n_at @ bins.levels / counts - heights) ** 2).sum()) / within
    return float(chi2.sf(apart, max(len(counts) - freedom, 1.0)))


def _curve(bins: _Bins, heights: Floats, counts: Floats, within: float, spread: Floats) -> tuple[CurvePoint, ...]:
    half = Z95 * np.sqrt(within) * spread
    rows = zip(bins.seconds, heights, half, counts, strict=True)
    return tuple(CurvePoint(float(at), float(value), float(value - reach), float(value + reach), int(n)) for at, value, reach, n in rows)
