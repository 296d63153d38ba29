"""What every test stands on: the cast (Aino, Eero; Mikko, Sari, Leena; Olof of another organisation). Its home: tests/home.py."""

import pytest

pytest_plugins = ["tests.cast"]


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a process remembers for moments must not outlive a test's database."""
    from luuppi.people.web import addressing

    addressing.forget()
