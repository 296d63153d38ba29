"""Teams are told apart only where they differ, and no small group gives its members away."""

import json
import re
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.measures.shrinkage import Ranked, hidden_groups, rank_groups


def draw_teams(rng, *, true_spread, teams=40, n=40, level=20.0):
    truth = level + rng.normal(0, true_spread, teams)
    return truth, truth + rng.normal(0, 78 / np.sqrt(n), teams), np.full(teams, 78.0**2), np.full(teams, n)


def named(count):
    return [f"team {number}" for number in range(count)]


# --- reference values ---------------------------------------------------------------------------------------------------------------


def test_the_teams_that_are_truly_low_are_flagged(shared_data):
    folder = shared_data / "behaviour"
    expected = json.loads((folder / "expected.json").read_text())["contacts_a"]["teams"]
    contacts = pd.read_csv(folder / "contacts_a" / "contacts.csv.gz")
    answered = contacts[contacts.responded == 1].dropna(subset=["team"])
    points = pd.Series(np.select([answered.nps_score >= 9, answered.nps_score <= 6], [100.0, -100.0], 0.0))
    teams = points.groupby(answered.team.to_numpy()).agg(["mean", "var", "size"])
    ranked = rank_groups(list(teams.index), teams["mean"], teams["var"], teams["size"])
    assert sorted(team.name for team in ranked if team.flag == "below") == expected["flagged_below_p95"]
    assert {team.name for team in ranked if team.flag == "above"} >= set(expected["flagged_above_p95"])
    assert {team.name for team in ranked[:4]} >= set(expected["truly_lowest"])


def test_two_groups_against_the_integral_done_by_hand():
    # The same posterior by brute force: a fine grid over both unknowns, the common level and the size of the differences.
    means, error = np.array([30.0, 0.0]), 6100 / np.array([40.0, 160.0])
    mu, tau = np.meshgrid(np.linspace(-400, 430, 4001), np.linspace(0, 60, 121))
    density = np.exp(-((tau / 20) ** 2) / 2)
    for mean, variance in zip(means, error, strict=True):
        total = variance + tau**2
        density = density * np.exp(-((mean - mu) ** 2) / (2 * total)) / np.sqrt(total)
    density /= density.sum()
    ranked = {team.name: team for team in rank_groups(["first", "second"], means, [6100, 6100], [40, 160])}
    for place, name in enumerate(("first", "second")):
        pull = error[place] / (error[place] + tau**2)
        middle = pull * mu + (1 - pull) * means[place]
        value = (density * middle).sum()
        variance = (density * ((1 - pull) * error[place] + (middle - value) ** 2)).sum()
        assert ranked[name].value == pytest.approx(value, abs=0.02)
        assert ranked[name].high - ranked[name].value == pytest.approx(1.959964 * np.sqrt(variance), abs=0.02)


def test_the_probability_of_lying_below_against_draws_from_the_posterior():
    means, n, variance = np.array([10.0, 25.0, 40.0]), np.array([60, 400, 90]), 6100.0
    rng = np.random.default_rng(30)
    tau = np.repeat(np.linspace(0, 60, 121), 10_000)
    error = variance / n
    total = error + tau[:, None] ** 2
    spread_of_common = 1 / (1 / total).sum(axis=1)
    centre = spread_of_common * (means / total).sum(axis=1)
    weight = np.exp(-((tau / 20) ** 2) / 2 - 0.5 * (np.log(total) + (means - centre[:, None]) ** 2 / total).sum(axis=1))
    weight *= np.sqrt(spread_of_common)
    common = rng.normal(centre, np.sqrt(spread_of_common))
    pull = error / total
    truth = rng.normal(pull * common[:, None] + (1 - pull) * means, np.sqrt((1 - pull) * error))
    below = truth < (truth * n).sum(axis=1, keepdims=True) / n.sum()
    differs = tau > 0  # without differences a group is the mean itself: counted as neither
    expected = ((np.where(differs[:, None], below, 0.5)) * weight[:, None]).sum(axis=0) / weight.sum()
    ranked = rank_groups(named(3), means, [variance] * 3, n)
    assert [team.p_below for team in ranked] == pytest.approx(list(expected), abs=0.005)


