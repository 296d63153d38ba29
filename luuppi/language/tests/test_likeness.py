# mypy: allow-untyped-defs, allow-untyped-calls
"""Eero sends the same complaint twice; somebody pastes one praise into forty forms."""

from typing import Any
from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.language.likeness import MostSimilar, near_duplicates, similarity
from luuppi.language.tests.shared import shared_file

NOTHING: Any = None
NUMBER: Any = 3
TEXT = st.text(alphabet=st.one_of(st.characters(exclude_categories=()), st.sampled_from("abc åäö")), max_size=60)


def test_the_same_words_are_alike_and_others_are_not():
    assert similarity("Paketti oli myöhässä", "paketti oli myöhässä!") == pytest.approx(1)
    assert similarity("Paketti oli myöhässä", "Paketit olivat myöhässä") > 0.5
    assert similarity("Paketti oli myöhässä", "Loistava hinta") < 0.1


@pytest.mark.parametrize(("a", "b"), [("", ""), ("", "abc"), ("👍", "👍"), ("\ud800", "x")])
def test_without_words_nothing_is_alike(a, b):
    assert similarity(a, b) == 0


@given(TEXT, TEXT)
@settings(max_examples=150, deadline=None)
def test_likeness_is_a_share_and_the_same_both_ways(a, b):
    assert 0 <= similarity(a, b) <= 1
    assert similarity(a, b) == pytest.approx(similarity(b, a))
    assert similarity(a, a) == pytest.approx(1) or similarity(a, a) == 0


def test_copies_are_found_with_their_places():
    texts = [
        "The parcel was two weeks late",
        "Great price",
        "The parcel was two weeks late!",
        "",
        "The parcels were two weeks late",
        "Nothing else is alike",
    ]
    pairs = near_duplicates(texts, 0.6)
    assert pairs[0][:2] == (0, 2)
    assert pairs[0][2] == pytest.approx(1)
    assert {pair[:2] for pair in pairs} == {(0, 2), (0, 4), (2, 4)}
    assert near_duplicates([]) == []
    assert near_duplicates(["one"]) == []


@given(st.lists(TEXT, max_size=12))
@settings(max_examples=60, deadline=None)
def test_order_does_not_matter(texts):
    found = {(texts[i], texts[j]) for i, j, _ in near_duplicates(texts, 0.7)}
    turned = {(texts[::-1][j], texts[::-1][i]) for i, j, _ in near_duplicates(texts[::-1], 0.7)}
    assert {frozenset(pair) for pair in found} == {frozenset(pair) for pair in turned}


def test_wrong_input_is_refused_by_name():
    with pytest.raises(ValueError, match=r"^a: expected a text, got None"):
        similarity(NOTHING, "x")
    with pytest.raises(ValueError, match=r"^b: expected a text, got int"):
        similarity("x", NUMBER)
    with pytest.raises(ValueError, match=r"^texts\[1\]: expected a text"):
        near_duplicates(["x", NOTHING])
    for share in (0, -1, 1.5, float("nan")):
        with pytest.raises(ValueError, match=r"^at_least: "):
            near_duplicates(["x"], share)


def test_the_most_similar_come_first():
    vectors = np.eye(5, dtype=np.float32)
    search = MostSimilar(vectors)
    assert search.find(np.asarray([0, 0.6, 0.8, 0, 0], dtype=np.float32), 2) == [(2, float(np.float32(0.8))), (1, float(np.float32(0.6)))]
    assert len(search.find(vectors[0], 50)) == 5
    assert search.find(np.zeros(5, dtype=np.float32)) == []


def test_paraphrases_stand_out_as_the_reference_says():
    import pandas as pd
    from sklearn.metrics import roc_auc_score

    pairs = pd.read_csv(shared_file("text/duplicates_fi_paraphrase.csv"))
    alike = [similarity(a, b) for a, b in zip(pairs.a, pairs.b, strict=True)]
    assert roc_auc_score(pairs.grade == 4, alike) >= 0.92


def test_dots_that_a_keyboard_lacks_make_no_difference():
    assert similarity("Bussi oli taas myöhässä", "bussi oli taas myohassa!") == pytest.approx(1.0)
    assert similarity("Bussi oli taas myöhässä", normalize("NFD", "Bussi oli taas myöhässä")) == pytest.approx(1.0)
    assert [pair[:2] for pair in near_duplicates(["Väntetiden var för lång", "Bra", "Vantetiden var for lang"])] == [(0, 2)]
