"""The demo of another day is served at once, a new one is made beside it at low priority and takes its place while it runs."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from luuppi.demo import days
from luuppi.demo.company import SLUG
from luuppi.demo.loading import holds_more, is_loaded
from luuppi.people.models import Organisation
from luuppi.running.group import Group

_LOOK_EVERY_SECONDS = 5.0
_TRY_AGAIN_AFTER_SECONDS = 600.0
_OLD_DAY_STAYS_SECONDS = 60.0  # until the last answer out of it has been given


def is_possible() -> bool:
    """Only a demo that lies in the folder of a day can be turned: on SQLite, in a home that holds nothing else."""
    return connection.vendor == "sqlite" and not days.is_plain(settings.HOME)


def take_in_old_one() -> None:
    """Demos were made as a plain file of the home once. One that has the home for itself goes to the folder of its day; any other stays."""
    home = settings.HOME
    if connection.vendor != "sqlite" or not days.is_plain(home):
        return
    try:
        if not is_loaded() or holds_more():
            return
        made_at = Organisation.objects.filter(slug=SLUG).values_list("created_at", flat=True).get()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except DatabaseError:
        return  # what cannot be read is left as it is
    finally:
        connection.close()
    if not (home / f"{days.DATABASE}-wal").exists():  # else some other program has it open
        days.take_in(home, timezone.localdate(made_at, timezone=timezone.get_default_timezone()))


def today() -> date:
    return timezone.localdate(timezone=timezone.get_default_timezone())


def make_first(say: Callable[[str], None]) -> None:
    """Before anything is served: without a demo one is made now, else the one that is there will do. Raises SystemExit when it cannot be made."""
    home, day = settings.HOME, today()
    if days.served(home) is None:
        if code := _start_building(home, day, in_background=False).wait():
            raise SystemExit(code)
        days.serve_from_now_on(home, day)
    elif (served := days.served(home)) != day:
        say(f"The demo was made on {served}. It is served now; one of today is made beside it and takes its place in a minute or two.")
    days.sweep(home)


class Renewal:
    """A chore of the process group: looks at the day, builds, turns. `greet` prints the new links."""

    def __init__(self, group: Group, *, say: Callable[[str], None], greet: Callable[[], None], clock: Callable[[], date] = today) -> None:
        self.group, self.say, self.greet, self.clock = group, say, greet, clock
        self.home: Path = settings.HOME
        self.builder: subprocess.Popen | None = None
        self.day: date | None = None
        self.look_at = self.sweep_at = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if self.builder is not None:
            if self.builder.poll() is not None:
                self._take(now)
        elif now >= self.look_at:
            self.look_at = now + _LOOK_EVERY_SECONDS
            if self.clock() != days.served(self.home) and not _holds_more():
                self._begin()
        if self.sweep_at and now >= self.sweep_at:
            self.sweep_at = 0.0
            days.sweep(self.home)

    def end(self) -> None:
        if self.builder is not None:
            self.builder.kill()
            self.builder.wait()

    def _begin(self) -> None:
        self.day = self.clock()
        self.say(f"Making the demo of {self.day} beside the one that runs. What is changed in that one is lost when the new one takes its place.")
        self.builder = _start_building(self.home, self.day, in_background=True)
        self.sweep_at = 0.0

    def _take(self, now: float) -> None:
        code, self.builder = self.builder.returncode, None
        if code:
            self.say(f"The demo of {self.day} could not be made (it ended with {code}). The old one runs on; another try follows in ten minutes.")
            self.look_at = now + _TRY_AGAIN_AFTER_SECONDS
            return
        if _holds_more():
            self.say("There is another organisation beside the demo now, so it stays as it is.")
            return
        days.serve_from_now_on(self.home, self.day)
        for name in ("worker", "figures"):
            self.group.start_anew(name)
        self.group.reload_web()
        self.sweep_at = now + _OLD_DAY_STAYS_SECONDS
        self.say(f"The demo of {self.day} runs now. What was changed in the one before is lost, and everybody is signed out: here are new links.")
        self.greet()


def _start_building(home: Path, day: date, *, in_background: bool) -> subprocess.Popen:
    env = os.environ | {
        "LUUPPI_HOME": str(days.place_to_build(home, day)),
        "LUUPPI_SECRET_KEY_FILE": str(settings.SECRET_KEY_FILE),
        "LUUPPI_BASE_URL": settings.BASE_URL,
    }
    command = [sys.executable, "-m", "luuppi", "demo", "--follow-parent"]
    return subprocess.Popen(["nice", "-n", "15", *command] if in_background else command, env=env, stdin=subprocess.DEVNULL, start_new_session=True)


def _holds_more() -> bool:
    """Asked of the database that is served now; the connection is not kept, because the next question may be of another."""
    try:
        return holds_more()
    except DatabaseError:
        return True  # what cannot be read is not thrown away
    finally:
        connection.close()
