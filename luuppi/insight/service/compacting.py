"""Each night the table is copied, in order, into the next generation's file, which then takes over.

The order makes questions of one organisation read little; and only a new file takes erased rows off the disk: after DELETE and CHECKPOINT
their bytes are still in the old one.
"""

import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import duckdb

from luuppi.insight.service import file
from luuppi.insight.service.table import REBUILDING, NotServing, Table, now
from luuppi.insight.service.writer import Writer

log = logging.getLogger("luuppi.insight")

HOUR_UTC = 2
LOOK_EVERY_SECONDS = 60.0
ROWS_AT_ONCE = 500_000


@dataclass
class Copier:
    """Runs `run` until `stop` is set: copies when the night comes, or at once when asked."""

    table: Table
    writer: Writer
    stop: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.stop.is_set():
            at_once = self.asked.wait(LOOK_EVERY_SECONDS)
            self.asked.clear()
            if self.stop.is_set():
                return
            try:
                self._copy_if_due(at_once=at_once)
            except NotServing:
                log.info("figures: no copy now, there is nothing to copy yet")
            except (duckdb.Error, OSError) as error:
                # Tonight's copy failed (a full disk); the old generation goes on and tomorrow has another night.
                log.warning("figures: copying failed: %s", str(error).splitlines()[0])

    def end(self) -> None:
        self.stop.set()
        self.asked.set()

    def _copy_if_due(self, *, at_once: bool) -> None:
        if self.writer.next_copy:
            return
        with self.table.reading() as generation:
            cursor = generation.connection.cursor()
            try:
                made_at, n_changed = cursor.execute("SELECT made_at, n_changed FROM state").fetchone()
                if not at_once and not is_due(made_at.replace(tzinfo=UTC), n_changed, at=now()):
                    return
                path = self.table.folder.next()
                copy_in_order(cursor, path)
            except duckdb.Error as error:
                if file.is_damage(error):
                    self.table.lose(generation, state=REBUILDING, damaged=True)
                raise
            finally:
                cursor.close()
        self.writer.next_copy = path
        self.table.wanted.set()


def is_due(made_at: datetime, n_changed: int, *, at: datetime) -> bool:
    """Something changed, and two o'clock at night (UTC) has passed since the file was made."""
    night = at.replace(hour=HOUR_UTC, minute=0, second=0, microsecond=0)
    if night > at:
        night -= timedelta(days=1)
    return n_changed > 0 and made_at < night


def copy_in_order(cursor: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Copy the rows, in order, into a new file. Raises duckdb.Error and leaves no file then.

    Part by part, so that neither the memory nor the processors are taken from those who ask meanwhile. The file's cursor is noted before
    the first part: what changes during the copy comes after it once more, and replaces whichever state was copied.
    """
    quoted = str(path).replace("'", "''")
    cursor.execute(f"ATTACH '{quoted}' AS next_generation")
    try:
        state = "cursor, shape, now()::TIMESTAMP AS made_at, 0::BIGINT AS n_changed"
        cursor.execute(f"CREATE TABLE next_generation.state AS SELECT {state} FROM state")
        cursor.execute("CREATE TABLE next_generation.items AS SELECT * FROM items LIMIT 0")
        for part in parts_of(cursor):
            cursor.execute(_COPY_SQL, list(part))
    except duckdb.Error:
        cursor.execute("DETACH next_generation")
        file.delete_generation(path)
        raise
    cursor.execute("DETACH next_generation")


_COPY_SQL = """
    INSERT INTO next_generation.items SELECT * FROM items
    WHERE organisation BETWEEN ? AND ? AND received_at >= ? AND received_at < ? ORDER BY organisation, received_at, item
"""


class Part(NamedTuple):
    """Organisations first to last, received from `since` until before `until`."""

    first: int
    last: int
    since: datetime = datetime.min
    until: datetime = datetime.max


def parts_of(cursor: duckdb.DuckDBPyConnection) -> list[Part]:
    """The whole table in parts of about ROWS_AT_ONCE rows, in the order of the copy: small organisations together, large ones by months."""
    sizes = cursor.execute("SELECT organisation, count(*) FROM items GROUP BY organisation ORDER BY organisation").fetchall()
    parts: list[Part] = []
    room = 0
    for organisation, n_items in sizes:
        if n_items > ROWS_AT_ONCE:
            parts += _months_of(cursor, organisation)
            room = 0
        elif n_items <= room:
            parts[-1] = parts[-1]._replace(last=organisation)
            room -= n_items
        else:
            parts.append(Part(organisation, organisation))
            room = ROWS_AT_ONCE - n_items
    return parts


def _months_of(cursor: duckdb.DuckDBPyConnection, organisation: int) -> list[Part]:
    by_month = "SELECT date_trunc('month', received_at)::TIMESTAMP AS month, count(*) FROM items WHERE organisation = ? GROUP BY month ORDER BY month"
    begins: list[datetime] = []
    room = 0
    for month, n_items in cursor.execute(by_month, [organisation]).fetchall():
        if n_items > room:
            begins.append(month)
            room = ROWS_AT_ONCE
        room -= n_items
    # What changes while we copy may lie before the first month or after the last: the ends stay open.
    edges = [datetime.min, *begins[1:], datetime.max]
    return [Part(organisation, organisation, since, until) for since, until in pairwise(edges)]
