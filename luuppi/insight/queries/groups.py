"""What the groups of a figure are called: ids and paths of the answer become keys (for programs) and names (for people)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import pgettext

from luuppi.capture.models import Touchpoint
from luuppi.capture.wording import CHANNEL_NAMES, KIND_NAMES
from luuppi.meaning.models import Theme
from luuppi.people.models import Organisation, Team
from luuppi.ui import writing

LANGUAGES = {"fi": "suomi", "sv": "svenska", "en": "English"}
_FIXED = {"kind": KIND_NAMES, "channel": CHANNEL_NAMES, "language": LANGUAGES}


class Names:
    """The names that the groups of some groupings have in one organisation, read once for the page."""

    def __init__(self, organisation: Organisation, by: Iterable[str]) -> None:
        self._known: dict[str, dict[Any, tuple[str, str]]] = {}
        for grouping in by:
            if grouping == "touchpoint":
                found = Touchpoint.objects.filter(organisation=organisation)
                self._known[grouping] = {row.pk: (row.key, row.name) for row in found}
            elif grouping == "theme":
                self._known[grouping] = {row.pk: (row.key, row.name) for row in Theme.objects.filter(organisation=organisation)}
            elif grouping == "team":
                self._known[grouping] = {row.path: (row.key, row.name) for row in Team.objects.filter(organisation=organisation)}

    def key(self, grouping: str, value: Any) -> str | None:
        """The word that a filter takes; None for items that have none. Something that was removed meanwhile is None as well."""
        if isinstance(value, date):
            return value.isoformat()
        if grouping in self._known:
            return self._known[grouping].get(value, (None, ""))[0]
        return value

    def name(self, grouping: str, value: Any) -> str:
        if value is None:
            return pgettext("group of a figure", "none")
        if isinstance(value, date):
            return day_name(grouping, value)
        if grouping in self._known:
            return self._known[grouping].get(value, ("", pgettext("group of a figure", "removed")))[1]
        return str(_FIXED.get(grouping, {}).get(value, value))


def day_name(grouping: str, value: date, *, with_year: bool = False) -> str:
    """A day, week (by its Monday) or month as an axis names it: 22.11. · wk 47 · 11/2026. with_year: wk 53/2026, the year of the week."""
    if grouping == "month":
        return f"{value.month}/{value.year}"
    if grouping == "week":
        year, week, _day = value.isocalendar()
        return pgettext("ISO week", "wk %(week)d") % {"week": week} + (f"/{year}" if with_year else "")
    return writing.day(value, value.year)


def day_names(grouping: str, starts: Sequence[date]) -> list[str]:
    """The names along one axis: weeks of more than one year bear it, since each number comes again."""
    with_year = len({start.isocalendar().year for start in starts}) > 1
    return [day_name(grouping, start, with_year=with_year) for start in starts]
