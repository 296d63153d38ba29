"""Whether touchpoints wander by themselves for months, and how much wider an effect's interval must then be.

Blocks of four weeks take out what lasts for weeks. What lasts longer makes neighbouring blocks alike, so that they vary less than a level before
and one after a change do. The untouched touchpoints are asked too: how they move against each other tells how such touchpoints wander.
"""

from __future__ import annotations

import numpy as np

from luuppi.measures.inputs import Floats

__all__ = ["contrasts", "local_noise", "widening"]

# How alike neighbouring blocks are, and the variance of the wandering over that of a block's noise; the first is no wandering at all.
_WANDERINGS = [(0.0, 0.0), *((alike, size) for alike in (0.4, 0.7, 0.9) for size in (0.25, 0.5, 1.0, 2.0, 4.0))]
_ALIKE, _SIZE = np.array(_WANDERINGS).T
# The logarithm of the Bayes factor from which on wandering is taken into account. One row of a dozen blocks rarely tells; several do sooner.
_REASON_ALONE, _REASON_SHARED = 1.0, 0.5
_MOST_BLOCKS = 64  # on a side; what is further from the change hardly tells more and takes time


def contrasts(controls: Floats) -> Floats:
    """Each untouched touchpoint against the mean of all: float[n, k] in, float[n, k] out; no columns where k is 1, which tells nothing."""
    return controls - controls.mean(axis=1, keepdims=True) if controls.shape[1] > 1 else controls[:, :0]


def local_noise(weekly: Floats) -> float:
    """Variance of a week around its neighbours, which wandering for months hardly moves; 0 for fewer than two weeks.

    Source: von Neumann (1941), Ann. Math. Statist. 12, 367–395 (mean square of successive differences).
    """
    return float(np.mean(np.diff(weekly) ** 2) / 2) if len(weekly) > 1 else 0.0


def widening(
    at: Floats, gaps: Floats, n_before: int, others: Floats, likely_size: Floats, *, degrees: int, confidence: float
) -> float:
    """Times 1 or more, by which the radius of Student's interval over blocks grows.

    at: float[b], when each block was, in blocks, increasing. gaps: float[b], treated − controls, of which n_before lie before the change.
    others: float[b, k], `contrasts` of the controls; likely_size: float[k], how large wandering stands in each beside its noise, in sizes
    of that of the gaps. degrees: of freedom of the interval. Exactly 1 unless the blocks speak for wandering; then the interval is averaged
    over how it may be, each wandering as likely as the blocks make it, half of the belief beforehand being that there is none.
    Source: autocorrelated differences in differences, Bertrand, Duflo & Mullainathan (2004), QJE 119, 249–275; restricted likelihood,
    Harville (1977), J. Am. Stat. Assoc. 72, 320–338; averaging, Hoeting et al. (1999), Statistical Science 14, 382–417.
    """
    first, last = max(0, n_before - _MOST_BLOCKS), min(len(at), n_before + _MOST_BLOCKS)
    at, gaps, others, n_before = at[first:last], gaps[first:last], others[first:last], n_before - first
    likeness = _ALIKE[:, None, None] ** np.abs(at[:, None] - at)
    wandering = _SIZE[:, None, None] * likeness
    design = np.column_stack([np.ones(len(at)), np.arange(len(at)) >= n_before])
    own = _evidence(gaps, design, wandering)
    told_by_others = [_evidence(row, design[:, :1], size * wandering) for row, size in zip(others.T, likely_size, strict=True)]
    # k touchpoints against their own mean are k − 1 rows that are unrelated.
    shared = np.sum(told_by_others, axis=0) * (1 - 1 / len(told_by_others)) if told_by_others else np.zeros_like(own)
    # The changed touchpoint may wander where the others do not: half of the weight is on what its own row says.
    told = np.logaddexp(own, own + shared) - np.log(2)
    reason = float(np.logaddexp.reduce(told[1:])) - np.log(len(told) - 1)
    if reason <= (_REASON_SHARED if others.shape[1] else _REASON_ALONE):
        return 1.0
    belief = np.exp(told - told.max())
    belief[1:] /= len(told) - 1
    return _averaged(belief / belief.sum(), _variance_ratio(wandering, n_before), degrees, confidence)


def _evidence(row: Floats, design: Floats, wandering: Floats) -> Floats:
    """Restricted log-likelihood of one row of blocks for each wandering, less that of none; 0 where the row does not vary."""
    n, p = design.shape
    apart = row - design @ np.linalg.lstsq(design, row, rcond=None)[0]
    size = float(np.abs(row).max())
    if n <= p + 1 or float(apart @ apart) <= n * (1e-9 * size) ** 2:
        return np.zeros(len(wandering))
    covariance = np.eye(n) + wandering
    solved = np.linalg.solve(covariance, np.broadcast_to(np.column_stack([apart, design]), (len(wandering), n, p + 1)))
    inside = design.T @ solved[:, :, 1:]
    across = design.T @ solved[:, :, :1]
    misfit = apart @ solved[:, :, 0].T - (across * np.linalg.solve(inside, across)).sum(axis=(1, 2))
    log_likelihood = -0.5 * (np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(inside)[1] + (n - p) * np.log(misfit))
    result: Floats = log_likelihood - log_likelihood[0]
    return result


def _variance_ratio(wandering: Floats, n_before: int) -> Floats:
    """Variance of the difference of both sides over what the blocks of each side, taken as unrelated, say it is; 1 or more."""
    n = wandering.shape[1]
    n_after = n - n_before
    side = np.zeros((2, n))
    side[0, :n_before], side[1, n_before:] = 1 / n_before, 1 / n_after
    centred = np.eye(n) - n_before * np.outer(side[0], side[0]) - n_after * np.outer(side[1], side[1])
    covariance = np.eye(n) + wandering
    difference = side[1] - side[0]
    within = np.einsum("ij,gji->g", centred, covariance) / (n - 2)
    result: Floats = np.maximum(difference @ covariance @ difference / (within * (1 / n_before + 1 / n_after)), 1.0)
    return result


def _averaged(belief: Floats, ratio: Floats, degrees: int, confidence: float) -> float:
    """The factor at which the averaged interval leaves out 1 − confidence."""
    from scipy.special import stdtr, stdtrit  # heavy, and needed only here

    plain = float(stdtrit(degrees, (1 + confidence) / 2))
    low, high = 1.0, float(np.sqrt(ratio.max()))
    for _ in range(40):
        middle = (low + high) / 2
        beyond = 2 * float(belief @ stdtr(degrees, -plain * middle / np.sqrt(ratio)))
        low, high = (middle, high) if beyond > 1 - confidence else (low, middle)
    return high
