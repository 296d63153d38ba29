"""The rows of the table of trust: a measured figure beside a reference value, and one honest word for how they compare.

A row is a dict: set, figure, measured, reference, tolerance, verdict. The reference is the published or wanted value itself, never a
loosened one. The tolerance says how far the draw or rounding alone may move the figure; a row that passes only through it says so.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, Any]
Measure = Callable[..., Iterable[Row]]

HOLDS, FAILS = "holds", "does not hold"
WITHIN, BELOW = "below the reference, within tolerance", "below the reference"
MEASURED, ABSENT, LEFT_OUT, STOPPED = "measured", "set not there", "left out by --quick", "stopped before"


@dataclass(frozen=True)
class Planned:
    """A measure to come. of: its set; folder or file that it is called with, () for none, None where its set is absent."""

    of: str
    measure: Measure
    arguments: tuple[Any, ...] | None
    long: bool = False

    @property
    def name(self) -> str:
        """Short and different from that of every other measure of its part."""
        of = Path(self.of).name.split(".")[0]
        return self.measure.__name__ if of in ("planted truth", self.measure.__name__) else f"{self.measure.__name__}_{of}"


def shared_data() -> Path | None:
    """The folder of reference sets: LUUPPI_SHARED_DATA or shared/data beside the checkout; None where there is none."""
    told = os.environ.get("LUUPPI_SHARED_DATA")
    places = [Path(told)] if told else [ROOT.parent / "shared" / "data", ROOT.parent.parent / "shared" / "data"]
    return next((place for place in places if place.is_dir()), None)


def row(of: str, figure: str, measured: object, reference: object, tolerance: object, *, holds: bool | None) -> Row:
    """A comparison that the caller made; holds=None: measured without a reference."""
    return _row(of, figure, measured, reference, tolerance, MEASURED if holds is None else HOLDS if holds else FAILS)


def without(of: str, figure: str, verdict: str) -> Row:
    """A figure that could not be measured: ABSENT, LEFT_OUT or STOPPED."""
    return _row(of, figure, None, None, None, verdict)


def near(of: str, figure: str, measured: float | None, reference: float, tolerance: float) -> Row:
    """The same value as the reference, to the tolerance that was published with it."""
    holds = measured is not None and abs(measured - reference) <= tolerance
    return _row(of, figure, _rounded(measured, 6), reference, f"± {tolerance:g}", HOLDS if holds else FAILS)


def at_least(of: str, figure: str, measured: float | None, reference: float, within: float = 0.0) -> Row:
    """More is better; `within` is what the draw, or the rounding of a published value, may take away."""
    short = None if measured is None else reference - measured
    return _row(of, figure, _rounded(measured, 4), reference, _words("at least", "−", within), _compared(short, within))


def at_most(of: str, figure: str, measured: float | None, reference: float, within: float = 0.0) -> Row:
    """Less is better; `within` is what the draw, or the rounding of a published value, may add."""
    over = None if measured is None else measured - reference
    return _row(of, figure, _rounded(measured, 4), reference, _words("at most", "+", within), _compared(over, within))


def plain(value: Any) -> object:
    """A number of numpy as one of Python."""
    return value.item()


def _row(of: str, figure: str, measured: object, reference: object, tolerance: object, verdict: str) -> Row:
    return {"set": of, "figure": figure, "measured": measured, "reference": reference, "tolerance": tolerance, "verdict": verdict}


def _compared(short: float | None, within: float) -> str:
    if short is None:
        return FAILS
    return HOLDS if short <= 0 else WITHIN if short <= within else BELOW


def _rounded(measured: float | None, digits: int) -> float | None:
    return None if measured is None else round(float(measured), digits)


def _words(bound: str, sign: str, within: float) -> str:
    return f"{bound}, {sign} {within:g} tolerated" if within else bound
