"""What callers give, checked further than `inputs` does: ranges, gaps, yes or no, and keys of any kind."""

from typing import Any

import numpy as np
import numpy.typing as npt

from luuppi.measures import inputs
from luuppi.measures.inputs import Floats, same_length

__all__ = ["Flags", "Floats", "Ints", "codes", "flags", "numbers", "one_number", "same_length"]

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def numbers(
    argument: str, values: Any, *, low: float | None = None, high: float | None = None, whole: bool = False, may_miss: bool = False
) -> Floats:
    """Finite numbers as float[n], n may be 0; true and false are 1 and 0; None and NaN are gaps, allowed with may_miss.

    Raises ValueError that names the argument and the position: words, infinities, numbers below low, above high or, with
    whole, between whole numbers.
    """
    array = np.asarray(values)
    found = inputs.numbers(argument, array.astype(np.float64) if array.dtype.kind == "b" else values, missing=may_miss)
    gap = np.isnan(found)
    if low is not None:
        _refuse(argument, found, ~gap & (found < low), f"below {low:g}")
    if high is not None:
        _refuse(argument, found, ~gap & (found > high), f"above {high:g}")
    if whole:
        _refuse(argument, found, ~gap & (found != np.floor(found)), "not a whole number")
    return found


def flags(argument: str, values: Any) -> Flags:
    """n answers to a yes-or-no question as booleans; true/false or 1/0. Raises ValueError for anything else."""
    said: Flags = numbers(argument, values, low=0, high=1, whole=True) == 1.0
    return said


def codes(argument: str, keys: Any) -> tuple[Ints, int]:
    """Numbers 0 … k−1 for n keys of any one kind (customers, units), and k. Raises ValueError for a missing key."""
    import pandas as pd

    numbered, distinct = pd.factorize(np.asarray(keys, dtype=object) if not hasattr(keys, "dtype") else keys)
    missing = np.flatnonzero(numbered < 0)
    if missing.size:
        raise ValueError(f"{argument}: position {int(missing[0])} is missing")
    return numbered.astype(np.int64), len(distinct)


def one_number(argument: str, value: Any, *, above: float | None = None, low: float | None = None, high: float | None = None) -> float:
    """A single finite number. Raises ValueError that names it."""
    number = float(numbers(argument, [value], low=low, high=high)[0])
    if above is not None and number <= above:
        raise ValueError(f"{argument}: must be above {above:g}, got {number:g}")
    return number


def _refuse(argument: str, values: Floats, wrong: Flags, what: str) -> None:
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ValueError(f"{argument}: position {at} is {values[at]:g}, {what}")
