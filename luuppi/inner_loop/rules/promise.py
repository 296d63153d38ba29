"""When an answer is due: the promise runs on weekdays, in the organisation's own time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SATURDAY = 5


def answer_due_at(start: datetime, hours: float, zone: ZoneInfo) -> datetime:
    """The moment when `hours` of weekday time have passed since `start`; 24 hours are one weekday, so Friday 15:00 and 24 is Monday
    15:00. What arrives at a weekend starts on Monday at 0:00. Counted by the clock on the wall: summer time moves no promise.

    start: aware. Returns an aware moment in UTC, never before `start`. Raises ValueError for negative hours.
    """
    if hours < 0:
        raise ValueError(f"hours must not be negative, got {hours}")
    at = _next_weekday(start.astimezone(zone).replace(tzinfo=None))
    days, rest = divmod(hours, 24)
    for _ in range(int(days)):
        at += timedelta(days=1)
        while at.weekday() >= _SATURDAY:
            at += timedelta(days=1)
    at += timedelta(hours=rest)
    if at.weekday() >= _SATURDAY:
        at += timedelta(days=2)
    return max(start.astimezone(UTC), at.replace(tzinfo=zone).astimezone(UTC))


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The end of a day that was promised to a customer."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def _next_weekday(at: datetime) -> datetime:
    """The same moment on a weekday; at a weekend Monday 0:00."""
    if at.weekday() < _SATURDAY:
        return at
    return datetime.combine(at.date() + timedelta(days=7 - at.weekday()), time())
