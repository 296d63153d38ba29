"""The one form in which every estimated figure leaves this library."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Estimate"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval and the number of answers behind it.

    value: None when there is nothing to tell. low, high: the interval's ends, in the unit of value. n: answers.
    """

    value: float | None
    low: float
    high: float
    n: int
