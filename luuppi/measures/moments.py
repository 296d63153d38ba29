"""When things happened: numbers, dates and moments as one column of numbers, and never two kinds of them compared with each other."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

import numpy as np

from luuppi.measures.inputs import Floats, listed, numbers
from luuppi.measures.options import said

Kind: TypeAlias = Literal["numbers", "without a time zone", "with a time zone"]

_DAY = 86_400.0
_ZONE_AT_END = re.compile(r"[T ]\S*(?:Z|[+-]\d{2}:?(?:\d{2})?)$")


@dataclass(frozen=True, slots=True)
class Moments:
    """values: float[n], numbers as they are and moments in seconds since 1970 (by the clock on the wall where there is no time zone), NaN
    where missing. kind: of all of them; None when all are missing."""

    values: Floats
    kind: Kind | None


def moments(argument: str, values: Any) -> Moments:
    """A column of numbers, dates or moments (texts as in RFC 3339), gaps allowed.

    Raises ValueError for anything else, and for moments with and without a time zone in one column: they cannot be put in order.
    """
    import pandas as pd

    kind, given = _kind(argument, values)
    if kind == "numbers" or kind is None:
        found = numbers(argument, given, missing=True)
        return Moments(found, None if np.isnan(found).all() else "numbers")
    try:
        read = pd.to_datetime(pd.Series(given), utc=True, format="ISO8601")  # one reading of a text, never a guess
    except (TypeError, ValueError, OverflowError) as problem:
        raise ValueError(f"{argument}: {_unread(given)}") from problem
    start = pd.Timestamp(0, tz="UTC").as_unit(read.dt.unit)  # in nanoseconds the year 9999 would be too far off
    seconds = (read - start).dt.total_seconds()
    return Moments(np.asarray(seconds.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64), kind)


def days(argument: str, values: Any) -> Moments:
    """Whole days, float[n]: numbers rounded down, dates and moments as days since 1970, each by the clock on its own wall. None is missing.

    Raises ValueError as `moments` does, for missing days, and for dates written as numbers such as 19970131, whose distance is no time.
    """
    kind, given = _kind(argument, values)
    found = moments(argument, _on_the_wall(given) if kind == "with a time zone" else given)
    gaps = np.flatnonzero(np.isnan(found.values))
    if gaps.size:
        raise ValueError(f"{argument}: position {int(gaps[0])} is missing; leave it out")
    if kind is not None and kind != "numbers":
        return Moments(np.floor(found.values / _DAY), kind)
    if _written_as_numbers(found.values):
        raise ValueError(f"{argument}: position 0 is {found.values[0]:.0f}, a date written as a number; make dates of them (pandas.to_datetime)")
    return Moments(np.floor(found.values), kind)


def refuse_two_kinds(**given: Moments) -> None:
    """Raise ValueError that names both, where two columns that are to be compared are of different kinds."""
    kinds = {name: one.kind for name, one in given.items() if one.kind is not None}
    if len(set(kinds.values())) > 1:
        told = ", ".join(f"{name} {'are' if kind == 'numbers' else 'are moments'} {kind}" for name, kind in kinds.items())
        raise ValueError(f"{' and '.join(kinds)}: cannot be compared: {told}")


def _kind(argument: str, values: Any) -> tuple[Kind | None, Any]:
    """What the column holds, and the column: as it is where its type tells, else as a list."""
    dtype = getattr(values, "dtype", None)
    held = getattr(dtype, "kind", "") if getattr(values, "ndim", 1) == 1 else ""
    if held in ("i", "u", "f"):
        return "numbers", values
    if held == "M":
        return ("without a time zone" if getattr(dtype, "tz", None) is None else "with a time zone"), values
    # As an array the moments of polars would lose their time zone.
    given = listed(argument, values.to_list() if hasattr(values, "to_list") else values)
    kinds = {_kind_of(argument, value, place) for place, value in enumerate(given) if not _missing(value)}
    if len(kinds) > 1:
        raise ValueError(f"{argument}: has values that are {' and others that are '.join(sorted(kinds))}; they cannot be compared")
    return (next(iter(kinds)) if kinds else None), given


def _kind_of(argument: str, value: Any, place: int) -> Kind:
    if isinstance(value, str):
        return "with a time zone" if _ZONE_AT_END.search(value.strip()) else "without a time zone"
    if isinstance(value, datetime):
        return "without a time zone" if value.tzinfo is None else "with a time zone"
    if isinstance(value, (date, np.datetime64)):
        return "without a time zone"
    if isinstance(value, (bool, bytes)) or not hasattr(value, "__float__"):
        raise ValueError(f"{argument}: position {place} is {said(value)}, neither a number nor a moment")
    return "numbers"


def _unread(given: Any) -> str:
    """Which of the moments could not be read, the first of them."""
    import pandas as pd

    told = list(given)
    read = pd.to_datetime(pd.Series(told, dtype=object), utc=True, format="ISO8601", errors="coerce")
    for place in np.flatnonzero(read.isna().to_numpy()):
        if not _missing(told[place]):
            return f"position {place} is {said(told[place])}, no moment that can be read; write days as 2026-05-31, moments as 2026-05-31T14:00"
    return "must be numbers or moments"


def _missing(value: Any) -> bool:
    return value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, (float, np.datetime64)) and bool(value != value))


def _on_the_wall(given: Any) -> Any:
    """Moments without their time zone: one day is what the clock beside the customer says."""
    import pandas as pd

    if not isinstance(given, list):
        return pd.Series(given).dt.tz_localize(None)
    return [None if _missing(value) else pd.Timestamp(value).tz_localize(None) for value in given]


def _written_as_numbers(found: Floats) -> bool:
    if not found.size or ((found < 19_000_101) | (found > 21_991_231)).any():
        return False
    month, day = found // 100 % 100, found % 100
    return bool(((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all())
