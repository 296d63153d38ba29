"""What every test stands on: the cast (Aino, Eero; Mikko, Sari, Leena; Olof of another organisation). Its home: tests/home.py."""

from collections import Counter

import hypothesis
import pytest

pytest_plugins = ["tests.cast"]

# A fifth of a second for one example is a clock on the wall: on a busy machine it fails a right answer.
hypothesis.settings.register_profile("luuppi", deadline=None)
hypothesis.settings.load_profile("luuppi")


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a process remembers for moments must not outlive a test's database."""
    import time

    from luuppi.people.web import addressing
    from luuppi.running import ids

    addressing.forget()
    if ids._state["ms"] > time.time_ns() // 1_000_000 - ids.EPOCH_MS:  # a test before this one was in the future
        ids._state.update(ms=0, counter=0)


def pytest_collection_modifyitems(items):
    """Files with the most slow tests begin, so that no processor ends with a long file while the other has nothing left."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: (-slow[item.path], str(item.path) if slow[item.path] else ""))
