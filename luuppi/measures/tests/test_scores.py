"""Every figure has an interval that is right as often as it says, and refuses what cannot be counted."""

import json
import math
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luuppi.measures import scores
from luuppi.measures.estimate import Estimate

COUNTS = st.integers(0, 400)


# --- reference values -----------------------------------------------------------------------------------------------------------


def test_nps_equals_the_reference_intervals(shared_data):
    expected = json.loads((shared_data / "behaviour" / "expected.json").read_text())["nps_intervals"]
    for case in expected["cases"]:
        found = scores.nps_of(case["promoters"], case["passives"], case["detractors"])
        assert found.value == pytest.approx(case["nps"], abs=0.1)
        assert (found.low, found.high) == pytest.approx((case["lo"], case["hi"]), abs=0.1)


def test_nps_of_the_published_example():
    # 19 promoters, 8 passives, 9 detractors: Rocks (2016) and MeasuringU.
    found = scores.nps([10] * 10 + [9] * 9 + [8] * 4 + [7] * 4 + [6] * 5 + [0] * 4)
    assert found.n == 36
    assert found.value == pytest.approx(100 * 10 / 36)
    assert (found.low, found.high) == pytest.approx((-0.4415, 51.7235), abs=1e-3)


def test_csat_equals_wilson_to_the_published_digits():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    for satisfied, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):
        found = scores.csat_of(satisfied, n)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
        assert found.value == satisfied / n


def test_one_answer_is_a_share_too():
    """Wilson's bounds for 1 of 1 and 0 of 1: 1 / (1 + z²) and its mirror."""
    edge = 1 / (1 + 1.959963984540054**2)
    for satisfied, low, high in ((1, edge, 1.0), (0, 0.0, 1 - edge)):
        found = scores.csat_of(satisfied, 1)
        assert (found.value, found.n) == (satisfied, 1)
        assert (found.low, found.high) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))


def test_the_number_of_answers_is_a_whole_number():
    assert all(type(one.n) is int for one in [*scores.csat_of([1, 2], [2, 3]), scores.csat_of(1, 2), scores.mean_of(2, 5.0, 13.0, lowest=1, highest=5)])


def test_each_broken_count_is_named():
    for place, name in enumerate(("promoters", "passives", "detractors")):
        given = [1, 1, 1]
        given[place] = -1
        with pytest.raises(ValueError, match=f"^{name}: position 0 is -1"):
            scores.nps_of(*given)


def test_difference_of_shares_equals_newcombe_to_the_published_digits():
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10 (first minus second there).
    published = ((56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 10, 0.6075, 1.0))
    for first, n1, second, n2, low, high in published:
        found = scores.difference(scores.csat_of(second, n2), scores.csat_of(first, n1))
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
        assert found.value == pytest.approx(first / n1 - second / n2)
        assert found.n == min(n1, n2)


def test_sample_sizes_equal_the_reference(shared_data):
    expected = json.loads((shared_data / "behaviour" / "expected.json").read_text())["nps_sample_sizes"]
    for half_width, n in expected["half_width_points_to_n"].items():
        assert scores.sample_size_for(within=float(half_width)) == n
    for change, n in expected["n_per_period_80pct_power_to_see_change"].items():
        assert scores.sample_size_for(change=float(change)) == n


@pytest.mark.parametrize(("satisfied_from", "share"), [(2, 0.8), (3, 0.6), (4, 0.4), (5, 0.2)])
def test_satisfied_is_from_the_chosen_score_on(satisfied_from, share):
    assert scores.csat([1, 2, 3, 4, 5], satisfied_from=satisfied_from).value == share


def test_satisfied_is_four_and_five_unless_told_otherwise():
    assert scores.csat([1, 2, 3, 4, 5]) == scores.csat([1, 2, 3, 4, 5], satisfied_from=4) == scores.csat_of(2, 5)


