"""A level that wanders under weekly noise, with a season on top: the Kalman filter and its likelihood.

Source: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, sections 2.3 and 3.4 (columns by
running the same filter over them and regressing the innovations, after Rosenberg 1973); season with a normal prior whose
size is integrated out, as in O'Hagan and Forster (2004), Bayesian Inference, chapter 11.
"""

from dataclasses import dataclass

import numpy as np

from luuppi.measures.inputs import Flags, Floats

_RATIOS = np.concatenate([[0.0], np.logspace(-4, 1, 21)])  # variance of the level's weekly step over that of the noise
_SEASON_SIZES = (0.5, 5.0, 50.0)  # variance of a season's wave over that of the noise


@dataclass(frozen=True, slots=True)
class Fitted:
    """One candidate. mean, variance: of the weeks ahead, float[h]; the variance includes the weekly noise."""

    log_likelihood: float
    mean: Floats
    variance: Floats


@dataclass(frozen=True, slots=True)
class _Filtered:
    """Innovations of the series and of each column in units of their size; level of each at the end; spread of the level."""

    innovations: Floats
    log_sizes: float
    level: Floats
    spread: float


def fit_all(y: Floats, columns: Floats, ahead: int) -> list[Fitted]:
    """Candidates of every wandering, without a season and, with columns, with seasons of three sizes.

    y: float[n], NaN where a week is missing, at least two weeks seen; columns: float[n + ahead, k], k may be 0.
    """
    seen = ~np.isnan(y)
    fitted = []
    for ratio in _RATIOS:
        filtered = _run(np.column_stack([np.where(seen, y, 0.0), columns[: len(y)]]), seen, float(ratio))
        for size in (0.0, *_SEASON_SIZES) if columns.shape[1] else (0.0,):
            fitted.append(_candidate(filtered, columns[len(y) :], ahead, float(ratio), size))
    return fitted


def _run(series: Floats, seen: Flags, ratio: float) -> _Filtered:
    start = int(np.argmax(seen))
    level, spread = series[start].copy(), 1.0  # the first week seen is the level, with the noise of one week
    innovations, sizes = [], []
    for week in range(start + 1, len(series)):
        spread += ratio
        if not seen[week]:
            continue
        size = spread + 1.0
        miss = series[week] - level
        innovations.append(miss / np.sqrt(size))
        sizes.append(size)
        level = level + (spread / size) * miss
        spread /= size
    return _Filtered(np.array(innovations), float(np.log(sizes).sum()), level, spread)


def _candidate(filtered: _Filtered, future: Floats, ahead: int, ratio: float, season_size: float) -> Fitted:
    target = filtered.innovations[:, 0]
    design = filtered.innovations[:, 1:] if season_size else np.zeros((len(target), 0))
    k = design.shape[1]
    squares = design.T @ design + (np.eye(k) / season_size if season_size else np.zeros((0, 0)))
    inverse = np.linalg.inv(squares) if k else squares
    b = inverse @ (design.T @ target)
    noise = max(float(target @ target - b @ (design.T @ target)) / len(target), 1e-9)
    log_volume = float(np.linalg.slogdet(squares)[1]) + k * np.log(season_size) if k else 0.0
    log_likelihood = -0.5 * (len(target) * np.log(noise) + filtered.log_sizes + log_volume)
    beyond = (future - filtered.level[1:])[:, :k] if k else np.zeros((ahead, 0))
    mean = filtered.level[0] + beyond @ b
    season_variance = np.einsum("ij,jk,ik->i", beyond, inverse, beyond)
    variance = noise * (1.0 + filtered.spread + ratio * np.arange(1, ahead + 1) + season_variance)
    return Fitted(log_likelihood, mean, variance)
