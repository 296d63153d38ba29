"""Simulated waits and CSAT with a known wait that hurts."""

from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import gamma, norm


def _mean(minutes: Any, kind: str) -> Any:
    if kind == "kink":
        return 4.2 - 0.15 * np.maximum(minutes - 8, 0)
    if kind == "log":
        return 4.2 - 0.35 * np.log1p(minutes)
    if kind == "smooth":
        return 4.2 - 1.6 / (1 + np.exp(-(minutes - 8) / 2))
    return np.full_like(np.asarray(minutes, dtype=float), 3.9)


def waits_and_csat(kind: str, n: int, seed: int) -> tuple[Any, Any]:
    """(wait in seconds, csat 1–5). kind: kink, log, smooth or flat."""
    rng = np.random.default_rng(seed)
    minutes = rng.gamma(1.6, 3.0, n)
    return 60 * minutes, _score(_mean(minutes, kind), rng.normal(0, 0.9, n))


def true_wait(kind: str, loss: float = 0.2) -> float:
    """Seconds after which the mean of CSAT, as rounded and cut to 1–5, is `loss` below that of the quickest quarter."""
    shares = (np.arange(20_000) + 0.5) / 80_000
    level = _expected_score(_mean(gamma.ppf(shares, 1.6, scale=3.0), kind)).mean()
    return 60 * float(brentq(lambda m: _expected_score(_mean(np.array([m]), kind))[0] - (level - loss), 0.01, 40))


def _expected_score(mean: Any) -> Any:
    return 1 + sum(norm.cdf((mean - step) / 0.9) for step in (1.5, 2.5, 3.5, 4.5))


def _score(mean: Any, noise: Any) -> Any:
    return np.clip(np.round(mean + noise), 1, 5)
