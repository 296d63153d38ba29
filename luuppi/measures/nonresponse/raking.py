"""Raking: weights for those who answered, so that they look like all contacts on every margin.

Source: Deming and Stephan (1940), Ann. Math. Statist. 11, 427–444; variance by residuals after Deville and Särndal (1992),
J. Am. Stat. Assoc. 87, 376–382.
"""

import numpy as np

from luuppi.measures.inputs import Floats, Ints
from luuppi.measures.logistic import OneHot

_WEIGHT_LIMIT = 5.0  # times the median; costs half a point of bias, three times the median costs 2.7


def rake(levels: list[Ints], shares: list[Floats], base: Floats) -> Floats:
    """Weights float[m] with mean 1, so that each margin's weighted shares equal the wanted ones.

    levels: per margin int[m], level of those who answered; shares: per margin float[k], adding up to 1, none of them of a
    level without answers; base: float[m] > 0, weights to begin with. What raking makes of them is cut at 5 × its median; what
    they were by design is not, for that would undo a known chance of being asked. With m = 0: empty.
    """
    weight = base / base.sum() if len(base) else base
    for _ in range(500):
        furthest = 0.0
        for level, share in zip(levels, shares, strict=True):
            have = np.bincount(level, weights=weight, minlength=len(share))
            factor = np.where(have > 0, share / np.where(have > 0, have, 1.0), 1.0)
            furthest = max(furthest, float(np.abs(factor - 1).max()))
            weight = weight * factor[level]
        if furthest < 1e-8:
            break
    if not len(weight):
        return weight
    change = weight / base
    limited = base * np.minimum(change, _WEIGHT_LIMIT * np.median(change))
    result: Floats = limited * len(limited) / limited.sum()
    return result


def residuals(y: Floats, weight: Floats, columns: OneHot) -> Floats:
    """What the margins leave unexplained of y, float[m], as if each answer had been left out: only that part varies.

    An answer that stands almost alone on its level explains itself; leaving it out (the jackknife's, HC3's, 1 − h) keeps the
    interval honest where a level has few answers.
    """
    squares = columns.squares(weight)
    squares[np.diag_indices(squares.shape[0])] += 1e-3  # every margin adds up to the constant; small beside any level
    inverse = np.asarray(np.linalg.inv(squares), dtype=np.float64)
    own_share = np.clip(weight * columns.forms(inverse), 0.0, 0.9)
    left: Floats = (y - columns.times(inverse @ columns.sums(weight * y))) / (1 - own_share)
    return left


def effective_n(weight: Floats) -> float:
    """Answers that would tell as much unweighted (Kish): (Σw)²/Σw²; 0 for none."""
    return float(weight.sum() ** 2 / (weight @ weight)) if len(weight) else 0.0
