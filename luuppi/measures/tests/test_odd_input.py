"""Every argument of every door of the numbers, one at a time, replaced by forms that analysts and programs come with.

What holds the same values in another form (a pandas column of any kind, a generator, a mapping of columns) gives the same answer. Whatever
else comes gives a documented result, or a ValueError that begins with the name of an argument: no warning, NaN, or error from the depths.
"""

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from luuppi.measures import (
    adjusting,
    arrivals,
    asking,
    change,
    drivers,
    effects,
    experience,
    nonresponse,
    scores,
    shrinkage,
    silence,
    speaking,
    staffing,
    tolerance,
    weighing,
)  # fmt: skip
from tests.same_answers import flat

pytestmark = pytest.mark.filterwarnings("error")

DRAWN = np.random.default_rng(5)
MIXED = [datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)] * 30
HUGE = np.longdouble("1e4000") if np.longdouble("1e4000") > 1e308 else np.inf


def whole(n, low, high):
    return DRAWN.integers(low, high, n).astype(float)


FRAME = pd.DataFrame({"a": DRAWN.normal(size=260), "w": DRAWN.choice(list("xyz"), 260), "k": DRAWN.integers(0, 3, 260)})
SCORES, LOW = whole(260, 0, 11), (DRAWN.random(260) < 0.4).astype(float)
ANSWERED = np.where(DRAWN.random(260) < 0.6, SCORES, np.nan)
CALLED = np.where(np.isnan(ANSWERED) & (DRAWN.random(260) < 0.4), SCORES, np.nan)
OFTEN = whole(600, 0, 6)
LAST = np.where(OFTEN > 0, DRAWN.uniform(1, 20, 600), 0)
KNOWN = LAST + DRAWN.uniform(0, 30, 600)
RHYTHM = silence.fit_rhythm(OFTEN, LAST, KNOWN)
LEARNED = experience.learn_experience(FRAME, LOW, np.arange(260.0))
NPS, STAY = scores.nps([1, 2, 9, 10]), silence.staying([1.0, 2, 3, 4], [1, 0, 1, 0])
NOW, WEEKS, TIMES = datetime(2026, 5, 4, tzinfo=UTC), np.arange(-30, 30.0), np.arange(260.0)

