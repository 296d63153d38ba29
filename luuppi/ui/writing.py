"""Numbers, moments and durations as the reader's language writes them.

Plain functions: the language is the active one of Django, the time zone its current one. Parts that belong together are joined by a
no-break space, so that a figure is read as one word. A value of None is written as an en dash.
"""

from datetime import date, datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import get_language, npgettext, pgettext, pgettext_lazy

_WEEKDAYS = (
    pgettext_lazy("short day", "Mon"),
    pgettext_lazy("short day", "Tue"),
    pgettext_lazy("short day", "Wed"),
    pgettext_lazy("short day", "Thu"),
    pgettext_lazy("short day", "Fri"),
    pgettext_lazy("short day", "Sat"),
    pgettext_lazy("short day", "Sun"),
)
_NEAR_DAYS = {
    0: pgettext_lazy("moment", "today at {time}"),
    -1: pgettext_lazy("moment", "yesterday at {time}"),
    1: pgettext_lazy("moment", "tomorrow at {time}"),
}
NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"


def number(value: float | None, decimals: int = 0) -> str:
    """1234.5 → "1 234,5" (fi, sv), "1,234.5" (en); a true minus sign."""
    if value is None:
        return DASH
    rounded = round(float(value), decimals) + 0.0  # + 0.0: −0 is 0
    words = f"{abs(rounded):,.{decimals}f}"
    if not words.isdigit() and language() != "en":  # a small whole number is written alike everywhere, and a chart has hundreds
        words = words.replace(",", NBSP).replace(".", ",")
    return (MINUS if rounded < 0 else "") + words


def signed(value: float | None, decimals: int = 0) -> str:
    """A change: "+5", "−2,1", "0"."""
    words = number(value, decimals)
    return f"+{words}" if value is not None and round(float(value), decimals) > 0 else words


def share(value: float | None, decimals: int = 0) -> str:
    """A fraction 0–1 as per cent: .384 → "38 %" (fi, sv), "38%" (en)."""
    return DASH if value is None else number(value * 100, decimals) + per_cent()


def interval(low: float | None, high: float | None, decimals: int = 0, unit: str = "", negatives: bool = False) -> str:
    """Two bounds: "65–95"; where one may be negative (`negatives`, or is) "−2…25", since minus and dash look the same.

    `unit` follows the last bound.
    """
    if low is None or high is None:
        return DASH
    between = "…" if negatives or min(low, high) < 0 else DASH
    return number(low, decimals) + between + number(high, decimals) + unit


def per_cent() -> str:
    return "%" if language() == "en" else f"{NBSP}%"


def clock_time(at: datetime) -> str:
    """9.30 (fi, sv), 9:30 (en), in the current time zone."""
    local = timezone.localtime(at)
    return f"{local.hour}{':' if language() == 'en' else '.'}{local.minute:02}"


def day(value: date, this_year: int | None = None) -> str:
    """22.11. or 22.11.2025 (fi, sv), 22 Nov or 22 Nov 2025 (en): the year only where it is another than `this_year`."""
    with_year = value.year != this_year
    if language() == "en":
        words = f"{value.day}{NBSP}{formats.date_format(value, 'M')}"
        return f"{words}{NBSP}{value.year}" if with_year else words
    return f"{value.day}.{value.month}.{value.year if with_year else ''}"


def weekday(value: date) -> str:
    """The short name of the day: su, sön, Sun."""
    return str(_WEEKDAYS[value.weekday()])


def exact(at: datetime) -> str:
    """The whole moment: "su 22.11.2026 klo 18.42", "Sun 22 Nov 2026 at 18:42"."""
    local = timezone.localtime(at)
    return (
        pgettext("exact moment", "{weekday} {day} at {time}")
        .format(weekday=weekday(local), day=day(local), time=clock_time(at))
        .replace(" ", NBSP)
    )


def by_when(due: datetime) -> str:
    """A deadline: the whole moment, but the day alone where it ends with it, since "Tuesday at 0.00" is read as Tuesday."""
    last = last_minute(due)
    if last == due:
        return exact(due)
    local = timezone.localtime(last)
    return f"{weekday(local)}{NBSP}{day(local)}"


def last_minute(due: datetime) -> datetime:
    """The same moment; where a day ends with it, the last minute of that day. (Where clocks change at midnight, a day begins at one.)"""
    before = due - timedelta(minutes=1)
    return before if timezone.localdate(before) != timezone.localdate(due) else due


def moment(at: datetime, now: datetime | None = None) -> str:
    """As people say it: "tänään klo 9.30", "eilen klo 18.42", "pe 20.11." within a week, else "20.11." or "20.11.2025"."""
    now = timezone.localtime(now or timezone.now())
    local = timezone.localtime(at)
    days = (local.date() - now.date()).days
    if days in _NEAR_DAYS:
        return str(_NEAR_DAYS[days]).format(time=clock_time(at)).replace(" ", NBSP)
    words = day(local.date(), this_year=now.year)
    return f"{weekday(local)}{NBSP}{words}" if abs(days) < 7 else words


def duration(length: timedelta) -> str:
    """The two largest parts: "3 pv 4 t", "1 t 20 min", "6 min 10 s", "0 s"."""
    seconds = int(abs(length.total_seconds()))
    days, hours, minutes, rest = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
    parts = [
        (days, npgettext("short unit", "{n} d", "{n} d", days)),
        (hours, npgettext("short unit", "{n} h", "{n} h", hours)),
        (minutes, npgettext("short unit", "{n} min", "{n} min", minutes)),
        (rest, npgettext("short unit", "{n} s", "{n} s", rest)),
    ]
    first = next((i for i, (n, _) in enumerate(parts) if n), 3)
    said = [words.format(n=n).replace(" ", NBSP) for n, words in parts[first : first + 2] if n or first == 3]
    return " ".join(said)


def rough_duration(length: timedelta) -> str:
    """The largest part alone, and minutes where an hour is near its end: what a promise clock says."""
    seconds = abs(length.total_seconds())
    if seconds >= 86400:
        return duration(timedelta(days=seconds // 86400))
    if seconds >= 6 * 3600:
        return duration(timedelta(hours=seconds // 3600))
    return duration(timedelta(minutes=max(1, seconds // 60)))


def language() -> str:
    """fi, sv or en; another one is written as English."""
    return (get_language() or "en").split("-")[0]
