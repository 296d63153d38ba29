"""Who must not be asked now, whatever the answer would be worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from luuppi.measures.inputs import listed
from luuppi.measures.options import said, whole_number, yes_no

QUARANTINE = timedelta(days=28)
_YEAR = timedelta(days=365)
MOST_A_YEAR = 4

WhyPeace = Literal["opted_out", "open_case", "asked_recently", "asked_often"]


@dataclass(frozen=True, slots=True)
class Peace:
    """why: the reason. days_since_asked: whole days since the last asking, where that is the reason, else None."""

    why: WhyPeace
    days_since_asked: int | None = None


def peace_from_asking(
    now: datetime,
    asked_at: Iterable[datetime],
    *,
    has_open_case: bool,
    opted_out: bool,
    quarantine: timedelta = QUARANTINE,
    most_a_year: int = MOST_A_YEAR,
) -> Peace | None:
    """Why a customer is not asked now; None when they may be.

    asked_at: every earlier asking of the customer, in all surveys and channels, in any order; those after now do not count.
    Opting out is for good; nobody is asked while a case is open, within 28 days of an asking, or after 4 in 365 days
    (policy, not measured). Raises ValueError for what is no moment, or when now and asked_at mix moments with and without time zones.
    """
    _check_moment("now", now)
    earlier = listed("asked_at", asked_at)
    for position, at in enumerate(earlier):
        _check_moment(f"asked_at[{position}]", at)
        if (at.tzinfo is None) != (now.tzinfo is None):
            raise ValueError("asked_at: moments with and without a time zone cannot be compared")
    if not isinstance(quarantine, timedelta) or not quarantine >= timedelta(0):
        raise ValueError(f"quarantine: must be a timedelta of 0 or more, got {said(quarantine)}")
    most_a_year = whole_number("most_a_year", most_a_year, low=1)
    has_open_case = yes_no("has_open_case", has_open_case)
    if yes_no("opted_out", opted_out):
        return Peace("opted_out")
    if has_open_case:
        return Peace("open_case")
    ago = sorted(now - at for at in earlier if at <= now)
    if ago and ago[0] < quarantine:
        return Peace("asked_recently", ago[0].days)
    if sum(since < _YEAR for since in ago) >= most_a_year:
        return Peace("asked_often")
    return None


def _check_moment(argument: str, value: Any) -> None:
    if not isinstance(value, datetime) or value != value:  # pandas' missing moment is a datetime, too, and equals nothing
        raise ValueError(f"{argument}: must be a moment (datetime), got {said(value)}")