# door: (function, arguments that work)
DOORS = {
    "nps": (scores.nps, {"scores": whole(60, 0, 11), "confidence": 0.95}),
    "csat": (scores.csat, {"scores": whole(60, 1, 6), "satisfied_from": 4}),
    "ces": (scores.ces, {"scores": whole(60, 1, 8)}),
    "mean": (scores.mean, {"scores": whole(60, 0, 11), "lowest": 0, "highest": 10}),
    "nps_of": (scores.nps_of, {"promoters": whole(9, 0, 9), "passives": whole(9, 0, 9), "detractors": whole(9, 0, 9)}),
    "csat_of": (scores.csat_of, {"satisfied": whole(9, 0, 4), "n": whole(9, 4, 9)}),
    "mean_of": (scores.mean_of, {"n": np.full(5, 4.0), "total": np.full(5, 12.0), "squares": np.full(5, 40.0), "lowest": 0, "highest": 10}),
    "difference": (scores.difference, {"before": [NPS, NPS], "after": [NPS, NPS]}),
    "sample size": (scores.sample_size_for, {"change": 5, "variance": 6100.0, "power": 0.8, "confidence": 0.95}),
    "visible change": (scores.visible_change, {"n_before": 100, "n_after": 90, "variance": 6100.0}),
    "speaking": (speaking.speaking, {"screen": "quiet_customers", "n": 20, "weeks": 30}),
    "teams": (shrinkage.rank_groups, {"names": list("abcdef"), "means": whole(6, 0, 40), "variances": np.full(6, 6000.0), "n": whole(6, 30, 90),
              "spread": 20.0, "at_least": 30}),
    "hidden groups": (shrinkage.hidden_groups, {"n": whole(6, 0, 90), "at_least": 5}),
    "alarms": (change.watch_unit, {"n_answers": np.full(60, 20.0), "n_detractors": whole(60, 0, 9), "baseline_weeks": 26}),
    "drivers": (drivers.relative_weights, {"x": DRAWN.normal(size=(60, 3)), "y": DRAWN.normal(size=60), "method": "auto", "draws": 100, "seed": 0}),
    "themes": (drivers.theme_points, {"flags": DRAWN.integers(0, 2, (60, 3)), "nps_scores": whole(60, 0, 11), "draws": 100, "seed": 0}),
    "effect": (effects.effect_of_change, {"weeks": WEEKS, "treated": DRAWN.normal(size=60), "control": DRAWN.normal(size=(60, 2)),
               "n_answers": whole(60, 5, 30), "trigger_weeks": [-2, -1], "higher_is_better": True, "read_at": 12, "always_valid": False}),
    "adjusting": (adjusting.adjusted_for_mix, {"answers": whole(260, -100, 100), "foreseen": FRAME["a"].to_numpy(), "before": TIMES < 200}),
    "events": (silence.count_events, {"customer": DRAWN.integers(0, 50, 400), "day": whole(400, 0, 300), "until_day": 200}),
    "backtest": (silence.backtest, {"customer": DRAWN.integers(0, 50, 400), "day": whole(400, 0, 300), "cut_day": 200, "within_weeks": 13}),
    "quiet": (silence.find_quiet, {"rhythm": RHYTHM, "frequency": OFTEN, "recency": LAST, "age": KNOWN, "below": 0.5, "at_least_events": 3,
              "told_already": np.zeros(600, bool)}),
    "staying": (silence.staying, {"lasted": DRAWN.exponential(9, 60), "left": DRAWN.random(60) < 0.5}),
    "share after": (STAY.share_after, {"times": [1.0, 2.0]}),
    "chance of staying": (STAY.chance_of_staying, {"stayed": 1.0, "ahead": 1.0}),
    "experience": (experience.learn_experience, {"features": FRAME, "outcome": LOW, "at": TIMES, "seen_at": dict.fromkeys("awk", TIMES), "seed": 0}),
    "estimate": (LEARNED.estimate, {"features": FRAME.head(20), "with_reasons": True}),
    "watch": (LEARNED.watch, {"features": FRAME, "outcome": LOW}),
    "drift": (experience.find_drift, {"probability": DRAWN.random(60), "happened": LOW[:60]}),
    "refreshed": (experience.refreshed, {"probability": DRAWN.random(60), "happened": LOW[:60], "newest": 20}),
    "in time": (experience.features_known_in_time, {"features": FRAME, "at": TIMES, "seen_at": dict.fromkeys("awk", TIMES)}),
    "corrected": (nonresponse.corrected_nps, {"contacts": FRAME, "score": ANSWERED, "margins": ["w", ("w", "a"), "k"],
                  "customer": DRAWN.integers(0, 90, 260), "asked_probability": np.full(260, 0.5), "seed": 0}),
    "silent": (nonresponse.draw_silent, {"score": ANSWERED, "size": 20, "seed": 0}),
    "callbacks": (nonresponse.nps_with_callbacks, {"contacts": FRAME, "score": ANSWERED, "called_score": CALLED, "margins": ["w"]}),
    "worth": (asking.value_of_asking, {"p_answer": DRAWN.random(9), "p_detractor": DRAWN.random(9), "worth": 20, "cost": 6}),
    "decide": (asking.decide, {"keys": list("abcdefghi"), "value": DRAWN.random(9), "recent_asks": whole(9, 0, 3), "may_ask": np.ones(9, bool),
               "price": 0.2, "floor": 0.1}),
    "weighted": (asking.weighted_nps, {"scores": whole(40, 0, 11), "probability": DRAWN.uniform(0.1, 1, 40)}),
    "peace": (asking.peace_from_asking, {"now": NOW, "asked_at": [NOW - timedelta(9)], "has_open_case": False, "opted_out": False,
              "quarantine": timedelta(28), "most_a_year": 4}),
    "wait": (tolerance.material_wait, {"wait_seconds": DRAWN.exponential(200, 600), "csat": whole(600, 1, 6), "loss": 0.2}),
    "wait of detractors": (tolerance.material_wait_of_detractors, {"wait_seconds": DRAWN.exponential(200, 600), "nps_scores": whole(600, 0, 11)}),
    "patience": (tolerance.patience, {"waited_seconds": DRAWN.exponential(100, 60), "abandoned": LOW[:60], "quantiles": (0.1, 0.5)}),
    "kink": (tolerance.find_kink, {"x": np.arange(12.0), "successes": whole(12, 0, 9), "trials": np.full(12, 20.0)}),
    "forecast": (arrivals.forecast, {"counts": whole(60, 0, 90), "ahead": 4}),
    "naive": (arrivals.naive_forecast, {"counts": whole(60, 0, 90), "ahead": 4}),
    "tried": (arrivals.try_forecast, {"counts": whole(40, 0, 90), "ahead": 4, "times": 2}),
    "erlang a": (staffing.erlang_a, {"calls_per_minute": 5.0, "handling_minutes": 3.0, "people": 16, "patience_minutes": 2.0}),
    "service level": (staffing.service_level, {"calls_per_minute": 5.0, "handling_minutes": 3.0, "people": 16, "within_seconds": 20}),
    "people": (staffing.people_needed, {"calls_per_minute": 5.0, "handling_minutes": 3.0, "within_seconds": 20, "answered_share": 0.8}),
    "standing out": (weighing.standing_out, {"counts": whole(9, 0, 90), "most": 3}),
}  # fmt: skip
INFINITE_IS_TOLD = {"forecast", "patience"}  # an upper bound that nothing holds

