"""What callers give, as checked arrays: every refusal names the argument, what is wrong with it and where."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def numbers(
    name: str, values: Any, *, low: float | None = None, high: float | None = None, whole: bool = False, may_miss: bool = False
) -> Floats:
    """One-dimensional finite numbers as float64.

    values: list, tuple, array or series of n numbers; n may be 0. None and NaN are missing, allowed only with may_miss.
    Raises ValueError for anything else: words, infinities, numbers below low, above high or, with whole, between whole numbers.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"{name}: must be numbers only ({problem})") from problem
    if array.ndim != 1:
        raise ValueError(f"{name}: must be one list of numbers, has {array.ndim} dimensions")
    missing = np.isnan(array)
    if not may_miss:
        _refuse(name, values, missing, "is missing")
    _refuse(name, values, np.isinf(array), "is infinite")
    if low is not None:
        _refuse(name, values, ~missing & (array < low), f"is below {low:g}")
    if high is not None:
        _refuse(name, values, ~missing & (array > high), f"is above {high:g}")
    if whole:
        _refuse(name, values, ~missing & (array != np.floor(array)), "is not a whole number")
    return array


def flags(name: str, values: Any) -> Flags:
    """n answers to a yes-or-no question as booleans; true/false or 1/0. Raises ValueError for anything else."""
    array = numbers(name, values, low=0, high=1, whole=True)
    return array == 1.0


def same_length(**arrays: Any) -> int:
    """The common length of the named arrays. Raises ValueError that names those which differ."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError("must be of equal length: " + ", ".join(f"{name} has {n}" for name, n in lengths.items()))
    return next(iter(lengths.values()))


def codes(name: str, keys: Any) -> tuple[Ints, int]:
    """Numbers 0 … k−1 for n keys of any one kind (customers, units), and k; keys that are missing are refused."""
    import pandas as pd

    numbered, distinct = pd.factorize(np.asarray(keys, dtype=object))
    _refuse(name, keys, numbered < 0, "is missing")
    return numbered.astype(np.int64), len(distinct)


def one_number(name: str, value: Any, *, above: float | None = None, low: float | None = None, high: float | None = None) -> float:
    """A single finite number. Raises ValueError that names it."""
    number = float(numbers(name, [value], low=low, high=high)[0])
    if above is not None and number <= above:
        raise ValueError(f"{name}: must be above {above:g}, is {number:g}")
    return number


def _refuse(name: str, values: Any, wrong: Flags, what: str) -> None:
    if wrong.any():
        at = int(np.argmax(wrong))
        n_more = int(wrong.sum()) - 1
        more = f" (and {n_more} more)" if n_more else ""
        raise ValueError(f"{name}: the value at position {at} {what}{more}: {list(values)[at]!r}")
