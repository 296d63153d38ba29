"""Backup and restore: one file that holds everything of an installation, checked after writing and before reading.

The file is a zip: the database (SQLite by its own backup, PostgreSQL by pg_dump), the secret key, the files below the home, and a
manifest with the SHA-256 of each. Without the key no link sent so far would work: so the backup holds it, and says so.
"""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from luuppi import __version__
from luuppi.errors import NotNow, NotValid

_MANIFEST = "manifest.json"
_DATABASE, _DUMP, _KEY, _FILES = "luuppi.sqlite3", "luuppi.pgdump", "secret-key", "files"
_LEFT_OUT = {"worker.sock", "serving", "uploads"}  # of the running process, or on their way
_FORMAT = 1


class NotABackup(NotValid):
    code = "not-a-backup"
    sentence = "%(path)s is not a backup of Luuppi, or it is damaged: %(problem)s. Take another one."


class HomeIsNotEmpty(NotNow):
    code = "home-not-empty"
    sentence = "%(home)s holds an installation already. Restore into another LUUPPI_HOME, or add --replace to lose what is there."


class ProgramMissing(NotNow):
    code = "program-missing"
    sentence = "%(program)s is needed for a PostgreSQL database and was not found. Install Debian's postgresql-client."


class NoRoom(NotNow):
    code = "no-room"
    sentence = "The disk of %(place)s is full: nothing was written there. Make room, or choose a place on another disk."


@dataclass(frozen=True, slots=True)
class Backup:
    path: Path
    n_files: int
    n_bytes: int
    made_at: str


def back_up(path: Path) -> Backup:
    """Write everything into one file, while Luuppi runs; the file appears whole or not at all. Raises ProgramMissing, NoRoom, OSError."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _room_in(path.parent), tempfile.TemporaryDirectory(dir=path.parent, prefix=".luuppi-backup-") as folder:
        parts = _gather(Path(folder))
        manifest = {
            "format": _FORMAT,
            "luuppi": __version__,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "database": connection.vendor,
            "holds_secret_key": True,
            "sha256": {name: _digest(source) for name, source in parts.items()},
        }
        whole = Path(folder) / "whole"
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for name, source in parts.items():
                archive.write(source, name)
            archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
        os.chmod(whole, 0o600)
        read_backup(whole)
        with whole.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(whole, path)
    return Backup(path, len(parts), path.stat().st_size, manifest["made_at"])


def _gather(folder: Path) -> dict[str, Path]:
    parts: dict[str, Path] = {}
    if connection.vendor == "postgresql":
        parts[_DUMP] = folder / _DUMP
        _run_postgresql("pg_dump", "--format=custom", f"--file={parts[_DUMP]}")
    else:
        parts[_DATABASE] = folder / _DATABASE
        source = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True)
        target = sqlite3.connect(parts[_DATABASE])
        with source, target:
            source.backup(target)
        source.close()
        target.close()
    parts[_KEY] = Path(settings.SECRET_KEY_FILE)
    for file in sorted(Path(settings.HOME).rglob("*")):
        place = file.relative_to(settings.HOME)
        if file.is_file() and place.parts[0] not in _LEFT_OUT and not place.parts[0].startswith(("luuppi.sqlite3", "secret-key", "figures", ".")):
            parts[f"{_FILES}/{place}"] = file
    return parts


def read_backup(path: Path) -> dict:
    """The manifest, after every file in the backup was read and matched. Raises NotABackup."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            if manifest["format"] != _FORMAT:
                raise NotABackup(path=path, problem=f"its format {manifest['format']} is newer than this program")
            for name, digest in manifest["sha256"].items():
                with archive.open(name) as part:
                    if hashlib.file_digest(part, "sha256").hexdigest() != digest:
                        raise NotABackup(path=path, problem=f"{name} does not match")
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise NotABackup(path=path, problem=str(error) or type(error).__name__) from None
    return manifest


def restore(path: Path, *, replace: bool = False) -> dict:
    """Bring a backup back into this home and database; nothing is touched before the whole backup was checked.

    Raises NotABackup, HomeIsNotEmpty, NoRoom, ProgramMissing.
    """
    manifest = read_backup(path)
    home = Path(settings.HOME)
    if manifest["database"] != connection.vendor:
        raise NotABackup(path=path, problem=f"it holds a {manifest['database']} database, and this installation uses {connection.vendor}")
    if not replace and _holds_something():
        raise HomeIsNotEmpty(home=home)
    connection.close()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _room_in(home), tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder:
        with zipfile.ZipFile(path) as archive:
            for name in manifest["sha256"]:
                _extract(archive, name, Path(folder))
        _put_back(Path(folder), home)
    return manifest


@contextmanager
def _room_in(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if getattr(error, "errno", None) not in (errno.ENOSPC, errno.EDQUOT) and "disk is full" not in str(error):
            raise
        raise NoRoom(place=place) from None


def _holds_something() -> bool:
    """Whether there is an installation: a database with an organisation in it."""
    if connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists():
        return False
    if "people_organisation" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_organisation")
        return cursor.fetchone()[0] > 0


def _extract(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise NotABackup(path=archive.filename, problem=f"{name} points outside")
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())


def _put_back(folder: Path, home: Path) -> None:
    if connection.vendor == "postgresql":
        _run_postgresql("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(folder / _DUMP))
    else:
        database = Path(settings.DATABASES["default"]["NAME"])
        for left in (f"{database}-wal", f"{database}-shm"):
            Path(left).unlink(missing_ok=True)
        os.replace(folder / _DATABASE, database)
    key = Path(settings.SECRET_KEY_FILE)
    os.replace(folder / _KEY, key)
    os.chmod(key, 0o600)
    for file in sorted((folder / _FILES).rglob("*")) if (folder / _FILES).exists() else []:
        if file.is_file():
            target = home / file.relative_to(folder / _FILES)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(file, target)
    for derived in home.glob("figures*"):  # made anew from the truth
        shutil.rmtree(derived) if derived.is_dir() else derived.unlink()


def _run_postgresql(program: str, *arguments: str) -> None:
    found = shutil.which(program) or next((str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)), None)
    if found is None:
        raise ProgramMissing(program=program)
    address = settings.DATABASES["default"]
    database = f"--dbname={address['NAME']}"
    env = os.environ | {
        "PGPASSWORD": str(address.get("PASSWORD") or ""),
        "PGHOST": str(address.get("HOST") or ""),
        "PGPORT": str(address.get("PORT") or "5432"),
        "PGUSER": str(address.get("USER") or ""),
    }
    result = subprocess.run([found, database, *arguments], env=env, capture_output=True, text=True)
    if result.returncode:
        raise NotNow(problem=result.stderr[-500:])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
