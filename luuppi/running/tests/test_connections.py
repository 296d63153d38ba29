"""What PostgreSQL ends because two waited for each other is done again; everything else goes on to who asked."""

import pytest
from django.db import OperationalError

from luuppi.running import connections


class Ended(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


def refused(sqlstate: str) -> OperationalError:
    error = OperationalError("ended")
    error.__cause__ = Ended(sqlstate)
    return error


class NoTransaction:
    in_atomic_block = False


@pytest.mark.parametrize(("sqlstate", "times", "attempts"), [("40P01", 2, 3), ("40P01", 9, 4), ("23505", 1, 2), ("57014", 1, 1)])
def test_a_race_is_tried_again_a_few_times_and_nothing_else_is(monkeypatch, sqlstate, times, attempts):
    monkeypatch.setattr(connections, "connection", NoTransaction())
    tried = []

    @connections.again_after_race
    def act() -> str:
        tried.append(1)
        if len(tried) <= times:
            raise refused(sqlstate)
        return "stored"

    if attempts > times:
        assert act() == "stored"
    else:
        with pytest.raises(OperationalError):
            act()
    assert len(tried) == attempts
