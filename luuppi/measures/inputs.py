"""What callers give, turned into checked numpy arrays. Every refusal is a ValueError that names the argument, what was wrong and where.

A column is a list, an array, a column of a frame (pandas, polars), or whatever else has an order and is read from front to back. What has
none (a set, a mapping) is refused, and so is a text. Masked entries of numpy are missing values.
"""

from collections.abc import Iterator, Mapping, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from luuppi.measures.options import LARGEST, said

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]

_NOT_COUNTED: set[type] = {str, bytes, np.str_, np.bytes_, type(np.ma.masked)}


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

    missing=True: None, NaN and masked entries become NaN, otherwise they are refused. yes_no=True: True and False become 1 and 0.
    """
    found = _array(argument, values)
    if found.ndim != 1:
        raise ValueError(f"{argument}: needs one column of numbers, got {_shape(found, values)}")
    if yes_no and found.dtype.kind == "b":
        found = found.astype(np.float64)
    checked = _finite(argument, found, missing=missing, flags=yes_no)
    if low is not None:
        _refuse(argument, checked, checked < low, f"below {low:g}")
    if high is not None:
        _refuse(argument, checked, checked > high, f"above {high:g}")
    if whole:
        _refuse(argument, checked, ~np.isnan(checked) & (checked != np.floor(checked)), "not a whole number")
    return checked


def nps_answers(argument: str, values: Any, *, missing: bool = False) -> Floats:
    """Answers to the question of recommending, whole numbers 0–10, as float[n]; missing=True: those not given are NaN.

    A hundred answers of which none is 0 or above 5 are marks of five steps: as NPS answers all would be detractors, so they are refused.
    """
    found = within(argument, numbers(argument, values, missing=missing, whole=True), 0, 10)
    given = found[~np.isnan(found)]
    if len(given) >= 100 and given.min() >= 1 and given.max() <= 5 and len(np.unique(given)) > 2:
        raise ValueError(
            f"{argument}: all {len(given)} lie within 1–5, as marks do, and would be detractors; csat, mean and relative_weights take such a scale"
        )
    return found


def number_or_numbers(argument: str, values: Any, *, low: float | None = None, high: float | None = None) -> Floats:
    """As `numbers`, and a single number becomes float[1]."""
    found = _array(argument, values)
    return numbers(argument, found.reshape(1) if found.ndim == 0 else found, low=low, high=high)


def flags(argument: str, values: Any) -> Flags:
    """n answers to a yes-or-no question as booleans; true/false or 1/0."""
    told: Flags = numbers(argument, values, yes_no=True, low=0, high=1, whole=True) == 1.0
    return told


def listed(argument: str, values: Any) -> list[Any]:
    """n things of any kind in their order, gaps among them. Refused are a single text, and what has no order."""
    found = _array(argument, values, dtype=object)
    if found.ndim != 1:
        raise ValueError(f"{argument}: needs one column, got {_shape(found, values)}")
    return list(found)


def keys(argument: str, values: Any) -> list[Any]:
    """n names or numbers of things (teams, contacts) in their order. Refused are a single text, what has no order, and a missing one."""
    found = listed(argument, values)
    for position, key in enumerate(found):
        if _is_missing(key) or (isinstance(key, float) and key != key):
            raise ValueError(f"{argument}: position {position} is missing")
        if not isinstance(key, (str, int, float, tuple)) and key.__hash__ is None:
            raise ValueError(f"{argument}: position {position} is {said(key)}, which cannot be a key")
    return found


def codes(argument: str, values: Any) -> tuple[Ints, int]:
    """Numbers 0 … k−1 for n keys of any one kind (customers, units), and k. A missing key is refused."""
    import pandas as pd

    given = values if isinstance(values, pd.Series) else _array(argument, values, dtype=None if hasattr(values, "dtype") else object)
    if given.ndim != 1:
        raise ValueError(f"{argument}: needs one column of keys, got {_shape(np.asarray(given), values)}")
    kind = given.dtype
    odd = isinstance(kind, np.dtype) and kind.kind in "iuf" and (kind.itemsize > 8 or not kind.isnative)
    found: Any = np.asarray(given).astype(object) if odd else given  # rare forms of numbers, which pandas does not sort into kinds
    try:
        numbered, distinct = pd.factorize(found)
    except TypeError as reason:
        raise ValueError(f"{argument}: holds what cannot be a key ({reason})") from reason
    missing = np.flatnonzero(numbered < 0)
    if missing.size:
        raise ValueError(f"{argument}: position {int(missing[0])} is missing")
    return numbered.astype(np.int64), len(distinct)


def table(argument: str, values: Any, *, missing: bool = False, flags: bool = False) -> Floats:
    """The values as float[n, k]; a single row of numbers becomes one column. Frames, arrays, lists of lists, a mapping of name to column.

    flags=True: yes and no, as True and False or 1 and 0; anything else is refused.
    """
    if isinstance(values, Mapping):
        columns = {f"{argument}[{name!r}]": listed(f"{argument}[{name!r}]", column) for name, column in values.items()}
        same_length(**columns or {argument: []})
        found = np.array(list(columns.values()), dtype=object).T if columns else np.empty((0, 0))
    else:
        found = _array(argument, values, frames=True)
    if found.ndim == 1:
        found = found.reshape(-1, 1)
    if found.ndim != 2:
        raise ValueError(f"{argument}: needs rows and columns, got {_shape(found, values)}")
    if flags and found.dtype.kind == "b":
        return found.astype(np.float64, order="C")  # the same sums to the last digit, whatever form the table came in
    flat = _finite(argument, found.reshape(-1), missing=missing, columns=found.shape[1], flags=flags)
    odd = np.flatnonzero((flat != 0) & (flat != 1)) if flags else np.empty(0, dtype=np.int64)
    if odd.size:
        raise ValueError(f"{argument}: {_place(int(odd[0]), found.shape[1])} is {flat[odd[0]]:g}, neither 0 nor 1")
    return flat.reshape(found.shape)


def column_names(argument: str, values: Any, n_columns: int) -> list[str]:
    """The names of a frame's or mapping's columns; x1, x2, … where the values have none."""
    given = values.keys() if isinstance(values, Mapping) else getattr(values, "columns", None)
    names = [str(name) for name in given] if given is not None else [f"x{i + 1}" for i in range(n_columns)]
    for position, name in enumerate(names):
        if name in names[:position]:
            raise ValueError(f"{argument}: column {position} has the name {name!r} of an earlier column")
    return names


def frame(argument: str, values: Any) -> Any:
    """A pandas frame of differently named columns: itself, or made of another library's frame or of a mapping of name to column."""
    import pandas as pd

    if isinstance(values, pd.DataFrame):
        if not values.columns.is_unique:
            raise ValueError(f"{argument}: more than one column is named {values.columns[values.columns.duplicated()][0]!r}")
        return values
    names = list(values) if isinstance(values, Mapping) else getattr(values, "columns", None)
    if names is None:
        raise ValueError(f"{argument}: needs a data frame, or a mapping of name to column, got {said(values)}")
    columns = {name: listed(f"{argument}[{name!r}]", values[name]) for name in names}
    same_length(**{f"{argument}[{name!r}]": column for name, column in columns.items()} or {argument: []})
    return pd.DataFrame(columns)


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
    return whole(argument, within(argument, number_or_numbers(argument, values), 0, 1e15))


