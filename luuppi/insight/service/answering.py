"""One question in, rows out: on its own cursor, in a read-only transaction, within a time that counts from its arrival."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb

from luuppi.insight.question import Question
from luuppi.insight.service import file
from luuppi.insight.service.sql import sql_for
from luuppi.insight.service.table import REBUILDING, WAITING, Generation, NotServing, Table
from luuppi.insight.service.writer import roll_back

LOOK_EVERY_SECONDS = 0.05
SLEEP_SECONDS = 5.0  # while nothing runs; a statement that begins wakes it


class Busy(Exception):
    """Too many questions wait already, or this one waited or ran too long, or needs more memory than it may have."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How much is done at once. seconds: for one question, from its arrival to its last row."""

    at_once: int = 4
    waiting: int = 64
    seconds: float = 10.0


@dataclass
class Watch:
    """Interrupts statements whose time is up. One thread for all of them."""

    _running: dict[int, tuple[float, duckdb.DuckDBPyConnection]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _any: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.stop.wait(LOOK_EVERY_SECONDS):
            self.interrupt_those(before=time.monotonic())
            self._any.wait(SLEEP_SECONDS)

    def interrupt_those(self, *, before: float) -> None:
        with self._lock:
            # Under the lock: a cursor that has finished is not in here any more, so no later statement is hit.
            for deadline, cursor in self._running.values():
                if deadline <= before:
                    cursor.interrupt()

    @contextmanager
    def over(self, cursor: duckdb.DuckDBPyConnection, deadline: float) -> Iterator[None]:
        with self._lock:
            self._running[id(cursor)] = (deadline, cursor)
            self._any.set()
        try:
            yield
        finally:
            with self._lock:
                del self._running[id(cursor)]
                if not self._running:
                    self._any.clear()


class Answerer:
    """Answers questions from the table. Safe from any number of threads."""

    def __init__(self, table: Table, manners: Manners) -> None:
        self.table, self.manners = table, manners
        self.watch = Watch()
        self._turns = threading.Semaphore(manners.at_once)
        self._lock = threading.Lock()
        self.n_inside = 0

    def answer(self, question: Question, *, arrived: float) -> dict[str, Any]:
        """The answer as it goes over the wire. arrived: time.monotonic() when the question's first byte came.

        Raises NotServing, Busy.
        """
        deadline = arrived + self.manners.seconds
        with self._turn(deadline), self.table.reading() as generation:
            return self._read(generation, question, deadline)

    @contextmanager
    def _turn(self, deadline: float) -> Iterator[None]:
        with self._lock:
            if self.n_inside >= self.manners.at_once + self.manners.waiting:
                raise Busy("too many questions are waiting")
            self.n_inside += 1
        try:
            if not self._turns.acquire(timeout=max(0.0, deadline - time.monotonic())):
                raise Busy("the question waited too long for its turn")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            with self._lock:
                self.n_inside -= 1

    def _read(self, generation: Generation, question: Question, deadline: float) -> dict[str, Any]:
        sql = sql_for(question)
        as_of = self.table.caught_up_at
        cursor = generation.connection.cursor()
        try:
            with self.watch.over(cursor, deadline):
                cursor.execute("BEGIN TRANSACTION READ ONLY")
                try:
                    (version,) = cursor.execute("SELECT cursor FROM state").fetchone()
                    cursor.execute(sql)
                    columns = [column[0] for column in cursor.description]
                    rows = cursor.fetchall()
                finally:
                    roll_back(cursor)
        except duckdb.InterruptException as interrupted:
            raise Busy(f"the question took longer than {self.manners.seconds:g} s") from interrupted
        except duckdb.OutOfMemoryException as too_large:
            raise Busy("the question needs more memory than it may have") from too_large
        except duckdb.Error as error:
            self._lose_if_needed(generation, error)
            raise
        finally:
            cursor.close()
        return {
            "columns": columns,
            "rows": [[_plain(value) for value in row] for row in rows[: question.limit]],
            "more": len(rows) > question.limit,
            "cursor": version,
            "as_of": as_of.isoformat() if as_of else None,
        }

    def _lose_if_needed(self, generation: Generation, error: duckdb.Error) -> None:
        if file.is_damage(error):
            self.table.lose(generation, state=REBUILDING, damaged=True)
            raise NotServing(REBUILDING) from error
        if file.is_invalidated(error):
            self.table.lose(generation, state=WAITING, damaged=False)
            raise NotServing(WAITING) from error


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