@pytest.mark.parametrize("figure", [
    lambda **how: scores.nps([9, 7, 3, 10], **how), lambda **how: scores.csat([1, 5, 4], **how), lambda **how: scores.ces([3, 4, 6], **how),
    lambda **how: scores.mean([3, 4, 6], lowest=0, highest=9, **how), lambda **how: scores.nps_of(3, 2, 1, **how),
    lambda **how: scores.csat_of(2, 7, **how), lambda **how: scores.mean_of(3, 12, 50, lowest=1, highest=7, **how),
])  # fmt: skip
def test_the_interval_is_95_of_100_unless_told_otherwise(figure):
    assert figure() == figure(confidence=0.95)
    narrow = figure(confidence=0.5)
    assert figure().low < narrow.low < narrow.value < narrow.high < figure().high


def test_ces_is_students_interval_with_two_steps_and_an_answer_at_the_end_added():
    found = scores.ces([1, 2, 3, 4, 5, 6, 7, 4])
    assert found.value == 4.0
    half = 2.3646242510 * math.sqrt((28 + 2 + 9) / 7 / 8)
    assert (found.low, found.high) == pytest.approx((4 - half, 4 + half), abs=1e-9)
    high = scores.ces([7] * 24 + [6] * 8)
    assert high.value - high.low == pytest.approx(2.0395134 * math.sqrt((6 + 2 + 5.75**2) / 31 / 32), rel=1e-6)
    assert high.high - high.value == pytest.approx(2.0395134 * math.sqrt((6 + 2 + 0.25**2) / 31 / 32), rel=1e-6)


def test_mean_works_on_any_scale():
    shifted = scores.mean([-5, -4, -3], lowest=-5, highest=5)
    plain = scores.mean([0, 1, 2], lowest=0, highest=10)
    assert shifted.value == -4
    assert (shifted.low, shifted.high) == pytest.approx((plain.low - 5, plain.high - 5))


# --- what little and odd data get ------------------------------------------------------------------------------------------------


def test_no_answers_give_no_value_and_the_whole_scale():
    assert scores.nps([]) == Estimate(None, -100.0, 100.0, 0)
    assert scores.csat([]) == Estimate(None, 0.0, 1.0, 0)
    assert scores.ces([]) == Estimate(None, 1.0, 7.0, 0)
    assert scores.mean([], lowest=0, highest=10) == Estimate(None, 0.0, 10.0, 0)


def test_one_answer_tells_nothing_about_the_mean():
    assert scores.ces([7]) == Estimate(7.0, 1.0, 7.0, 1)
    assert scores.mean([50], lowest=0, highest=100) == Estimate(50.0, 0.0, 100.0, 1)
    assert scores.mean_of(1, 2, 4, lowest=-5, highest=5) == Estimate(2.0, -5.0, 5.0, 1)


def test_of_one_answer_nothing_is_told_and_of_two_something_to_whoever_is_content_with_half_of_the_cases():
    assert scores.mean([4], lowest=1, highest=7, confidence=0.1) == Estimate(4.0, 1.0, 7.0, 1)
    two = scores.mean([4, 4], lowest=1, highest=7, confidence=0.5)
    half = 1.0 * math.sqrt((2 + 9) / 1 / 2)
    assert (two.low, two.high) == pytest.approx((4 - half, 4 + half), abs=1e-9)


def test_two_answers_tell_hardly_anything_and_twenty_a_good_deal():
    assert scores.mean([2, 2], lowest=0, highest=100) == Estimate(2.0, 0.0, 100.0, 2)
    found = scores.mean([2] * 20, lowest=0, highest=100)
    assert found.high - 2 == pytest.approx(2.0930241 * math.sqrt((2 + 98**2) / 19 / 20), rel=1e-6)


