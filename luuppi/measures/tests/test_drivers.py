"""What moves the score is found in the right order, with intervals that hold, and nothing is told that cannot be known."""

import itertools
import json
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.measures.drivers import Driver, relative_weights, theme_points


def values(found):
    return {driver.name: driver.value for driver in found}


def halo(rng, n, k=8):
    """k questions that a general mood moves together; only some of them matter for the score."""
    mood = rng.normal(size=(n, 1))
    x = 0.8 * mood + 0.6 * rng.normal(size=(n, k))
    strength = np.linspace(1.0, 0.1, k)
    return x, x @ strength + rng.normal(0, 2, n)


def comments(rng, n):
    """Comments with five themes; truth in NPS points by a sample of half a million."""
    shares = np.array([0.3, 0.2, 0.15, 0.1, 0.05])
    pull = np.array([-3.0, 2.0, -1.5, 1.0, -4.0])
    flags = (rng.random((n, 5)) < shares).astype(int)
    score = np.clip(np.round(7.5 + flags @ pull + rng.normal(0, 2, n)), 0, 10)
    return flags, score


def least_squares_points(flags, score):
    points = np.where(score >= 9, 100.0, np.where(score <= 6, -100.0, 0.0))
    slopes = np.linalg.lstsq(np.column_stack([np.ones(len(flags)), flags]), points, rcond=None)[0][1:]
    return slopes * flags.mean(axis=0)


# --- reference values ---------------------------------------------------------------------------------------------------------------


def test_lmg_and_johnson_equal_the_reference_to_the_last_digit(shared_data):
    reference = json.loads((shared_data / "text" / "drivers_reference.json").read_text())
    swiss = pd.DataFrame(reference["swiss"]["rows"], columns=reference["swiss"]["columns"])
    x, y = swiss.drop(columns="Fertility"), swiss.Fertility
    assert values(relative_weights(x, y)) == pytest.approx(reference["swiss"]["lmg"], abs=1e-6)
    assert values(relative_weights(x, y, "johnson")) == pytest.approx(reference["swiss"]["johnson_rw"], abs=1e-6)
    cars = pd.DataFrame(reference["mtcars"]["rows"], columns=reference["mtcars"]["columns"])
    for columns in (["cyl", "disp", "hp", "wt"], ["cyl", "disp", "hp", "gear"]):
        found = values(relative_weights(cars[columns], cars.mpg, "johnson"))
        assert [found[name] for name in columns] == pytest.approx(reference["mtcars"]["johnson_rw_" + "_".join(columns)], abs=1e-6)


def test_the_reference_surveys(shared_data):
    folder = shared_data / "behaviour"
    expected = json.loads((folder / "expected.json").read_text())["drivers"]
    swiss, attitude = (pd.read_csv(folder / f"{name}.csv", index_col=0) for name in ("swiss", "attitude"))
    for frame, target, name in ((swiss, "Fertility", "swiss_Fertility_LMG"), (attitude, "rating", "attitude_rating_LMG")):
        wanted = dict(expected[name])
        r2 = wanted.pop("R2")
        found = values(relative_weights(frame.drop(columns=target), frame[target], "lmg"))
        assert found == pytest.approx(wanted, abs=expected["tol"])
        assert sum(found.values()) == pytest.approx(r2, abs=expected["tol"])
    found = values(relative_weights(swiss.drop(columns="Fertility"), swiss.Fertility, "johnson"))
    assert found == pytest.approx(expected["swiss_Johnson"], abs=expected["tol"])


def test_the_points_of_the_known_themes_are_found(shared_data):
    rows = pd.read_csv(shared_data / "text" / "drivers_nps_sim.csv")
    truth = json.loads((shared_data / "text" / "drivers_nps_sim_truth.json").read_text())
    found = theme_points(rows.drop(columns="nps_score"), rows.nps_score)
    order = [driver.name for driver in found]
    assert pd.Series(values(found)).corr(pd.Series(truth), method="spearman") > 0.9
    assert set(order[:3]) == {"theme_4", "theme_8", "theme_9"}
    assert sum(driver.low <= truth[driver.name] <= driver.high for driver in found) >= 8


def test_lmg_is_the_average_over_all_orders():
    rng = np.random.default_rng(51)
    x, y = halo(rng, 60, 4)

    def r2(columns):
        if not columns:
            return 0.0
        design = np.column_stack([np.ones(60), x[:, list(columns)]])
        rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
        return 1 - rest.var() / y.var()

    by_hand = np.zeros(4)
    for order in itertools.permutations(range(4)):
        for place, predictor in enumerate(order):
            by_hand[predictor] += (r2(order[: place + 1]) - r2(order[:place])) / 24
    found = values(relative_weights(x, y))
    assert [found[f"x{i + 1}"] for i in range(4)] == pytest.approx(by_hand, abs=1e-9)