def same_length(**columns: Sequence[Any] | NDArray[Any]) -> int:
    """The common length of the named columns; ValueError says which differ."""
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"{' and '.join(lengths)}: must be equally long, got {told}")
    return next(iter(lengths.values()))


def _array(argument: str, values: Any, *, dtype: Any = None, frames: bool = False) -> NDArray[Any]:
    """The values as an array of any number of dimensions, masked entries as None; nothing is known of them yet."""
    if isinstance(values, (Iterator, ValuesView)):
        values = list(values)
    if isinstance(values, (str, bytes, Mapping, AbstractSet)) or (not frames and hasattr(values, "columns")):
        raise ValueError(f"{argument}: needs one column (a list, an array, a column of a frame), got {said(values)}")
    if isinstance(values, np.ma.MaskedArray):
        hidden, values = np.ma.getmaskarray(values), np.ma.getdata(values)
        if hidden.any():
            values = values.astype(object)
            values[hidden] = None
    if dtype is None and isinstance(values, (list, tuple)) and _kinds(values) & _NOT_COUNTED:
        dtype = object  # numpy would make each entry as wide as the longest text, and warns of its own masked entry
    try:
        found = np.asarray(values, dtype=dtype)
    except ValueError as ragged:
        raise ValueError(f"{argument}: the rows are of different lengths") from ragged
    if dtype is object and found.ndim > 1 and isinstance(values, (list, tuple)) and all(isinstance(one, tuple) for one in values):
        found = np.fromiter(values, dtype=object, count=len(values))  # keys of several parts
    return found


