"""Database connections of doors that Django's own request does not open and close."""

import functools
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, close_old_connections, connection

_DEADLOCK = "40P01"
_MOST_ATTEMPTS = 4


def let_go() -> None:
    """Give the thread's connection back to the pool, as Django does after its own requests; never inside somebody's transaction."""
    if not connection.in_atomic_block:
        close_old_connections()


def again_after_deadlock(act: Callable) -> Callable:
    """For an act of one transaction. PostgreSQL ends one of two that wait for each other; done again it goes through.

    Within a larger transaction the error goes on to whoever began that one.
    """

    @functools.wraps(act)
    def acted(*arguments: Any, **named: Any) -> Any:
        for _attempt in range(_MOST_ATTEMPTS - 1):
            try:
                return act(*arguments, **named)
            except OperationalError as error:
                if connection.in_atomic_block or getattr(error.__cause__, "sqlstate", "") != _DEADLOCK:
                    raise
        return act(*arguments, **named)

    return acted
