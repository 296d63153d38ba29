"""The generation that is being read, and how it gives way to the next one without a failed question."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from luuppi.insight.service.file import Folder, delete_generation

log = logging.getLogger("luuppi.insight")

STARTING, REBUILDING, WAITING, SERVING = "starting", "rebuilding", "waiting", "serving"
RETRY_AFTER_SECONDS = {STARTING: 1, REBUILDING: 5, WAITING: 2, SERVING: 1}


class NotServing(Exception):
    """There is no table to ask just now. state says why; retry_after is in seconds."""

    def __init__(self, state: str) -> None:
        super().__init__(f"the figures are {state}")
        self.state = state
        self.retry_after = RETRY_AFTER_SECONDS[state]


@dataclass(eq=False)
class Generation:
    """One file with its open instance, how many read it now, and whether the last of them throws it away."""

    path: Path
    connection: duckdb.DuckDBPyConnection
    n_readers: int = 0
    ends: bool = False
    deleted: bool = False


@dataclass(eq=False)
class Table:
    """Shared by the threads that answer, the writer and the copier. caught_up_at: up to when the figures are known to hold everything."""

    folder: Folder
    state: str = STARTING
    caught_up_at: datetime | None = None
    generation: Generation | None = None
    wanted: threading.Event = field(default_factory=threading.Event)
    """Set when the writer should look at once: the generation was lost, a copy waits."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """The current generation; it stays open until the block is left, also when the next one takes over meanwhile. Raises NotServing."""
        with self._lock:
            generation = self.generation
            if generation is None:
                raise NotServing(self.state)
            generation.n_readers += 1
        try:
            yield generation
        finally:
            with self._lock:
                generation.n_readers -= 1
                is_over = generation.ends and generation.n_readers == 0
            if is_over:
                _end(generation)

    def serve(self, generation: Generation) -> None:
        """From now on questions read this generation. The one before is closed and deleted when its last reader is done."""
        with self._lock:
            before, self.generation, self.state = self.generation, generation, SERVING
        log.info("figures: serving %s", generation.path.name)
        if before:
            self._let_go(before, delete=True)

    def lose(self, generation: Generation, *, state: str, damaged: bool) -> None:
        """Stop reading this generation. damaged: never open it again, not even after a crash. Losing it twice does nothing."""
        with self._lock:
            if self.generation is not generation:
                return
            self.generation, self.state = None, state
            if damaged:
                (self.folder.path / "current").unlink(missing_ok=True)
        log.warning("figures: %s is %s; %s", generation.path.name, "damaged" if damaged else "closed", state)
        self._let_go(generation, delete=damaged)
        self.wanted.set()

    def close(self) -> None:
        """For the end of the process: close the file, keep it."""
        with self._lock:
            generation, self.generation, self.state = self.generation, None, STARTING
        if generation:
            self._let_go(generation, delete=False)

    def _let_go(self, generation: Generation, *, delete: bool) -> None:
        with self._lock:
            generation.ends, generation.deleted = True, delete
            is_over = generation.n_readers == 0
        if is_over:
            _end(generation)


def _end(generation: Generation) -> None:
    try:
        generation.connection.close()
    except duckdb.Error as error:
        log.warning("figures: closing %s: %s", generation.path.name, error)
    if generation.deleted:
        delete_generation(generation.path)


def now() -> datetime:
    return datetime.now(UTC)
