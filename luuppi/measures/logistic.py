"""Logistic regression with a ridge penalty by Newton steps: small, exact and the same on every run.

Used where a probability is read off a few dozen columns; it does not draw in a heavy library.
"""

from typing import Any

import numpy as np

from luuppi.measures.given import Floats


def fit_logistic(x: Floats, y: Floats, *, ridge: float, weights: Any = None) -> Floats:
    """Coefficients [1 + p] of P(y = 1 | x), the constant first; the constant is not penalised.

    x: float[n, p], finite; y: float[n] in 0–1; weights: float[n] ≥ 0 or None for ones; ridge > 0 keeps collinear and
    separated data defined: the penalty is ridge/2 · Σ b². With n = 0 all are zero.
    Source: ridge logistic regression, le Cessie and van Houwelingen (1992), Appl. Statist. 41, 191–201.
    """
    n, p = x.shape
    design = np.column_stack([np.ones(n), x])
    weight = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    penalty = np.full(p + 1, ridge)
    penalty[0] = 1e-6  # only against a class that never occurs
    b = np.zeros(p + 1)
    loss = _penalised_loss(design, y, weight, penalty, b)
    for _ in range(100):
        mu = chance(design @ b)
        slope = design.T @ (weight * (y - mu)) - penalty * b
        curve = design.T @ (design * (weight * mu * (1 - mu))[:, None])
        curve[np.diag_indices(p + 1)] += penalty
        step = np.linalg.solve(curve, slope)
        b, loss, moved = _descend(design, y, weight, penalty, b, step, loss)
        if moved < 1e-9 * (1.0 + abs(loss)):
            break
    return b


def predict(coefficients: Floats, x: Floats) -> Floats:
    """Probabilities float[n] from coefficients [1 + p] and x float[n, p]."""
    return chance(coefficients[0] + x @ coefficients[1:])


def chance(log_odds: Floats) -> Floats:
    """1/(1 + e^−z) without overflow; z is cut at ±35, where the probability differs from 0 or 1 by less than 1e−15."""
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -35.0, 35.0)))


def log_odds(probability: Floats) -> Floats:
    """ln(p/(1 − p)), p kept 1e−9 away from 0 and 1."""
    p = np.clip(probability, 1e-9, 1 - 1e-9)
    return np.log(p) - np.log1p(-p)


def _descend(
    design: Floats, y: Floats, weight: Floats, penalty: Floats, b: Floats, step: Floats, loss: float
) -> tuple[Floats, float, float]:
    """A Newton step, halved until the loss does not rise; separated data would otherwise overshoot."""
    length = 1.0
    while length > 1e-6:
        candidate = b + length * step
        new_loss = _penalised_loss(design, y, weight, penalty, candidate)
        if new_loss <= loss:
            return candidate, new_loss, loss - new_loss
        length /= 2
    return b, loss, 0.0


def _penalised_loss(design: Floats, y: Floats, weight: Floats, penalty: Floats, b: Floats) -> float:
    z = design @ b
    return float(weight @ (np.logaddexp(0.0, z) - y * z) + 0.5 * penalty @ (b * b))
