"""Which customers are quiet in a way that is unusual for them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from luuppi.measures.inputs import flags, numbers, same_length
from luuppi.measures.options import number, said, whole_number
from luuppi.measures.silence.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class Quiet:
    """position: the customer's place in the arrays. now, usual: chance of contact within the horizon, 0–1.
    n_events: contacts that it is based on, the first one included."""

    position: int
    now: float
    usual: float
    n_events: int


def find_quiet(
    rhythm: Rhythm,
    frequency: Any,
    recency: Any,
    age: Any,
    *,
    within_weeks: float = 13,
    below: float = 0.5,
    at_least_events: int = 3,
    told_already: Any = None,
) -> list[Quiet]:
    """Customers whose chance of contact is below half of their own usual, the steepest fall first.

    frequency, recency, age: float[n] as in `fit_rhythm`. below: the share of the usual, 0–1. told_already: bool[n], true
    where this silence has been reported before, so that one silence is told once. [] when nobody is, or n is 0.
    Raises ValueError for wrong arrays or a share outside 0–1.
    Measured: 82 % of those reported had left, in a simulation; see docs/methods/silence.md.
    """
    if not isinstance(rhythm, Rhythm):
        raise ValueError(f"rhythm: must be what fit_rhythm gives, got {said(rhythm)}")
    share, fewest = number("below", below, above=0, high=1), whole_number("at_least_events", at_least_events, low=1)
    frequency, recency, age = numbers("frequency", frequency), numbers("recency", recency), numbers("age", age)  # read once, used twice
    now = rhythm.chance_of_contact(frequency, recency, age, within_weeks)
    usual = rhythm.usual_chance(frequency, recency, age, within_weeks)
    n_events = frequency + 1
    quiet = (now < share * usual) & (n_events >= fewest)
    if told_already is not None:
        told = flags("told_already", told_already)
        same_length(frequency=now, told_already=told)
        quiet &= ~told
    places = np.flatnonzero(quiet)
    order = places[np.argsort(now[places] / usual[places], kind="stable")]
    return [Quiet(int(at), float(now[at]), float(usual[at]), int(n_events[at])) for at in order]
