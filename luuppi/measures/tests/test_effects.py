"""An effect is seen where there is one, and not where chance, a season or a bad spell only looks like one."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.measures import effects
from luuppi.measures.effects import blocks_of_change, effect_of_change
from luuppi.measures.tests.weekly import weekly_touchpoints

WEEKS = np.arange(-52, 12)


def series(shared_data, name):
    return pd.read_csv(shared_data / "behaviour" / f"{name}.csv.gz").groupby("series_id")


# --- reference values ---------------------------------------------------------------------------------------------------------------


def test_known_actions_are_found_and_null_ones_left_alone(shared_data):
    expected = json.loads((shared_data / "behaviour" / "expected.json").read_text())["weekly_actions"]
    truth = pd.read_csv(shared_data / "behaviour" / "weekly_actions_truth.csv").set_index("series_id").true_effect
    seen = {True: [], False: []}
    for name, rows in series(shared_data, "weekly_actions"):
        found = effect_of_change(rows.week, rows.nps_treated, rows.nps_controls_mean, rows.n_answers)
        seen[bool(truth[name])].append(found.verdict in ("better", "worse"))
    assert expected["accept_fpr"][0] <= np.mean(seen[False]) <= expected["accept_fpr"][1]
    assert np.mean(seen[False]) == pytest.approx(expected["did_4wk_blocks_reject_when_null"], abs=1e-9)
    assert np.mean(seen[True]) == pytest.approx(expected["did_power_8pts"], abs=1e-9)


def test_a_bad_spell_that_ends_by_itself_is_no_effect(shared_data):
    expected = json.loads((shared_data / "behaviour" / "expected.json").read_text())["weekly_actions"]["after_bad_spell_true_zero"]
    found = [
        effect_of_change(rows.week, rows.nps_treated, rows.nps_controls_mean, rows.n_answers, trigger_weeks=range(-8, 0)).value
        for _, rows in series(shared_data, "weekly_after_bad_spell")
    ]
    assert np.mean(found) == pytest.approx(expected["did_trigger_window_left_out"], abs=0.05)
    assert abs(np.mean(found)) < 1


def test_the_published_intervention_of_five_is_found(shared_data):
    expected = json.loads((shared_data / "behaviour" / "expected.json").read_text())["arma_intervention"]
    rows = pd.read_csv(shared_data / "behaviour" / "arma_intervention.csv")
    found = effect_of_change(np.arange(len(rows)) - expected["post"][0], rows.y, rows.X)
    assert found.value == pytest.approx(expected["R_like_avg_effect"], abs=expected["tol"])
    assert found.low < 5 < found.high
    assert found.verdict == "better"


def test_the_interval_is_students_over_blocks_of_four_weeks():
    gap = np.repeat([1.0, 3.0, 2.0, 2.0, 6.0, 8.0], 4)  # four blocks before, two after
    found = effect_of_change(np.arange(-16, 8), gap, np.zeros(24))
    error = np.sqrt((2.0 + 2.0) / 4 * (1 / 4 + 1 / 2))
    assert found.value == 5.0
    assert (found.low, found.high) == pytest.approx((5 - 2.7764451 * error, 5 + 2.7764451 * error))
    assert found.smallest_visible == pytest.approx((2.7764451 + 0.9409646) * error)
    assert (found.verdict, found.why_silent, found.n) == ("better", None, 24)


def test_confidence_widens_the_interval():
    gap = np.repeat([1.0, 3.0, 2.0, 2.0, 6.0, 8.0], 4)
    found = effect_of_change(np.arange(-16, 8), gap, np.zeros(24), confidence=0.99)
    assert found.high - 5 == pytest.approx(4.6040949 * np.sqrt(0.75))


# --- planted truth ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "world", [{}, {"shock": 12}, {"season": 6}, {"trend": 10}, {"answers": 30, "controls": 1}, {"before": 16, "after": 8}]
)
def test_nothing_is_found_where_nothing_was_done(world):
    rng = np.random.default_rng(11)
    verdicts = [effect_of_change(*weekly_touchpoints(rng, **world)).verdict for _ in range(400)]
    assert np.mean([verdict in ("better", "worse") for verdict in verdicts]) <= 0.075


@pytest.mark.parametrize("after", [40, 16])
def test_far_fewer_answers_after_the_change_are_no_effect(after):
    """Blocks that told as much as the many before them called an effect in 16 of 100 worlds, and in 24 with a tenth of the answers."""
    rng, weeks = np.random.default_rng(26), np.arange(-52, 12)
    answers = np.where(weeks < 0, 160, after)
    called = sum(
        effect_of_change(
            weeks, rng.normal(20, np.sqrt(6100 / answers)), rng.normal(10, np.sqrt(6100 / 80), (64, 3)), answers, read_at=12
        ).verdict in ("better", "worse") for _ in range(400)
    )  # fmt: skip
    assert called / 400 <= 0.06


def test_the_interval_knows_the_answers_behind_each_block():
    gap, answers = np.repeat([1.0, 3.0, 2.0, 2.0, 6.0, 8.0], 4), np.repeat([100, 100, 100, 100, 25, 25], 4)
    found = effect_of_change(np.arange(-16, 8), gap, np.zeros(24), answers)
    # Squares apart from their side's mean: 2 before, 2 after; each over its variance, 1/100 or 1/25, by 4 degrees of freedom.
    factor = (2 * 100 + 2 * 25) / 4
    error = np.sqrt(factor * (4 / 100 / 16 + 2 / 25 / 4))
    assert (found.value, found.high - found.value) == (5.0, pytest.approx(2.7764451 * error))
    as_many = effect_of_change(np.arange(-16, 8), gap, np.zeros(24), np.repeat([100, 100, 100, 100, 80, 80], 4))
    assert as_many.high - as_many.value == pytest.approx(2.7764451 * np.sqrt(4 / 4 * (1 / 4 + 1 / 2)))
    more = effect_of_change(np.arange(-16, 8), gap, np.zeros(24), np.repeat([25, 25, 25, 25, 100, 100], 4))
    assert more.high - more.value >= as_many.high - as_many.value
    tenfold = effect_of_change(np.arange(-16, 8), 10 * gap, np.zeros(24), answers)
    assert tenfold.high - tenfold.value == pytest.approx(10 * (found.high - found.value))
    one_a_week = effect_of_change(np.arange(-16, 8), gap, np.zeros(24), np.repeat([4, 4, 4, 4, 1, 1], 4))
    assert (one_a_week.high - 5, one_a_week.n) == (pytest.approx(found.high - 5), 72)


def test_intervals_hold_the_truth_and_the_visible_is_seen_four_times_in_five():
    rng = np.random.default_rng(12)
    found = [effect_of_change(*weekly_touchpoints(rng, effect=10)) for _ in range(600)]
    assert 0.93 <= np.mean([one.low <= 10 <= one.high for one in found]) <= 0.97
    visible = np.mean([one.smallest_visible for one in found])
    seen = np.mean([effect_of_change(*weekly_touchpoints(rng, effect=visible)).verdict == "better" for _ in range(600)])
    assert seen == pytest.approx(0.8, abs=0.05)


def test_looking_every_month_fools_the_fixed_interval_but_not_the_always_valid_one():
    rng = np.random.default_rng(13)
    fooled = {True: 0, False: 0}
    for _ in range(120):
        weeks, treated, control = weekly_touchpoints(rng, after=26)
        for always in fooled:
            looks = [effect_of_change(weeks[:end], treated[:end], control[:end], always_valid=always) for end in range(60, 79, 3)]
            fooled[always] += any(look.verdict in ("better", "worse") for look in looks)
    assert fooled[True] / 120 <= 0.05
    assert fooled[False] / 120 > 0.1


def test_the_always_valid_band_still_finds_a_large_effect():
    rng = np.random.default_rng(14)
    found = [effect_of_change(*weekly_touchpoints(rng, effect=15, after=26), always_valid=True) for _ in range(100)]
    assert np.mean([one.verdict == "better" for one in found]) > 0.85
    assert all(one.low <= one.value <= one.high for one in found)


def test_the_always_valid_band_is_wider_and_its_width_is_the_formula():
    gap = np.repeat([1.0, 3.0, 2.0, 2.0, 6.0, 8.0], 4)
    weeks, nothing = np.arange(-16, 8), np.zeros(24)
    found = effect_of_change(weeks, gap, nothing, np.full(24, 100), always_valid=True)
    spread, prior = 0.75, 0.01 * 4 * 100
    error = np.sqrt(1.0 * spread)

    def bayes_factor(t):
        shrunk = spread / (spread + prior)
        return np.sqrt(shrunk) * ((1 + t * t / 4) / (1 + t * t / 4 * shrunk)) ** 2.5

    assert bayes_factor((found.high - found.value) / error) == pytest.approx(20)
    assert found.high - found.value > 2.7764451 * error
    assert found.smallest_visible == pytest.approx(found.high - found.value + 0.9409646 * error)
    unknown_n = effect_of_change(weeks, gap, nothing, always_valid=True)
    eighty = effect_of_change(weeks, gap, nothing, np.full(24, 80), always_valid=True)
    assert (unknown_n.low, unknown_n.high) == (eighty.low, eighty.high)


def test_the_always_valid_band_waits_for_whole_blocks():
    gap = np.repeat([1.0, 3.0, 2.0, 2.0, 6.0, 8.0, 100.0], 4)
    weeks = np.arange(-16, 12)
    at_8, at_11 = (effect_of_change(weeks[:end], gap[:end], np.zeros(end), always_valid=True) for end in (24, 27))
    assert at_8 == at_11
    assert at_8.n == 24


def test_the_always_valid_band_says_too_early_when_no_effect_could_show():
    gap = np.repeat([1.0, 3.0, 2.0, 2.0, 6.0, 8.0], 4)
    found = effect_of_change(np.arange(-16, 8), gap, np.zeros(24), np.full(24, 2), always_valid=True)
    assert (found.value, found.verdict, found.why_silent, found.n) == (None, "too_early", "too_few_weeks_after", 48)
    assert found.smallest_visible > 0


# --- the reading date ---------------------------------------------------------------------------------------------------------------


def test_before_the_reading_date_it_is_too_early_but_the_visible_effect_is_told():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(15), effect=30, after=11)
    found = effect_of_change(weeks, treated, control, read_at=12)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert (found.verdict, found.why_silent, found.n) == ("too_early", "before_reading_date", 63)
    later = effect_of_change(*weekly_touchpoints(np.random.default_rng(15), effect=30, after=12), read_at=12)
    assert found.smallest_visible == pytest.approx(later.smallest_visible, rel=0.5)


def test_weeks_after_the_reading_date_change_nothing():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(16), after=30)
    assert effect_of_change(weeks, treated, control, read_at=8) == effect_of_change(weeks[:60], treated[:60], control[:60], read_at=8)
    read = effect_of_change(weeks, treated, control, read_at=12)
    assert read == effect_of_change(weeks[:64], treated[:64], control[:64], read_at=12)
    assert read != effect_of_change(weeks, treated, control)


def test_rows_for_weeks_to_come_do_not_bring_the_reading_date():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(17), after=14)
    treated[-4:], control[-4:] = np.nan, np.nan
    assert effect_of_change(weeks, treated, control, read_at=12).why_silent == "before_reading_date"


def test_a_quiet_last_week_does_not_put_off_the_reading():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(17), after=12)
    treated[-1] = np.nan
    assert effect_of_change(weeks, treated, control, read_at=12).why_silent is None


def test_the_always_valid_band_does_not_wait_for_the_reading_date():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(18), after=20)
    at_any_time = effect_of_change(weeks, treated, control, always_valid=True)
    assert effect_of_change(weeks, treated, control, read_at=26, always_valid=True) == at_any_time
    assert effect_of_change(weeks, treated, control, read_at=12, always_valid=True) == at_any_time


# --- what little and odd data get ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "verdict", "why"),
    [
        (15, 12, None, "too_few_weeks_before"),
        (16, 7, "too_early", "too_few_weeks_after"),
        (16, 0, "too_early", "too_few_weeks_after"),
        (0, 12, None, "too_few_weeks_before"),
    ],
)
def test_too_few_weeks_are_not_judged(before, after, verdict, why):
    found = effect_of_change(*weekly_touchpoints(np.random.default_rng(19), before=before, after=after))
    assert (found.value, found.verdict, found.why_silent) == (None, verdict, why)
    assert found.n == (before + after if before else 0)


def test_sixteen_and_eight_weeks_are_enough():
    assert effect_of_change(*weekly_touchpoints(np.random.default_rng(20), before=16, after=8)).why_silent is None


def test_the_trigger_weeks_do_not_count_as_weeks_before():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(21), before=20)
    assert effect_of_change(weeks, treated, control, trigger_weeks=[-1, -2, -3, -4]).why_silent is None
    assert effect_of_change(weeks, treated, control, trigger_weeks=[-1, -2, -3, -4, -5]).why_silent == "too_few_weeks_before"


def test_the_trigger_weeks_may_be_a_set_and_nothing_else_without_order():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(34))
    listed = effect_of_change(weeks, treated, control, trigger_weeks=[-3, -2, -1])
    for unordered in ({-3, -2, -1}, frozenset({-3, -2, -1})):
        assert effect_of_change(weeks, treated, control, trigger_weeks=unordered) == listed
    with pytest.raises(ValueError, match=r"^trigger_weeks: "):
        effect_of_change(weeks, treated, control, trigger_weeks={-1: True})


@pytest.mark.parametrize("control", [None, np.empty((64, 0)), np.full(64, np.nan), np.full((64, 2), np.nan)])
def test_without_an_untouched_touchpoint_nothing_is_said(control):
    found = effect_of_change(WEEKS, np.linspace(0, 9, 64), control)
    assert (found.value, found.verdict, found.why_silent, found.smallest_visible) == (None, None, "no_control", None)


def test_no_data_at_all():
    found = effect_of_change([], [], [])
    assert (found.value, found.n, found.why_silent) == (None, 0, "no_control")


def test_differences_of_rounding_alone_tell_nothing():
    rng = np.random.default_rng(35)
    for size in (50.0, 1e-3, 1e9):
        jitter = size * 1e-11 * rng.normal(size=64)
        found = effect_of_change(WEEKS, size + jitter, np.zeros(64), read_at=12)
        assert (found.why_silent, found.n) == ("no_variation", 64)
        assert effect_of_change(WEEKS[:60], (size + jitter)[:60], np.zeros(60), read_at=12).smallest_visible is None
    tiny = effect_of_change(WEEKS, 1e-12 * rng.normal(size=64), np.zeros(64))
    assert tiny.why_silent is None


def test_the_smallest_effect_to_be_seen_is_planned_from_the_weeks_before():
    gap = np.repeat([1.0, 3.0, 2.0, 6.0], 4)
    weeks = np.arange(-16, 0)
    variance = np.var([1, 3, 2, 6], ddof=1)
    for read_at, blocks, t in ((12, 3, 2.5705818 + 0.9195438), (None, 3, 2.5705818 + 0.9195438), (8, 2, 2.7764451 + 0.9409646)):
        found = effect_of_change(weeks, gap, np.zeros(16), read_at=read_at)
        assert found.smallest_visible == pytest.approx(t * np.sqrt(variance * (1 / 4 + 1 / blocks)), rel=1e-5)
        assert found.verdict == "too_early"
        assert found.n == 16
    assert effect_of_change(weeks[8:], gap[8:], np.zeros(8)).smallest_visible > 0
    assert effect_of_change(weeks[9:], gap[9:], np.zeros(7)).smallest_visible is None


def test_a_small_clear_effect_has_a_verdict():
    gap = np.repeat([0.1, 0.3, 0.2, 0.2, 0.6, 0.8], 4)
    assert effect_of_change(np.arange(-16, 8), gap, np.zeros(24)).verdict == "better"
    assert effect_of_change(np.arange(-16, 8), -gap, np.zeros(24)).verdict == "worse"


def test_a_control_without_the_first_week_after_counts_as_half_seen():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(36), controls=2)
    two_seen = control.copy()
    two_seen[(weeks >= 0) & (weeks < 6), 1] = np.nan  # six of twelve weeks after are there
    assert effect_of_change(weeks, treated, two_seen) != effect_of_change(weeks, treated, control[:, :1])
    two_seen[weeks == 7, 1] = np.nan
    assert effect_of_change(weeks, treated, two_seen) == effect_of_change(weeks, treated, control[:, :1])


def test_the_week_of_the_change_counts_among_the_weeks_after():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(37), controls=2)
    half = control.copy()
    half[weeks >= 6, 1] = np.nan  # seen in weeks 0–5 of 0–11
    assert effect_of_change(weeks, treated, half) != effect_of_change(weeks, treated, control[:, :1])
    half[weeks == 0, 1] = np.nan
    assert effect_of_change(weeks, treated, half) == effect_of_change(weeks, treated, control[:, :1])


def test_a_gap_in_a_control_leaves_its_own_level_as_it_is():
    """Two still controls at 10 and 30: whatever is missing of them, the gap of 50 to their mean is 30."""
    weeks = np.arange(-16, 8)
    control = np.tile([10.0, 30.0], (24, 1))
    control[[1, 2, 20], 1] = np.nan
    control[[4, 21], 0] = np.nan
    assert {block.gap for block in blocks_of_change(weeks, np.full(24, 50.0), control)} == {30.0}


def test_the_visible_effect_is_planned_for_whole_blocks():
    gap = np.repeat([1.0, 3.0, 2.0, 6.0], 4)
    planned = {read_at: effect_of_change(np.arange(-16, 0), gap, np.zeros(16), read_at=read_at).smallest_visible for read_at in (12, 15, 16)}
    assert planned[12] == planned[15] > planned[16]


def test_a_small_noise_before_is_planned_with():
    gap = 0.5 + 1e-5 * np.repeat([1.0, 3.0, 2.0, 6.0], 4)
    one = effect_of_change(np.arange(-16, 0), 1e5 * (gap - 0.5), np.zeros(16)).smallest_visible
    assert effect_of_change(np.arange(-16, 0), gap, np.zeros(16)).smallest_visible == pytest.approx(1e-5 * one, rel=1e-6)


@pytest.mark.parametrize("answers", [1, 5, 11, 20, 30, 45, 60, 80])
def test_the_always_valid_band_is_there_or_too_early_whatever_the_number_of_answers(answers):
    gap = np.repeat([1.0, 3.0, 2.0, 2.0, 6.0, 8.0], 4)
    found = effect_of_change(np.arange(-16, 8), gap, np.zeros(24), np.full(24, answers), always_valid=True)
    assert found.n == 24 * answers
    assert (found.why_silent == "too_few_weeks_after") == (found.value is None)


def test_series_that_never_move_have_no_known_noise():
    for height in (0.0, 50.0, 1e40):
        found = effect_of_change(WEEKS, np.full(64, height), np.full(64, height / 3))
        assert (found.value, found.verdict, found.why_silent) == (None, None, "no_variation")
    assert effect_of_change(WEEKS[:60], np.full(60, 50.0), np.full(60, 40.0), read_at=12).smallest_visible is None


def test_a_gap_in_one_control_does_not_move_the_effect():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(22), effect=10)
    control[:, 2] += 80  # a much better touchpoint that has no figure in the last weeks
    whole = effect_of_change(weeks, treated, control).value
    control[-5:, 2] = np.nan
    assert effect_of_change(weeks, treated, control).value == pytest.approx(whole, abs=3)


def test_a_single_control_moves_the_gap_by_all_that_it_moves():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(33), controls=1)
    alone, taken_off = effect_of_change(weeks, treated, control), effect_of_change(weeks, treated - control[:, 0], np.zeros(64))
    assert (alone.value, alone.low, alone.high) == pytest.approx((taken_off.value, taken_off.low, taken_off.high))


def test_a_control_seen_in_less_than_half_of_the_weeks_is_not_used():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(23))
    two = effect_of_change(weeks, treated, control[:, :2])
    for side in (weeks >= 6, weeks < -26):
        holed = control.copy()
        holed[weeks >= 5 if side[-1] else side, 2] = np.nan
        if side[-1]:
            assert effect_of_change(weeks, treated, holed) == two
        else:
            assert effect_of_change(weeks, treated, holed) != two  # 26 of 52 weeks are there: just enough
            holed[26, 2] = np.nan
            assert effect_of_change(weeks, treated, holed) == two


def test_a_week_without_a_control_figure_is_left_out():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(24), controls=1)
    control[5] = np.nan
    found = effect_of_change(weeks, treated, control)
    assert found == effect_of_change(np.delete(weeks, 5), np.delete(treated, 5), np.delete(control, 5, axis=0))
    assert found.n == 63


def test_weeks_without_answers_are_left_out_and_the_others_weigh_by_answers():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(25))
    answers = np.full(64, 50)
    answers[[3, 60]] = 0
    found = effect_of_change(weeks, treated, control, answers)
    left = np.delete(np.arange(64), [3, 60])
    without = effect_of_change(weeks[left], treated[left], control[left], answers[left])
    assert (found.value, found.low, found.high) == pytest.approx((without.value, without.low, without.high), abs=1e-9)
    assert found.n == without.n == 62 * 50
    answers[61] = 5000
    heavier = effect_of_change(weeks, treated, control, answers)
    assert heavier.value != found.value
    assert heavier.n == 61 * 50 + 5000


def test_a_measure_where_low_is_good_turns_the_verdict_not_the_value():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(26), effect=-30)
    down, good = effect_of_change(weeks, treated, control), effect_of_change(weeks, treated, control, higher_is_better=False)
    assert (down.verdict, good.verdict) == ("worse", "better")
    assert down.value == good.value < 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weeks": [*range(-52, 11), 10]}, "weeks: week 10 is given twice"),
        ({"weeks": [None, *range(63)]}, "weeks: position 0 is nan"),
        ({"trigger_weeks": ["a"]}, "trigger_weeks: position 0 is"),
        ({"trigger_weeks": [-1.5]}, "trigger_weeks: position 0 is -1.5, not a whole number"),
        ({"weeks": np.arange(64) + 0.5}, "weeks: position 0 is 0.5, not a whole number"),
        ({"weeks": np.arange(63)}, "weeks and treated and control: must be equally long, got weeks 63"),
        ({"treated": [np.inf] * 64}, "treated: position 0 is inf"),
        ({"treated": ["a"] * 64}, "treated: position 0 is"),
        ({"control": np.full((64, 2), -np.inf)}, "control: row 0, column 0 is -inf"),
        ({"control": [[1.0], [1.0, 2.0]]}, "control: the rows are of different lengths"),
        ({"control": np.zeros((64, 2, 2))}, "control: needs rows and columns, got 3 dimensions"),
        ({"n_answers": [-1] * 64}, "n_answers: position 0 is -1"),
        ({"n_answers": [1] * 3}, "n_answers 3"),
        ({"trigger_weeks": [-1, 0]}, "trigger_weeks: week 0 is not before the change"),
        ({"read_at": 7}, "read_at: must be a whole number, from 8 to 10000, got 7"),
        ({"read_at": 12.5}, "read_at: must be a whole number"),
        ({"read_at": 10_001}, "read_at: must be a whole number, from 8 to 10000, got 10001"),
        ({"weeks": [*range(63), 10_001]}, "weeks: position 63 is 10001, above 10000"),
        ({"weeks": [-10_001, *range(63)]}, "weeks: position 0 is -10001, below -10000"),
        ({"higher_is_better": "yes"}, "higher_is_better: must be True or False, got 'yes'"),
        ({"always_valid": "yes"}, "always_valid: must be True or False, got 'yes'"),
        ({"confidence": 95}, "confidence: must lie between 0 and 1"),
    ],
)
def test_wrong_input_is_refused_by_name_and_place(change, words):
    with pytest.raises(ValueError, match=f"^(weeks and .*)?{words}"):
        effect_of_change(**{"weeks": WEEKS, "treated": np.zeros(64), "control": np.zeros(64)} | change)


def test_frames_lists_and_arrays_give_the_same():
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(27))
    answers = np.full(64, 30)
    from_arrays = effect_of_change(weeks, treated, control, answers)
    frame = pd.DataFrame(control, columns=["desk", "chat", "store"])
    assert effect_of_change(pd.Series(weeks), pd.Series(treated), frame, pd.Series(answers)) == from_arrays
    assert effect_of_change(list(weeks), list(treated), control.tolist(), list(answers)) == from_arrays


# --- what must hold for any data ------------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(-50, 50), st.floats(0.1, 20))
def test_order_shift_and_unit_do_not_matter(seed, shift, unit):
    rng = np.random.default_rng(seed)
    weeks, treated, control = weekly_touchpoints(rng, effect=5)
    plain = effect_of_change(weeks, treated, control)
    order = rng.permutation(len(weeks))
    shuffled = effect_of_change(weeks[order], treated[order], control[order])
    assert (shuffled.value, shuffled.low, shuffled.high) == pytest.approx((plain.value, plain.low, plain.high))
    moved = effect_of_change(weeks, treated * unit + shift, control * unit)
    assert (moved.value, moved.low, moved.high) == pytest.approx((plain.value * unit, plain.low * unit, plain.high * unit), abs=1e-6)
    mirrored = effect_of_change(weeks, -treated, -control)
    assert (mirrored.value, mirrored.low, mirrored.high) == pytest.approx((-plain.value, -plain.high, -plain.low))


@settings(max_examples=40)
@given(st.integers(0, 60), st.integers(0, 30), st.integers(0, 3), st.integers(0, 2**32 - 1), st.booleans())
def test_any_length_gives_a_judgement_or_a_reason(before, after, controls, seed, always_valid):
    weeks, treated, control = weekly_touchpoints(np.random.default_rng(seed), before=before, after=after, controls=controls)
    found = effect_of_change(weeks, treated, control, always_valid=always_valid)
    if found.why_silent is None:
        assert found.low < found.value < found.high
        assert found.smallest_visible > 0
        assert found.verdict in ("better", "worse", "no_visible_effect")
    else:
        assert (found.value, found.low, found.high) == (None, None, None)
        assert found.verdict in (None, "too_early")
    assert effects.effect_of_change(weeks, treated, control, always_valid=always_valid) == found
