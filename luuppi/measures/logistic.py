"""Logistic regression with a ridge penalty by Newton steps: small, exact and the same on every run.

Used where a probability is read off a few dozen columns; it does not draw in a heavy library.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from luuppi.measures.inputs import Floats, Ints


class Design(Protocol):
    """The columns X that a probability is read from, with a column of ones before them: float[n, 1 + p]."""

    def n_columns(self) -> int:
        """1 + p."""
        ...

    def times(self, b: Floats) -> Floats:
        """X b, float[n]."""
        ...

    def sums(self, v: Floats) -> Floats:
        """X' v, float[1 + p]."""
        ...

    def squares(self, w: Floats) -> Floats:
        """X' diag(w) X, float[1 + p, 1 + p]."""
        ...


@dataclass(frozen=True, slots=True)
class Dense:
    """Number columns, float[n, 1 + p] with ones first; made by `Dense.of`."""

    x: Floats

    @staticmethod
    def of(columns: Floats) -> "Dense":
        return Dense(np.column_stack([np.ones(len(columns)), columns]))

    def n_columns(self) -> int:
        return int(self.x.shape[1])

    def times(self, b: Floats) -> Floats:
        return self.x @ b

    def sums(self, v: Floats) -> Floats:
        return self.x.T @ v

    def squares(self, w: Floats) -> Floats:
        half = self.x * np.sqrt(w)[:, None]
        return half.T @ half


@dataclass(frozen=True, slots=True)
class OneHot:
    """Words as levels: level[j] int[n] in 0 … sizes[j]−1. Equal to a 0/1 column for each level, without making them."""

    level: tuple[Ints, ...]
    sizes: tuple[int, ...]
    n: int

    @staticmethod
    def of(levels: list[Ints], n: int) -> "OneHot":
        return OneHot(tuple(levels), tuple(int(level.max()) + 1 for level in levels), n)

    def rows(self, chosen: Any) -> "OneHot":
        """The same columns for some of the rows (bool[n])."""
        return OneHot(tuple(level[chosen] for level in self.level), self.sizes, int(np.count_nonzero(chosen)))

    def n_columns(self) -> int:
        return 1 + sum(self.sizes)

    def times(self, b: Floats) -> Floats:
        total = np.full(self.n, b[0])
        for level, part in zip(self.level, np.split(b[1:], np.cumsum(self.sizes)[:-1]), strict=False):
            total += part[level]
        return total

    def sums(self, v: Floats) -> Floats:
        each = [np.bincount(level, weights=v, minlength=size) for level, size in zip(self.level, self.sizes, strict=True)]
        return np.concatenate([[v.sum()], *each])

    def squares(self, w: Floats) -> Floats:
        start = np.concatenate([[1], 1 + np.cumsum(self.sizes)]).astype(np.int64)
        result = np.zeros((self.n_columns(), self.n_columns()))
        result[0] = result[:, 0] = self.sums(w)
        for i, (first, k) in enumerate(zip(self.level, self.sizes, strict=True)):
            for j in range(i, len(self.sizes)):
                m = self.sizes[j]
                table = np.bincount(first * m + self.level[j], weights=w, minlength=k * m).reshape(k, m)
                result[start[i] : start[i + 1], start[j] : start[j + 1]] = table
                result[start[j] : start[j + 1], start[i] : start[i + 1]] = table.T
        return result

    def forms(self, matrix: Floats) -> Floats:
        """x' M x for every row x, float[n]; M symmetric."""
        start = np.concatenate([[1], 1 + np.cumsum(self.sizes)]).astype(np.int64)
        total = np.full(self.n, matrix[0, 0])
        for i, first in enumerate(self.level):
            total += 2 * matrix[0][start[i] + first] + matrix[start[i] + first, start[i] + first]
            for j in range(i + 1, len(self.sizes)):
                total += 2 * matrix[start[i] + first, start[j] + self.level[j]]
        return total


def fit_logistic(design: Design, y: Floats, *, ridge: float) -> Floats:
    """Coefficients [1 + p] of P(y = 1 | x), the constant first; the constant is not penalised.

    y: float[n] ≥ 0, usually 0 or 1 (a known chance of selection may be divided out of it). ridge > 0 keeps collinear and
    separated data defined: the penalty is ridge/2 · Σ b². With n = 0 all are zero.
    Source: ridge logistic regression, le Cessie and van Houwelingen (1992), Appl. Statist. 41, 191–201.
    """
    penalty = np.full(design.n_columns(), ridge)
    penalty[0] = 1e-6  # only against a class that never occurs
    b = np.zeros(design.n_columns())
    loss = _penalised_loss(design, y, penalty, b)
    for _ in range(100):
        mu = chance(design.times(b))
        slope = design.sums(y - mu) - penalty * b
        curve = design.squares(mu * (1 - mu))
        curve[np.diag_indices(len(b))] += penalty
        step = np.asarray(np.linalg.solve(curve, slope), dtype=np.float64)
        b, loss, moved = _descend(design, y, penalty, b, step, loss)
        # Newton's error squares at each step: after one that was to gain 1e-6, the next would gain about 1e-12.
        if not moved or slope @ step < 1e-6:
            break
    return b


def chance(log_odds: Floats) -> Floats:
    """1/(1 + e^−z) without overflow; z is cut at ±35, where the probability differs from 0 or 1 by less than 1e−15."""
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -35.0, 35.0)))


def log_odds(probability: Floats) -> Floats:
    """ln(p/(1 − p)), p kept 1e−9 away from 0 and 1."""
    p = np.clip(probability, 1e-9, 1 - 1e-9)
    result: Floats = np.log(p) - np.log1p(-p)
    return result


def _descend(design: Design, y: Floats, penalty: Floats, b: Floats, step: Floats, loss: float) -> tuple[Floats, float, bool]:
    """A Newton step, halved until the loss does not rise; separated data would otherwise overshoot."""
    length = 1.0
    while length > 1e-6:
        candidate = b + length * step
        new_loss = _penalised_loss(design, y, penalty, candidate)
        if new_loss <= loss:
            return candidate, new_loss, True
        length /= 2
    return b, loss, False


def _penalised_loss(design: Design, y: Floats, penalty: Floats, b: Floats) -> float:
    z = design.times(b)
    return float(np.logaddexp(0.0, z).sum() - y @ z + 0.5 * penalty @ (b * b))
