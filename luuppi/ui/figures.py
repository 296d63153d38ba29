"""How a figure is written: its value, interval and n in the reader's language, and where it stands on its scale.

An estimate is anything with `value`, `low`, `high` and `n` (luuppi.measures); a value of None means that too few have answered to show it.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from . import writing


@dataclass(frozen=True)
class Scale:
    """From–to of a measure in its own unit; `factor` turns it into what is written (shares are 0–1, per cent on screen)."""

    low: float
    high: float
    decimals: int = 0
    factor: float = 1
    unit: str = ""


SCALES = {
    "nps": Scale(-100, 100),
    "share": Scale(0, 1, factor=100, unit="%"),
    "csat": Scale(0, 1, factor=100, unit="%"),
    "ces": Scale(1, 7, decimals=1, unit="/ 7"),
    "five": Scale(1, 5, decimals=1, unit="/ 5"),
}


@dataclass(frozen=True)
class Written:
    """A figure in words; `x_low`, `x`, `x_high` are its places on the scale, 0–100."""

    value: str
    unit: str
    interval: str
    n: str
    x_low: float
    x: float | None
    x_high: float
    shown: bool = True


def write_figure(estimate: Any, of: str = "nps") -> Written:
    """Raises KeyError for an unknown measure `of` (nps, share, csat, ces, five)."""
    scale = SCALES[of]
    n = writing.number(estimate.n)
    if estimate.value is None:
        return Written(writing.DASH, "", _("too few answers"), n, 0, None, 100, shown=False)
    value, low, high = (x * scale.factor for x in (estimate.value, estimate.low, estimate.high))
    unit = writing.per_cent() if scale.unit == "%" else ""
    return Written(
        writing.number(value, scale.decimals),
        scale.unit,
        writing.interval(low, high, scale.decimals, unit, negatives=scale.low < 0),
        n,
        *(_place(x, scale) for x in (estimate.low, estimate.value, estimate.high)),
    )


def _place(x: float, scale: Scale) -> float:
    return round(min(100.0, max(0.0, (x - scale.low) / (scale.high - scale.low) * 100)), 2)
