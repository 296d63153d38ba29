"""Keeping a model honest while the world moves: the level refreshed from the newest answers, and an alarm."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from luuppi.measures.inputs import Floats, numbers, same_length
from luuppi.measures.logistic import chance, log_odds

NEWEST = 200
_WINDOW = 300
_ALARM_AT = 3.0


@dataclass(frozen=True, slots=True)
class Drift:
    """at: position of the answer at which the last 300 first differed by more than 3 standard errors, None when never.
    z: the difference of the newest 300 in standard errors, positive when more happened than promised; None for no answers."""

    at: int | None
    z: float | None
    n: int


def find_drift(probability: Any, happened: Any) -> Drift:
    """Watch n promises, oldest first, against what happened (0/1), in a rolling window of 300 (all, while there are fewer).

    The alarm needs a full window. While nothing moves it rings once in about 11 000 answers (in 3 of 100 series of 600, 30 of 5 000): give
    it the answers since the last look or refresh, not all there ever were. Raises ValueError for values outside 0–1 or unequal lengths.
    Source: a moving sum, Bauer and Hackl (1978), Technometrics 20, 431–436; limit and window are our choice, their rate is in the tests.
    """
    p, y = numbers("probability", probability, low=0, high=1), numbers("happened", happened, yes_no=True, low=0, high=1, whole=True)
    n = same_length(probability=p, happened=y)
    if n == 0:
        return Drift(None, None, 0)
    gap = np.concatenate([[0.0], np.cumsum(y - p)])
    variance = np.concatenate([[0.0], np.cumsum(p * (1 - p))])
    end = np.arange(1, n + 1)
    start = np.maximum(end - _WINDOW, 0)
    z = (gap[end] - gap[start]) / np.sqrt(np.maximum(variance[end] - variance[start], 1e-9))
    fired = np.flatnonzero((np.abs(z) > _ALARM_AT) & (end >= _WINDOW))
    return Drift(int(fired[0]) if len(fired) else None, float(z[-1]), n)


def refreshed(probability: Any, happened: Any, newest: int = NEWEST) -> Floats:
    """n promises, oldest first, as they would have been with the level refreshed after each `newest` answers; float[n].

    The first `newest` stay as they are; every later block uses the level of the block before it.
    """
    p, y = numbers("probability", probability, low=0, high=1), numbers("happened", happened, yes_no=True, low=0, high=1, whole=True)
    n = same_length(probability=p, happened=y)
    odds = log_odds(p)
    result = p.copy()
    for start in range(newest, n, newest):
        shift = level_shift(odds[start - newest : start], y[start - newest : start])
        result[start : start + newest] = chance(odds[start : start + newest] + shift)
    return result


def level_shift(odds: Floats, happened: Floats) -> float:
    """What to add to the log-odds so that on average as much is promised as happened; 0 for no answers.

    A difference that chance explains is not followed: the shift is multiplied by max(0, 1 − 1/z²), z its size in standard
    errors (James and Stein, 1961), so that a quiet world is not shaken by each new block of answers.
    """
    if len(odds) == 0:
        return 0.0
    p = chance(odds)
    z = (happened.sum() - p.sum()) / np.sqrt(max(float(p @ (1 - p)), 1e-9))
    if abs(z) <= 1:
        return 0.0
    return _full_shift(odds, float(happened.mean())) * (1 - 1 / float(z) ** 2)


def _full_shift(odds: Floats, wanted: float) -> float:
    """By bisection, the mean being monotone in the shift; kept half an answer away from none and all."""
    n = len(odds)
    wanted = min(max(wanted, 0.5 / n), 1 - 0.5 / n)
    low, high = -20.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        if chance(odds + middle).mean() < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2
