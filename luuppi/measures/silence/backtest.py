"""From events to rhythms, and the check that goes with every list of the quiet: what was promised, what happened."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from luuppi.measures.inputs import Floats, Ints, codes, same_length
from luuppi.measures.judged import Band, Judged, judge, reliability
from luuppi.measures.moments import days
from luuppi.measures.options import number
from luuppi.measures.silence.rhythm import Rhythm, fit_rhythm


@dataclass(frozen=True, slots=True)
class Counted:
    """Customers known at a moment, in the order in which they first appear: whole-day contacts after the first, weeks from
    the first to the last of them, weeks since the first. customer: their place among all the customers of the events."""

    customer: Ints
    frequency: Floats
    recency: Floats
    age: Floats


@dataclass(frozen=True, slots=True)
class Backtest:
    """The rhythm as it would have been fitted at the cut, and how its promises for the weeks after came true."""

    rhythm: Rhythm
    judged: Judged
    bands: tuple[Band, ...]
    cut_day: float  # of dates: days since 1970
    within_weeks: float


def count_events(customer: Any, day: Any, until_day: Any) -> Counted:
    """Frequency, recency and age of every customer who made contact by `until_day`.

    customer: n keys of any kind. day: n dates or moments, or days on any scale (days since the first event); several contacts of one day
    count once. until_day: the last day that counts, a date or on the same scale.
    With no event by then all arrays are empty. Raises ValueError for missing keys or days, unequal lengths, or dates beside numbers.
    """
    key, n_customers, on_day, until = _events(customer, day, until_day=until_day)
    return _count(key, n_customers, on_day, until)


def backtest(customer: Any, day: Any, cut_day: Any, *, within_weeks: float = 13) -> Backtest:
    """Fit on what was known at the end of `cut_day`, promise the next weeks, and compare with what happened.

    customer, day: events as in `count_events`; those after the cut decide what happened, so the events must reach at least
    `within_weeks` beyond it. Raises ValueError when they do not, or when there is nothing to fit at the cut.
    """
    key, n_customers, on_day, cut = _events(customer, day, cut_day=cut_day)
    horizon = number("within_weeks", within_weeks, above=0)
    known = _count(key, n_customers, on_day, cut)
    if not len(known.customer):
        raise ValueError("cut_day: nobody had made contact by then, so there is nothing to fit")
    if on_day.max() < cut + 7 * horizon - 7:
        raise ValueError(f"cut_day: the events end {on_day.max() - cut:g} days after it, too few for {horizon:g} weeks")
    if not known.frequency.any():
        raise ValueError("cut_day: nobody had made contact twice by then, so there is no rhythm to learn")
    rhythm = fit_rhythm(known.frequency, known.recency, known.age)
    promised = rhythm.chance_of_contact(known.frequency, known.recency, known.age, horizon)
    after = (on_day > cut) & (on_day <= cut + 7 * horizon)
    came = np.zeros(n_customers)
    came[key[after]] = 1.0
    happened = came[known.customer]
    return Backtest(rhythm, judge(promised, happened), reliability(promised, happened), cut, horizon)


def _events(customer: Any, day: Any, **last: Any) -> tuple[Ints, int, Floats, float]:
    """Keys, how many customers, days of the events, and the last day that counts, on the same scale."""
    (name, last_day), = last.items()
    on_day, until = days("day", day), days(name, [last_day])
    if on_day.kind is not None and (on_day.kind == "numbers") != (until.kind == "numbers"):
        raise ValueError(f"day and {name}: one is a date and the other a number")
    key, n_customers = codes("customer", customer)
    same_length(customer=key, day=on_day.values)
    return key, n_customers, on_day.values, float(until.values[0])


def _count(key: Ints, n_customers: int, days: Floats, until: float) -> Counted:
    before = days <= until
    key, days = key[before], days[before]
    order = np.lexsort((days, key))
    key, days = key[order], days[order]
    new = np.ones(len(key), dtype=bool)
    new[1:] = (key[1:] != key[:-1]) | (days[1:] != days[:-1])
    key, days = key[new], days[new]
    times = np.bincount(key, minlength=n_customers)
    known = np.flatnonzero(times)
    last_at = np.cumsum(times)[known] - 1
    first, last = days[last_at - times[known] + 1], days[last_at]
    return Counted(known.astype(np.int64), (times[known] - 1).astype(np.float64), (last - first) / 7, (until - first) / 7)
