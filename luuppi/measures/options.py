"""The options of a call, checked: a number, a whole number, a share, yes or no, one of some words.

Every refusal is a ValueError that names the argument, what it may be and what it got.
"""

import math
from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

LARGEST = 1e60
"""Squares of values up to this stay far from overflow, so no sum below it can become infinite."""

_MOST = 2**53  # whole numbers above this cannot all be told apart as float
_LONGEST_SAID = 60


def number(argument: str, value: Any, *, above: float | None = None, low: float | None = None, high: float | None = None) -> float:
    """A single finite number, not further from 0 than `LARGEST`; texts, true and false, lists and missing values are none."""
    found = _as_float(value)
    if found is None:
        raise ValueError(f"{argument}: must be a number, got {said(value)}")
    if above is not None and found <= above:
        raise ValueError(f"{argument}: must be above {above:g}, got {found:g}")
    if (low is not None and found < low) or (high is not None and found > high):
        raise ValueError(f"{argument}: must be {_between(low, high)}, got {found:g}")
    return found


def whole_number(argument: str, value: Any, *, low: int | None = 0, high: int | None = None) -> int:
    """A whole number from low to high (−2⁵³ to 2⁵³ where there is none); 3.0 is one."""
    found = _as_float(value)
    if found is None or found != math.floor(found) or not (-_MOST if low is None else low) <= found <= (_MOST if high is None else high):
        limits = "" if low is None and high is None else f", {_between(low, high)}"
        raise ValueError(f"{argument}: must be a whole number{limits}, got {said(value)}")
    return int(found)


def share(argument: str, value: Any) -> float:
    """A confidence or probability strictly between 0 and 1, and not as near to 1 as to leave no room for rounding."""
    found = _as_float(value)
    if found is None or not 0.0 < found < 1.0 or (1.0 + found) / 2 == 1.0:
        raise ValueError(f"{argument}: must lie between 0 and 1, got {said(value)}")
    return found


def yes_no(argument: str, value: Any) -> bool:
    """True or False, as such or as 1 and 0."""
    if not isinstance(value, (bool, np.bool_)) and _as_float(value) not in (0.0, 1.0):
        raise ValueError(f"{argument}: must be True or False, got {said(value)}")
    return bool(value)


def choice(argument: str, value: Any, allowed: Sequence[str]) -> str:
    """One of some words."""
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{argument}: must be one of {', '.join(allowed)}, got {said(value)}")
    return str(value)


def seed(value: Any) -> int:
    """The seed of what is drawn: the same one gives the same answer, so it is never left to chance."""
    return whole_number("seed", value, high=2**32 - 1)


def said(value: Any) -> str:
    """A value as it is told in a refusal: itself where that is short, else its type."""
    plain = str(value) if isinstance(value, np.str_) else value.item() if isinstance(value, np.generic) else value
    if not isinstance(plain, (str, bytes, int, float, complex, Decimal, type(None))):
        return f"{type(plain).__name__}"
    if isinstance(plain, int) and abs(plain) > _MOST:
        return "a whole number too large to count with"
    words = repr(plain[: _LONGEST_SAID + 1] if isinstance(plain, (str, bytes)) else plain)
    if len(words) > _LONGEST_SAID and isinstance(plain, (str, bytes)):
        return f"{type(plain).__name__} of {len(plain)} characters"
    return words


def _as_float(value: Any) -> float | None:
    """None for what is no finite number."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_, np.timedelta64)) or not isinstance(value, (Real, Decimal)):
        return None
    try:
        with np.errstate(over="ignore"):  # a longdouble beyond float is infinite, and refused as such
            found = float(value)
    except (ValueError, OverflowError):  # a signalling NaN, a whole number of hundreds of digits
        return None
    return found if abs(found) <= LARGEST else None


def _between(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"from {low:g} to {high:g}"
    return f"{low:g} or more" if low is not None else f"at most {high:g}"
