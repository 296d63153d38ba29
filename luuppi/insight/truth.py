"""The truth as the figures service sees it: progress rows by their rising version, and with each the item, what it says and its themes.

The service calls this from its one writer thread. `journal.Progress.version` moves with whatever changes a figure.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import Error as DatabaseError
from django.db import connection

from luuppi.capture.models import FeedbackItem
from luuppi.insight.service.row import FigureRow
from luuppi.insight.service.source import Changes, Everything, SourceAway
from luuppi.journal.models import Progress
from luuppi.journal.steps import KEPT_STEPS
from luuppi.meaning.models import Coding
from luuppi.people.models import Organisation

PART = 2_000
"""Items read at once: below the number of parameters that SQLite takes."""

_STEPS = [f"{step}_at" for step in KEPT_STEPS]
_OF_ITEM = (
    "id", "organisation_id", "team__path", "touchpoint_id", "kind", "channel", "received_at", "occurred_at", "language", "nps", "csat", "ces",
    "attributes", "reading__language", "reading__sentiment",
)  # fmt: skip


class Truth:
    """The Source of luuppi.insight.service. Both methods raise SourceAway when the database cannot be read."""

    def __init__(self) -> None:
        self._zones: dict[int, ZoneInfo] = {}

    def changes_after(self, cursor: int, limit: int) -> Changes:
        with reading():
            horizon = self.horizon()
            if horizon < cursor:
                # The counter stands before our cursor: a backup was restored. The service makes its file anew.
                return Changes([], [], horizon)
            changed = _changed(cursor, horizon, limit) if horizon > cursor else []
            if not changed:
                return Changes([], [], cursor)
            items = [item for item, _ in changed]
            rows = [row for part in _parts(items) for row in self._rows(part)]
            counted = {row.item for row in rows}
            return Changes(rows, [item for item in items if item not in counted], changed[-1][1])

    def everything(self) -> Everything:
        with reading():
            self._zones.clear()
            return Everything(self.horizon(), self._all())

    def horizon(self) -> int:
        """Up to which version everything is on disk and visible.

        SQLite commits in the order of its counter. On PostgreSQL versions are ids of transactions, which commit out of order: those before
        the oldest one still under way are safe.
        """
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1")
                return int(cursor.fetchone()[0])
        return newest_version()

    def _all(self) -> Iterator[list[FigureRow]]:
        """By organisation and id: ids rise with receipt, so this is the order of the nightly copy."""
        with reading():
            organisations = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
        for organisation in organisations:
            last = 0
            while True:
                with reading():
                    found = FeedbackItem.objects.filter(organisation=organisation, pk__gt=last).order_by("pk")
                    items = list(found.values_list("pk", flat=True)[:PART])
                    rows = self._rows(items)
                if not items:
                    break
                last = items[-1]
                yield rows

    def _rows(self, items: Sequence[int]) -> list[FigureRow]:
        """The rows of those items that count: not held back, not withdrawn, not gone."""
        counting = Progress.objects.filter(pk__in=items, held=False, withdrawn=False)
        progress = {pk: facts for pk, *facts in counting.values_list("pk", "imported", "erased", *_STEPS)}
        themes: dict[int, list[tuple[int, int]]] = {}
        for item, theme, polarity in Coding.objects.filter(item__in=items).order_by("item", "theme").values_list("item", "theme", "polarity"):
            themes.setdefault(item, []).append((theme, polarity))
        found = FeedbackItem.objects.filter(pk__in=list(progress)).order_by("pk").values_list(*_OF_ITEM)
        return [self._row(values, progress[values[0]], themes.get(values[0], ())) for values in found]

    def _row(self, values: Sequence[Any], progress: Sequence[Any], themes: Sequence[tuple[int, int]]) -> FigureRow:
        (item, organisation, team, touchpoint, kind, channel, received_at, occurred_at, said, nps, csat, ces, attributes, heard, sentiment) = values
        zone = self._zone(organisation)
        return FigureRow(
            organisation, item, received_at, occurred_at, _day(received_at, zone), _day(occurred_at, zone), touchpoint, team, channel, kind,
            heard or said or None, nps, csat, ces, sentiment, themes, _segment(attributes), _value_eur(attributes), *progress,
        )  # fmt: skip

    def _zone(self, organisation: int) -> ZoneInfo:
        if organisation not in self._zones:
            self._zones[organisation] = Organisation.objects.get(pk=organisation).zone
        return self._zones[organisation]


@contextmanager
def reading() -> Iterator[None]:
    """A database that does not answer is an expected thing to a process that only follows it."""
    try:
        yield
    except DatabaseError as error:
        connection.close_if_unusable_or_obsolete()
        raise SourceAway(str(error)) from error


def newest_version() -> int:
    """Asked twice a second by an idle service, so in words of the database: the ORM would think longer than it takes to answer."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MAX(version) FROM {Progress._meta.db_table}")
        return cursor.fetchone()[0] or 0


def _changed(cursor: int, horizon: int, limit: int) -> list[tuple[int, int]]:
    """(item, version) after the cursor, oldest first, at most `limit`; more where one transaction changed more: a version is never cut."""
    after = Progress.objects.filter(version__gt=cursor, version__lte=horizon).order_by("version", "pk").values_list("pk", "version")
    found = list(after[:limit])
    if len(found) < limit:
        return found
    last = found[-1][1]
    whole = [pair for pair in found if pair[1] < last]
    # On SQLite each row has a version of its own, so this reads one row; on PostgreSQL it is what the last transaction changed.
    return whole + list(after.filter(version=last))


def _parts(items: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(items), PART):
        yield items[start : start + PART]


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _segment(attributes: dict[str, Any]) -> str | None:
    segment = attributes.get("segment")
    return segment[:80] if isinstance(segment, str) and segment else None


def _value_eur(attributes: dict[str, Any]) -> float | None:
    value = attributes.get("value_eur")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