def test_the_probability_of_lying_below_against_the_whole_covariance_of_the_groups():
    # For each size of the differences the groups are jointly normal, and so is any weighted sum of them: no draws, no tolerance.
    means, n = np.array([10.0, 25.0, 40.0]), np.array([60.0, 400.0, 90.0])
    error, part = 6100.0 / n, n / n.sum()
    below, weights = [], []
    for tau in np.linspace(0, 60, 121):
        total = np.diag(error + tau**2)
        told = np.linalg.inv(total)
        of_common = 1 / told.sum()
        common = of_common * (told @ means).sum()
        weights.append(np.exp(-((tau / 20) ** 2) / 2 - (means - common) @ told @ (means - common) / 2) * np.sqrt(of_common * np.linalg.det(told)))
        pull = error @ told
        centre = pull * common + (1 - pull) * means
        covariance = np.diag((1 - pull) * error) + np.outer(pull, pull) * of_common
        contrast = np.eye(3) - part  # each group against the mean of all answers, itself included
        apart, variances = contrast @ centre, np.diag(contrast @ covariance @ contrast.T)
        # Without differences each group is the mean itself, and lies on neither side.
        below.append([NormalDist().cdf(-one / wide**0.5) for one, wide in zip(apart, variances, strict=True)] if tau else [0.5] * 3)
    ranked = rank_groups(named(3), means, [6100.0] * 3, n)
    assert [team.p_below for team in ranked] == pytest.approx(list(np.average(below, axis=0, weights=weights)), rel=1e-9)


def test_variances_are_pooled_by_what_each_group_knows_of_them():
    separate = rank_groups(["a", "b"], [10, 30], [100, 1000], [31, 61])
    assert separate == rank_groups(["a", "b"], [10, 30], [700, 700], [31, 61])


def test_no_interval_reaches_beyond_the_scale():
    share = np.array([0.99, 0.98, 0.97, 0.6])
    given = (named(4), share, share * (1 - share), [30, 40, 50, 60])
    free, kept = rank_groups(*given, spread=0.1), rank_groups(*given, spread=0.1, scale=(0, 1))
    assert max(team.high for team in free) > 1 == max(team.high for team in kept)
    assert [(team.value, team.low, team.p_below) for team in free] == [(team.value, team.low, team.p_below) for team in kept]
    with pytest.raises(ValueError, match=r"means: position 3 is 0\.6, outside the scale 0\.7–1"):
        rank_groups(*given, scale=(0.7, 1))
    with pytest.raises(ValueError, match=r"means: position 0 is 0\.99, outside the scale 0–0\.98"):
        rank_groups(*given, scale=(0, 0.98))
    with pytest.raises(ValueError, match=r"^scale: position 0 is"):
        rank_groups(*given, scale=(None, 1))
    for scale in ((1, 0), (1, 1), (1,), (0, 1, 2)):
        with pytest.raises(ValueError, match=re.escape(f"scale: must be a lowest and a higher highest mean, got {scale}")):
            rank_groups(*given, scale=scale)


def test_a_mean_at_the_end_of_the_scale_is_on_it():
    given = (named(4), [1.0, 0.02, 0.03, 0.0], [0.0, 0.02, 0.03, 0.0], [30, 40, 50, 60])
    free, kept = rank_groups(*given, spread=0.1), rank_groups(*given, spread=0.1, scale=(0, 1))
    assert free[0].low < 0 == kept[0].low
    assert [(team.value, team.p_below) for team in free] == [(team.value, team.p_below) for team in kept]


