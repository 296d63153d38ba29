"""What SQLite leaves readable of what was deleted: in its file until the place is used again, and in its log until that begins anew."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_TRIES, _PAUSE_SECONDS = 20, 0.25


@contextmanager
def overwriting() -> Iterator[None]:
    """What is deleted inside is overwritten at once. Outside a transaction alone, and nothing on PostgreSQL, whose vacuum does it."""
    if not _is_ours():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA secure_delete = OFF")


def empty_log() -> bool:
    """Write the log back into the file and cut it off: it holds the pages as they were. Returns False when somebody read all the while."""
    if not _is_ours():
        return True
    with connection.cursor() as cursor:
        for _ in range(_TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if not cursor.fetchone()[0]:
                return True
            time.sleep(_PAUSE_SECONDS)
    return False


def _is_ours() -> bool:
    return connection.vendor == "sqlite" and not connection.in_atomic_block
