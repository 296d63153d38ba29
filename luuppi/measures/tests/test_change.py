"""A unit that gets worse is seen within weeks; one that only shakes is left in peace."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.measures.change import LIMIT, Shift, find_shifts, watch_unit


def draw_unit(rng, *, answers=40, weeks=78, share=0.25, moved_to=None, moves_in=52):
    n = rng.poisson(answers, weeks)
    shares = np.where(np.arange(weeks) < moves_in, share, share if moved_to is None else moved_to)
    return n, rng.binomial(n, shares)


# --- reference values ---------------------------------------------------------------------------------------------------------------


def test_known_shifts_are_found_as_often_as_in_the_reference(shared_data):
    folder = shared_data / "behaviour"
    expected = json.loads((folder / "expected.json").read_text())["weekly_units"]["ewma_0.2_3.2_dispersion"]
    truth = pd.read_csv(folder / "weekly_units_truth.csv").set_index("unit")
    seen, alarms, watched = {}, {}, {}
    for unit, rows in pd.read_csv(folder / "weekly_units.csv.gz").groupby("unit"):
        size, moved, week = truth.loc[unit]
        whole = rows.set_index("week").reindex(range(78), fill_value=0)
        watch = watch_unit(whole.n, whole.detractors)
        worse = [shift.week for shift in watch.shifts if shift.direction == "worse"]
        quiet_until = int(week) if week >= 0 else 78
        alarms[size] = alarms.get(size, 0) + sum(at < quiet_until for at in worse)
        watched[size] = watched.get(size, 0) + quiet_until - 26
        if week >= 0:
            seen.setdefault((size, round(100 * moved)), []).append(max(watch.level[int(week) - 26 : int(week) - 18]) > LIMIT)
    for size, values in expected.items():
        assert 52 * alarms[int(size)] / watched[int(size)] <= values["fa_per_unit_year"] + 0.01
        for points in (10, 20):
            if f"detect8w_{points}pp" in values:
                assert np.mean(seen[int(size), points]) == pytest.approx(values[f"detect8w_{points}pp"], abs=0.006)


def test_the_alarm_step_by_step():
    # Baseline: 10 answers and 2.5 detractors a week on average; then every answer is a detractor.
    n = [10] * 30
    detractors = [2, 3] * 13 + [10] * 4
    watch = watch_unit(n, detractors)
    usual = 65.5 / 261
    spread = np.sqrt(10 * usual * (1 - usual))
    assert watch.usual_share == pytest.approx(usual)
    assert watch.dispersion == 1.0
    step = (10 - 10 * usual) / spread
    expected = [step * (1 - 0.8**k) for k in (1, 2, 3, 4)]
    assert watch.level == pytest.approx(expected)
    assert pytest.approx(3.2 * np.sqrt(0.2 / 1.8)) == LIMIT == watch.limit
    assert watch.shifts == (Shift(26 + next(i for i, level in enumerate(expected) if level > LIMIT), "worse"),)


def test_weeks_that_vary_more_than_chance_raise_the_bar():
    n, detractors = [100] * 30, [10, 40] * 13 + [70, 60, 60, 60]
    watch = watch_unit(n, detractors)
    usual = 650.5 / 2601
    assert watch.dispersion == pytest.approx(30 / np.sqrt(100 * usual * (1 - usual)) / 1.128)
    calm = watch_unit(n, [25] * 26 + detractors[26:])
    assert watch.level[0] == pytest.approx(calm.level[0] / watch.dispersion, rel=0.01)


# --- planted truth ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [5, 20, 80])
def test_a_steady_unit_is_rarely_called_out(answers):
    rng = np.random.default_rng(41)
    alarms = sum(len(find_shifts(*draw_unit(rng, answers=answers))) for _ in range(300))
    assert alarms / 300 <= 0.3  # in a year


@pytest.mark.parametrize("answers", [20, 80])
def test_a_unit_whose_weeks_are_restless_is_rarely_called_out(answers):
    """The share of detractors swings by ± 10 points from week to week (correlation .05 within a week) around one that does not move."""
    rng = np.random.default_rng(43)
    alarms = 0
    for _ in range(200):
        n = rng.poisson(answers, 78)
        alarms += len(find_shifts(n, rng.binomial(n, rng.beta(4.75, 14.25, 78))))
    assert alarms / 200 <= 0.35


@pytest.mark.parametrize(("answers", "share"), [(5, 0.02), (20, 0.01)])
def test_a_steady_unit_with_hardly_any_detractors_is_rarely_called_out_and_its_fall_is_seen(answers, share):
    """The limit of a normal level called such units out .3–.6 times a year: two detractors of one week were enough."""
    rng = np.random.default_rng(44)
    alarms = sum(len(find_shifts(*draw_unit(rng, answers=answers, share=share))) for _ in range(60))
    assert alarms / 60 <= 0.25
    worse = (draw_unit(rng, answers=answers, weeks=60, share=share, moved_to=share + 0.2) for _ in range(25))
    assert np.mean([any(52 <= shift.week < 60 for shift in find_shifts(*unit)) for unit in worse]) > 0.75


def test_many_more_answers_than_in_the_baseline_are_no_alarm():
    rng = np.random.default_rng(45)
    alarms = 0
    for _ in range(150):
        n = np.concatenate([rng.poisson(5, 26), rng.poisson(50, 52)])
        alarms += len(find_shifts(n, rng.binomial(n, 0.25)))
    assert alarms / 150 <= 0.25


def test_the_limit_is_wider_where_few_detractors_are_usual():
    n = [10] * 40
    assert watch_unit(n, [1] * 40).limit == LIMIT
    rare = watch_unit(n, [1, 0, 0, 0] * 10)
    assert rare.limit > LIMIT
    assert rare == watch_unit(n, [1, 0, 0, 0] * 10)


def test_a_unit_that_gets_better_is_seen_too():
    rng = np.random.default_rng(42)
    found = [find_shifts(*draw_unit(rng, answers=80, share=0.4, moved_to=0.2)) for _ in range(50)]
    assert np.mean([any(52 <= shift.week < 60 and shift.direction == "better" for shift in shifts) for shifts in found]) > 0.95


def test_one_excursion_is_told_once_and_a_new_one_again():
    n = [50] * 26 + [50] * 40
    detractors = [12, 13] * 13 + [30] * 12 + [12, 13] * 8 + [30] * 12
    assert [(shift.week, shift.direction) for shift in find_shifts(n, detractors)] == [(26, "worse"), (54, "worse")]


def test_a_turn_from_worse_to_better_is_told_at_once():
    n = [50] * 66
    detractors = [12, 13] * 13 + [30] * 20 + [0] * 20
    assert [shift.direction for shift in find_shifts(n, detractors)] == ["worse", "better"]


# --- what little and odd data get ----------------------------------------------------------------------------------------------------


def test_too_little_data_is_silent_and_says_why():
    assert watch_unit([40] * 26, [10] * 26).why_silent == "too_few_weeks"
    assert watch_unit([], []).why_silent == "too_few_weeks"
    assert watch_unit([40] * 27, [10] * 27).why_silent is None
    assert watch_unit([3] * 25 + [2] + [40] * 9, [0] * 35).why_silent == "too_few_answers"
    assert watch_unit([3] * 26 + [40] * 9, [0] * 26 + [40] * 9).why_silent is None
    assert find_shifts([2] * 60, [2] * 60) == []
    silent = watch_unit([0] * 60, [0] * 60)
    assert (silent.shifts, silent.level, silent.usual_share, silent.dispersion) == ((), (), None, None)


def test_weeks_without_answers_neither_raise_nor_calm():
    n, detractors = [40] * 26 + [40, 0, 0, 40], [10] * 26 + [20, 0, 0, 20]
    level = watch_unit(n, detractors).level
    assert level[0] == level[1] == level[2] > 0
    assert level[3] > level[2]
    without = watch_unit([40] * 28, [10] * 26 + [20] * 2)
    assert without.level[1] == level[3]


def test_a_baseline_without_any_detractor_still_gives_a_bar():
    watch = watch_unit([10] * 40, [0] * 26 + [0] * 14)
    assert watch.shifts == ()
    assert 0 < watch.usual_share < 0.01
    assert find_shifts([10] * 40, [10] * 40) == []


def test_another_baseline():
    n, detractors = [40] * 20, [10] * 8 + [35] * 12
    assert find_shifts(n, detractors, baseline_weeks=8)[0].direction == "worse"
    assert find_shifts(n, detractors) == []


@pytest.mark.parametrize(
    ("n", "detractors", "weeks", "words"),
    [
        ([5] * 30, [6] * 30, 26, "n_detractors: position 0 is 6, more than the 5 answers"),
        ([5] * 30, [1] * 29, 26, "n_answers and n_detractors: must be equally long, got n_answers 30, n_detractors 29"),
        ([5] * 29 + [-1], [1] * 30, 26, "n_answers: position 29 is -1"),
        ([5] * 30, [1] * 29 + [0.5], 26, "n_detractors: position 29 is 0.5, not a whole number"),
        ([5] * 29 + [None], [1] * 30, 26, "n_answers: position 29 is nan"),
        ([5] * 30, [1] * 30, 7, "baseline_weeks: must be a whole number, 8 or more, got 7"),
        ([5] * 30, [1] * 30, 26.5, "baseline_weeks: must be a whole number, 8 or more, got 26.5"),
    ],
)
def test_wrong_input_is_refused_by_name_and_place(n, detractors, weeks, words):
    with pytest.raises(ValueError, match=words):
        find_shifts(n, detractors, baseline_weeks=weeks)


# --- what must hold for any data ------------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 60), st.floats(0, 1)), max_size=80))
def test_any_series_is_judged_without_looking_ahead(weeks):
    n = [count for count, _ in weeks]
    detractors = [int(share * count) for count, share in weeks]
    shifts = find_shifts(n, detractors)
    assert [shift.week for shift in shifts] == sorted({shift.week for shift in shifts})
    assert all(26 <= shift.week < len(weeks) for shift in shifts)
    for end in (27, 40, 60):
        assert find_shifts(n[:end], detractors[:end]) == [shift for shift in shifts if shift.week < end]
