"""Which case to take up next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

_SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open case, as far as its turn depends on it."""

    number: int
    due_at: datetime
    priority: int = 0
    wants_contact: bool = False


def next_best(cases: Iterable[Waiting], *, now: datetime) -> int | None:
    """The number of the case whose customer should be helped first; None when there is none."""
    found = min(cases, key=lambda case: turn(case, now=now), default=None)
    return found.number if found else None


def turn(case: Waiting, *, now: datetime) -> tuple:
    """Lower comes first: late ones, then those due within four hours, then by priority, a wish to be contacted, and the due time.

    Among the late the more important one goes first; a customer who waits longest breaks the tie.
    """
    left = case.due_at - now
    hurry = 0 if left <= timedelta() else 1 if left <= _SOON else 2
    return hurry, -case.priority, not case.wants_contact, case.due_at, case.number
