"""A level that wanders under weekly noise, with fixed columns (the season) on top: the Kalman filter and its likelihood.

Source: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, sections 2.3 and 3.4 (columns by
running the same filter over them and regressing the innovations, after Rosenberg 1973).
"""

from dataclasses import dataclass

import numpy as np

from luuppi.measures.given import Flags, Floats

_RATIOS = np.concatenate([[0.0], np.logspace(-4, 1, 26)])  # variance of the level's weekly step over that of the noise


@dataclass(frozen=True, slots=True)
class Fitted:
    """weight, ratio: of this candidate; mean, variance: of the weeks ahead, float[h] (variance includes the noise)."""

    log_likelihood: float
    mean: Floats
    variance: Floats


def fit_all(y: Floats, columns: Floats, ahead: int) -> list[Fitted]:
    """One candidate for each ratio of variances. y: float[n], NaN where a week is missing; columns: float[n + ahead, k]."""
    seen = ~np.isnan(y)
    return [_fit(y, columns, seen, ahead, float(ratio)) for ratio in _RATIOS]


def _fit(y: Floats, columns: Floats, seen: Flags, ahead: int, ratio: float) -> Fitted:
    n, k = len(y), columns.shape[1]
    series = np.column_stack([np.where(seen, y, 0.0), columns[:n]])
    start = int(np.argmax(seen))
    level, spread = series[start].copy(), 1.0  # the first week seen is the level, with the noise of one week
    innovations, sizes = [], []
    for week in range(start + 1, n):
        spread += ratio
        if not seen[week]:
            continue
        size = spread + 1.0
        miss = series[week] - level
        innovations.append(miss / np.sqrt(size))
        sizes.append(size)
        level = level + (spread / size) * miss
        spread *= 1.0 / size
    rows = np.array(innovations)
    target, design = rows[:, 0], rows[:, 1:]
    squares = design.T @ design + 1e-6 * np.eye(k)
    inverse = np.linalg.inv(squares)
    b = inverse @ (design.T @ target)
    left = target - design @ b
    freedom = max(len(target) - k, 1)
    noise = max(float(left @ left) / freedom, 1e-9)
    # Restricted likelihood: what the columns use up is not counted as fit.
    log_likelihood = -0.5 * (freedom * np.log(noise) + float(np.log(sizes).sum()) + float(np.linalg.slogdet(squares)[1]))
    future = columns[n : n + ahead] - level[1:]
    mean = level[0] + future @ b
    variance = noise * (1.0 + spread + ratio * np.arange(1, ahead + 1) + np.einsum("ij,jk,ik->i", future, inverse, future))
    return Fitted(log_likelihood, mean, variance)
