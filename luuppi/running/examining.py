"""`luuppi doctor`: what is wrong with an installation, and how to put it right. Other stages add what only they can look at."""

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from luuppi.running.models import Heartbeat, Todo
from luuppi.running.privacy import is_shared, is_wider

_ENOUGH_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """`ok` False: something is wrong, and `mend` says what to do."""

    name: str
    ok: bool
    words: str
    mend: str = ""


EXAMINATIONS: dict[str, Callable[[], Finding]] = {}


def examination(name: str) -> Callable:
    """Register a look at one thing under its name."""

    def mark(look: Callable[[], Finding]) -> Callable[[], Finding]:
        EXAMINATIONS[name] = look
        return look

    return mark


def examine() -> list[Finding]:
    """Everything, in the order in which it was registered; a look that the database refuses is itself a finding."""
    findings = []
    for name, look in EXAMINATIONS.items():
        try:
            findings.append(look())
        except DatabaseError as error:
            findings.append(Finding(name, False, f"the database does not answer: {error}", "See that it runs and that LUUPPI_DATABASE_URL is right."))
            connection.close()
    return findings


@examination("database")
def _database() -> Finding:
    connection.ensure_connection()
    plan = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    if plan:
        return Finding("database", False, f"{len(plan)} migrations have not been run", "Run: luuppi migrate")
    return Finding("database", True, f"{connection.vendor}, up to date")


@examination("database file")
def _file() -> Finding:
    if connection.vendor != "sqlite":
        return Finding("database file", True, "not a file here")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        said = cursor.fetchone()[0]
    return Finding(
        "database file",
        said == "ok",
        said,
        "" if said == "ok" else "Stop Luuppi and restore the last backup: luuppi restore FILE --replace",
    )


@examination("secret key")
def _key() -> Finding:
    path = Path(settings.SECRET_KEY_FILE)
    if not path.exists():
        return Finding("secret key", False, f"{path} is missing", "Restore it from a backup: without it no link sent so far works.")
    mode = stat.S_IMODE(path.stat().st_mode)
    return Finding(
        "secret key", mode & 0o077 == 0, f"{path}, mode {mode:o}", "" if mode & 0o077 == 0 else f"Others can read it. Run: chmod 600 {path}"
    )


@examination("disk")
def _disk() -> Finding:
    free = shutil.disk_usage(settings.HOME).free
    return Finding(
        "disk",
        free > _ENOUGH_BYTES,
        f"{free / 1e9:.1f} GB free",
        "" if free > _ENOUGH_BYTES else "Free some space: what cannot be stored is refused.",
    )


@examination("home")
def _home() -> Finding:
    if not os.access(settings.HOME, os.W_OK):
        return Finding("home", False, str(settings.HOME), "Luuppi cannot write there. Give its user the folder.")
    if is_wider(settings.HOME):
        mode = stat.S_IMODE(settings.HOME.stat().st_mode)
        return Finding(
            "home",
            False,
            f"{settings.HOME}, mode {mode:o}",
            f"Others on this machine can look into it. Run: chmod {'o-rwx' if is_shared(settings.HOME) else 'go-rwx'} {settings.HOME}",
        )
    return Finding("home", True, str(settings.HOME))


@examination("worker")
def _worker() -> Finding:
    beat = Heartbeat.objects.filter(part="worker").first()
    ok = beat is not None and beat.is_alive
    words = f"last heard from at {beat.at:%Y-%m-%d %H:%M:%S} UTC" if beat else "never heard from"
    return Finding("worker", ok, words, "" if ok else "Start Luuppi: luuppi serve (or luuppi worker).")


@examination("background work")
def _todos() -> Finding:
    parked = Todo.objects.exclude(parked_at=None).count()
    late = Todo.objects.filter(parked_at=None, due_at__lt=timezone.now() - timedelta(minutes=15)).count()
    if parked:
        return Finding(
            "background work", False, f"{parked} to-dos were given up", "See Settings → Background work: fix the cause and try again there."
        )
    return Finding(
        "background work",
        late == 0,
        f"{late} to-dos are more than 15 minutes late",
        "" if late == 0 else "See that the worker runs and keeps up.",
    )
