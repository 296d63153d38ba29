"""A smooth curve that never rises: penalised cubic splines held down, the smoothness chosen by cross-validation.

Source: Eilers and Marx (1996), Statistical Science 11, 89–121 (P-splines); Ramsay (1988), Statistical Science 3, 425–441
(monotone through non-negative weights of integrated splines); smoothness by generalised cross-validation, Craven and Wahba
(1979), Numer. Math. 31, 377–403.
"""

from dataclasses import dataclass

import numpy as np

from luuppi.measures.inputs import Floats

_N_INTERVALS = 16
_DEGREE = 3
_PENALTIES = np.logspace(-3, 6, 28)


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
        """Smoothness by generalised cross-validation, from the curve before it is held down."""
        design = np.column_stack([np.ones(len(y)), self.steps])
        squares = design.T @ (design * weight[:, None])
        squares[np.diag_indices(len(squares))] += 1e-9 * squares[0, 0]  # stretches of the wait without answers
        rough = np.zeros_like(squares)
        rough[1:, 1:] = self.smooth.T @ self.smooth
        # In the directions where both are diagonal, every penalty is a row of shrinking factors.
        root = np.linalg.inv(np.linalg.cholesky(squares))
        roughness, turn = np.linalg.eigh(root @ rough @ root.T)
        signal = turn.T @ (root @ (design.T @ (weight * y)))
        kept = 1 / (1 + _PENALTIES[:, None] * np.maximum(roughness, 0.0))
        left = weight @ y**2 - (2 * kept - kept**2) @ signal**2
        freedom = kept.sum(axis=1)
        return float(_PENALTIES[int(np.argmin(left / np.maximum(len(y) - freedom, 0.5) ** 2))])

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