def test_theme_points_are_the_coefficient_times_the_share():
    flags, score = comments(np.random.default_rng(52), 800)
    found = values(theme_points(flags, score))
    assert [found[f"x{i + 1}"] for i in range(5)] == pytest.approx(least_squares_points(flags, score), abs=1e-9)


def test_auto_changes_to_johnson_above_twelve():
    rng = np.random.default_rng(53)
    x, y = halo(rng, 300, 13)
    assert relative_weights(x, y) == relative_weights(x, y, "johnson")
    assert relative_weights(x[:, :12], y) == relative_weights(x[:, :12], y, "lmg")
    johnson, lmg = values(relative_weights(x, y, "johnson")), values(relative_weights(x, y, "lmg"))
    assert max(abs(johnson[name] - lmg[name]) for name in lmg) < 0.005


# --- planted truth ------------------------------------------------------------------------------------------------------------------


def test_helpful_questions_never_get_a_negative_share():
    for seed in range(20):
        found = relative_weights(*halo(np.random.default_rng(seed), 200), draws=100)
        assert all(driver.low >= 0 and driver.value > 0 for driver in found)


def test_the_strongest_driver_is_found_and_its_rank_is_sure_with_enough_answers():
    first = [relative_weights(*halo(np.random.default_rng(100 + seed), 2000), draws=100)[0] for seed in range(10)]
    assert [driver.name for driver in first].count("x1") >= 8
    few = [relative_weights(*halo(np.random.default_rng(100 + seed), 60), draws=100)[0] for seed in range(10)]
    assert np.mean([driver.p_top for driver in first]) > np.mean([driver.p_top for driver in few])
    assert np.mean([driver.rank_high for driver in few]) > 3


def test_theme_intervals_hold_the_truth():
    truth = least_squares_points(*comments(np.random.default_rng(54), 500_000))
    held = []
    for seed in range(150):
        found = theme_points(*comments(np.random.default_rng(1000 + seed), 500), draws=200)
        held += [driver.low <= truth[int(driver.name[1]) - 1] <= driver.high for driver in found]
    assert 0.93 <= np.mean(held) <= 0.97


def test_weight_intervals_hold_the_truth():
    truth = values(relative_weights(*halo(np.random.default_rng(55), 400_000, 5)))
    held = []
    for seed in range(150):
        found = relative_weights(*halo(np.random.default_rng(2000 + seed), 400, 5), draws=200)
        held += [driver.low <= truth[driver.name] <= driver.high for driver in found]
    assert np.mean(held) >= 0.91


@pytest.mark.parametrize(("method", "k"), [("lmg", 5), ("johnson", 13)])
def test_a_question_that_has_nothing_to_do_with_the_score_may_have_no_part(method, k):
    """Parts are never negative, so every redrawn sample has one: before, no interval of such a question held its true part, 0."""
    rng, held, strong = np.random.default_rng(51), [], []
    for seed in range(40):
        x = np.round(np.clip(rng.normal(4, 1.5, (300, k)), 1, 7))
        y = 0.8 * x[:, 0] + rng.normal(0, 2, 300)
        found = {one.name: one.low for one in relative_weights(x, y, method, seed=seed, draws=100)}
        strong.append(found.pop("x1") > 0)
        held += [low == 0 for low in found.values()]
    assert np.mean(held) >= 0.93
    assert all(strong)


def test_drawing_groups_gives_the_same_interval_as_drawing_rows():
    flags, score = comments(np.random.default_rng(56), 4000)
    row_by_row = values_and_width(theme_points(flags, score))
    in_groups = values_and_width(theme_points(np.vstack([flags, flags[:1]]), np.append(score, score[0])))
    assert [a for a, _ in in_groups] == pytest.approx([a for a, _ in row_by_row], abs=0.05)
    assert [b for _, b in in_groups] == pytest.approx([b for _, b in row_by_row], rel=0.2)


def values_and_width(found):
    ordered = sorted(found, key=lambda driver: driver.name)
    return [(driver.value, driver.high - driver.low) for driver in ordered]


def test_sorted_rows_do_not_narrow_the_interval():
    flags, score = comments(np.random.default_rng(57), 6000)
    order = np.argsort(score, kind="stable")
    plain, by_score = (values_and_width(theme_points(flags[rows], score[rows])) for rows in (slice(None), order))
    assert [width for _, width in by_score] == pytest.approx([width for _, width in plain], rel=0.25)


