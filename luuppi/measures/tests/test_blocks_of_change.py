"""The chart of an effect shows the very gaps that were compared, with the trigger weeks apart."""

import numpy as np
import pytest

from luuppi.measures.effects import blocks_of_change, effect_of_change
from luuppi.measures.tests.weekly import weekly_touchpoints


def test_blocks_show_each_part_in_order_and_their_means_are_the_effect():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(28), effect=10)
    blocks = blocks_of_change(weeks, treated, control, trigger_weeks=range(-8, 0))
    assert [block.part for block in blocks] == ["before"] * 11 + ["trigger"] * 2 + ["after"] * 3
    assert (blocks[0].first_week, blocks[0].last_week, blocks[-1].first_week, blocks[-1].last_week) == (-52, -49, 8, 11)
    found = effect_of_change(weeks, treated, control, trigger_weeks=range(-8, 0))
    gaps = {part: np.mean([block.gap for block in blocks if block.part == part]) for part in ("before", "after")}
    assert gaps["after"] - gaps["before"] == pytest.approx(found.value)


def test_leftover_weeks_join_the_blocks_and_a_short_part_is_one_block():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(29), before=9, after=2)
    spans = [(block.first_week, block.last_week) for block in blocks_of_change(weeks, treated, control)]
    assert spans == [(-9, -5), (-4, -1), (0, 1)]


def test_the_dots_weigh_weeks_by_answers():
    gaps = [0.0, 8.0, 0.0, 0.0] * 2
    blocks = blocks_of_change(np.arange(-4, 4), gaps, np.zeros(8), [1, 3, 0, 4] * 2)
    assert [block.gap for block in blocks] == [3.0, 3.0]


def test_the_dots_stand_at_the_level_of_the_gap():
    blocks = blocks_of_change(np.arange(-4, 4), [30.0] * 8, np.full((8, 2), 20.0))
    assert [block.gap for block in blocks] == [10.0, 10.0]


def test_no_control_no_chart():
    assert blocks_of_change(np.arange(-52, 12), np.zeros(64), None) == []