def test_answers_all_equal_keep_an_interval_with_width():
    for found in (scores.nps([9] * 20), scores.csat([5] * 20), scores.ces([7] * 20)):
        assert found.low < found.value == found.high
    for n in range(1, 200):
        assert scores.csat_of(0, n).low == 0.0
        assert scores.csat_of(n, n).high == 1.0
        assert 0.0 < scores.csat_of(n, n).low < scores.csat_of(n, n + 1).high < 1.0
        assert scores.csat_of(1, n + 1).low > 0.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scores.nps([9, None]), "scores: position 1 is nan"),
        (lambda: scores.nps([9, float("inf")]), "scores: position 1 is inf"),
        (lambda: scores.nps([1e200]), "scores: position 0 is 1e\\+200"),
        (lambda: scores.nps([9, "10"]), "scores: position 1 is '10', not a number"),
        (lambda: scores.nps([9, 11]), "scores: position 1 is 11, outside 0–10"),
        (lambda: scores.nps([-1]), "scores: position 0 is -1, outside 0–10"),
        (lambda: scores.nps([8.5]), "scores: position 0 is 8.5, not a whole number"),
        (lambda: scores.nps([True]), "scores: position 0 is"),
        (lambda: scores.nps([[9, 8]]), "scores: needs one column of numbers, got a table of 2 columns"),
        (lambda: scores.csat([4, None]), "scores: position 1 is nan"),
        (lambda: scores.csat([4.5]), "scores: position 0 is 4.5, not a whole number"),
        (lambda: scores.ces([4, None]), "scores: position 1 is nan"),
        (lambda: scores.mean([4, None], lowest=0, highest=9), "scores: position 1 is nan"),
        (lambda: scores.mean([4, -1], lowest=0, highest=9), "scores: position 1 is -1, outside 0–9"),
        (lambda: scores.visible_change(9, 9, power=0), "power: must lie between 0 and 1, got 0"),
        (lambda: scores.csat([4, 10]), "scores: position 1 is 10, outside 1–5"),
        (lambda: scores.csat([0]), "scores: position 0 is 0, outside 1–5"),
        (lambda: scores.csat([4], satisfied_from=1), "satisfied_from: must be a whole number, from 2 to 5, got 1$"),
        (lambda: scores.csat([4], satisfied_from=6), "satisfied_from: must be a whole number, from 2 to 5, got 6$"),
        (lambda: scores.ces([8]), "scores: position 0 is 8, outside 1–7"),
        (lambda: scores.ces([1.5]), "scores: position 0 is 1.5, not a whole number"),
        (lambda: scores.mean([1], lowest=5, highest=5), "lowest and highest"),
        (lambda: scores.mean([1], lowest=float("nan"), highest=5), "lowest: must be a number"),
        (lambda: scores.nps_of(1, -1, 0), "passives: position 0 is -1, outside"),
        (lambda: scores.nps_of([1, 2], [1], [1, 2]), "promoters and passives and detractors: must be equally long, got promoters 2"),
        (lambda: scores.nps_of(1.5, 1, 1), "promoters: position 0 is 1.5, not a whole number"),
        (lambda: scores.csat_of([1, 2], [3]), "satisfied and n: must be equally long, got satisfied 2, n 1"),
        (lambda: scores.csat_of(-1, 3), "satisfied: position 0 is -1, outside"),
        (lambda: scores.csat_of(1, 3.5), "n: position 0 is 3.5, not a whole number"),
        (lambda: scores.mean_of([1], [1, 2], [1], lowest=1, highest=7), "n and total and squares: must be equally long, got n 1, total 2"),
        (lambda: scores.mean_of([1, 2], [1], [1], lowest=1, highest=7), "n and total and squares: must be equally long"),
        (lambda: scores.mean_of([1], [1], [1, 2], lowest=1, highest=7), "n and total and squares: must be equally long"),
        (lambda: scores.mean_of(-1, 1, 1, lowest=1, highest=7), "n: position 0 is -1"),
        (lambda: scores.mean_of(1, None, 1, lowest=1, highest=7), "total: position 0 is nan"),
        (lambda: scores.mean_of(1, 1, float("inf"), lowest=1, highest=7), "squares: position 0 is inf"),
        (lambda: scores.csat_of(3, 2), "satisfied: position 0 is 3, more than the 2 answers"),
        (lambda: scores.csat_of([1, 5], [3, 4]), "satisfied: position 1 is 5, more than the 4 answers"),
        (lambda: scores.mean_of(2, 20, 200, lowest=1, highest=7), "total: position 0: 20 and squares 200"),
        (lambda: scores.mean_of(2, 1, 1, lowest=1, highest=7), "total: position 0"),
        (lambda: scores.mean_of(2, 8, 20, lowest=1, highest=7), "total: position 0"),
        (lambda: scores.mean_of(0, 8, 64, lowest=1, highest=7), "total: position 0"),
        (lambda: scores.mean_of(0, 8, 0, lowest=1, highest=7), "total: position 0"),
        (lambda: scores.mean_of(0, 0, 64, lowest=1, highest=7), "total: position 0"),
        (lambda: scores.nps([9], confidence=1.0), "confidence: must lie between 0 and 1"),
        (lambda: scores.ces([4, 5], confidence=0.0), "confidence: must lie between 0 and 1"),
        (lambda: scores.sample_size_for(), "within and change: give exactly one of them$"),
        (lambda: scores.sample_size_for(within=5, change=5), "within and change: give exactly one of them$"),
        (lambda: scores.sample_size_for(within=0), "within: must be above 0"),
        (lambda: scores.sample_size_for(change=-1), "change: must be above 0"),
        (lambda: scores.sample_size_for(change=1e-9), "change: 1e-09 is so small that no number of answers would do$"),
        (lambda: scores.sample_size_for(within=1e-100), "within: 1e-100 is so small that no number of answers would do$"),
        (lambda: scores.sample_size_for(within=1e-200), "within: 1e-200 is so small that no number of answers would do$"),
        (lambda: scores.sample_size_for(within="5"), "within: must be a number, got '5'"),
        (lambda: scores.sample_size_for(within=5, variance=None), "variance: must be a number, got None"),
        (lambda: scores.mean([1], lowest=0, highest="9"), "highest: must be a number, got '9'"),
        (lambda: scores.sample_size_for(change=5, variance=0), "variance: must be above 0"),
        (lambda: scores.sample_size_for(within=float("inf")), "within: must be a number"),
        (lambda: scores.sample_size_for(change=5, power=1), "power: must lie between 0 and 1"),
        (lambda: scores.visible_change(30, 30, variance=-1), "variance: must be above 0"),
        (lambda: scores.visible_change(-3, 30), "n_before: must be a whole number"),
        (lambda: scores.visible_change(3, 30.5), "n_after: must be a whole number"),
        (lambda: scores.difference(scores.nps([9]), [scores.nps([9])]), "before and after: one is a single Estimate and the other a list$"),
        (lambda: scores.difference([scores.nps([9])], scores.nps([9])), "before and after: one is a single Estimate and the other a list$"),
        (lambda: scores.difference([scores.nps([9])], []), "before and after: must be equally long, got before 1, after 0"),
        (lambda: scores.difference("ab", [scores.nps([9])]), "before: must be an Estimate, or a list of them, got 'ab'$"),
        (lambda: scores.difference([scores.nps([9])], 5), "after: must be an Estimate, or a list of them, got 5$"),
        (lambda: scores.difference([scores.nps([9])], [5]), "after: position 0 is 5, not an Estimate$"),
        (lambda: scores.difference([scores.nps([9]), "x"], []), "before: position 1 is 'x', not an Estimate$"),
    ],
)
def test_what_cannot_be_counted_is_refused_by_name_and_place(call, words):
    with pytest.raises(ValueError, match=f"^({words})"):
        call()