def test_a_million_rows_with_twelve_predictors_take_under_two_seconds():
    rng = np.random.default_rng(58)
    x, y = halo(rng, 1_000_000, 12)
    taken = []
    while len(taken) < 5 and min(taken, default=2.0) >= 2.0:  # the best of some: a busy machine takes processor time from whoever runs on it
        started = time.process_time()
        assert len(relative_weights(x, y, "lmg")) == 12
        taken.append(time.process_time() - started)
    assert min(taken) < 2.0


# --- what little and odd data get ----------------------------------------------------------------------------------------------------


def test_no_predictors_and_no_rows():
    assert relative_weights(np.empty((50, 0)), np.arange(50)) == []
    assert relative_weights(np.empty((0, 2)), []) == [Driver(name, None, 0.0, 1.0, 0, None, None, None, None) for name in ("x1", "x2")]
    assert theme_points(np.empty((0, 1)), []) == [Driver("x1", None, -100.0, 100.0, 0, None, None, None, None)]
    assert theme_points(np.empty((9, 0)), [9] * 9) == []


def test_more_predictors_than_rows_tell_nothing():
    rng = np.random.default_rng(59)
    x, y = rng.normal(size=(7, 5)), rng.normal(size=7)
    assert [driver.value for driver in relative_weights(x, y)] == [None] * 5
    assert None not in values(relative_weights(np.vstack([x, x[0] + 1]), [*y, 0.0])).values()
    flags = (x > 0).astype(int)
    assert [driver.value for driver in theme_points(flags, [9, 8, 7, 3, 2, 1, 0])] == [None] * 5


def test_a_score_that_never_varies_cannot_be_explained():
    x = np.random.default_rng(60).normal(size=(40, 2))
    assert [driver.value for driver in relative_weights(x, np.full(40, 7.1))] == [None, None]


def test_a_score_of_one_kind_moves_no_points():
    flags = np.random.default_rng(61).integers(0, 2, (40, 2))
    assert [(driver.value, driver.low, driver.high) for driver in theme_points(flags, [10] * 40)] == [(None, -100.0, 100.0)] * 2


def test_a_predictor_that_never_varies_is_listed_last_and_changes_nothing():
    rng = np.random.default_rng(62)
    x, y = halo(rng, 101, 3)
    padded = np.column_stack([x[:, 0], np.full(101, 0.1), x[:, 1:]])
    with_it, without = relative_weights(padded, y), relative_weights(x, y)
    assert (with_it[-1].name, with_it[-1].value, with_it[-1].rank) == ("x2", None, None)
    assert [driver.value for driver in with_it[:-1]] == pytest.approx([driver.value for driver in without])
    assert [driver.rank for driver in with_it[:-1]] == [1, 2, 3]


def test_a_theme_that_nobody_or_everybody_mentions_is_not_judged():
    flags, score = comments(np.random.default_rng(63), 300)
    flags[:, 1], flags[:, 3] = 0, 1
    found = values(theme_points(flags, score))
    assert [name for name, value in found.items() if value is None] == ["x2", "x4"]


@pytest.mark.parametrize("method", ["lmg", "johnson"])
def test_predictors_that_repeat_one_another_share_evenly(method):
    rng = np.random.default_rng(64)
    x, y = halo(rng, 200, 3)
    once = values(relative_weights(x, y, method))
    twice = values(relative_weights(np.column_stack([x, 3 * x[:, 0] + 1]), y, method))
    assert twice["x1"] == pytest.approx(twice["x4"])
    assert sum(twice.values()) == pytest.approx(sum(once.values()))


def test_themes_that_always_come_together_share_evenly():
    flags, score = comments(np.random.default_rng(65), 500)
    once = values(theme_points(flags, score))
    twice = values(theme_points(np.column_stack([flags, flags[:, 0]]), score))
    assert twice["x1"] == pytest.approx(twice["x6"]) == pytest.approx(once["x1"] / 2)


def test_a_single_predictor_is_its_squared_correlation():
    rng = np.random.default_rng(66)
    x = rng.normal(size=50)
    y = x + rng.normal(size=50)
    for method in ("lmg", "johnson"):
        (only,) = relative_weights(x, y, method)
        assert only.value == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2)
        assert (only.rank, only.rank_low, only.rank_high, only.p_top) == (1, 1, 1, 1.0)


@pytest.mark.parametrize("unit", [1e-250, 1e-30, 1e30, 1e59])
def test_no_unit_is_too_small_or_too_large(unit):
    x, y = halo(np.random.default_rng(70), 60, 3)
    plain = values(relative_weights(x, y))
    assert values(relative_weights(x * unit, y)) == pytest.approx(plain)
    assert values(relative_weights(x, y * unit)) == pytest.approx(plain)


