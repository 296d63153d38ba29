"""Round numbers for axes."""

import math
from collections.abc import Sequence

from ..figures import Scale


def ticks(values: Sequence[float], scale: Scale, lines: int = 4) -> list[float]:
    """About `lines` evenly spaced round numbers around all values, never outside the scale; the shares and counts start from 0.

    values: at least one number of the scale, in its unit. Two ticks at least. A scale that begins at 1 is counted from 1 (1, 3, 5, 7):
    counted from 0 its lowest tick would lie outside it, and what is below the next one would be drawn outside the axis.
    """
    low, high = min(values), max(values)
    if scale.low == 0:
        low = 0.0
    start = scale.low if scale.low > 0 else 0.0
    if high - low < 1e-9:
        low, high = low - (0 if scale.low == 0 else 1), high + 1 / scale.factor
    step = _round_step((high - low) / (lines - 1))
    first, last = math.floor((low - start) / step + 1e-9), math.ceil((high - start) / step - 1e-9)
    marks = [round(start + i * step, 10) for i in range(first, last + 1)]
    inside = [m for m in marks if scale.low <= m <= scale.high]
    return inside if len(inside) >= 2 else marks


def spread(n: int, most: int) -> list[int]:
    """At most `most` places of 0…n−1, the first and the last among them, as evenly as may be."""
    if n <= most:
        return list(range(n))
    return sorted({round(i * (n - 1) / (most - 1)) for i in range(most)})


def _round_step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= rough - 1e-12)
