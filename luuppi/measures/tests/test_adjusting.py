"""What could be foreseen is taken out, and the effect is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.measures.adjusting import adjusted_for_mix
from luuppi.measures.effects import effect_of_change

WEEKS = np.arange(-40, 16)


def world(seed, effect=0.0, explained=0.28, a_week=40):
    """Answers of a changed touchpoint and an untouched one: (week, changed, answer, foreseen); the mix of contacts moves from week to week."""
    rng = np.random.default_rng(seed)
    week = np.repeat(np.tile(WEEKS, 2), a_week)
    changed = np.repeat([True, False], len(WEEKS) * a_week)
    foreseen = rng.normal(0, 78 * np.sqrt(explained), len(week))
    answer = 20 + foreseen + rng.normal(0, 78 * np.sqrt(1 - explained), len(week)) + effect * (changed & (week >= 0))
    return week, changed, answer, foreseen


def effect_in(week, changed, values):
    weekly = [[values[(week == one) & (changed == side)].mean() for one in WEEKS] for side in (True, False)]
    return effect_of_change(WEEKS, *weekly)


def test_the_interval_is_narrower_by_what_is_explained_and_still_holds_the_truth():
    """Reference: R² .28 makes the interval 15 % narrower at coverage .95."""
    wide, narrow, held, explained = [], [], [], []
    for seed in range(160):
        week, changed, answer, foreseen = world(seed, effect=8)
        adjusted = adjusted_for_mix(answer, foreseen, week < 0)
        plain, sharp = effect_in(week, changed, answer), effect_in(week, changed, adjusted.values)
        wide.append(plain.high - plain.low)
        narrow.append(sharp.high - sharp.low)
        held.append(sharp.low <= 8 <= sharp.high)
        explained.append(adjusted.explained)
    assert np.mean(explained) == pytest.approx(0.28, abs=0.01)
    assert np.mean(narrow) / np.mean(wide) == pytest.approx(0.85, abs=0.02)
    assert 0.91 <= np.mean(held) <= 0.99  # 160 worlds tell a share of .95 to ± .035


def test_harder_cases_after_the_change_are_no_effect():
    """Nothing was done to the answers; the changed touchpoint only gets cases of which 20 points less are foreseen."""
    called = {"plain": 0, "sharp": 0}
    for seed in range(60):
        week, changed, answer, foreseen = world(seed)
        harder = 20.0 * (changed & (week >= 0))
        sharp = adjusted_for_mix(answer - harder, foreseen - harder, week < 0).values
        called["plain"] += effect_in(week, changed, answer - harder).verdict == "worse"
        called["sharp"] += effect_in(week, changed, sharp).verdict in ("better", "worse")
    assert called["plain"] > 50
    assert called["sharp"] <= 7  # .05 of 60 is 3


def test_the_slope_is_that_of_least_squares_before_the_change():
    rng = np.random.default_rng(1)
    foreseen, before = rng.normal(30, 10, 500), np.arange(500) < 300
    answers = 5 + 0.7 * foreseen + rng.normal(0, 3, 500) + 40 * ~before
    found = adjusted_for_mix(answers, foreseen, before)
    slope = np.polyfit(foreseen[before], answers[before], 1)[0]
    assert found.values == pytest.approx(answers - slope * (foreseen - foreseen[before].mean()))
    assert found.explained == pytest.approx(np.corrcoef(foreseen[before], answers[before])[0, 1] ** 2)


@pytest.mark.parametrize(
    ("answers", "foreseen", "before", "why"),
    [
        ([], [], [], "too_few_answers"),
        (np.arange(99.0), np.arange(99.0), np.ones(99), "too_few_answers"),
        (np.arange(200.0), np.arange(200.0), np.zeros(200), "too_few_answers"),
        (np.arange(100.0), np.full(100, 0.3), np.ones(100), "nothing_foreseen"),
        (np.full(100, 7.0), np.arange(100.0), np.ones(100), "nothing_foreseen"),
    ],
)
def test_where_nothing_can_be_taken_out_the_answers_stay(answers, foreseen, before, why):
    found = adjusted_for_mix(answers, foreseen, before)
    assert (found.values.tolist(), found.explained, found.why_silent) == (list(answers), 0.0, why)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answers": [float("nan")] * 3}, "answers: position 0 is nan"),
        ({"foreseen": [1.0, 2.0, float("inf")]}, "foreseen: position 2 is inf"),
        ({"before": [0, 1, 2]}, "before: position 2 is 2"),
        ({"before": [0, 1]}, "answers and foreseen and before: must be equally long"),
    ],
)
def test_wrong_input_is_refused_by_name_and_place(change, words):
    with pytest.raises(ValueError, match=f"^{words}"):
        adjusted_for_mix(**{"answers": [1.0, 2.0, 3.0], "foreseen": [1.0, 2.0, 3.0], "before": [1, 1, 0]} | change)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 10))
def test_the_unit_of_what_was_foreseen_does_not_matter(seed, shift, scale):
    rng = np.random.default_rng(seed)
    answers, foreseen, before = rng.normal(size=150), rng.normal(size=150), np.arange(150) < 120
    one, other = adjusted_for_mix(answers, foreseen, before), adjusted_for_mix(answers, shift + scale * foreseen, before)
    assert other.values == pytest.approx(one.values, abs=1e-6)
    assert 0 <= one.explained <= 1
