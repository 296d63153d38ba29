"""Simulated weekly contact counts with a known way of coming about."""

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
