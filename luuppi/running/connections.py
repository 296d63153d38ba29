"""Database connections of doors that Django's own request does not open and close."""

import functools
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, OperationalError, close_old_connections, connection

_RACES = {"40P01", "23505"}  # a deadlock; somebody else made the same row in this moment
_MOST_ATTEMPTS = 4


def let_go() -> None:
    """Give the thread's connection back to the pool, as Django does after its own requests; never inside somebody's transaction."""
    if not connection.in_atomic_block:
        close_old_connections()


def again_after_race(act: Callable) -> Callable:
    """For an act of one transaction. PostgreSQL ends one of two that wait for each other, or that make the same row; done again it goes through.

    Within a larger transaction the error goes on to whoever began that one.
    """

    @functools.wraps(act)
    def acted(*arguments: Any, **named: Any) -> Any:
        for _attempt in range(_MOST_ATTEMPTS - 1):
            try:
                return act(*arguments, **named)
            except (IntegrityError, OperationalError) as error:
                if connection.in_atomic_block or getattr(error.__cause__, "sqlstate", "") not in _RACES:
                    raise
        return act(*arguments, **named)

    return acted
