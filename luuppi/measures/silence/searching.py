"""The lowest point of a smooth function of a few numbers inside a box, by its slope.

scipy's L-BFGS-B does the same, but wakes a thread for its triangles of four at every step: with two numeric threads a fit of a million
customers took a third longer than with one. Here nothing is large enough to start one.
Source: Nocedal and Wright (2006), Numerical Optimization (2nd ed.), algorithm 6.1 (BFGS) with a projected step, section 16.7.
"""

from collections.abc import Callable

import numpy as np

from luuppi.measures.inputs import Floats

_FLAT = 1e-8  # the largest slope that counts as none
_MOST_STEPS = 500
_SHORTEST = 1e-10  # of a step: what is shorter is rounding
_ENOUGH = 1e-4  # of the fall that the slope promises


def lowest(function: Callable[[Floats], tuple[float, Floats]], start: Floats, low: float, high: float) -> tuple[Floats, float]:
    """(where, value) of the lowest point found from `start`, all coordinates kept in low … high.

    function: float[k] → (value, slope float[k]). Where rounding hides any further fall, the point reached is the answer.
    """
    at, (value, slope) = start, function(start)
    curve = None  # of the function, float[k, k]; none is known before the first step
    for _ in range(_MOST_STEPS):
        free = ~(((at <= low) & (slope > 0)) | ((at >= high) & (slope < 0)))
        if np.abs(slope[free]).max(initial=0.0) < _FLAT:
            break
        found = _step(function, at, value, _direction(slope, free, curve), slope, low, high)
        if found is None and curve is not None:
            curve = None  # what was learnt of the curve leads nowhere any more: once more straight down
            found = _step(function, at, value, _direction(slope, free, curve), slope, low, high)
        if found is None:
            break
        then, value, new_slope = found
        curve = _learn(curve, then - at, new_slope - slope)
        at, slope = then, new_slope
    return at, value


def _direction(slope: Floats, free: np.ndarray[tuple[int], np.dtype[np.bool_]], curve: Floats | None) -> Floats:
    way = np.zeros_like(slope)
    if curve is None:
        way[free] = -slope[free] / max(1.0, float(np.abs(slope[free]).sum()))
    else:
        way[free] = -np.linalg.solve(curve[np.ix_(free, free)], slope[free])
    return way


def _step(
    function: Callable[[Floats], tuple[float, Floats]], at: Floats, value: float, way: Floats, slope: Floats, low: float, high: float
) -> tuple[Floats, float, Floats] | None:
    """The first of ever shorter steps that falls enough; None when none does."""
    length = 1.0
    while length > _SHORTEST:
        then = np.clip(at + length * way, low, high)
        promised = float((slope * (then - at)).sum())
        new_value, new_slope = function(then)
        if promised < 0 and new_value <= value + _ENOUGH * promised:
            return then, new_value, new_slope
        length /= 2
    return None


def _learn(curve: Floats | None, moved: Floats, turned: Floats) -> Floats | None:
    """The curve with what a step has shown of it; unchanged where the step shows no upward bend, which keeps it solvable."""
    bend, size = float((moved * turned).sum()), float((turned**2).sum())
    if bend <= 1e-12 * np.sqrt(float((moved**2).sum()) * size):
        return curve
    if curve is None:
        curve = np.eye(len(moved)) * (size / bend)
    pushed = (curve * moved).sum(axis=1)
    learnt: Floats = curve - np.outer(pushed, pushed) / float((moved * pushed).sum()) + np.outer(turned, turned) / bend
    return learnt
