"""What the software had found in the words goes with them; language, sentiment and themes stay for the figures."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from luuppi.meaning import searching
from luuppi.meaning.models import Reading
from luuppi.running import todo
from luuppi.running.sqlite.overwriting import empty_log, overwriting

SWEEP = "search.sweep"
_SWEEP_AFTER = timedelta(hours=1)  # erasures of the same hour share one sweep
_LOG_AGAIN_AFTER = timedelta(minutes=5)  # when somebody was reading all the while
_PAGES_AT_ONCE = 500


def forget_readings(items: Sequence[int]) -> None:
    """Empty the masked copies and take the items out of the search index, in the caller's transaction."""
    Reading.objects.filter(pk__in=items).update(masked_text="", parts=[], stems="", has_personal_data=False, spam_reason="")
    searching.index(list(Reading.objects.filter(pk__in=items)))
    if connection.vendor == "sqlite":
        todo.add(SWEEP, "all", due_at=timezone.now() + _SWEEP_AFTER)


def sweep_index(todos: Sequence[todo.Todo]) -> None:
    """The to-do search.sweep: until its parts are merged, SQLite's index holds the words of what was taken out, beside a mark that it is gone;
    and its log holds them until it begins anew.

    In short steps, between which others write.
    """
    pages = -_PAGES_AT_ONCE  # negative: begin to merge everything into one
    with overwriting():
        while _merge(pages):
            pages = _PAGES_AT_ONCE
            todo.renew(todos)
    if not empty_log():
        todo.add_anew(SWEEP, "all", due_at=timezone.now() + _LOG_AGAIN_AFTER)


def _merge(pages: int) -> bool:
    """Whether there was something to merge."""
    with transaction.atomic(), connection.cursor() as cursor:
        before = _changes(cursor)
        cursor.execute("INSERT INTO meaning_search (meaning_search, rank) VALUES ('merge', %s)", [pages])
        return _changes(cursor) - before >= 2  # the command itself counts as one


def _changes(cursor) -> int:
    cursor.execute("SELECT total_changes()")
    return cursor.fetchone()[0]
