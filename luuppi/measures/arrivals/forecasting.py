"""The weeks to come, from the weeks that were."""

import math
from typing import Any

import numpy as np

from luuppi.measures.arrivals.level import Fitted, fit_all
from luuppi.measures.estimate import Estimate
from luuppi.measures.inputs import Floats, numbers
from luuppi.measures.options import whole_number

FEWEST_WEEKS = 12
MOST_CONTACTS = 1e15
_SEASON_FROM = 52  # weeks; how much of a season there is, the likelihood weighs
_FINE_SEASON_FROM = 104
_YEAR = 365.25 / 7
MOST_AHEAD = 52


def forecast(counts: Any, ahead: int = 8) -> list[Estimate]:
    """Contacts in each of the next `ahead` weeks, with the interval that holds 95 % of such weeks.

    counts: whole weeks in order, whole numbers ≥ 0, NaN or None for a week that was not counted; n: weeks counted.
    From 52 weeks on with a yearly season as far as there is one, finer from 104 on.
    Under 12 counted weeks every value is None, low 0 and high infinite.
    Raises ValueError for negative or broken counts, or ahead outside 1–52.
    Source: local level with season on the square-root scale, on which the noise of counts is even (Anscombe 1948); see
    `level`. Candidates of every wandering are averaged by their likelihood, so that the interval knows what is not known.
    """
    y = numbers("counts", counts, low=0, high=MOST_CONTACTS, whole=True, missing=True)
    ahead = whole_number("ahead", ahead, low=1, high=MOST_AHEAD)
    n_seen = int((~np.isnan(y)).sum())
    if n_seen < FEWEST_WEEKS:
        return [Estimate(None, 0.0, math.inf, n_seen) for _ in range(ahead)]
    candidates = fit_all(2 * np.sqrt(y + 0.375), _season(len(y), ahead), ahead)
    mean, error = _average(candidates)
    reach = _t95(n_seen - 1)
    low, high, value = (_as_counts(mean + sign * reach * error) for sign in (-1, 1, 0))
    # The square root's mean, squared, is low by the variance.
    value = value + error**2 / 4
    return [Estimate(float(v), float(max(math.floor(a), 0)), float(math.ceil(b)), n_seen) for v, a, b in zip(value, low, high, strict=True)]


def naive_forecast(counts: Any, ahead: int = 8) -> Floats:
    """The same week of last year where there is one, else the last week counted; float[ahead], 0 for no weeks at all.

    counts, ahead and errors as in `forecast`.
    """
    y = numbers("counts", counts, low=0, high=MOST_CONTACTS, whole=True, missing=True)
    ahead = whole_number("ahead", ahead, low=1, high=MOST_AHEAD)
    seen = y[~np.isnan(y)]
    last = float(seen[-1]) if len(seen) else 0.0
    year_ago = [y[len(y) + step - 52] if len(y) + step >= 52 else np.nan for step in range(ahead)]
    return np.array([last if np.isnan(value) else float(value) for value in year_ago])


def _season(n: int, ahead: int) -> Floats:
    weeks = np.arange(n + ahead)
    if n < _SEASON_FROM:
        return np.zeros((n + ahead, 0))
    waves = [2 * np.pi * k * weeks / _YEAR for k in ((1, 2, 3) if n >= _FINE_SEASON_FROM else (1,))]
    return np.column_stack([wave(angle) for angle in waves for wave in (np.sin, np.cos)])


def _average(candidates: list[Fitted]) -> tuple[Floats, Floats]:
    likelihood = np.array([candidate.log_likelihood for candidate in candidates])
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    means = np.array([candidate.mean for candidate in candidates])
    variances = np.array([candidate.variance for candidate in candidates])
    mean = weight @ means
    return mean, np.sqrt(weight @ (variances + (means - mean) ** 2))


def _as_counts(root: Floats) -> Floats:
    return np.maximum(root, 0.0) ** 2 / 4 - 0.375


def _t95(freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))
