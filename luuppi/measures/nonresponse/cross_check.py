"""The doubly robust cross-check: right when either the answering or the score is modelled well.

Source: Robins, Rotnitzky and Zhao (1994), J. Am. Stat. Assoc. 89, 846–866 (AIPW).
"""

import numpy as np

from luuppi.measures.inputs import Flags, Floats, Ints
from luuppi.measures.logistic import OneHot, chance, fit_logistic

_N_FOLDS = 4
_RIDGE = 1.0


def predicted_points(columns: OneHot, score: Floats, answered: Flags, customer: Ints, seed: int) -> Floats:
    """NPS points −100…100 expected of each contact, float[n]: never learned from the same customer's answers.

    columns: contact data of n contacts; score: float[n] 0–10, read only where answered; customer: int[n].
    Four folds by customer, one logistic regression for promoters and one for detractors in each.
    """
    fold_of = np.random.default_rng(seed).permutation(int(customer.max(initial=-1)) + 1) % _N_FOLDS
    fold = fold_of[customer]
    points = np.zeros(len(score))
    for k in range(_N_FOLDS):
        learn, judge = answered & (fold != k), fold == k
        known, asked_about = columns.rows(learn), columns.rows(judge)
        promoters = fit_logistic(known, (score[learn] >= 9).astype(np.float64), ridge=_RIDGE)
        detractors = fit_logistic(known, (score[learn] <= 6).astype(np.float64), ridge=_RIDGE)
        points[judge] = 100 * (chance(asked_about.times(promoters)) - chance(asked_about.times(detractors)))
    return points


def aipw(points: Floats, y: Floats, answered: Flags, columns: OneHot, offered: Floats) -> Floats:
    """psi float[n] whose mean is the doubly robust NPS: m + r/p · (y − m), 1/p cut at its 99 % quantile.

    points: m, float[n]; y: float[n] −100, 0 or 100, read only where answered; offered: float[n], chance of having been asked
    (1 where unknown), which the answering model need not learn.
    """
    asked = offered > 0
    # answered/offered has the mean that answering would have had everybody been asked; the slope equations hold for it too.
    model = fit_logistic(columns.rows(asked), answered[asked] / offered[asked], ridge=_RIDGE)
    weight = 1.0 / (offered[answered] * chance(columns.rows(answered).times(model)))
    weight = np.minimum(weight, np.quantile(weight, 0.99))
    weight *= len(y) / weight.sum()  # where few answer, the raw sum swings by chance
    psi = points.copy()
    psi[answered] += weight * (y[answered] - points[answered])
    return psi


def clustered_error(parts: Floats, customer: Ints) -> float:
    """Standard error of Σ parts, whose parts of one customer belong together; parts float[n] with mean about 0."""
    sums = np.bincount(customer, weights=parts)
    n = np.count_nonzero(np.bincount(customer))
    return float(np.sqrt(n / (n - 1) * (sums @ sums))) if n > 1 else float("inf")