def _kinds(values: Sequence[Any]) -> set[type]:
    """The types of the entries of a column, or of all rows of a table."""
    kinds = set(map(type, values))
    if kinds & {list, tuple}:
        kinds.update(*(map(type, row) for row in values if isinstance(row, (list, tuple))))
    return kinds


def _shape(found: NDArray[Any], values: Any) -> str:
    if found.ndim == 0:
        return said(values)
    return f"{found.ndim} dimensions" if found.ndim > 2 else "a single row" if found.ndim == 1 else f"a table of {found.shape[1]} columns"


def _refuse(argument: str, values: Floats, wrong: Flags, what: str) -> None:
    if wrong.any():
        where = int(np.argmax(wrong))
        raise ValueError(f"{argument}: position {where} is {values[where]:g}, {what}")


def _finite(argument: str, found: NDArray[Any], *, missing: bool, columns: int = 0, flags: bool = False) -> Floats:
    if found.dtype.kind == "O":
        numbered = [_number(argument, value, _place(i, columns), flags=flags) for i, value in enumerate(found)]
        found = np.array(numbered, dtype=np.float64)
    elif found.size and found.dtype.kind not in "iuf":
        raise ValueError(f"{argument}: {_place(0, columns)} is {_what(found[0])}")
    with np.errstate(over="ignore"):  # a longdouble beyond float becomes infinite, and is refused as such
        result = found.astype(np.float64)
    wrong = np.flatnonzero(~(np.abs(result) <= LARGEST) & ~(missing & np.isnan(result)))
    if wrong.size:
        where = int(wrong[0])
        why = "a missing value; leave it out" if np.isnan(result[where]) else "not a number that can be counted with"
        raise ValueError(f"{argument}: {_place(where, columns)} is {result[where]}, {why}")
    return result


def _number(argument: str, value: Any, place: str, *, flags: bool) -> float:
    if _is_missing(value):
        return float("nan")
    if isinstance(value, (str, bytes, np.datetime64, np.timedelta64)) or (isinstance(value, (bool, np.bool_)) and not flags):
        raise ValueError(f"{argument}: {place} is {_what(value)}")
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError) as reason:
        raise ValueError(f"{argument}: {place} is {_what(value)}") from reason


def _is_missing(value: Any) -> bool:
    """Whether this is an empty place of Python, pandas or a masked array; NaN is a number."""
    return value is None or value is np.ma.masked or type(value).__name__ in ("NAType", "NaTType")


def _what(value: Any) -> str:
    """What stands in the place of a number, and what to do about the two that analysts meet."""
    if isinstance(value, (str, bytes)):
        return f"{said(value)}, not a number; read texts as numbers first (pandas.to_numeric)"
    if isinstance(value, np.datetime64) or hasattr(value, "isoformat"):
        return f"{said(value)}, a date and not a number; count days or weeks from one of them first"
    return f"{said(value)}, not a number"


def _place(position: int, columns: int) -> str:
    if not columns:
        return f"position {position}"
    row, column = divmod(position, columns)
    return f"row {row}, column {column}"
