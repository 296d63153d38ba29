"""How many people a queue needs."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.measures import staffing


def test_erlang_equals_the_reference(shared_data):
    reference = json.loads((shared_data / "behaviour" / "expected.json").read_text())["erlang"]
    case = reference["C"]
    found = staffing.erlang_c(case["calls_per_30min"] / 30, case["aht_min"], case["servers"])
    assert found.wait_probability == pytest.approx(case["p_wait"], abs=1e-6)
    assert found.occupancy == pytest.approx(case["occupancy"], abs=1e-6)
    assert found.mean_wait_seconds / 60 == pytest.approx(case["asa_min"], abs=1e-6)
    assert staffing.service_level(case["calls_per_30min"] / 30, 3, 14, 20) == pytest.approx(case["service_level"], abs=1e-5)
    case = reference["C_vs_A"]
    c = staffing.erlang_c(case["lambda_per_min"], 1 / case["mu_per_min"], case["servers"])
    a = staffing.erlang_a(case["lambda_per_min"], 1 / case["mu_per_min"], case["servers"], case["mean_patience_min"])
    assert (c.mean_wait_seconds, c.wait_probability) == pytest.approx((case["C_asa_s"], case["C_p_wait"]), rel=1e-3)
    assert (a.mean_wait_seconds, a.wait_probability) == pytest.approx((case["A_wait_s"], case["A_p_wait"]), rel=1e-3)
    assert a.abandoned_share == pytest.approx(case["A_abandon"], abs=1e-5)


def test_one_person_is_the_textbook_queue():
    found = staffing.erlang_c(0.5, 1, 1)
    assert found.wait_probability == pytest.approx(0.5)
    assert found.mean_wait_seconds == pytest.approx(60)


def test_a_queue_that_cannot_be_served_says_so():
    found = staffing.erlang_c(20, 1, 20)
    assert (found.overloaded, found.mean_wait_seconds, found.wait_probability) == (True, None, 1)
    assert staffing.service_level(20, 1, 20, 20) == 0
    crowded = staffing.erlang_a(480, 1, 50, 2)
    assert not crowded.overloaded
    assert crowded.abandoned_share == pytest.approx(1 - 50 / 480, abs=1e-6)


def test_no_calls_need_nobody():
    assert staffing.people_needed(0, 3) == 0
    assert staffing.erlang_a(0, 3, 2, 1).wait_probability == 0
    assert staffing.erlang_c(0, 3, 2).wait_probability == 0


def test_the_smallest_number_of_people_that_does():
    people = staffing.people_needed(100 / 30, 3, within_seconds=20, answered_share=0.8)
    assert staffing.service_level(100 / 30, 3, people, 20) >= 0.8 > staffing.service_level(100 / 30, 3, people - 1, 20)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.01, 200), st.floats(0.1, 10), st.integers(1, 300), st.floats(0.05, 60))
def test_bounds_and_patience_below_the_ceiling(calls, handling, people, patience):
    a = staffing.erlang_a(calls, handling, people, patience)
    c = staffing.erlang_c(calls, handling, people)
    assert 0 <= a.abandoned_share <= 1
    assert 0 <= a.occupancy <= 1
    assert a.wait_probability <= c.wait_probability + 1e-9
    if c.mean_wait_seconds is not None:
        assert a.mean_wait_seconds <= c.mean_wait_seconds + 1e-9
    more = staffing.erlang_a(calls, handling, people + 1, patience)
    assert more.abandoned_share <= a.abandoned_share + 1e-9


def test_endless_patience_is_the_ceiling():
    a, c = staffing.erlang_a(48, 1, 50, 1e7), staffing.erlang_c(48, 1, 50)
    assert a.wait_probability == pytest.approx(c.wait_probability, rel=1e-3)
    assert a.mean_wait_seconds == pytest.approx(c.mean_wait_seconds, rel=1e-3)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: staffing.erlang_c(-1, 3, 5), "calls_per_minute"),
        (lambda: staffing.erlang_c(1, 0, 5), "handling_minutes"),
        (lambda: staffing.erlang_c(1, 3, 0), "people"),
        (lambda: staffing.erlang_c(1, 3, 2.5), "people: must be a whole number"),
        (lambda: staffing.erlang_c(float("nan"), 3, 2), "calls_per_minute"),
        (lambda: staffing.erlang_a(1, 3, 2, 0), "patience_minutes"),
        (lambda: staffing.people_needed(1, 3, answered_share=1), "answered_share"),
        (lambda: staffing.people_needed(1e9, 3), "calls_per_minute"),
    ],
)
def test_what_is_wrong_is_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