def test_a_perfect_explanation():
    x = np.arange(30.0)
    (only,) = relative_weights(x, 3 * x - 1)
    assert (only.value, only.low, only.high) == pytest.approx((1, 1, 1))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: relative_weights([[1, 2], [3]], [1, 2]), "x: the rows are of different lengths"),
        (lambda: relative_weights(np.zeros((3, 2)), [1, 2]), "x and y: must be equally long, got x 3, y 2"),
        (lambda: relative_weights([[1.0, np.nan]], [1]), "x: row 0, column 1 is nan"),
        (lambda: relative_weights(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), [1, 2]), "x: row 0, column 1 is 'x', not a number"),
        (lambda: relative_weights(np.zeros((2, 2)), [1, None]), "y: position 1 is nan"),
        (lambda: relative_weights(np.zeros((2, 2, 2)), [1, 1]), "x: needs rows and columns, got 3 dimensions"),
        (lambda: relative_weights(np.zeros((2, 2)), [1, 1], "shapley"), "method: must be one of auto, lmg, johnson, got 'shapley'"),
        (lambda: relative_weights(np.zeros((2, 16)), [1, 1], "lmg"), "method: lmg works for up to 15 predictors, got 16"),
        (lambda: relative_weights(np.zeros((2, 2)), [1, 1], draws=10), "draws: must be a whole number, from 100 to 100000, got 10"),
        (lambda: relative_weights(np.zeros((2, 2)), [1, 1], confidence=2), "confidence: must lie between 0 and 1"),
        (lambda: relative_weights(pd.DataFrame([[1, 2]], columns=["a", "a"]), [1]), "x: column 1 has the name 'a' of an earlier column"),
        (lambda: theme_points([[0, 2]], [9]), "flags: row 0, column 1 is 2, neither 0 nor 1"),
        (lambda: theme_points([[0, 1]], [11]), "nps_scores: position 0 is 11, outside 0–10"),
        (lambda: theme_points([[0, 1]], [9.5]), "nps_scores: position 0 is 9.5, not a whole number"),
        (lambda: theme_points([[0, 1]], [9, 9]), "flags and nps_scores: must be equally long"),
        (lambda: theme_points([[0, 1]], [9], draws=100.5), "draws: must be a whole number, from 100"),
    ],
)
def test_wrong_input_is_refused_by_name_and_place(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_frames_lists_and_arrays_of_flags_give_the_same():
    flags, score = comments(np.random.default_rng(67), 200)
    names = ["late", "broken", "rude", "price", "app"]
    from_frame = theme_points(pd.DataFrame(flags, columns=names), pd.Series(score))
    assert from_frame == theme_points(pd.DataFrame(flags.astype(bool), columns=names), list(score))
    mixed = pd.DataFrame(flags, columns=names).astype({"late": bool})
    assert from_frame == theme_points(mixed, score)
    assert [driver.value for driver in theme_points(flags.tolist(), score)] == [driver.value for driver in from_frame]


def test_the_callers_arrays_are_left_as_they_were():
    x, y = halo(np.random.default_rng(68), 50, 3)
    x_before, y_before = x.copy(), y.copy()
    relative_weights(x, y)
    assert (x == x_before).all() and (y == y_before).all()


def test_the_same_seed_gives_the_same_and_another_seed_another():
    x, y = halo(np.random.default_rng(69), 100, 3)
    assert relative_weights(x, y, seed=7) == relative_weights(x, y, seed=7)
    assert relative_weights(x, y, seed=7) != relative_weights(x, y, seed=8)


# --- what must hold for any data ------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(10, 60), st.sampled_from(["lmg", "johnson"]))
def test_order_unit_and_doubling_do_not_matter_and_shares_make_r2(seed, k, n, method):
    rng = np.random.default_rng(seed)
    x, y = halo(rng, n, k)
    found = values(relative_weights(x, y, method, draws=100))
    design = np.column_stack([np.ones(n), x])
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert sum(found.values()) == pytest.approx(1 - rest.var() / y.var(), abs=1e-9)
    rows = rng.permutation(n)
    for same in ((x[rows], y[rows]), (x * 1000 - 5, -y), (np.vstack([x, x]), np.append(y, y))):
        assert values(relative_weights(*same, method, draws=100)) == pytest.approx(found, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(0, 40))
def test_any_flags_give_bounded_points_or_nothing(seed, k, n):
    rng = np.random.default_rng(seed)
    flags, score = rng.integers(0, 2, (n, k)), rng.integers(0, 11, n)
    found = theme_points(flags, score, draws=100)
    assert len(found) == k
    for driver in found:
        assert driver.low <= driver.high
        assert driver.value is None or (driver.low <= driver.value <= driver.high and driver.rank_low <= driver.rank <= driver.rank_high)
    told = [abs(driver.value) for driver in found if driver.value is not None]
    assert told == sorted(told, reverse=True)