OPTIONS = [
    None, "3", "\ud800", b"3", math.nan, math.inf, -1, 0, 2.5, 10**400, 2**70, 1e308, 5e-324, 1 - 1e-16, [3], [], {}, object(), np.float16(3),
    np.array(3), np.array([3.0]), Decimal("0.5"), Decimal("sNaN"), Fraction(1, 3), 1 + 2j, pd.NA, pd.NaT, np.datetime64("2026-01-01"),
    datetime(2026, 1, 1), date(2026, 1, 1), timedelta(-3), np.bool_(True),
]  # fmt: skip


def odd_columns(column):
    """Columns of the same length, or of none, that hold something else."""
    n = len(column)
    alike = [
        math.nan, None, pd.NA, pd.NaT, 1e308, 1e59, 5e-324, -0.0, -1.0, 10**400, HUGE, Decimal("sNaN"), "1", "\ud800", b"1", [], [1.0], {}, (1, 2),
        object(), 1j, True, np.datetime64("NaT"), timedelta(1), date(2026, 1, 1), pd.Timestamp("2026-01-01", tz="UTC"),
    ]  # fmt: skip
    yield from ([one] * n for one in alike)
    yield from (None, "1" * n, b"1" * n, object(), np.array(3.0), dict.fromkeys(range(n), 1.0), set(range(n)), [1.0] * (n + 1), [])
    yield from (MIXED[:n], [[1.0]] * (n - 1) + [[1.0, 2.0]], np.zeros((n, 2, 2)), np.zeros((n, 0)), np.zeros((0, 0)), np.arange(n).astype("M8[D]"))
    yield from (np.ma.masked_array(np.arange(n), np.arange(n) % 2), np.ma.masked_all(n), np.zeros(n, dtype=[("q", "f8")]), range(n))
    yield from (pd.DataFrame({"q": np.arange(n)}), pd.Series([pd.NA] + [1.0] * (n - 1), dtype="Float64"), pd.period_range("2026-01", periods=n, freq="M"))
    yield from (pd.cut(pd.Series(np.arange(n + 1.0)), 2)[:n], np.full((n, 200), 1.0), np.arange(n)[:, None] * np.array([1.0, 1.0, 2.0]))


def odd_frames(frame):
    n = len(frame)
    yield from (None, np.zeros((n, 3)), [{"a": 1}], frame["a"], frame.head(0), frame[[]], frame.head(n - 1), pd.concat([frame, frame], axis=1))
    others = [
        np.inf, np.nan, 1e308, pd.date_range("2020-01-01", periods=n, tz="UTC"), pd.to_timedelta(range(n), unit="D"), pd.NaT, "x", 1j * np.arange(n),
        pd.array([pd.NA] * n, dtype="Float64"), pd.array([pd.NA if i % 3 else True for i in range(n)], dtype="boolean"), [Decimal(i) for i in range(n)],
    ]  # fmt: skip
    yield from (frame.assign(a=other) for other in others)
    yield from (frame.assign(w=other) for other in ([[1]] * n, [{}] * n, "\ud800", None, pd.period_range("2020-01", periods=n, freq="M")))


def odd_values(valid):
    if isinstance(valid, pd.DataFrame):
        return odd_frames(valid)
    if isinstance(valid, dict):
        return iter([None, 3, {}, {"a": [1]}, dict.fromkeys(valid, MIXED[:1] * 260), {name: ["x"] * 260 for name in valid}])
    return odd_columns(valid) if isinstance(valid, (np.ndarray, list, tuple)) else iter(OPTIONS)


@pytest.mark.parametrize("door", DOORS)
def test_whatever_else_comes_is_answered_or_refused_by_name(door):
    function, arguments = DOORS[door]
    for name, valid in arguments.items():
        for odd in odd_values(valid):
            try:
                values = flat(function(**{**arguments, name: odd}))
            except ValueError as refusal:
                told = re.match(r"([a-z_]+)(\[[^\]]*\])?( and ([a-z_]+)(\[[^\]]*\])?)*:", str(refusal))
                assert told and set(re.findall(r"[a-z_]+", told[0])) & arguments.keys(), f"{name}={odd!r} names no argument: {refusal}"
                continue
            held = [value for value in values if isinstance(value, float)]
            assert not any(map(math.isnan, held)), f"{name}={odd!r} gives NaN"
            assert door in INFINITE_IS_TOLD or not any(map(math.isinf, held)), f"{name}={odd!r} gives an infinity"


