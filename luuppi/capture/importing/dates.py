"""Dates as people and programs write them: one style per column, found by itself, with the impossible ones read in the other order.

`31.12.2025`, `31/12/2025 14.05`, `12/31/2025 2:05 PM`, `2025-12-31T12:05:00Z`, `2025/12/31`, `31 Dec 2025`, and seconds since 1970.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from luuppi.capture.importing.reasons import Reason

STYLES = {"iso": "YYYY-MM-DD", "dmy": "DD/MM/YYYY", "mdy": "MM/DD/YYYY", "unix": "1700000000"}
_TIME = (
    r"(?:[T ,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_NUMBERS = re.compile(r"(?P<a>\d{1,4})(?P<sign>[./-])(?P<b>\d{1,2})(?P=sign)(?P<c>\d{2,4})" + _TIME, re.ASCII)
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})\.? (?P<month>[A-Za-z]{3,9})\.?,? (?P<year>\d{4})|(?P<month2>[A-Za-z]{3,9})\.? (?P<day2>\d{1,2}),? (?P<year2>\d{4}))"
    + _TIME,
    re.ASCII,
)
_MONTHS = {name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
_MOST_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class FoundStyle:
    """The style of a column: how many of its values can be read in it, how many only in the other order of day and month.

    `ambiguous`: nothing in the sample tells day from month, so a person should look.
    """

    style: str
    n: int
    n_other_order: int
    ambiguous: bool = False

    @property
    def shown(self) -> str:
        return STYLES[self.style]


def find_style(values: Iterable[str]) -> FoundStyle | None:
    """The style in which these values are dates; None when less than nine of ten are."""
    n = n_iso = n_unix = n_day_first = n_month_first = n_either = n_dotted = 0
    for value in values:
        value = value.strip()
        if not value:
            continue
        n += 1
        if (m := _NUMBERS.fullmatch(value)) and len(m["a"]) < 3:
            first, second = int(m["a"]), int(m["b"])
            if m["sign"] == ".":
                n_dotted += 1
            elif first > 12 >= second:
                n_day_first += 1
            elif second > 12 >= first:
                n_month_first += 1
            elif first <= 12 and second <= 12:
                n_either += 1
        elif m or _NAMED.fullmatch(value):
            n_iso += 1
        elif value.isascii() and value.isdigit() and len(value) in (10, 13):
            n_unix += 1
    n_ordered = n_day_first + n_month_first + n_either + n_dotted
    if not n or n_ordered + n_iso + n_unix < 0.9 * n:
        return None
    if n_unix > n_ordered + n_iso:
        return FoundStyle("unix", n, 0)
    if n_iso >= n_ordered:
        return FoundStyle("iso", n, 0)
    if n_month_first > n_day_first + n_dotted:
        return FoundStyle("mdy", n, n_day_first)
    return FoundStyle("dmy", n, n_month_first, ambiguous=not (n_day_first or n_dotted or n_month_first))


class NoDate(ValueError):
    """`code` says why."""

    def __init__(self, code: str, text: str) -> None:
        self.reason = Reason(code, value=text[:40])
        super().__init__(self.reason)


class DateReader:
    """Reads the dates of one column; counts those that were possible in the other order only."""

    def __init__(self, style: str, zone: tzinfo) -> None:
        self.style, self.zone = style, zone
        self.n_other_order = 0
        self._known: dict[str, tuple[datetime, bool]] = {}

    def read(self, text: str) -> datetime:
        """The moment, in UTC; a day alone is its first moment in the time zone. Raises ValueError for what is no date."""
        known = self._known.get(text)
        if known is None:
            known = self._parse(text)
            if len(self._known) < _MOST_KEPT:
                self._known[text] = known
        if known[1]:
            self.n_other_order += 1
        return known[0]

    def _parse(self, text: str) -> tuple[datetime, bool]:
        if self.style == "unix" and text.isascii() and text.isdigit():
            try:
                return datetime.fromtimestamp(int(text) / (1000 if len(text) > 11 else 1), UTC), False
            except (ValueError, OverflowError, OSError):
                raise NoDate("not-of-the-calendar", text) from None
        if (m := _NUMBERS.fullmatch(text)) is None:
            if (m := _NAMED.fullmatch(text)) is None:
                raise NoDate("not-a-date", text)
            month = _MONTHS.get((m["month"] or m["month2"])[:3].lower(), 0)
            return self._moment(text, m, int(m["year"] or m["year2"]), month, int(m["day"] or m["day2"])), False
        a, b, c = int(m["a"]), int(m["b"]), int(m["c"])
        if len(m["a"]) > 2:
            return self._moment(text, m, a, b, c), False
        year = c if len(m["c"]) == 4 else 2000 + c if c < 70 else 1900 + c
        month, day = (a, b) if self.style == "mdy" and m["sign"] != "." else (b, a)
        other = month > 12 >= day
        return self._moment(text, m, year, day if other else month, month if other else day), other

    def _moment(self, text: str, m: re.Match, year: int, month: int, day: int) -> datetime:
        hour, minute, second = (int(m[name] or 0) for name in ("hour", "minute", "second"))
        if m["half"]:
            hour = hour % 12 + (12 if m["half"][0] in "pP" else 0)
        try:
            there = datetime(year, month, day, hour, minute, second)
            return there.replace(tzinfo=_zone(m["zone"]) if m["zone"] else self.zone).astimezone(UTC)
        except (ValueError, OverflowError):
            raise NoDate("not-of-the-calendar", text) from None


def _zone(said: str) -> tzinfo:
    if said[0] not in "+-":
        return UTC
    digits = said[1:].replace(":", "")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-length if said[0] == "-" else length)
