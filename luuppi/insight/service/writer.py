"""The one thread that writes: it opens the table or makes it anew, and every half second (quarter, while there is something) brings in what
changed in the truth."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from luuppi.insight.service import file
from luuppi.insight.service.row import INSERT_SQL, FigureRow, as_json_columns
from luuppi.insight.service.source import Changes, Source, SourceAway
from luuppi.insight.service.table import REBUILDING, WAITING, Generation, NotServing, Table, now

log = logging.getLogger("luuppi.insight")

PAUSE_SECONDS = 0.5
PAUSE_WHILE_CHANGING_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 10.0
CHANGES_AT_ONCE = 10_000
CRASHES_WHILE_OPENING = 3


class TruthIsBehind(Exception):
    """The truth's counter lies before our cursor: it was restored from a backup. What we hold may never have happened."""


class Stopping(Exception):
    """The process ends in the middle of making the file anew."""


@dataclass
class Writer:
    """Runs `run` until `stop` is set. `next_copy` is where the copier leaves the path of a finished next generation."""

    table: Table
    source: Source
    limits: file.Limits
    stop: threading.Event = field(default_factory=threading.Event)
    next_copy: Path | None = None
    rebuild: threading.Event = field(default_factory=threading.Event)
    """Set to have the file made anew from the truth beside the one that is served (`luuppi rebuild`, an organisation erased)."""
    _pause: float = PAUSE_SECONDS
    _is_changing: bool = False

    def run(self) -> None:
        while not self.stop.is_set():
            started = time.monotonic()
            has_more = self._step_or_wait()
            left = 0.0 if has_more else max(0.02, self._pause - (time.monotonic() - started))
            if left:
                self.table.wanted.wait(left)
            self.table.wanted.clear()

    def end(self) -> None:
        self.stop.set()
        self.table.wanted.set()

    def _step_or_wait(self) -> bool:
        """One round. What is expected to go wrong is waited out with growing pauses; anything else is a bug and ends the process."""
        try:
            has_more = self._step()
        except SourceAway as away:
            log.warning("figures: the database cannot be read: %s", away)
        except TruthIsBehind:
            log.warning("figures: the database is older than the figures (restored from a backup); made anew")
            self._forget()
            return True
        except Stopping:
            return False
        except duckdb.Error as error:
            self._on_error(error)
        except (NotServing, OSError) as error:
            log.warning("figures: %s", error)
        else:
            self._pause = PAUSE_WHILE_CHANGING_SECONDS if self._is_changing else PAUSE_SECONDS
            return has_more
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        return False

    def _step(self) -> bool:
        if self.table.generation is None:
            self._open_or_rebuild()
            return True
        if self.rebuild.is_set():
            self.rebuild.clear()
            self._rebuild()
        if self.next_copy:
            self._adopt()
        # Held like any reader: a question that finds damage meanwhile must not close the file under the writer.
        with self.table.reading() as generation:
            return self._bring_in(generation.connection)

    def _on_error(self, error: duckdb.Error) -> None:
        generation = self.table.generation
        log.warning("figures: %s", str(error).splitlines()[0])
        if generation and file.is_damage(error):
            self.table.lose(generation, state=REBUILDING, damaged=True)
        elif generation and file.is_invalidated(error):
            self.table.lose(generation, state=WAITING, damaged=False)
        elif generation is None:
            self.table.state = WAITING

    # --- opening and making anew ---

    def _open_or_rebuild(self) -> None:
        folder = self.table.folder
        connection = self._open_current()
        if connection is None:
            self._rebuild()
        else:
            self.table.serve(Generation(folder.current(), connection))
        folder.delete_others()

    def _open_current(self) -> duckdb.DuckDBPyConnection | None:
        """None where there is no usable file. Raises duckdb.Error where waiting may help (a lock, no memory)."""
        current = self.table.folder.current()
        if current is None or self._crashes() >= CRASHES_WHILE_OPENING:
            return None
        try:
            return self._open(current)
        except duckdb.Error as error:
            if not file.is_damage(error):
                raise
            log.warning("figures: %s cannot be used: %s", current.name, str(error).splitlines()[0])
            return None

    def _open(self, path: Path) -> duckdb.DuckDBPyConnection:
        # A file that is damaged in an unlucky place may take the process with it. The count outlives that; a good opening clears it.
        note = self.table.folder.path / "opening"
        note.write_text(str(self._crashes() + 1))
        connection = file.open_file(path, self.limits)
        connection.execute("SELECT count(*), min(received_at) FROM items").fetchone()
        note.unlink(missing_ok=True)
        return connection

    def _crashes(self) -> int:
        try:
            return int((self.table.folder.path / "opening").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def _rebuild(self) -> None:
        """All rows from the truth into a new file, then what changed meanwhile, then serve."""
        if self.table.generation is None:
            self.table.state = REBUILDING
        started = time.monotonic()
        path = self.table.folder.next()
        with self._new_generation(path, file.open_file(path, self.limits, make=True)) as connection:
            everything = self.source.everything()
            n_rows = 0
            for rows in everything.parts:
                self._unless_stopped()
                if rows:
                    connection.execute(INSERT_SQL, [as_json_columns(rows)])
                    n_rows += len(rows)
            connection.execute("UPDATE state SET cursor = ?", [everything.cursor])
        (self.table.folder.path / "opening").unlink(missing_ok=True)
        log.info("figures: made anew from %d items in %.1f s", n_rows, time.monotonic() - started)

    @contextmanager
    def _new_generation(self, path: Path, connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
        """Fill the new file in the block; then it catches up with the truth and takes over. On failure it leaves no trace."""
        try:
            yield connection
            while self._bring_in(connection):
                self._unless_stopped()
            self.table.folder.make_current(path)
        except BaseException:
            connection.close()
            file.delete_generation(path)
            raise
        self.table.serve(Generation(path, connection))

    def _unless_stopped(self) -> None:
        if self.stop.is_set():
            raise Stopping

    def _forget(self) -> None:
        if self.table.generation:
            self.table.lose(self.table.generation, state=REBUILDING, damaged=True)

    # --- the next generation ---

    def _adopt(self) -> None:
        """The copier has finished: catch up in the copy, then let it take over. Questions go on reading the old one until that moment."""
        path, self.next_copy = self.next_copy, None
        with self._new_generation(path, file.open_file(path, self.limits)):
            pass

    # --- what changed ---

    def _bring_in(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """One part of what changed after the file's cursor. True when there may be more at once."""
        asked_at = now()
        (cursor,) = connection.execute("SELECT cursor FROM state").fetchone()
        changes = self.source.changes_after(cursor, CHANGES_AT_ONCE)
        if changes.cursor < cursor:
            raise TruthIsBehind
        self._is_changing = changes.cursor > cursor
        if self._is_changing:
            bring_in(connection, changes)
        has_more = len(changes.rows) + len(changes.gone) >= CHANGES_AT_ONCE
        if not has_more:
            self.table.caught_up_at = asked_at
        return has_more


def bring_in(connection: duckdb.DuckDBPyConnection, changes: Changes) -> None:
    """Delete the changed items, insert their latest rows and move the cursor: one transaction, so a crash leaves all of it or nothing.

    No index and no primary key: 10 000 rows take about 90 ms, with a key 4 s; MERGE takes 560 ms.
    """
    items = [row.item for row in changes.rows] + changes.gone
    connection.execute("BEGIN TRANSACTION")
    try:
        if items:
            connection.execute("DELETE FROM items WHERE item IN (SELECT unnest(?::BIGINT[]))", [items])
        if changes.rows:
            connection.execute(INSERT_SQL, [as_json_columns(_each_once(changes.rows))])
        connection.execute("UPDATE state SET cursor = ?, n_changed = n_changed + ?", [changes.cursor, len(items)])
        connection.execute("COMMIT")
    except duckdb.Error:
        roll_back(connection)
        raise


def roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        connection.execute("ROLLBACK")
    except duckdb.Error as error:
        # The failed statement may have ended the transaction itself; its own error is what matters and is being raised.
        log.debug("figures: rolling back: %s", error)


def _each_once(rows: list[FigureRow]) -> list[FigureRow]:
    """The last row of each item: a source that names one twice must not count it twice."""
    return list({row.item: row for row in rows}.values())
