"""Writing to the journal: the event, the progress row and the to-do of its reactions, in the transaction of the change."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from luuppi.journal.kinds import KINDS, Kind
from luuppi.journal.models import LoopEvent, Progress
from luuppi.journal.models.progress import is_unheard
from luuppi.journal.steps import Step
from luuppi.running import todo
from luuppi.running.ids import new_ids

SYSTEM, CUSTOMER, PUBLIC = "system", "customer", "public"
_reacting: set[str] = set()  # kinds that have reactions; filled once at start by luuppi.reactions


def record(
    kind: Kind,
    *,
    organisation: Any,
    by: Any,
    items: Iterable[int] = (),
    case: int | None = None,
    improvement: int | None = None,
    at: datetime | None = None,
    react: bool = True,
    **data: Any,
) -> list[LoopEvent]:
    """Write one event for each item (one without an item when `items` is empty), move the items' progress, leave the to-do.

    organisation: the Organisation or its id. by: whoever has `.actor` (member, token), or one of SYSTEM, CUSTOMER, PUBLIC.
    data: plain facts without personal text (ids, numbers, keys). Must run inside the transaction of the change.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs in the transaction of the change that it records")
    at = at or timezone.now()
    item_ids: list[int | None] = list(dict.fromkeys(items)) or [None]
    organisation_id = getattr(organisation, "pk", organisation)
    actor = getattr(by, "actor", by)
    ids = new_ids(len(item_ids))
    events = [
        LoopEvent(
            id=ids[i],
            organisation_id=organisation_id,
            item=item,
            case=case,
            improvement=improvement,
            kind=kind.key,
            at=at,
            by=actor,
            data=data,
        )
        for i, item in enumerate(item_ids)
    ]
    LoopEvent.objects.bulk_create(events)
    known = [item for item in item_ids if item is not None]
    if known:
        move_progress(kind, known, at)
    if react and kind.key in _reacting:
        todo.add_many(
            [
                todo.NewTodo(
                    kind="react", key=str(event.id), payload={"kind": kind.key, "event": event.id}, organisation_id=organisation_id
                )
                for event in events
            ]
        )
    return events


def apply_event(progress: Progress, kind: Kind, at: datetime) -> None:
    """What one event does to a progress row: the first time at each step counts. The one rule behind `record` and `rebuild`."""
    if kind.reaches and kind.reaches is not Step.RECEIVED:
        field = f"{kind.reaches}_at"
        if getattr(progress, field) is None:
            setattr(progress, field, at)
    if kind.key == "not_solved":
        progress.solved_at = None  # the customer took it back
    elif kind.key in ("held", "withdrawn", "erased"):
        setattr(progress, kind.key, True)
    elif kind.key == "released":
        progress.held = False
    elif kind.key == "restored":
        progress.withdrawn = False
    progress.unheard = is_unheard(progress)


_CHANGES_PROGRESS = {"not_solved", "held", "withdrawn", "erased", "released", "restored"}
_PROGRESS_FIELDS = [
    "acknowledged_at",
    "read_at",
    "answered_at",
    "solved_at",
    "used_at",
    "told_at",
    "held",
    "withdrawn",
    "erased",
    "unheard",
    "version",
]


def move_progress(kind: Kind, items: Sequence[int], at: datetime) -> None:
    if not kind.reaches and kind.key not in _CHANGES_PROGRESS:
        return
    for start in range(0, len(items), 500):
        rows = list(Progress.objects.select_for_update().filter(pk__in=items[start : start + 500]))
        versions = new_versions(len(rows))
        for row, version in zip(rows, versions, strict=True):
            apply_event(row, kind, at)
            row.version = version
        _write(rows)


def touch(items: Sequence[int]) -> None:
    """Something that figures count has changed about the items (a coding, an erasure): moves their version."""
    if items:
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE journal_progress SET version = %s WHERE item_id = %s", list(zip(new_versions(len(items)), items, strict=True)))


def _write(rows: Sequence[Progress]) -> None:
    """Write the rows back. One prepared statement for all: the ORM's bulk_update builds a CASE for each field, ten times the time."""
    if not rows:
        return
    fields = [Progress._meta.get_field(name) for name in _PROGRESS_FIELDS]
    values = [[*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE journal_progress SET {', '.join(f'{field.column} = %s' for field in fields)} WHERE item_id = %s", values)


def new_versions(n: int) -> list[int]:
    """`n` values for `Progress.version`, inside the transaction of the change.

    SQLite has one writer, so a counter rises in commit order. PostgreSQL commits out of order: there the version is the id of the
    transaction, and readers stop at the oldest one still under way (insight/truth.py).
    """
    if n == 0:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            return [cursor.fetchone()[0]] * n
        cursor.execute("UPDATE journal_versioncounter SET value = value + %s WHERE id = 1 RETURNING value", [n])
        row = cursor.fetchone()
        if row is None:
            cursor.execute("INSERT INTO journal_versioncounter (id, value) VALUES (1, %s) RETURNING value", [n])
            row = cursor.fetchone()
    return list(range(row[0] - n + 1, row[0] + 1))


def reacting(kinds: Iterable[Kind]) -> None:
    """Declare, once at start, which kinds have reactions; the others leave no to-do."""
    _reacting.update(kind.key for kind in kinds)


@transaction.atomic
def rebuild_progress(batch: int = 2_000) -> int:
    """Make every progress row anew from the journal. Returns how many rows changed."""
    changed, last = 0, 0
    while rows := list(Progress.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:batch]):
        last = rows[-1].pk
        events: dict[int, list[LoopEvent]] = {}
        for event in LoopEvent.objects.filter(item__in=[row.pk for row in rows]).order_by("id"):
            events.setdefault(event.item, []).append(event)
        wrong = []
        for row in rows:
            before = {field: getattr(row, field) for field in _PROGRESS_FIELDS}
            for field in _PROGRESS_FIELDS[:6]:
                setattr(row, field, None)
            row.held = row.withdrawn = row.erased = False
            row.unheard = is_unheard(row)
            for event in events.get(row.pk, []):
                apply_event(row, KINDS[event.kind], event.at)
            if any(getattr(row, field) != value for field, value in before.items()):
                wrong.append(row)
        for row, version in zip(wrong, new_versions(len(wrong)), strict=True):
            row.version = version
        _write(wrong)
        changed += len(wrong)
    return changed
