"""Simulated weekly contact counts, and weekly figures of touchpoints, with a known way of coming about."""

from typing import Any

import numpy as np


def weekly_counts(kind: str, n: int, seed: int, level: float = 200.0) -> Any:
    """int[n]. steady: Poisson; wandering: the level moves 3 % a week; seasonal: ±30 % over the year; wild: twice the noise."""
    rng = np.random.default_rng(seed)
    weeks = np.arange(n)
    expected = np.full(n, level)
    if kind == "wandering":
        expected = level * np.exp(np.cumsum(rng.normal(0, 0.03, n)))
    if kind == "seasonal":
        expected = level * (1 + 0.3 * np.sin(2 * np.pi * weeks * 7 / 365.25 + rng.uniform(0, 6.28)))
    if kind == "wild":
        return rng.negative_binomial(level / 3, 1 / 4, n)
    return rng.poisson(expected)


def weekly_touchpoints(
    rng: np.random.Generator, *, effect: float = 0.0, answers: float = 80, controls: int = 3, before: int = 52, after: int = 12,
    shock: float = 4.0, season: float = 0.0, trend: float = 0.0,
) -> Any:  # fmt: skip
    """Weekly NPS of one changed and some untouched touchpoints: the same shocks, season and trend for all, own sampling error."""
    weeks = np.arange(-before, after)
    common = rng.normal(0, shock, len(weeks)) + season * np.sin(2 * np.pi * weeks / 52) + trend * weeks / 52
    level = rng.normal(25, 8, controls + 1)
    noise = rng.normal(0, np.sqrt(6100 / answers), (len(weeks), controls + 1))
    figures = level + common[:, None] + noise
    figures[:, 0] += effect * (weeks >= 0)
    return weeks, figures[:, 0], figures[:, 1:]