def test_a_single_answer_needs_no_variance_and_two_do():
    given = {"names": ["a", "b", "c"], "means": [1, 2, 3], "variances": [9, 9, None]}
    assert [team.why_silent for team in rank_groups(**given, n=[50, 60, 1])] == [None, "privacy", "privacy"]
    with pytest.raises(ValueError, match=r"^variances: position 2 is missing, though the group has 2 answers"):
        rank_groups(**given, n=[50, 60, 2])


@pytest.mark.parametrize("unit", [1e-12, 1e12])
def test_the_unit_does_not_matter(unit):
    means, n = np.array([10.0, 25.0, 40.0]), [60, 400, 90]
    plain = rank_groups(named(3), means, [6100] * 3, n)
    scaled = rank_groups(named(3), means * unit, [6100 * unit**2] * 3, n, spread=20 * unit)
    assert [team.value / unit for team in scaled] == pytest.approx([team.value for team in plain])
    assert [team.p_below for team in scaled] == pytest.approx([team.p_below for team in plain])


# --- planted truth ------------------------------------------------------------------------------------------------------------------


def test_equal_teams_are_not_told_apart():
    rng = np.random.default_rng(31)
    flags = 0
    for _ in range(100):
        _, means, variances, n = draw_teams(rng, true_spread=0)
        flags += sum(team.flag is not None for team in rank_groups(named(40), means, variances, n))
    assert flags / 100 <= 0.05  # a plain z-test flags 2 of 40 every time


def test_shrunken_figures_are_nearer_the_truth_and_their_intervals_hold_it():
    rng = np.random.default_rng(32)
    raw, shrunken, held = [], [], []
    for _ in range(600):
        truth, means, variances, n = draw_teams(rng, true_spread=10, n=15)
        for team in rank_groups(named(40), means, variances, n, at_least=5):
            place = int(team.name.split()[1])
            raw.append((means[place] - truth[place]) ** 2)
            shrunken.append((team.value - truth[place]) ** 2)
            held.append(team.low <= truth[place] <= team.high)
    assert np.sqrt(np.mean(shrunken)) < 0.55 * np.sqrt(np.mean(raw))
    assert np.mean(held) >= 0.92


def test_flags_are_right_when_teams_differ():
    rng = np.random.default_rng(33)
    right = []
    for _ in range(60):
        truth, means, variances, n = draw_teams(rng, true_spread=15, n=60)
        for team in rank_groups(named(40), means, variances, n):
            if team.flag:
                right.append((truth[int(team.name.split()[1])] < truth.mean()) == (team.flag == "below"))
    assert len(right) > 200
    assert np.mean(right) > 0.95


# --- small groups ---------------------------------------------------------------------------------------------------------------------


def test_small_groups_are_listed_last_without_a_figure():
    ranked = rank_groups(["a", "b", "c", "d", "e"], [50, 10, 30, 90, 20], [6100] * 5, [100, 29, 30, 3, 200])
    assert [(team.name, team.why_silent) for team in ranked] == [
        ("e", None), ("c", None), ("a", None), ("b", "privacy"), ("d", "privacy"),
    ]  # fmt: skip
    assert ranked[-1] == Ranked("d", None, None, None, 3, None, "privacy")
    assert ranked[-1].flag is None


def test_groups_that_are_not_shown_count_for_nothing():
    shown = rank_groups(["a", "b"], [50, 10], [6100, 5000], [100, 50])
    beside = rank_groups(["x", "a", "b", "empty"], [-100, 50, 10, None], [0, 6100, 5000, None], [29, 100, 50, 0])
    assert beside[:2] == shown
    assert [(team.name, team.n, team.why_silent) for team in beside[2:]] == [("x", 29, "too_few_answers"), ("empty", 0, "too_few_answers")]


def test_nothing_to_rank():
    assert rank_groups([], [], [], []) == []
    assert [team.value for team in rank_groups(["a"], [10], [6100], [4])] == [None]