def test_lists_arrays_and_series_give_the_same():
    given = [10, 9, 7, 3, 0, 8]
    series = pd.Series(given, index=range(5, 11))
    for same in (tuple(given), np.array(given), np.array(given, "u1"), series, series.astype("Int64")):
        assert scores.nps(same) == scores.nps(given)


def test_a_series_with_a_hole_is_refused_at_its_place():
    with pytest.raises(ValueError, match="scores: position 1 is nan"):
        scores.nps(pd.Series([9, None], dtype="Int64"))


# --- many groups at once ----------------------------------------------------------------------------------------------------------


def test_many_groups_equal_the_groups_one_by_one():
    up, middle, down = [3, 0, 40, 10], [1, 0, 20, 0], [0, 0, 40, 0]
    assert scores.nps_of(up, middle, down) == [scores.nps_of(*one) for one in zip(up, middle, down, strict=True)]
    assert scores.csat_of([1, 0, 5], [2, 0, 5]) == [scores.csat_of(1, 2), scores.csat_of(0, 0), scores.csat_of(5, 5)]
    means = scores.mean_of([3, 0, 1], [9, 0, 4], [29, 0, 16], lowest=1, highest=7)
    assert means == [scores.ces([2, 3, 4]), scores.ces([]), scores.ces([4])]
    assert scores.nps_of([], [], []) == []


