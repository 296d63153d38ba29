"""Whom to ask, whom to leave in peace, and how the random few keep the figures honest."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luuppi.measures import asking
from luuppi.measures.asking.deciding import lot

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CHANCES = st.floats(0, 1)


def test_the_value_of_asking_equals_the_reference(shared_data):
    for case in json.loads((shared_data / "behaviour" / "expected.json").read_text())["value_of_asking"]["cases"]:
        found = asking.value_of_asking([case["p_resp"]], [case["p"]], worth=case["B"], cost=case["c"])
        assert found[0] == pytest.approx(case["voi"], abs=1e-9)


@given(CHANCES, CHANCES, st.floats(0, 1e6), CHANCES)
def test_the_value_is_none_where_all_is_known_and_largest_at_the_turning_point(p_answer, p, worth, share):
    cost = share * worth
    value = asking.value_of_asking([p_answer], [p], worth, cost)[0]
    most = asking.value_of_asking([p_answer], [share], worth, cost)[0]
    assert 0 <= value <= most + 1e-6
    assert asking.value_of_asking([p_answer] * 2, [0.0, 1.0], worth, cost) == pytest.approx([0, 0], abs=1e-6)


# --- peace ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_ago", "case", "out", "why"),
    [
        ([], False, False, None),
        ([27], False, False, "asked_recently"),
        ([28], False, False, None),
        ([400, 12, 90], False, False, "asked_recently"),
        ([30, 60, 90], False, False, None),
        ([30, 60, 90, 364], False, False, "asked_often"),
        ([30, 60, 90, 365], False, False, None),
        ([], True, False, "open_case"),
        ([1], True, True, "opted_out"),
        ([-2], False, False, None),
    ],
)
def test_who_is_left_in_peace(days_ago, case, out, why):
    found = asking.peace_from_asking(NOW, [NOW - timedelta(days=days) for days in days_ago], has_open_case=case, opted_out=out)
    assert (found.why if found else None) == why


def test_the_reason_tells_how_long_ago():
    found = asking.peace_from_asking(NOW, [NOW - timedelta(days=12, hours=3)], has_open_case=False, opted_out=False)
    assert found == asking.Peace("asked_recently", 12)


def test_moments_without_a_zone_are_refused():
    with pytest.raises(ValueError, match="asked_at"):
        asking.peace_from_asking(NOW, [datetime(2026, 1, 1)], has_open_case=False, opted_out=False)


# --- deciding -------------------------------------------------------------------------------------------------------------------


def test_each_decision_carries_its_chance():
    found = asking.decide(["a", "b", "c"], value=[5.0, 5.0, 0.0], recent_asks=[0, 0, 0], may_ask=[1, 0, 1], floor=0.0)
    assert [(one.ask, one.probability, one.why) for one in found] == [
        (True, 1.0, "worth_it"),
        (False, 0.0, "left_in_peace"),
        (False, 0.0, "known_already"),
    ]


def test_every_earlier_asking_raises_the_price():
    found = asking.decide(list("abcd"), [0.5] * 4, recent_asks=[0, 1, 2, 3], may_ask=[True] * 4, price=0.2, floor=0)
    assert [one.ask for one in found] == [True, True, False, False]


def test_a_tenth_is_drawn_and_the_draw_is_the_contacts_own():
    keys = [f"call-{i}" for i in range(20_000)]
    found = asking.decide(keys, [0.0] * 20_000, [0] * 20_000, [True] * 20_000)
    assert np.mean([one.ask for one in found]) == pytest.approx(0.1, abs=0.008)
    assert {one.probability for one in found} == {0.1}
    assert asking.decide(keys[77:78], [0.0], [0], [True])[0] == found[77]
    assert np.mean([lot(key, 0) < 0.1 and lot(key, 1) < 0.1 for key in keys]) == pytest.approx(0.01, abs=0.003)


def test_weighting_undoes_the_choice_and_its_interval_holds():
    plain, weighted, held = [], [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        p = rng.beta(1.2, 2.5, 3_000)
        detractor, promoter = rng.random(3_000) < p, rng.random(3_000) < 0.5
        scores = np.where(detractor, 3, np.where(promoter, 9, 7))
        value = asking.value_of_asking(0.25, p, worth=20, cost=6)
        chosen = asking.decide([f"{seed}-{i}" for i in range(3_000)], value, np.zeros(3_000), np.ones(3_000), price=0.7)
        answered = np.array([one.ask for one in chosen]) & (rng.random(3_000) < 0.25)
        probability = np.array([one.probability for one in chosen])[answered]
        true = 100 * (np.mean(scores >= 9) - np.mean(scores <= 6))
        found = asking.weighted_nps(scores[answered], probability)
        weighted.append(found.value - true)
        plain.append(100 * (np.mean(scores[answered] >= 9) - np.mean(scores[answered] <= 6)) - true)
        held.append(found.low <= true <= found.high)
    assert np.mean(plain) < -2
    # Forty simulations tell a bias to three standard errors; the bench, with 150, to less.
    assert abs(np.mean(weighted)) < 3 * np.std(weighted) / np.sqrt(len(weighted))
    assert 0.9 <= np.mean(held) <= 1


def test_equal_chances_give_the_plain_nps():
    found = asking.weighted_nps([10, 9, 8, 3], [0.5] * 4)
    assert (found.value, found.n) == (25, 4)
    assert asking.weighted_nps([], []).value is None


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: asking.value_of_asking([0.5], [1.2], 20, 6), "p_detractor: position 0"),
        (lambda: asking.value_of_asking([0.5, 0.5], [0.1, 0.1, 0.1], 20, 6), "p_answer and p_detractor: must be equally long, got p_answer 2"),
        (lambda: asking.value_of_asking([0.5], [0.5], 5, 6), "cost"),
        (lambda: asking.value_of_asking([0.5], [0.5], -5, 0), "worth"),
        (lambda: asking.decide(["a"], [-1.0], [0], [1]), "value: position 0"),
        (lambda: asking.decide(["a", "b"], [1.0], [0], [1]), "keys"),
        (lambda: asking.decide(["a"], [1.0], [0], [1], price=0), "price"),
        (lambda: asking.decide(["a"], [1.0], [0], [1], floor=1.1), "floor"),
        (lambda: asking.weighted_nps([9], [0.0]), "probability: is 0 at position 0"),
        (lambda: asking.weighted_nps([12], [0.5]), "scores: position 0"),
    ],
)
def test_what_is_wrong_is_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()


def test_nobody_and_strange_keys():
    assert asking.decide([], [], [], []) == []
    assert 0 <= lot("\ud800 🙂", 0) < 1
    assert len(asking.value_of_asking([], [], 20, 6)) == 0
