"""The addresses that a figures page leads to: the items behind a figure, and the page itself with one filter more or less."""

from datetime import MAXYEAR, date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from luuppi.capture.scales import SCORES

WORDS = ("since", "until", "kind", "channel", "touchpoint", "team", "theme", "language", "segment", "score", "step", "loop")
NPS_BANDS = {"detractors": "nps:0-6", "passives": "nps:7-8", "promoters": "nps:9-10"}


class Addresses:
    """chosen: the filters in use, as they stand in the address."""

    def __init__(self, slug: str, chosen: dict[str, str]) -> None:
        self.slug = slug
        self.chosen = {word: value for word, value in chosen.items() if word in WORDS and value}

    def items(self, *, scale: str | None = None, **narrower: Any) -> str:
        """The list of the items behind a figure. With a scale: those that answered on it, by the day when it happened, as scores are counted.
        With loop="yes": those that the funnel counts, which leaves out what was imported."""
        words = self.chosen | {word: str(value) for word, value in narrower.items() if value is not None}
        if scale:
            low, high = SCORES[scale]
            words = {"score": f"{scale}:{low}-{high}", "day": "occurred"} | words
        return f"/o/{self.slug}/feedback?{urlencode(words)}"

    def figures(self, *, name: str = "figures", **other: str | None) -> str:
        """This page with other words; None takes one away. name: of the address, where it is another with the same words."""
        words = {word: value for word, value in (self.chosen | other).items() if value}
        return reverse(name, args=[self.slug]) + (f"?{urlencode(words)}" if words else "")


def span_of(grouping: str, start: date) -> tuple[date, date]:
    """First and last day of the group that begins on `start`."""
    return start, next_start(grouping, start) - timedelta(days=1)


def next_start(grouping: str, start: date) -> date:
    """The last day there is where the next group would begin after it."""
    if grouping == "month":
        return date(start.year + start.month // 12, start.month % 12 + 1, 1) if (start.year, start.month) < (MAXYEAR, 12) else date.max
    days = timedelta(days=1 if grouping == "day" else 7)
    return start + days if date.max - start > days else date.max


def first_start(grouping: str, day: date) -> date:
    """The start of the group that holds this day."""
    if grouping == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if grouping == "week" else day