def test_one_row_of_counts_stays_a_list():
    assert scores.nps_of([3], [1], [0]) == [scores.nps_of(3, 1, 0)]
    assert scores.csat_of(np.array([3]), np.array([4])) == [scores.csat_of(3, 4)]
    assert scores.mean_of([2], [6], [20], lowest=1, highest=7) == [scores.mean_of(2, 6, 20, lowest=1, highest=7)]


def test_differences_of_lists_are_those_of_their_pairs():
    before, after = scores.nps_of([5, 40], [3, 30], [2, 30]), scores.nps_of([9, 10], [0, 30], [1, 60])
    assert scores.difference(before, after) == [scores.difference(before[0], after[0]), scores.difference(before[1], after[1])]
    assert [moved.value for moved in scores.difference(before, after)] == pytest.approx([50.0, -60.0])
    assert scores.difference([], []) == []


def test_a_list_in_any_place_gives_a_list():
    assert scores.csat_of([3], 4) == scores.csat_of(3, [4]) == [scores.csat_of(3, 4)]
    assert scores.nps_of([3], 1, 0) == scores.nps_of(3, [1], 0) == scores.nps_of(3, 1, [0]) == [scores.nps_of(3, 1, 0)]
    of = {"lowest": 1, "highest": 7}
    one = scores.mean_of(2, 6, 20, **of)
    assert scores.mean_of([2], 6, 20, **of) == scores.mean_of(2, [6], 20, **of) == scores.mean_of(2, 6, [20], **of) == [one]


def test_sums_that_a_database_has_rounded_are_taken():
    large = scores.mean_of(10, 1e7 * (1 + 1e-10), 1e13 * (1 + 1e-10), lowest=0, highest=1e6)
    assert large.value == large.high == 1e6
    deep = scores.mean_of(10, -1e7 * (1 + 1e-10), 1e13 * (1 + 1e-10), lowest=-1e6, highest=0)
    assert deep.value == deep.low == -1e6
    tiny = scores.mean_of(1, 1e-3 + 5e-10, 1e-6, lowest=0, highest=1e-3)
    assert tiny.value == 1e-3
    equal = scores.mean_of(10, 1e4, 1e7 * (1 - 5e-10), lowest=0, highest=2000)
    assert equal.high - equal.value == pytest.approx(2.2621572 * math.sqrt((2 + 1000**2) / 90))
    assert scores.mean_of(1, 0.1, 0.01 - 5e-10, lowest=0, highest=1).value == 0.1


@pytest.mark.parametrize(("total", "squares"), [(1e-3 + 1.5e-9, 1e-6), (-1.5e-9, 1e-6), (5e-4, 2.5e-7 - 1.5e-9)])
def test_sums_that_no_rounding_explains_are_refused(total, squares):
    with pytest.raises(ValueError, match=r"^total: position 0"):
        scores.mean_of(1, total, squares, lowest=0, highest=1e-3)


def test_a_hundred_thousand_groups_take_under_a_second_each():
    counts = np.random.default_rng(0).integers(0, 100, (3, 100_000))
    for call in (
        lambda: scores.nps_of(*counts),
        lambda: scores.csat_of(counts[0], counts[0] + counts[1]),
        lambda: scores.mean_of(counts[0], counts[0] * 3.0, counts[0] * 9.5, lowest=1, highest=7),
    ):
        started = time.process_time()
        assert len(call()) == 100_000
        assert time.process_time() - started < 1.0


# --- planted truth ------------------------------------------------------------------------------------------------------------------

PROFILES = [(0.5, 0.3, 0.2), (0.35, 0.35, 0.3), (0.7, 0.2, 0.1), (0.2, 0.3, 0.5), (0.45, 0.1, 0.45), (0.85, 0.1, 0.05)]


def _covered(estimates, truth):
    return np.mean([found.low <= truth <= found.high for found in estimates])