def test_one_long_text_or_masked_entry_among_many_numbers_is_told_at_once():
    # As one array of numpy, 2 000 numbers beside a text of a million letters would take 8 GB.
    letters = "b" * 1_000_000
    with pytest.raises(ValueError, match="scores: position 2000 is str of 1000000 characters"):
        scores.nps([3.0] * 2000 + [letters])
    with pytest.raises(ValueError, match="x: row 2000, column 1 is str of 1000000 characters"):
        drivers.relative_weights([[1, 2]] * 2000 + [[1, letters]], [1.0] * 2001)
    for masked in (list(np.ma.array([1, 2, 3], mask=[0, 1, 0])), np.array([1, np.ma.masked, 3], dtype=object)):
        with pytest.raises(ValueError, match="scores: position 1 is nan, a missing value; leave it out"):
            scores.nps(masked)


def test_of_moments_the_first_that_cannot_be_read_is_named():
    with pytest.raises(ValueError, match=r"day: position 1 is .31\.5\.2026., no moment that can be read; write days as 2026-05-31"):
        silence.count_events(["a", "b", "c"], ["2026-05-30", "31.5.2026", None], "2026-06-30")


def test_a_day_of_the_last_year_there_is_can_be_counted_with():
    counted = silence.count_events(["a", "a"], ["2026-05-30", date(2026, 6, 6).isoformat()], datetime(9999, 12, 31))
    assert counted.recency.tolist() == [1.0] and counted.age.tolist()[0] > 400_000


def same_in_another_form(column):
    if isinstance(column, np.ndarray) and column.ndim == 2:
        return [column.tolist(), pd.DataFrame(column, columns=["x1", "x2", "x3"][: column.shape[1]]), np.asfortranarray(column),
                {f"x{i + 1}": column[:, i].tolist() for i in range(column.shape[1])}]  # fmt: skip
    forms = [list(column), tuple(column), (one for one in column), dict(enumerate(column)).values()]
    if isinstance(column, np.ndarray) and column.dtype.kind == "f":
        forms += [pd.Series(column, index=[7] * len(column)), pd.Series(column, dtype="Float64"), pd.Series(column).astype("category"),
                  pd.Index(column), column.astype(object), column.astype(">f8"), np.ma.masked_array(column)]  # fmt: skip
    return forms


@pytest.mark.parametrize("door", sorted(DOORS.keys() - {"wait", "wait of detractors", "kink"}))  # which take long, and read as the others do
def test_the_same_values_in_another_form_give_the_same_answer(door):
    function, arguments = DOORS[door]
    answer = flat(function(**arguments))
    for name, column in arguments.items():
        for form in same_in_another_form(column) if isinstance(column, (np.ndarray, list)) and name not in ("before", "after") else []:
            got = flat(function(**{**arguments, name: form}))
            assert [one for one in got if isinstance(one, str)] == [one for one in answer if isinstance(one, str)], name
            assert [one for one in got if isinstance(one, float)] == pytest.approx([one for one in answer if isinstance(one, float)], rel=1e-9), name


def test_frames_may_be_mappings_of_columns():
    function, arguments = DOORS["corrected"]
    columns = {name: FRAME[name].tolist() for name in FRAME}
    assert function(**{**arguments, "contacts": columns}) == function(**arguments)
    assert np.allclose(LEARNED.estimate(columns).probability, LEARNED.estimate(FRAME).probability)


class ColumnWithoutZone:
    """What a column of polars does: its list has the time zone, its array has not."""

    def __init__(self, moments):
        self.moments = moments

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.moments.tz_convert("UTC").tz_localize(None), dtype=dtype)

    def to_list(self):
        return list(self.moments.to_pydatetime())


