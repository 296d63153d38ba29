"""Whoever answers somebody waits for the writer a while and says so; who has time waits in the same queue, and nobody's place is lost."""

import fcntl
import threading
import time

import pytest
from django.db import connections

from luuppi.running import patience
from luuppi.running.sqlite.base import DatabaseWrapper
from luuppi.running.sqlite.turn import open_lock_file


@pytest.fixture
def writer(tmp_path):
    """A connection to a database in a file, and the lock that somebody else holds."""
    settings = {**connections.settings["default"], "ENGINE": "luuppi.running.sqlite", "NAME": tmp_path / "one.sqlite3", "OPTIONS": {"transaction_mode": "IMMEDIATE"}}
    mine = DatabaseWrapper(settings)
    other = open_lock_file(f"{tmp_path / 'one.sqlite3'}-writer")
    fcntl.flock(other, fcntl.LOCK_EX)
    yield mine, lambda: fcntl.flock(other, fcntl.LOCK_UN), lambda: fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    mine.close()


def turns() -> int:
    return sum(thread.name == "turn to write" for thread in threading.enumerate())


def test_who_has_waited_long_enough_is_told_and_keeps_one_place_in_the_queue(writer):
    mine, let_go, take = writer
    for _again in range(3):
        with patience.within(0.02), pytest.raises(patience.StoreIsSlow):
            mine._take_lock()
    assert turns() == 1, "who comes again stands where it stood"
    let_go()
    while turns():
        time.sleep(0.001)
    take()  # what came after everybody had gone was let go
    let_go()
    with patience.within(5):
        mine._take_lock()
        mine._free_lock()


def test_it_goes_on_as_soon_as_the_other_is_done_and_then_holds_the_lock_itself(writer):
    mine, let_go, take = writer
    threading.Timer(0.03, let_go).start()
    with patience.within(5):
        mine._take_lock()
    with pytest.raises(BlockingIOError):
        take()
    mine._free_lock()
    take()


def test_without_a_limit_nobody_is_refused(writer):
    mine, let_go, _take = writer
    assert patience.left() is None
    threading.Timer(0.05, let_go).start()
    mine._take_lock()
    mine._free_lock()


def test_one_limit_holds_for_all_that_is_done_within_it():
    with patience.within(5):
        with patience.within(0):
            assert patience.left() == 0
        assert 4 < patience.left() <= 5
    assert patience.left() is None
