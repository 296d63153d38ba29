"""A smooth curve that never rises: penalised cubic splines held down, the smoothness chosen by likelihood.

Source: Eilers and Marx (1996), Statistical Science 11, 89–121 (P-splines); Ramsay (1988), Statistical Science 3, 425–441
(monotone through non-negative weights of integrated splines); smoothness by restricted likelihood, Wood (2011), J. R. Stat. Soc. B
73, 3–36.
"""

from dataclasses import dataclass

import numpy as np

from luuppi.measures.inputs import Floats

_N_INTERVALS = 16
_DEGREE = 3
_PENALTIES = np.logspace(-3, 6, 28)
_FREE = 2  # a level and an even fall are never rough


@dataclass(frozen=True, slots=True)
class FallingSpline:
    """Prepared once for the places x of the bins; `fit` then costs little, so that it can be repeated for samples.

    steps: float[bins, k], curves that rise from 0 to 1; smooth: float[k − 1, k], differences of neighbouring weights.
    """

    steps: Floats
    smooth: Floats

    @staticmethod
    def at(x: Floats) -> "FallingSpline":
        """x: float[bins], not all equal."""
        basis = _b_splines((x - x.min()) / (x.max() - x.min()))
        # A sum of all later B-splines rises monotonically; a falling curve is a level minus non-negative amounts of them.
        steps = np.cumsum(basis[:, ::-1], axis=1)[:, ::-1][:, 1:]
        return FallingSpline(steps, np.diff(np.eye(steps.shape[1]), axis=0))

    def choose_penalty(self, y: Floats, weight: Floats) -> float:
        """Smoothness by restricted likelihood, from the curve before it is held down.

        Generalised cross-validation found the wait that hurts with an error 10–20 % larger in every one of six planted worlds.
        """
        design = np.column_stack([np.ones(len(y)), self.steps])
        squares = design.T @ (design * weight[:, None])
        squares[np.diag_indices(len(squares))] += 1e-9 * squares[0, 0]  # stretches of the wait without answers
        rough = np.zeros_like(squares)
        rough[1:, 1:] = self.smooth.T @ self.smooth
        # In the directions where both are diagonal, every penalty is a row of shrinking factors. Two directions are free of it.
        root = np.linalg.inv(np.linalg.cholesky(squares))
        roughness, turn = np.linalg.eigh(root @ rough @ root.T)
        signal = (turn.T @ (root @ (design.T @ (weight * y)))) ** 2
        held = _PENALTIES[:, None] * np.maximum(roughness[_FREE:], 1e-300)
        total = float(weight @ y**2)
        left = total - signal[:_FREE].sum() - (1 / (1 + held)) @ signal[_FREE:]
        degrees = np.count_nonzero(weight) - _FREE
        misfit = degrees * np.log(np.maximum(left, max(1e-12 * total, 1e-300))) + np.log1p(1 / held).sum(axis=1)
        return float(_PENALTIES[int(np.argmin(misfit))])

    def spread(self, weight: Floats, penalty: float) -> Floats:
        """Standard error of each height for answers of variance 1, float[bins], by the curves that fit the answers and are smooth.

        Over the whole curve intervals of it hold the truth as often as they say; those of redrawn samples know nothing of what
        smoothness has taken off. Source: Nychka (1988), J. Am. Stat. Assoc. 83, 1134–1143.
        """
        design = np.column_stack([np.ones(len(weight)), self.steps])
        squares = design.T @ (design * weight[:, None])
        squares[np.diag_indices(len(squares))] += 1e-9 * squares[0, 0]
        squares[1:, 1:] += penalty * (self.smooth.T @ self.smooth)
        error: Floats = np.sqrt(np.einsum("bi,ij,bj->b", design, np.linalg.inv(squares), design))
        return error

    def fit(self, y: Floats, weight: Floats, penalty: float) -> Floats:
        """Heights of the falling curve at the bins, float[bins]; y: their means, weight: their answers (0 allowed)."""
        from scipy.optimize import nnls

        total = weight.sum()
        centre, means = float(weight @ y / total), weight @ self.steps / total
        root = np.sqrt(weight)[:, None]
        design = np.vstack([-(self.steps - means) * root, np.sqrt(penalty) * self.smooth])
        target = np.concatenate([(y - centre) * root[:, 0], np.zeros(len(self.smooth))])
        amounts, _ = nnls(design, target, maxiter=50 * design.shape[1])
        heights: Floats = centre - (self.steps - means) @ amounts
        return heights


def falling_steps(y: Floats, weight: Floats) -> Floats:
    """Heights of the best curve that never rises, float[bins], without smoothness (isotonic regression, pool adjacent)."""
    from scipy.optimize import isotonic_regression

    used = weight > 0
    heights = np.empty(len(y))
    heights[used] = isotonic_regression(y[used], weights=weight[used], increasing=False).x
    heights[~used] = np.interp(np.flatnonzero(~used), np.flatnonzero(used), heights[used])
    return heights


def _b_splines(x: Floats) -> Floats:
    """Cubic B-splines on equal knots over 0–1, float[n, _N_INTERVALS + 3]; each row adds up to 1."""
    from scipy.interpolate import BSpline

    step = 1 / _N_INTERVALS
    knots = np.arange(-_DEGREE, _N_INTERVALS + _DEGREE + 1) * step
    return np.asarray(BSpline.design_matrix(np.clip(x, 0, 1 - 1e-12), knots, _DEGREE).toarray())
