"""The native DuckDB file: how it is opened, what its errors mean, and which of its generations is the current one.

The folder holds `current` (the name of the generation that is served), the generations, a spill folder and a lock. The file is derived:
it can be thrown away at any time and is made anew from the truth.
"""

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from luuppi.insight.service.row import create_table_sql

SHAPE = 2
"""Counts up when the columns change: a file of another shape is made anew."""

DAMAGE = ("corrupt", "checksum", "could not read", "not a valid duckdb database", "failure while replaying wal", "serialization error")
IS_MISSING = ("does not exist", "no such file")
IS_LOCKED = ("could not set lock", "conflicting lock", "unique file handle conflict")
IS_INVALIDATED = "has been invalidated"


@dataclass(frozen=True, slots=True)
class Limits:
    """memory_mb: for DuckDB's own memory; what does not fit spills to disk. threads: of one statement."""

    memory_mb: int = 1024
    threads: int = os.cpu_count() or 1


def is_damage(error: duckdb.Error) -> bool:
    """The file cannot be trusted any more: rebuild. A lock is never damage, whatever else the text says."""
    text = str(error).lower()
    return not is_locked(error) and any(mark in text for mark in (*DAMAGE, *IS_MISSING))


def is_locked(error: duckdb.Error) -> bool:
    return any(mark in str(error).lower() for mark in IS_LOCKED)


def is_invalidated(error: duckdb.Error) -> bool:
    """After a fatal error (a full disk in the middle of a checkpoint) an instance refuses everything until it is opened again."""
    return IS_INVALIDATED in str(error).lower()


def open_file(path: Path, limits: Limits, *, make: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to the file, shut off from everything outside its folder. make: a new, empty file with the tables and cursor 0.

    Raises duckdb.Error; `is_damage` and `is_locked` tell what to do. A file of another shape counts as damage.
    """
    if not make and not path.exists():
        raise duckdb.IOException(f"{path.name} does not exist")
    connection = duckdb.connect(str(path), config={"threads": limits.threads, "memory_limit": f"{limits.memory_mb}MB"})
    try:
        shut_off(connection, path.parent)
        if make:
            connection.execute(create_table_sql())
            connection.execute("CREATE TABLE state (cursor BIGINT, shape INTEGER, made_at TIMESTAMP, n_changed BIGINT)")
            connection.execute("INSERT INTO state VALUES (0, ?, now()::TIMESTAMP, 0)", [SHAPE])
        elif connection.execute("SELECT shape FROM state").fetchall() != [(SHAPE,)]:
            raise duckdb.IOException("corrupt: the file has another shape")
    except duckdb.CatalogException as no_table:
        connection.close()
        raise duckdb.IOException(f"corrupt: {no_table}") from no_table
    except duckdb.Error:
        connection.close()
        raise
    return connection


def shut_off(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    quoted = str(folder).replace("'", "''")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"SET temp_directory = '{quoted}/spill'")
    connection.execute(f"SET allowed_directories = ['{quoted}/']")
    # A statement that looks for some items by their ids then reads only the blocks where they can be: a change beside readers takes 10 ms
    # instead of 160 at ten million rows. The usual limit is 50 ids.
    connection.execute("SET dynamic_or_filter_threshold = 20000")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


class Folder:
    """The generations on disk and which of them is current. One process at a time holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._lock: IO[str] | None = None

    def take(self) -> bool:
        """Become the one service of this folder. False while another process is; the kernel frees it when that one dies."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self.path / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def leave(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def current(self) -> Path | None:
        """The generation that is served; None where there is none yet."""
        try:
            name = (self.path / "current").read_text().strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        # A damaged note must not lead out of the folder.
        is_ours = name.startswith("figures-") and name.endswith(".duckdb") and "/" not in name and name.isprintable()
        return self.path / name if is_ours else None

    def make_current(self, generation: Path) -> None:
        """On disk before this returns: after a crash either the old or the new generation is current, never none."""
        note = self.path / "current.new"
        with note.open("w") as file:
            file.write(generation.name)
            file.flush()
            os.fsync(file.fileno())
        note.replace(self.path / "current")
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def next(self) -> Path:
        """The name for a new generation; nothing lies there."""
        numbers = [int(digits) for path in self.path.glob("figures-*.duckdb") if (digits := path.stem.removeprefix("figures-")).isdigit()]
        path = self.path / f"figures-{max(numbers, default=0) + 1:06}.duckdb"
        delete_generation(path)
        return path

    def delete_others(self) -> None:
        """Throw away every generation but the current one, and what was spilled: left over from a crash."""
        current = self.current()
        for path in self.path.glob("figures-*.duckdb*"):
            if current is None or path.name not in (current.name, current.name + ".wal"):
                delete_path(path)
        shutil.rmtree(self.path / "spill", ignore_errors=True)


def delete_generation(path: Path) -> None:
    delete_path(path.with_name(path.name + ".wal"))
    delete_path(path)


def delete_path(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    path.unlink(missing_ok=True)