def test_a_single_group_keeps_its_mean():
    (only,) = rank_groups(["a"], [12.0], [6100], [61])
    assert only.value == pytest.approx(12.0)
    assert only.p_below == pytest.approx(0.5)
    assert only.high - only.value == pytest.approx(19.59964, abs=1e-3)


def test_answers_that_are_all_equal_leave_the_means_as_they_are():
    ranked = rank_groups(["a", "b", "c"], [100, 0, 50], [0, 0, 0], [40, 40, 40])
    assert [(team.name, team.value, team.low, team.high, team.p_below) for team in ranked] == [
        ("b", 0.0, 0.0, 0.0, 1.0), ("c", 50.0, 50.0, 50.0, 0.5), ("a", 100.0, 100.0, 100.0, 0.0),
    ]  # fmt: skip


def test_differences_of_rounding_alone_count_as_none():
    ranked = rank_groups(["a", "b"], [50, 50.5], [1e-20, 1e-20], [40, 40])
    assert [(team.value, team.low, team.high) for team in ranked] == [(50.0, 50.0, 50.0), (50.5, 50.5, 50.5)]


def test_flags_need_more_than_95_in_a_hundred():
    def flag(p):
        return Ranked("a", 1.0, 0.0, 2.0, 30, p).flag

    assert [flag(p) for p in (0.951, 0.95, 0.5, 0.05, 0.049)] == ["below", None, None, None, "above"]


@pytest.mark.parametrize(
    ("n", "hidden"),
    [
        ([10, 20, 30], [False, False, False]),
        ([4, 20, 30], [True, True, False]),  # alone it would be the total minus the others
        ([4, 1, 30], [True, True, False]),
        ([2, 2, 30, 40], [True, True, True, False]),  # both together are still fewer than five
        ([2, 0, 30], [True, False, True]),
        ([0, 0], [False, False]),
        ([5, 5], [False, False]),
        ([3], [True]),
        ([], []),
    ],
)
def test_a_hidden_group_cannot_be_worked_out_from_the_total(n, hidden):
    assert hidden_groups(n) == hidden


def test_of_equal_groups_the_first_is_hidden():
    assert hidden_groups([4, *[20] * 40]) == [True, True] + [False] * 39


def test_a_group_of_one_is_hidden_and_never_serves_as_cover_by_being_shown():
    assert hidden_groups([1, 50, 60]) == [True, True, False]
    assert hidden_groups([1, 1, 1, 1, 9]) == [True, True, True, True, True]
    assert hidden_groups([2, 1, 1, 0, 1, 9]) == [True, True, True, False, True, False]


def test_of_many_equal_groups_the_first_is_hidden():
    assert hidden_groups([50] * 60 + [2]) == [True] + [False] * 59 + [True]


def test_a_broken_count_is_refused_by_name():
    with pytest.raises(ValueError, match=r"^n: position 1 is -1"):
        hidden_groups([4, -1])


def test_five_answers_may_be_shown_when_asked():
    ranked = rank_groups(["a", "b"], [10, 20], [6100, 6100], [5, 6], at_least=5)
    assert [(team.name, team.n, team.why_silent) for team in ranked] == [("a", 5, None), ("b", 6, None)]


def test_hundreds_of_groups_do_not_wash_out():
    rng = np.random.default_rng(34)
    means = 20 + rng.normal(0, 15, 800)
    ranked = rank_groups(named(800), means, [6100.0] * 800, [100] * 800)
    assert len({team.value for team in ranked}) == 800
    assert ranked[0].flag == "below" and ranked[-1].flag == "above"