@pytest.mark.parametrize(("n", "worst", "average"), [(10, 0.90, 0.93), (30, 0.93, 0.94), (100, 0.935, 0.94)])
def test_nps_intervals_hold_the_truth_as_often_as_they_say(n, worst, average):
    rng = np.random.default_rng(1)
    held = []
    for profile in PROFILES:
        drawn = rng.multinomial(n, profile, 4000).T
        held.append(_covered(scores.nps_of(*drawn), 100 * (profile[0] - profile[2])))
    assert min(held) >= worst
    assert np.mean(held) >= average


def test_csat_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(2)
    for n in (10, 30, 100):
        for truth in (0.1, 0.5, 0.8, 0.95):
            assert _covered(scores.csat_of(rng.binomial(n, truth, 4000), np.full(4000, n)), truth) >= 0.905


@pytest.mark.parametrize(
    ("chances", "n", "at_least"),
    [
        ([0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.3], 10, 0.93),
        ([0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.3], 30, 0.93),
        ([0.3, 0.1, 0.05, 0.05, 0.1, 0.1, 0.3], 10, 0.93),
        ([0.3, 0.1, 0.05, 0.05, 0.1, 0.1, 0.3], 30, 0.93),
        ([0.0, 0.0, 0.0, 0.02, 0.05, 0.13, 0.8], 10, 0.93),  # four in five give the best: t alone holds the truth 88 %
        ([0.0, 0.0, 0.0, 0.02, 0.05, 0.13, 0.8], 30, 0.93),
        ([0.02, 0.0, 0.0, 0.02, 0.03, 0.08, 0.85], 10, 0.93),  # and now and then the worst: t alone 80 %
        ([0.02, 0.0, 0.0, 0.02, 0.03, 0.08, 0.85], 30, 0.93),  # with the two steps alone 86 %
        ([0.05, 0.0, 0.0, 0.0, 0.0, 0.1, 0.85], 30, 0.95),  # one in twenty gives the worst: with the two steps alone 79 %
        ([0.1, 0.0, 0.0, 0.0, 0.0, 0.1, 0.8], 20, 0.95),  # one in ten: with half an answer at the end 90 %
    ],
)
def test_ces_intervals_hold_the_truth_as_often_as_they_say(chances, n, at_least):
    rng = np.random.default_rng(3)
    scale = np.arange(1, 8)
    drawn = rng.choice(scale, (10_000, n), p=chances)
    found = scores.mean_of(np.full(10_000, n), drawn.sum(1), (drawn**2).sum(1), lowest=1, highest=7)
    truth = float(scale @ chances)
    half = 2.262 * drawn.std(axis=1, ddof=1) / np.sqrt(n) if n == 10 else 2.045 * drawn.std(axis=1, ddof=1) / np.sqrt(n)
    plain = np.mean(np.abs(drawn.mean(axis=1) - truth) <= half)
    assert _covered(found, truth) >= max(at_least, plain - 0.001)


@pytest.mark.parametrize(("n_before", "n_after", "highest"), [(30, 30, 0.065), (20, 200, 0.065), (100, 100, 0.055)])
def test_two_equal_periods_rarely_look_different(n_before, n_after, highest):
    rng = np.random.default_rng(4)
    rates = []
    for profile in PROFILES:
        before = scores.nps_of(*rng.multinomial(n_before, profile, 20_000).T)
        after = scores.nps_of(*rng.multinomial(n_after, profile, 20_000).T)
        rates.append(np.mean([not found.low <= 0 <= found.high for found in scores.difference(before, after)]))
    assert max(rates) <= highest
    assert np.mean(rates) <= 0.055


def test_the_promised_sample_size_sees_the_change_four_times_in_five():
    rng = np.random.default_rng(5)
    before, after = (0.42, 0.3, 0.28), (0.48, 0.28, 0.24)
    variance = 1e4 * np.mean([p + d - (p - d) ** 2 for p, _, d in (before, after)])
    n = scores.sample_size_for(change=10, variance=variance)
    changes = scores.difference(scores.nps_of(*rng.multinomial(n, before, 3000).T), scores.nps_of(*rng.multinomial(n, after, 3000).T))
    assert np.mean([found.low > 0 for found in changes]) == pytest.approx(0.8, abs=0.03)


