"""What every test stands on: the cast (Aino, Eero; Mikko, Sari, Leena; Olof of another organisation). Its home: tests/home.py."""

import pytest

pytest_plugins = ["tests.cast"]


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a process remembers for moments must not outlive a test's database."""
    import time

    from luuppi.people.web import addressing
    from luuppi.running import ids

    addressing.forget()
    if ids._state["ms"] > time.time_ns() // 1_000_000 - ids.EPOCH_MS:  # a test before this one was in the future
        ids._state.update(ms=0, counter=0)
