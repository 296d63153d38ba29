"""Where the demo of a day lies: a folder of its own below the home, and one link that says which day is served.

`luuppi.sqlite3`, `figures` and `outbox` of the home lead through that link, so turning it (one rename) changes all of them at once; whatever
is killed when, either the old day or the new one is served, each whole. The secret key stays in the home: tracking links outlive the day.
"""

import os
import shutil
from datetime import date
from pathlib import Path

DATABASE = "luuppi.sqlite3"
_FOLDERS = ("figures", "outbox")
_DAYS, _NOW = ".days", ".now"  # hidden, so that a backup of the home takes what they lead to and not them


def is_plain(home: Path) -> bool:
    """Whether the home holds a database that is not the demo of a day: it is not turned as it lies."""
    database = home / DATABASE
    return database.exists() and not database.is_symlink()


def served(home: Path) -> date | None:
    """The day of the demo that is served; None when there is none."""
    link = home / _NOW
    return date.fromisoformat(link.resolve().name) if (link / DATABASE).exists() else None


def place_to_build(home: Path, day: date) -> Path:
    """An empty folder in which to make the demo of the day; what an earlier try left is thrown away."""
    place = home / _DAYS / f"{day}.making"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return place


def serve_from_now_on(home: Path, day: date) -> None:
    """The demo that was made for the day is the one that is served. Its folders come with it, empty."""
    _put_in_place(home, day)
    _lead_through_link(home)
    _turn(home / _NOW, f"{_DAYS}/{day}")


def take_in(home: Path, day: date) -> None:
    """A demo that lies in the home as one file, as they were made at first, becomes the one of its day. Nobody may have it open.

    The file keeps its name until the folder of the day is served: killed in between, it is taken in again.
    """
    made = place_to_build(home, day)
    os.link(home / DATABASE, made / DATABASE)
    _put_in_place(home, day)
    _turn(home / _NOW, f"{_DAYS}/{day}")
    _lead_through_link(home)


def _put_in_place(home: Path, day: date) -> None:
    place, made = home / _DAYS / str(day), home / _DAYS / f"{day}.making"
    for name in _FOLDERS:
        (made / name).mkdir(exist_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    made.rename(place)


def _lead_through_link(home: Path) -> None:
    for name in (*_FOLDERS, DATABASE):
        if not (home / name).is_symlink():
            shutil.rmtree(home / name, ignore_errors=True)
            _turn(home / name, f"{_NOW}/{name}")


def sweep(home: Path) -> None:
    """Throw away the days that are not served, and what was being made."""
    kept = served(home)
    for place in (home / _DAYS).glob("*"):
        if place.name != str(kept):
            shutil.rmtree(place, ignore_errors=True)


def _turn(link: Path, to: str) -> None:
    new = link.with_name(f"{link.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(to)
    os.replace(new, link)
