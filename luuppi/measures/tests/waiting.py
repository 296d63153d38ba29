"""Simulated waits and CSAT with a known wait that hurts: a world of our own, and the one of which the reference errors were published."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import gamma, norm


@dataclass(frozen=True)
class World:
    """minutes: of waits, from shares 0–1; mean: of CSAT before rounding, by kind; noise: its standard deviation."""

    minutes: Callable[[Any], Any]
    means: dict[str, Callable[[Any], Any]]
    noise: float


OURS = World(
    minutes=lambda share: gamma.ppf(share, 1.6, scale=3.0),
    means={
        "kink": lambda minutes: 4.2 - 0.15 * np.maximum(minutes - 8, 0),
        "log": lambda minutes: 4.2 - 0.35 * np.log1p(minutes),
        "smooth": lambda minutes: 4.2 - 1.6 / (1 + np.exp(-(minutes - 8) / 2)),
        "flat": lambda minutes: np.full_like(np.asarray(minutes, dtype=float), 3.9),
    },
    noise=0.9,
)
# Read off shared/data/behaviour/wait_csat: waits, noise, slopes and the true waits (9.66, 2.44 and 5.65 minutes) agree with it.
REFERENCE = World(
    minutes=lambda share: 3 * np.exp(0.9 * norm.ppf(share)),
    means={
        "kink": lambda minutes: 4.2 - 0.15 * np.maximum(minutes - 8, 0),
        "log": lambda minutes: 4.4 - 0.45 * np.log1p(minutes),
        "smooth": lambda minutes: 4.2 - 1.2 / (1 + np.exp(-(minutes - 8) / 2)),
        "flat": lambda minutes: np.full_like(np.asarray(minutes, dtype=float), 4.0),
    },
    noise=1.1,
)


def waits_and_csat(kind: str, n: int, seed: int, world: World = OURS) -> tuple[Any, Any]:
    """(wait in seconds, csat 1–5). kind: kink, log, smooth or flat."""
    rng = np.random.default_rng(seed)
    minutes = rng.gamma(1.6, 3.0, n) if world is OURS else world.minutes(rng.random(n))
    return 60 * minutes, np.clip(np.round(world.means[kind](minutes) + rng.normal(0, world.noise, n)), 1, 5)


def true_wait(kind: str, loss: float = 0.2, world: World = OURS) -> float:
    """Seconds after which the mean of CSAT, as rounded and cut to 1–5, is `loss` below that of the quickest quarter."""
    level = expected_csat(kind, world.minutes((np.arange(20_000) + 0.5) / 80_000), world).mean()
    return 60 * float(brentq(lambda minutes: expected_csat(kind, np.array([minutes]), world)[0] - (level - loss), 0.01, 40))


def expected_csat(kind: str, minutes: Any, world: World = OURS) -> Any:
    """Mean CSAT after waits of float[n] minutes, as rounded and cut to 1–5; float[n]."""
    return 1 + sum(norm.cdf((world.means[kind](minutes) - step) / world.noise) for step in (1.5, 2.5, 3.5, 4.5))