def test_days_may_be_dates_of_any_kind_but_not_two_of_them():
    function, arguments = DOORS["events"]
    answer = flat(function(**arguments))
    moments = pd.Timestamp("2025-01-01 07:30") + pd.to_timedelta(arguments["day"], unit="D")
    last = pd.Timestamp("2025-01-01") + pd.Timedelta(days=200)
    zoned = moments.tz_localize("Europe/Helsinki")
    for day in (pd.Series(moments), list(moments.to_pydatetime()), moments.to_numpy(), [one.date() for one in moments], zoned, list(zoned),
                [one.isoformat() for one in zoned], ColumnWithoutZone(zoned)):  # fmt: skip
        assert flat(function(arguments["customer"], day, last)) == answer
    for day, until, words in (
        (moments, 200, "day and until_day: one is a date and the other a number"),
        (arguments["day"], last, "day and until_day: one is a date"),
        ([20250131] * 400, 20250201, "day: position 0 is 20250131, a date written as a number"),
        (moments.where(arguments["day"] > 3), last, r"day: position \d+ is missing"),
        ([one.replace(tzinfo=UTC) if place else one for place, one in enumerate(moments.to_pydatetime())], last, "day: has values that are with a time zone"),
    ):
        with pytest.raises(ValueError, match=words):
            function(arguments["customer"], day, until)


def test_times_of_two_kinds_are_not_compared():
    days = pd.date_range("2026-01-01", periods=260)
    for at, seen in ((TIMES, days), (days, days.tz_localize("UTC"))):
        with pytest.raises(ValueError, match=r"seen_at\['a'\] and at: cannot be compared"):
            experience.features_known_in_time(FRAME[["a"]], at, {"a": seen})


def test_a_column_of_dates_is_no_feature():
    with pytest.raises(ValueError, match="features: column 'a' holds dates or times"):
        experience.learn_experience(FRAME.assign(a=pd.date_range("2026-01-01", periods=260)), LOW, TIMES)


def test_a_team_with_one_answer_has_no_variance_and_needs_none():
    frame = pd.DataFrame({"team": ["a"] * 40 + ["b"] * 35 + ["c"], "points": [100.0, -100.0] * 20 + [0.0, 100.0, 0.0, -100.0, 0.0] * 7 + [100.0]})
    of = frame.groupby("team")["points"]
    ranked = shrinkage.rank_groups(of.size().index, of.mean(), of.var(), of.size())
    assert [one.n for one in ranked if one.value is None] == [35, 1]  # with the one alone hidden, the total would tell its answer
    with pytest.raises(ValueError, match="variances: position 1 is missing, though the group has 2 answers"):
        shrinkage.rank_groups(["a", "b"], [1.0, 2.0], [9.0, math.nan], [40, 2])


def test_sums_of_squares_that_no_answers_have_are_refused():
    with pytest.raises(ValueError, match="total: position 0: 12 and squares 200 cannot come from 4 answers on 0–10"):
        scores.mean_of([4], [12], [200], lowest=0, highest=10)
    assert scores.mean_of([4], [20], [200], lowest=0, highest=10)[0].value == 5  # two at either end


def test_a_word_that_is_still_rare_in_the_first_answers_is_no_column_yet():
    words = pd.DataFrame({"w": DRAWN.integers(0, 40, 900).astype(str)})
    assert experience.learn_experience(words, DRAWN.integers(0, 2, 900), np.arange(900.0)).why_silent is None


def test_marks_of_five_steps_are_no_nps_answers():
    flags = DRAWN.integers(0, 2, (120, 2))
    with pytest.raises(ValueError, match="nps_scores: all 120 lie within 1–5, as marks do"):
        drivers.theme_points(flags, [1, 2, 3, 4, 5, 5] * 20, draws=100)
    with pytest.raises(ValueError, match="scores: all 120 lie within 1–5, as marks do"):
        scores.nps([1, 2, 3, 4, 5, 5] * 20)
    with pytest.raises(ValueError, match="score: all 100 lie within 1–5, as marks do"):
        nonresponse.corrected_nps(pd.DataFrame({"a": [0, 1] * 100}), [3, np.nan, 4, np.nan, 5, np.nan, 1, np.nan] * 25, ["a"])
    assert scores.nps([1, 2, 3, 4, 5] * 19).value == -100 and scores.nps([5] * 200).value == -100
    assert drivers.theme_points(flags, [0, 2, 3, 4, 5, 5] * 20, draws=100)[0].value is None  # all are detractors: nothing can be told


def test_a_bend_is_looked_for_where_shares_of_none_and_all_stand_side_by_side():
    trials = [10, 9, 10**8, 10**6, 10**5, 7, 10**9, 3]
    found = tolerance.find_kink(range(8), [0, 9, 0, 10**6, 5, 0, 10**9, 1], trials)
    assert found.deviance <= found.straight_deviance
    assert tolerance.find_kink(range(8), [0] * 8, trials).value is None
    with pytest.raises(ValueError, match="x: two of its values lie so near each other"):
        tolerance.find_kink([0, 1e-300, 1, 2, 3, 4, 5], [1] * 7, [2] * 7)
