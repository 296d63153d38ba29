# mypy: allow-untyped-defs, allow-untyped-calls
"""Sari hears of a new trouble in the week when it starts, and is not called for nothing."""

import csv
import json
import math
import warnings
from functools import lru_cache
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.language.rising import find_rises
from luuppi.language.tests.shared import shared_file

USUAL = [
    *("paketti", "kuljettaja", "lasku", "palautus", "myymälä", "verkkokauppa", "hinta", "laatu", "chat", "puhelin", "jono", "henkilökunta"),
    *("tuote", "koko", "väri"),
]


@lru_cache(maxsize=8)
def stream(seed, *, n_weeks=16, a_week=120, new=0, new_from=12):
    """Weeks, texts and themes of an invented stream; from week `new_from` on, `new` comments a week tell of burnt batteries."""
    rng = np.random.default_rng(seed)
    weeks, texts, themes = [], [], []
    for week in range(n_weeks):
        for number in range(a_week):
            burnt = week >= new_from and number < new
            words = list(rng.choice(USUAL, size=6, replace=False))
            texts.append(" ".join([*words, *(["akku", "kuumeni", "polttava"] if burnt else [])]))
            weeks.append(week)
            themes.append({"batteries"} if burnt else {words[0]})
    return weeks, texts, themes


def test_a_new_matter_without_a_theme_is_named_in_its_first_week():
    weeks, texts, _ = stream(0, new=10)
    found = find_rises(weeks, texts, language="fi")
    assert [(rise.week, rise.theme, rise.n) for rise in found] == [(12, None, 10)]
    assert {"akku", "polttava"} <= set(found[0].words)
    assert found[0].times > 10


def test_a_wave_of_greetings_is_no_matter():
    weeks, texts, _ = stream(0)
    found = find_rises([*weeks, *[14] * 30], [*texts, *(["Hei kiitos"] * 30)])
    assert not {"hei", "kiitos"} & {word for rise in found for word in rise.words}


def test_a_known_theme_that_grows_is_told_once_and_its_words_are_not_told_beside_it():
    weeks, texts, themes = stream(0, new=10)
    found = find_rises(weeks, texts, themes, language="fi")
    assert [(rise.week, rise.theme) for rise in found] == [(12, "batteries")]
    assert "akku" in found[0].words


def test_where_nothing_changes_there_are_few_false_alarms():
    alarms = sum(len(find_rises(*stream(seed), language="fi")) for seed in range(12))
    assert alarms / (12 * 11) <= 0.2


@pytest.mark.parametrize(("times", "floor"), [(3, 0.7), (1, 0.0)])
def test_a_theme_that_trebles_in_a_week_is_mostly_found_and_a_steady_one_not(times, floor):
    found = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        shares = np.full((14, 20), 1 / 20)
        shares[13, 0] *= times
        keys = [int(key) for week in range(14) for key in rng.choice(20, size=200, p=shares[week] / shares[week].sum())]
        rises = find_rises(np.repeat(np.arange(14), 200), ["-"] * len(keys), [{key} for key in keys])
        found += any(rise.week == 13 and rise.theme == 0 for rise in rises)
    assert found / 30 >= floor
    assert found / 30 <= (1 if times > 1 else 0.1)


def test_what_was_found_in_a_week_stays_found_when_new_weeks_come():
    weeks, texts, themes = stream(1, new=8)
    until = [index for index, week in enumerate(weeks) if week <= 12]
    early = find_rises([weeks[i] for i in until], [texts[i] for i in until], [themes[i] for i in until])
    later = find_rises(weeks, texts, themes)
    assert [(r.week, r.theme, r.n, r.window) for r in later if r.week <= 12] == [(r.week, r.theme, r.n, r.window) for r in early]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(-(10**9), 10**9))
def test_neither_the_order_of_comments_nor_the_number_of_the_first_week_matters(seed, first):
    weeks, texts, themes = stream(2, new=9)
    order = list(range(len(weeks)))
    Random(seed).shuffle(order)
    moved = find_rises([weeks[i] + first for i in order], [texts[i] for i in order], [themes[i] for i in order])
    plain = find_rises(weeks, texts, themes)
    assert [(r.week - first, r.theme, r.n) for r in moved] == [(r.week, r.theme, r.n) for r in plain]


def test_a_week_without_comments_is_no_week():
    weeks, texts, _ = stream(0, new=10)
    gap = [week if week < 6 else week + 3 for week in weeks]
    assert [rise.week for rise in find_rises(gap, texts)] == [15]


def test_twice_as_many_comments_make_no_rise_by_themselves():
    weeks, texts, _ = stream(3)
    last = [index for index, week in enumerate(weeks) if week == 15]
    assert find_rises(weeks + [15] * len(last), texts + [texts[i] for i in last]) == find_rises(weeks, texts)


@pytest.mark.parametrize(
    ("weeks", "texts"),
    [([], []), ([1], ["yksi"]), ([1, 2, 3, 4], ["a b c"] * 4), ([7] * 50, ["sama viikko"] * 50), (list(range(30)), [""] * 30)],
)
def test_with_too_few_weeks_or_words_nothing_is_said(weeks, texts):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert find_rises(weeks, texts) == []
        assert find_rises(weeks, texts, [set()] * len(texts)) == []


@pytest.mark.parametrize(
    ("weeks", "texts", "themes", "words"),
    [
        ([1.5], ["a"], None, r"weeks\[0\]: must be a whole number, got 1.5"),
        ([1, math.nan], ["a", "b"], None, r"weeks\[1\]: must be a whole number, got nan"),
        ([math.inf], ["a"], None, r"weeks\[0\]: must be a whole number, got inf"),
        (["1"], ["a"], None, r"weeks\[0\]: must be a whole number, got '1'"),
        ([1], ["a", "b"], None, "weeks: expected 2 values, one for each text, got 1"),
        ([1], [None], None, r"texts\[0\]: expected a text, got None"),
        ([1], ["a"], [], "themes: expected 1 sets, one for each text, got 0"),
        ([1], ["a"], [3.5], r"themes\[0\]: expected a set of theme keys, got float"),
    ],
)
def test_bad_input_is_refused_by_name(weeks, texts, themes, words):
    with pytest.raises(ValueError, match=words):
        find_rises(weeks, texts, themes)


def test_on_the_emerging_stream_the_new_matter_and_the_surge_are_found_in_their_first_week():
    with shared_file("text/emerging_stream_fi.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    truth = json.loads(shared_file("text/emerging_stream_fi_truth.json").read_text(encoding="utf-8"))
    weeks, texts = [int(row["week"]) for row in rows], [row["text"] for row in rows]
    by_words = find_rises(weeks, texts, language="fi")
    assert truth["new_from_week"] in [rise.week for rise in by_words]
    assert sum(rise.week < truth["new_from_week"] for rise in by_words) <= 0.2 * truth["new_from_week"]
    by_theme = [(rise.theme, rise.week) for rise in find_rises(weeks, texts, [{row["theme_id"]} for row in rows]) if rise.theme]
    assert by_theme == [(truth["new_theme"], truth["new_from_week"]), (truth["surge_theme"], truth["surge_from_week"])]
