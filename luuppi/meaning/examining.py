"""What `luuppi doctor` and `luuppi rebuild` do about finding words."""

from collections.abc import Sequence

from django.db import DatabaseError, connection, transaction

from luuppi.capture.models import FeedbackItem
from luuppi.meaning.cleaning import stems_in
from luuppi.meaning.models import Reading
from luuppi.meaning.searching import index
from luuppi.running.examining import Finding, examination
from luuppi.running.rebuilding import REBUILDS

_AT_ONCE = 1_000
_TABLE, _INDEX = "meaning_search", "meaning_reading_stems"


@examination("search")
def search() -> Finding:
    if is_there():
        return Finding("search", True, "its index is there")
    return Finding("search", False, "its index is missing", "Run: luuppi rebuild")


def is_there() -> bool:
    """SQLite has a table of its own for the words, PostgreSQL an index on the readings."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname = %s", [_INDEX])
            return cursor.fetchone() is not None
        return _TABLE in connection.introspection.table_names(cursor)


def rebuild() -> str:
    """Stems and index of all readings anew, in short transactions, so that Luuppi may run meanwhile."""
    _make_sound()
    n, last = 0, 0
    while batch := list(Reading.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        last = batch[-1]
        n += _index_again(batch)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM meaning_search WHERE rowid NOT IN (SELECT item_id FROM meaning_reading)")
    return f"{n} texts were put into the index again"


@transaction.atomic
def _index_again(ids: Sequence[int]) -> int:
    readings = {reading.pk: reading for reading in Reading.objects.select_for_update().filter(pk__in=ids)}
    changed = []
    for item in FeedbackItem.objects.filter(pk__in=readings).select_related("organisation"):
        reading = readings[item.pk]
        stems = stems_in(item, reading.language, reading.masked_text)
        if stems != reading.stems:
            reading.stems = stems
            changed.append(reading)
    Reading.objects.bulk_update(changed, ["stems"], batch_size=200)
    index(list(readings.values()))
    return len(readings)


def _make_sound() -> None:
    if connection.vendor == "postgresql":
        if not is_there():
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE INDEX {_INDEX} ON meaning_reading USING gin (to_tsvector('simple', stems))")
        return
    if is_there() and not _is_sound():
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE meaning_search")
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE IF NOT EXISTS meaning_search USING fts5(stems)")


def _is_sound() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO meaning_search (meaning_search) VALUES ('integrity-check')")
    except DatabaseError:
        return False
    return True


REBUILDS["search"] = rebuild
