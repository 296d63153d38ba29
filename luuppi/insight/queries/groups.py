"""What the groups of a figure are called: ids and paths of the answer become keys (for programs) and names (for people)."""
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luuppi.capture.models import Touchpoint
from luuppi.meaning.models import Theme
from luuppi.people.models import Organisation, Team

KINDS = {
    "survey": _("Survey answer"),
    "complaint": _("Complaint"),
    "praise": _("Praise"),
    "idea": _("Idea"),
    "question": _("Question"),
}


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
            return formats.date_format(value, "M Y" if grouping == "month" else "j.n.Y") if grouping != "week" else week_name(value)
        if grouping in self._known:
            return self._known[grouping].get(value, ("", pgettext("group of a figure", "removed")))[1]
        return str(value)


def week_name(monday: date) -> str:
    return pgettext("ISO week", "wk %(week)d/%(year)d") % {"week": monday.isocalendar().week, "year": monday.isocalendar().year}
