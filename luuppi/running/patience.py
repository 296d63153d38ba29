"""How long somebody waits for the database's one writer: a person sees a page that does not come, a program asks again by itself.

Who answers a request says so (`within`), and what takes the writers' lock asks how much of the time is left (`left`). Background work
has nobody who waits, and no limit.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotNow

OF_A_PROGRAM = 20.0  # seconds
OF_A_PERSON = 8.0
_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL: its lock_timeout has passed
_own = threading.local()


class StoreIsBusy(NotNow):
    status, code = 503, "busy"
    sentence = _("Saving failed just now, and nothing was stored. Send the same again in a moment: it will not be stored twice.")


class StoreIsSlow(StoreIsBusy):
    """It was not stored in time and may still be: what waits is stored when its turn comes."""

    sentence = _("Saving takes longer than it should. Send the same again in a moment: it will not be stored twice.")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is done here waits for the writer so long in all, and then raises StoreIsSlow."""
    before = getattr(_own, "until", None)
    _own.until = time.monotonic() + seconds
    try:
        yield
    finally:
        _own.until = before


def left() -> float | None:
    """Seconds that are left, at least 0; None without a limit."""
    until = getattr(_own, "until", None)
    return None if until is None else max(0.0, until - time.monotonic())


class PatienceMiddleware:
    """Every page and call of the API has its limit; what is said at its end is what every door makes of a refusal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = connection.execute_wrapper(_say_slow) if connection.vendor == "postgresql" else nullcontext()
        with within(OF_A_PROGRAM if request.path.startswith("/api/") else OF_A_PERSON), told:
            return self.get_response(request)


def limit_locks() -> None:
    """For the web's processes, before they have a connection: PostgreSQL has no one writer, but who waits for a row has the same limit."""
    if connection.vendor == "postgresql":
        connections.settings["default"]["OPTIONS"]["options"] = f"-c lock_timeout={OF_A_PERSON:g}s"


def _say_slow(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
    """Around each statement: a lock that PostgreSQL did not get in time (its `lock_timeout`) is told like the one of SQLite."""
    try:
        return execute(sql, params, many, context)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == _LOCK_NOT_AVAILABLE:
            raise StoreIsSlow(retry_after=5) from error
        raise
