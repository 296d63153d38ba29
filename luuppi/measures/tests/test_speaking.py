"""A screen speaks no louder than its data allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luuppi.measures import scores
from luuppi.measures.estimate import Estimate
from luuppi.measures.scores import Speaking, speaking
from luuppi.measures.speaking import told

BEFORE_AFTER = {"weeks_before": 52, "weeks_after": 12, "controls": 1}


@pytest.mark.parametrize(
    ("screen", "n", "more", "expected"),
    [
        ("figure", 0, {}, Speaking("silent", "privacy", 5)),
        ("figure", 4, {}, Speaking("silent", "privacy", 5)),
        ("figure", 5, {}, Speaking("silent", "too_few_answers", 10)),
        ("figure", 9, {}, Speaking("silent", "too_few_answers", 10)),
        ("figure", 10, {}, Speaking("cautious", "few_answers", 30)),
        ("figure", 29, {}, Speaking("cautious", "few_answers", 30)),
        ("figure", 30, {}, Speaking("normal")),
        ("change", 29, {}, Speaking("silent", "too_few_answers", 30)),
        ("change", 30, {}, Speaking("cautious", "only_large_changes", 240)),
        ("change", 239, {}, Speaking("cautious", "only_large_changes", 240)),
        ("change", 240, {}, Speaking("normal")),
        ("comparison", 4, {}, Speaking("silent", "privacy", 5)),
        ("comparison", 29, {}, Speaking("silent", "too_few_answers", 30)),
        ("comparison", 30, {}, Speaking("cautious", "only_sure_differences")),
        ("comparison", 1_000_000, {}, Speaking("cautious", "only_sure_differences")),
        ("weekly_alert", 50, {"weeks": 25}, Speaking("silent", "too_few_weeks")),
        ("weekly_alert", 2.9, {"weeks": 26}, Speaking("silent", "too_few_answers", 3)),
        ("weekly_alert", 3, {"weeks": 26}, Speaking("cautious", "few_answers", 20)),
        ("weekly_alert", 20, {"weeks": 26}, Speaking("normal")),
        ("corrected_nps", 99, {}, Speaking("silent", "too_few_answers", 100)),
        ("corrected_nps", 100, {}, Speaking("cautious", "few_answers", 400)),
        ("corrected_nps", 400, {"design_effect": 2.0}, Speaking("normal")),
        ("corrected_nps", 400, {"design_effect": 2.1}, Speaking("cautious", "uneven_weights")),
        ("customer_prediction", 199, {"detractors": 99}, Speaking("silent", "too_few_answers", 200)),
        ("customer_prediction", 200, {"detractors": 29}, Speaking("silent", "too_few_detractors")),
        ("customer_prediction", 200, {"detractors": 30}, Speaking("cautious", "simple_model_only", 500)),
        ("customer_prediction", 500, {"detractors": 30}, Speaking("cautious", "few_answers", 1000)),
        ("customer_prediction", 1000, {"detractors": 30}, Speaking("normal")),
        ("wait_point", 499, {}, Speaking("silent", "too_few_answers", 500)),
        ("wait_point", 500, {}, Speaking("cautious", "few_answers", 5000)),
        ("wait_point", 5000, {}, Speaking("normal")),
        ("drivers", 199, {}, Speaking("silent", "too_few_answers", 200)),
        ("drivers", 200, {}, Speaking("cautious", "few_answers", 500)),
        ("drivers", 500, {}, Speaking("normal")),
        ("action_effect", 80, BEFORE_AFTER, Speaking("normal")),
        ("action_effect", 80, BEFORE_AFTER | {"controls": 0}, Speaking("silent", "no_control")),
        ("action_effect", 80, BEFORE_AFTER | {"weeks_before": 15}, Speaking("silent", "too_few_weeks_before")),
        ("action_effect", 80, BEFORE_AFTER | {"weeks_before": 16}, Speaking("cautious", "few_weeks")),
        ("action_effect", 80, BEFORE_AFTER | {"weeks_before": 51}, Speaking("cautious", "few_weeks")),
        ("action_effect", 80, BEFORE_AFTER | {"weeks_after": 7}, Speaking("silent", "too_few_weeks_after")),
        ("action_effect", 80, BEFORE_AFTER | {"weeks_after": 8}, Speaking("cautious", "few_weeks")),
        ("action_effect", 80, BEFORE_AFTER | {"weeks_after": 11}, Speaking("cautious", "few_weeks")),
        ("action_effect", 79, BEFORE_AFTER, Speaking("cautious", "few_answers", 80)),
        ("action_effect", 80, BEFORE_AFTER | {"interval_width": 20.0}, Speaking("normal")),
        ("action_effect", 80, BEFORE_AFTER | {"interval_width": 20.1}, Speaking("cautious", "wide_interval")),
        ("quiet_customers", 9999, {"weeks": 25}, Speaking("silent", "too_few_weeks")),
        ("quiet_customers", 499, {"weeks": 26}, Speaking("silent", "too_few_customers", 500)),
        ("quiet_customers", 500, {"weeks": 26}, Speaking("cautious", "few_customers", 3000)),
        ("quiet_customers", 3000, {"weeks": 26}, Speaking("normal")),
    ],
)
def test_the_table(screen, n, more, expected):
    assert speaking(screen, n, **more) == expected


@pytest.mark.parametrize(
    ("screen", "n", "more", "words"),
    [
        ("nps", 30, {}, "screen: must be one of figure, change"),
        ("figure", -1, {}, "n: must be 0 or more, got -1"),
        ("figure", float("nan"), {}, "n: must be a number, got nan"),
        ("figure", 30, {"weeks": 3}, "weeks: not asked by the screen 'figure'"),
        ("weekly_alert", 30, {}, "weeks: needed by the screen 'weekly_alert'"),
        ("weekly_alert", 30, {"weeks": -1.0}, "weeks: must be 0 or more, got -1"),
        ("action_effect", 30, {"weeks_before": 3}, "weeks_after: needed"),
    ],
)
def test_a_wrong_question_is_refused(screen, n, more, words):
    with pytest.raises(ValueError, match=words):
        speaking(screen, n, **more)


COUNTED = st.sampled_from(["figure", "change", "comparison", "wait_point", "drivers", "corrected_nps"])


@given(COUNTED, st.integers(0, 9999), st.integers(0, 9999))
def test_more_answers_never_silence_a_screen(screen, n, more):
    order = ["silent", "cautious", "normal"]
    assert order.index(speaking(screen, n).level) <= order.index(speaking(screen, n + more).level)


@given(st.sampled_from(["figure", "change", "wait_point", "drivers"]), st.integers(0, 9999))
def test_what_is_needed_ends_the_reason(screen, n):
    found = speaking(screen, n)
    assert found.needed is None or (found.needed > n and speaking(screen, found.needed).why != found.why)


def test_it_is_the_same_function_behind_both_doors():
    from luuppi.measures import speaking as module

    assert scores.speaking is module.speaking


@pytest.mark.parametrize("n", [0, 3, 9])
def test_a_figure_of_few_answers_is_told_without_its_value(n):
    assert told(Estimate(0.5, 0.1, 0.9, n)) == Estimate(None, 0.1, 0.9, n)


@pytest.mark.parametrize("n", [10, 30, 100_000])
def test_a_figure_of_enough_answers_is_told_as_it_is(n):
    assert told(Estimate(0.5, 0.1, 0.9, n)) == Estimate(0.5, 0.1, 0.9, n)
