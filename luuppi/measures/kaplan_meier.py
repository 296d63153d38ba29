"""Kaplan–Meier: how long something lasts when for many it has not ended yet.

Source: Kaplan and Meier (1958), J. Am. Stat. Assoc. 53, 457–481; Greenwood's variance; interval on the log(−log) scale,
Kalbfleisch and Prentice (2002), section 1.4; quantiles after Brookmeyer and Crowley (1982), Biometrics 38, 29–41.
"""

import math
from dataclasses import dataclass

import numpy as np

from luuppi.measures.estimate import Estimate
from luuppi.measures.inputs import Flags, Floats

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Curve:
    """times: float[k], the moments at which something ended, rising. lasting, low, high: float[k], share still lasting just
    after each, with its 95 % interval. n: how many were followed. longest: the longest time followed, 0 for none."""

    times: Floats
    lasting: Floats
    low: Floats
    high: Floats
    n: int
    longest: float


def survival(lasted: Floats, ended: Flags) -> Curve:
    """The curve of n durations ≥ 0; ended is false where the end was not seen. With n = 0 the curve has no steps."""
    n = len(lasted)
    if n == 0:
        empty = np.zeros(0)
        return Curve(empty, empty, empty, empty, 0, 0.0)
    times, n_ended, n_at_risk = _table(lasted, ended)
    # With the last one followed the estimate may reach 0, where Greenwood's sum has no value: 0 is then said without interval.
    with np.errstate(divide="ignore", invalid="ignore"):
        lasting = np.asarray(np.cumprod(1 - n_ended / n_at_risk), dtype=np.float64)
        greenwood = np.cumsum(n_ended / (n_at_risk * (n_at_risk - n_ended)))
        spread = Z95 * np.sqrt(greenwood) / np.abs(np.log(lasting))
        low, high = lasting ** np.exp(spread), lasting ** np.exp(-spread)
    gone = lasting <= 0
    low[gone] = 0.0
    high[gone] = high[~gone][-1] if (~gone).any() else 1.0
    return Curve(times, lasting, low, high, n, float(lasted.max()))


def share_lasting(curve: Curve, at: float) -> Estimate:
    """Share that lasts longer than `at`; the value is None beyond the longest time followed (the bounds stay known)."""
    if curve.n == 0:
        return Estimate(None, 0.0, 1.0, 0)
    step = int(np.searchsorted(curve.times, at, side="right")) - 1
    value, low, high = (1.0, 1.0, 1.0) if step < 0 else (float(curve.lasting[step]), float(curve.low[step]), float(curve.high[step]))
    if at > curve.longest:
        return Estimate(None, 0.0, high, curve.n)
    return Estimate(value, low, high, curve.n)


def quantile(curve: Curve, share_ended: float) -> Estimate:
    """Time by which a share has ended. Never reached: value None, the lower bound what is known, the upper bound infinite."""
    target = 1 - share_ended
    value, low, high = (_first_at_or_below(curve.times, line, target) for line in (curve.lasting, curve.low, curve.high))
    return Estimate(value, 0.0 if low is None else low, math.inf if high is None else high, curve.n)


def _table(lasted: Floats, ended: Flags) -> tuple[Floats, Floats, Floats]:
    moments, place = np.unique(lasted, return_inverse=True)
    n_ended = np.bincount(place, weights=ended.astype(np.float64), minlength=len(moments))
    n_here = np.bincount(place, minlength=len(moments))
    n_at_risk = (len(lasted) - np.concatenate([[0], np.cumsum(n_here)[:-1]])).astype(np.float64)
    seen = n_ended > 0
    return moments[seen], n_ended[seen].astype(np.float64), n_at_risk[seen]


def _first_at_or_below(times: Floats, line: Floats, target: float) -> float | None:
    reached = np.flatnonzero(line <= target + 1e-12)
    return float(times[reached[0]]) if len(reached) else None