def test_visible_change_is_the_sample_size_turned_round():
    assert scores.visible_change(958, 958) == pytest.approx(10, abs=0.01)
    assert scores.visible_change(240, 240) == pytest.approx(20, abs=0.05)
    assert scores.visible_change(0, 100) is None
    assert scores.visible_change(100, 0) is None
    assert scores.visible_change(100, 400) == pytest.approx(2.8015852 * math.sqrt(6100 * 0.0125))


def test_answers_for_a_change_are_the_formula_of_two_periods():
    # Twice the variance of one answer by the square of 1.959964 and 0.841621 together, over the change.
    assert scores.sample_size_for(change=10) == 958
    assert scores.sample_size_for(change=10, power=0.9) == 1282
    assert scores.sample_size_for(within=10) == 235


def test_a_share_needs_its_own_variance():
    assert scores.sample_size_for(within=0.05, variance=0.25) == 385
    assert scores.sample_size_for(within=0.05, variance=0.25, confidence=0.99) == 664


# --- what must hold for any data ---------------------------------------------------------------------------------------------------


@given(COUNTS, COUNTS, COUNTS, st.floats(0.05, 0.999))
def test_nps_lies_in_its_interval_and_on_the_scale(up, middle, down, confidence):
    found = scores.nps_of(up, middle, down, confidence=confidence)
    assert -100 <= found.low < found.high <= 100
    assert found.value is None or found.low <= found.value <= found.high
    assert found.n == up + middle + down


@given(COUNTS, COUNTS, COUNTS)
def test_turning_promoters_into_detractors_turns_the_figure_round(up, middle, down):
    one, other = scores.nps_of(up, middle, down), scores.nps_of(down, middle, up)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
    assert one.value is None or one.value == -other.value


@given(COUNTS, st.integers(0, 400), st.floats(0.05, 0.999))
def test_a_share_lies_in_its_interval_and_its_mirror_mirrors(satisfied, others, confidence):
    n = satisfied + others
    found, mirror = scores.csat_of(satisfied, n, confidence=confidence), scores.csat_of(others, n, confidence=confidence)
    assert 0 <= found.low < found.high <= 1
    assert found.value is None or found.low <= found.value <= found.high
    assert (found.low, found.high) == pytest.approx((1 - mirror.high, 1 - mirror.low), abs=1e-12)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_more_of_the_same_narrows(given_scores, random):
    shuffled = random.sample(given_scores, len(given_scores))
    assert scores.nps(shuffled) == scores.nps(given_scores)
    assert scores.mean(shuffled, lowest=0, highest=10) == scores.mean(given_scores, lowest=0, highest=10)
    for once, fourfold in (
        (scores.nps(given_scores), scores.nps(given_scores * 4)),
        (scores.mean(given_scores, lowest=0, highest=10), scores.mean(given_scores * 4, lowest=0, highest=10)),
    ):
        assert fourfold.value == pytest.approx(once.value)
        assert fourfold.high - fourfold.low < once.high - once.low


@given(st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_a_mean_stays_on_its_scale(values):
    found = scores.mean(values, lowest=-1e6, highest=1e6)
    assert -1e6 <= found.low <= found.high <= 1e6
    assert found.value is None or found.low <= found.value <= found.high


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_a_difference_turns_round_with_its_periods(up1, down1, up2, down2):
    one, other = scores.nps_of(up1, 3, down1), scores.nps_of(up2, 3, down2)
    there, back = scores.difference(one, other), scores.difference(other, one)
    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))
    assert -200 <= there.low <= there.value <= there.high <= 200


def test_a_difference_with_nothing_has_no_value_but_bounds():
    found = scores.difference(scores.nps([]), Estimate(50.0, 40.0, 60.0, 100))
    assert found == Estimate(None, -60.0, 160.0, 0)
    assert scores.difference(Estimate(50.0, 40.0, 60.0, 100), scores.nps([])) == Estimate(None, -160.0, 60.0, 0)
