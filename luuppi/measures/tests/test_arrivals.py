"""How many contacts the next weeks bring."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.measures import arrivals
from luuppi.measures.tests.weekly import weekly_counts


@pytest.mark.parametrize(
    ("kind", "n", "level"),
    [("steady", 26, 200), ("steady", 160, 200), ("wandering", 60, 200), ("wandering", 160, 200), ("seasonal", 60, 200),
     ("seasonal", 160, 200), ("wild", 60, 200), ("steady", 60, 10)],
)  # fmt: skip
def test_the_interval_holds_and_the_naive_forecast_is_beaten(kind, n, level):
    held, error, naive = [], [], []
    for seed in range(20):
        counts = weekly_counts(kind, n + 8, seed, level=level)
        simple = arrivals.naive_forecast(counts[:n])
        for estimate, naively, came in zip(arrivals.forecast(counts[:n]), simple, counts[n:], strict=True):
            held.append(estimate.low <= came <= estimate.high)
            error.append(abs(estimate.value - came))
            naive.append(abs(naively - came))
    assert np.mean(held) >= 0.92
    assert np.mean(error) < np.mean(naive)


def test_no_rise_is_foretold_where_there_is_none():
    first = [arrivals.forecast(weekly_counts("steady", 80, seed))[0].value for seed in range(30)]
    assert np.mean(first) == pytest.approx(200, abs=4)


def test_a_step_up_is_followed():
    counts = np.concatenate([weekly_counts("steady", 60, 1, level=100), weekly_counts("steady", 10, 2, level=200)])
    assert arrivals.forecast(counts)[0].value > 170


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5_000), min_size=12, max_size=60), st.integers(1, 12))
def test_bounds_and_widening(counts, ahead):
    found = arrivals.forecast(counts, ahead)
    assert len(found) == ahead
    assert all(0 <= one.low <= one.value <= one.high for one in found)
    widths = [math.sqrt(one.high + 1) - math.sqrt(one.low) for one in found]
    if len(counts) < 52:
        assert all(math.isfinite(width) for width in widths)


def test_weeks_that_were_not_counted_are_bridged():
    counts = weekly_counts("steady", 60, 3).astype(float)
    gappy = counts.copy()
    gappy[[5, 20, 21, 59]] = np.nan
    assert arrivals.forecast(gappy)[0].value == pytest.approx(arrivals.forecast(counts)[0].value, rel=0.06)
    assert arrivals.forecast(gappy)[0].n == 56
    only_first_missing = arrivals.forecast([None, *counts[1:]])
    assert only_first_missing[0].value > 100


def test_zeros_and_equal_weeks_stay_finite():
    for week in (0, 7):
        found = arrivals.forecast([week] * 30)
        assert found[0].value == pytest.approx(week, abs=0.5)
        assert found[0].low <= week <= found[0].high


def test_under_twelve_weeks_nothing_is_foretold():
    found = arrivals.forecast([5] * 11, ahead=3)
    assert [(one.value, one.low, one.high, one.n) for one in found] == [(None, 0, math.inf, 11)] * 3
    assert arrivals.forecast([])[0].value is None
    assert arrivals.naive_forecast([]).tolist() == [0.0] * 8
    assert arrivals.try_forecast([5] * 15).n == 0


def test_the_past_tells_whether_it_is_worth_it():
    tried = arrivals.try_forecast(weekly_counts("wandering", 120, 4))
    assert tried.n == 96
    assert tried.error < tried.naive_error
    assert 0.8 <= tried.held <= 1


def test_the_same_weeks_last_year_are_the_naive_ones():
    counts = np.arange(60)
    assert arrivals.naive_forecast(counts, 3).tolist() == [8, 9, 10]
    assert arrivals.naive_forecast([4, 6, None], 2).tolist() == [6, 6]


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: arrivals.forecast([-1] * 20), "counts: position 0"),
        (lambda: arrivals.forecast([1.5] * 20), "counts: position 0"),
        (lambda: arrivals.forecast([math.inf] * 20), "counts: position 0"),
        (lambda: arrivals.forecast([1] * 20, ahead=0), "ahead"),
        (lambda: arrivals.forecast([1] * 20, ahead=53), "ahead"),
        (lambda: arrivals.try_forecast([1] * 20, times=0), "times"),
    ],
)
def test_what_is_wrong_is_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()


def test_a_forecast_takes_milliseconds():
    counts = weekly_counts("seasonal", 160, 0)
    arrivals.forecast(counts)
    started = time.process_time()
    arrivals.forecast(counts)
    assert time.process_time() - started < 0.2
