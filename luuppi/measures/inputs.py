"""What callers give, turned into checked numpy arrays. Every refusal is a ValueError that names the argument, what was wrong and where."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]

# Squares of values up to this stay far from overflow, so no sum below it can become infinite.
LARGEST = 1e60


def numbers(
    argument: str,
    values: Any,
    *,
    missing: bool = False,
    yes_no: bool = False,
    low: float | None = None,
    high: float | None = None,
    whole: bool = False,
) -> Floats:
    """The values as float[n], n may be 0. Refused are infinities, texts, what lies below low or above high and, with whole, fractions.

    missing=True: None and NaN become NaN, otherwise they are refused. yes_no=True: an array of True and False becomes 1 and 0.
    """
    found = np.asarray(values)
    if found.ndim != 1:
        raise ValueError(f"{argument}: needs one row of numbers, got {found.ndim} dimensions")
    if yes_no and found.dtype.kind == "b":
        found = found.astype(np.float64)
    checked = _finite(argument, found, missing=missing)
    if low is not None:
        _refuse(argument, checked, checked < low, f"below {low:g}")
    if high is not None:
        _refuse(argument, checked, checked > high, f"above {high:g}")
    if whole:
        _refuse(argument, checked, ~np.isnan(checked) & (checked != np.floor(checked)), "not a whole number")
    return checked


def one_number(argument: str, value: Any, *, above: float | None = None, low: float | None = None, high: float | None = None) -> float:
    """A single finite number."""
    number = float(numbers(argument, [value], low=low, high=high)[0])
    if above is not None and number <= above:
        raise ValueError(f"{argument}: must be above {above:g}, got {number:g}")
    return number


def flags(argument: str, values: Any) -> Flags:
    """n answers to a yes-or-no question as booleans; true/false or 1/0."""
    said: Flags = numbers(argument, values, yes_no=True, low=0, high=1, whole=True) == 1.0
    return said


def codes(argument: str, keys: Any) -> tuple[Ints, int]:
    """Numbers 0 … k−1 for n keys of any one kind (customers, units), and k. A missing key is refused."""
    import pandas as pd

    numbered, distinct = pd.factorize(np.asarray(keys, dtype=object) if not hasattr(keys, "dtype") else keys)
    missing = np.flatnonzero(numbered < 0)
    if missing.size:
        raise ValueError(f"{argument}: position {int(missing[0])} is missing")
    return numbered.astype(np.int64), len(distinct)


def table(argument: str, values: Any, *, missing: bool = False, flags: bool = False) -> Floats:
    """The values as float[n, k]; a single row of numbers becomes one column. Frames, arrays and lists of lists.

    flags=True: yes and no, as True and False or 1 and 0; anything else is refused.
    """
    try:
        found = np.asarray(values)
    except ValueError as ragged:
        raise ValueError(f"{argument}: the rows are of different lengths") from ragged
    if found.ndim == 1:
        found = found.reshape(-1, 1)
    if found.ndim != 2:
        raise ValueError(f"{argument}: needs rows and columns, got {found.ndim} dimensions")
    if flags and found.dtype.kind == "b":
        return found.astype(np.float64, order="C")  # the same sums to the last digit, whatever form the table came in
    flat = _finite(argument, found.reshape(-1), missing=missing, columns=found.shape[1], flags=flags)
    odd = np.flatnonzero((flat != 0) & (flat != 1)) if flags else np.empty(0, dtype=np.int64)
    if odd.size:
        raise ValueError(f"{argument}: {_place(int(odd[0]), found.shape[1])} is {flat[odd[0]]:g}, neither 0 nor 1")
    return flat.reshape(found.shape)


def column_names(argument: str, values: Any, n_columns: int) -> list[str]:
    """The names of a frame's columns; x1, x2, … where the values have none."""
    given = getattr(values, "columns", None)
    names = [str(name) for name in given] if given is not None else [f"x{i + 1}" for i in range(n_columns)]
    for position, name in enumerate(names):
        if name in names[:position]:
            raise ValueError(f"{argument}: column {position} has the name {name!r} of an earlier column")
    return names


def within(argument: str, values: Floats, lowest: float, highest: float) -> Floats:
    """The same values, refused unless each lies in lowest … highest."""
    _refuse(argument, values, (values < lowest) | (values > highest), f"outside {lowest:g}–{highest:g}")
    return values


def whole(argument: str, values: Floats) -> Floats:
    """The same values, refused unless each is a whole number."""
    _refuse(argument, values, values != np.floor(values), "not a whole number")
    return values


def counts(argument: str, values: ArrayLike) -> Floats:
    """Counts of answers or customers: whole numbers from 0, as float[n]. A single count becomes float[1]."""
    return whole(argument, within(argument, numbers(argument, np.atleast_1d(np.asarray(values))), 0, 1e15))


def same_length(**columns: Sequence[Any] | NDArray[Any]) -> int:
    """The common length of the named columns; ValueError says which differ."""
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"{' and '.join(lengths)}: must be equally long, got {said}")
    return next(iter(lengths.values()))


def share(argument: str, value: float) -> float:
    """A confidence or probability strictly between 0 and 1."""
    if not 0.0 < value < 1.0:
        raise ValueError(f"{argument}: must lie between 0 and 1, got {value!r}")
    return float(value)


def _refuse(argument: str, values: Floats, wrong: Flags, what: str) -> None:
    if wrong.any():
        where = int(np.argmax(wrong))
        raise ValueError(f"{argument}: position {where} is {values[where]:g}, {what}")


def _finite(argument: str, found: NDArray[Any], *, missing: bool, columns: int = 0, flags: bool = False) -> Floats:
    if found.dtype.kind == "O":
        numbered = [_number(argument, value, _place(i, columns), flags=flags) for i, value in enumerate(found)]
        found = np.array(numbered, dtype=np.float64)
    elif found.size and found.dtype.kind not in "iuf":
        raise ValueError(f"{argument}: {_place(0, columns)} is {found[0]!r}, not a number")
    result = found.astype(np.float64)
    wrong = np.flatnonzero(~(np.abs(result) <= LARGEST) & ~(missing & np.isnan(result)))
    if wrong.size:
        where = int(wrong[0])
        why = "a missing value; leave it out" if np.isnan(result[where]) else "not a number that can be counted with"
        raise ValueError(f"{argument}: {_place(where, columns)} is {result[where]}, {why}")
    return result


def _number(argument: str, value: Any, place: str, *, flags: bool) -> float:
    if value is None or type(value).__name__ == "NAType":
        return float("nan")
    if isinstance(value, (str, bytes)) or (isinstance(value, (bool, np.bool_)) and not flags):
        raise ValueError(f"{argument}: {place} is {value!r}, not a number")
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError) as reason:
        raise ValueError(f"{argument}: {place} is {type(value).__name__}, not a number") from reason


def _place(position: int, columns: int) -> str:
    if not columns:
        return f"position {position}"
    row, column = divmod(position, columns)
    return f"row {row}, column {column}"