def test_another_limit_for_hiding():
    assert hidden_groups([9, 9, 50], at_least=10) == [True, True, False]
    assert hidden_groups([10, 9, 50], at_least=10) == [True, True, False]
    assert hidden_groups([1, 0, 2], at_least=1) == [False, False, False]
    with pytest.raises(ValueError, match=r"^at_least: must be a whole number, 1 or more, got 0"):
        hidden_groups([9], at_least=0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"names": ["a", "a"]}, "names: 'a' is given twice"),
        ({"names": ["a", None]}, "names: position 1 is missing"),
        ({"names": ["b", "a", "c", "a"]}, "names: 'a' is given twice"),
        ({"means": [1]}, "names and means and variances and n: must be equally long, got names 2, means 1"),
        ({"variances": [1]}, "must be equally long, got names 2, means 2, variances 1"),
        ({"n": [50]}, "must be equally long, got names 2, means 2, variances 2, n 1"),
        ({"means": [1, None], "n": [50, 1]}, "means: position 1 is missing, though the group has 1 answers"),
        ({"variances": [0, -1]}, "variances: position 1 is -1, below 0"),
        ({"variances": [0.5, -1]}, "variances: position 1 is -1, below 0"),
        ({"variances": [1, np.inf]}, "variances: position 1 is inf"),
        ({"means": [1, None]}, "means: position 1 is missing, though the group has 50 answers"),
        ({"variances": [None, 1]}, "variances: position 0 is missing"),
        ({"variances": [1, -1]}, "variances: position 1 is -1, below 0"),
        ({"means": [1, np.inf]}, "means: position 1 is inf"),
        ({"n": [50, -1]}, "n: position 1 is -1"),
        ({"n": [50, 1.5]}, "n: position 1 is 1.5, not a whole number"),
        ({"spread": 0}, "spread: must be above 0, got 0"),
        ({"spread": float("nan")}, "spread: must be a number"),
        ({"at_least": 4}, "at_least: must be a whole number, 5 or more, got 4"),
        ({"confidence": 1}, "confidence: must lie between"),
    ],
)
def test_wrong_input_is_refused_by_name_and_place(change, words):
    with pytest.raises(ValueError, match=f"^(names and means and variances and n: )?{words}"):
        rank_groups(**{"names": ["a", "b"], "means": [1, 2], "variances": [1, 1], "n": [50, 50]} | change)


# --- what must hold for any data ------------------------------------------------------------------------------------------------------

GROUPS = st.lists(
    st.tuples(st.floats(-100, 100), st.floats(0.0, 1e4), st.integers(30, 3000)), min_size=1, max_size=12
)  # fmt: skip


@settings(max_examples=60)
@given(GROUPS, st.floats(-50, 50), st.randoms(use_true_random=False))
def test_order_and_shift_do_not_matter_and_figures_are_drawn_inwards(groups, shift, random):
    means, variances, n = (list(column) for column in zip(*groups, strict=True))
    names = named(len(groups))
    plain = {team.name: team for team in rank_groups(names, means, variances, n)}
    order = random.sample(range(len(groups)), len(groups))
    shuffled = rank_groups(*([column[i] for i in order] for column in (names, means, variances, n)))
    moved = {team.name: team for team in rank_groups(names, [mean + shift for mean in means], variances, n)}
    values = [team.value for team in shuffled]
    assert values == sorted(values)
    for team in shuffled:
        same = plain[team.name]
        assert (team.value, team.low, team.high) == pytest.approx((same.value, same.low, same.high), abs=1e-6)
        assert moved[team.name].value == pytest.approx(same.value + shift, abs=1e-6)
        assert min(means) - 1e-6 <= same.value <= max(means) + 1e-6
        assert same.low <= same.value <= same.high
        assert 0 <= same.p_below <= 1


@given(st.lists(st.integers(0, 40), max_size=20), st.integers(2, 12))
def test_what_is_hidden_is_always_enough(n, at_least):
    hidden = hidden_groups(n, at_least)
    kept_secret = [count for count, hide in zip(n, hidden, strict=True) if hide]
    assert all(hide for count, hide in zip(n, hidden, strict=True) if 0 < count < at_least)
    assert not any(hide for count, hide in zip(n, hidden, strict=True) if count == 0)
    if kept_secret and not all(hide for count, hide in zip(n, hidden, strict=True) if count):
        assert len(kept_secret) > 1
        assert sum(kept_secret) >= at_least
