"""Database connections of doors that Django's own request does not open and close."""

from django.db import close_old_connections, connection


def let_go() -> None:
    """Give the thread's connection back to the pool, as Django does after its own requests; never inside somebody's transaction."""
    if not connection.in_atomic_block:
        close_old_connections()
