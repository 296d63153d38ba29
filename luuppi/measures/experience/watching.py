"""Keeping a model honest while the world moves: the level refreshed from the newest answers, and an alarm."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from luuppi.measures.inputs import Floats, numbers, same_length
from luuppi.measures.logistic import chance, log_odds
from luuppi.measures.options import whole_number

NEWEST = 200
_WINDOW = 300
_MOVED = 0.4  # of log-odds: 10 points of a half, 4 of a tenth
_QUIET = 20_000  # answers between two false alarms, on average at least


@dataclass(frozen=True, slots=True)
class Drift:
    """at: position of the answer at which the alarm first rang, None when never. z: the difference of the newest 300 answers from what
    was promised in standard errors, positive when more happened than promised; None for no answers."""

    at: int | None
    z: float | None
    n: int


def find_drift(probability: Any, happened: Any) -> Drift:
    """Watch n promises, oldest first, against what happened (0/1): do the chances still hold, or have they moved since some answer?

    For each answer from which they may have moved, half up and half down by 0.4 of log-odds: how much likelier that makes what came since.
    The alarm rings when these add up to 20 000. While the promises hold, each of them stays 1 on average, so false alarms come at most
    once in 20 000 answers, and in a series of n with a chance of at most n / 20 000, however long it is and however small the chances are.
    Raises ValueError for values outside 0–1 or unequal lengths.
    Source: Roberts (1966), Technometrics 8, 411–430; the bound: Shin, Ramdas and Rinaldo (2024), New England J. Stat. Data Sci. 2 (e-detectors).
    """
    p, y = numbers("probability", probability, low=0, high=1), numbers("happened", happened, yes_no=True, low=0, high=1, whole=True)
    n = same_length(probability=p, happened=y)
    if n == 0:
        return Drift(None, None, 0)
    odds = log_odds(p)
    evidence = np.logaddexp(_evidence(odds, y, _MOVED), _evidence(odds, y, -_MOVED)) - np.log(2)
    rang = np.flatnonzero(evidence >= np.log(_QUIET))
    newest = slice(max(n - _WINDOW, 0), n)
    z = (y - p)[newest].sum() / np.sqrt(max(float((p * (1 - p))[newest].sum()), 1e-9))
    return Drift(int(rang[0]) if len(rang) else None, float(z), n)


def _evidence(odds: Floats, happened: Floats, shift: float) -> Floats:
    """float[n]: logarithm of the sum, over each answer up to this one, of how much likelier all since it came with the log-odds shifted."""
    likelier = happened * shift - np.logaddexp(0.0, odds + shift) + np.logaddexp(0.0, odds)
    so_far = np.cumsum(likelier)
    since: Floats = so_far + np.logaddexp.accumulate(likelier - so_far)
    return since


def refreshed(probability: Any, happened: Any, newest: int = NEWEST) -> Floats:
    """n promises, oldest first, as they would have been with the level refreshed after each `newest` answers; float[n].

    The first `newest` stay as they are; every later block uses the level of the block before it.
    """
    p, y = numbers("probability", probability, low=0, high=1), numbers("happened", happened, yes_no=True, low=0, high=1, whole=True)
    n = same_length(probability=p, happened=y)
    newest = whole_number("newest", newest, low=1)
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
