"""The five dots of an improvement."""

from datetime import UTC, datetime

import pytest

from luuppi.outer_loop.rules.journey import line_of
from luuppi.ui.loop_line import say_line

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("happened", "line"),
    [
        ({}, "dnooo"),
        ({"decided"}, "ddnoo"),
        ({"decided", "done"}, "dddno"),
        ({"decided", "done", "measured"}, "ddddn"),
        ({"decided", "done", "told"}, "dddnd"),
        ({"decided", "done", "measured", "told"}, "ddddd"),
    ],
)
def test_measured_and_told_are_two_facts_in_either_order(happened, line):
    assert line_of(declined=False, **{step: AT if step in happened else None for step in ("decided", "done", "measured", "told")}) == line


def test_without_a_touchpoint_there_is_nothing_to_measure_and_the_step_is_skipped():
    facts = {"decided": AT, "declined": False, "measured": None, "can_be_measured": False}
    assert [line_of(done=done, told=told, **facts) for done, told in ((None, None), (AT, None), (AT, AT))] == ["ddnso", "dddsn", "dddsd"]


def test_a_declined_one_skips_to_being_told():
    assert [line_of(decided=AT, declined=True, done=None, measured=None, told=told) for told in (None, AT)] == ["ddssn", "ddssd"]


def test_what_is_told_before_it_is_measured_is_not_said_to_be_skipped():
    assert "skipped" not in say_line("dddnd", of="improvement") and "measured now" in say_line("dddnd", of="improvement")
