# mypy: allow-untyped-defs, allow-untyped-calls
"""The counts that everything else stands on agree with counting by hand; vectors are the same for the same text, whoever asks."""

import pickle
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.language.features import learn_features
from luuppi.language.tests.invented import comments
from luuppi.language.tokens import count_features, count_words, pair_codes, pieces_of, read_words
from luuppi.language.vectors import FEW, learn_vectors, nearest, neighbour_graph
from luuppi.language.weighting import learn_weighting, rows_of_length_one
from luuppi.language.words import LONGEST_READ, LONGEST_WORD, stem_words

TEXTS, THEMES = comments(FEW, seed=3)
ANY_TEXTS = st.lists(st.text(alphabet=st.one_of(st.sampled_from("ab cd"), st.characters(exclude_categories=())), max_size=40), max_size=6)


@given(ANY_TEXTS)
@settings(max_examples=100, deadline=None)
def test_counts_of_words_and_pieces_are_those_of_counting_by_hand(texts):
    words = read_words(texts)
    table = count_words(words).toarray() if texts else np.zeros((0, 0))
    pieces = sorted({piece for word in words.vocabulary for piece in pieces_of(word)})
    spelt = count_features(words, [[pieces.index(piece) for piece in pieces_of(word)] for word in words.vocabulary], len(pieces)).toarray()
    for row in range(len(texts)):
        found = [words.vocabulary[number] for number in words.ids[words.starts[row] : words.starts[row + 1]]]
        by_hand = Counter(found)
        assert {words.vocabulary[column]: int(n) for column, n in enumerate(table[row]) if n} == by_hand
        of_pieces = Counter(piece for word in found for piece in pieces_of(word))
        assert {pieces[column]: int(n) for column, n in enumerate(spelt[row]) if n} == of_pieces


def test_counting_leaves_the_words_as_they_were():
    words = read_words(["b a b a b", "a c"])
    before = words.ids.copy()
    count_words(words)
    assert np.array_equal(words.ids, before)


def test_pairs_do_not_reach_over_the_end_of_a_text():
    words = read_words(["a b", "c", "", "b a"])
    rows, codes = pair_codes(words, np.asarray([0, 1, 2]), 3)
    assert [(int(row), divmod(int(code), 3)) for row, code in zip(rows, codes, strict=True)] == [(0, (0, 1)), (3, (1, 0))]
    assert pair_codes(words, np.asarray([0, -1, 2]), 3)[0].tolist() == []


def test_words_are_read_as_people_see_them():
    assert read_words(["Äiti's CAFÉ, 2×!"]).vocabulary == ["äiti", "s", "café", "2"]
    assert read_words(["Call [phone] or [identity_code], [sic]"]).vocabulary == ["call", "or", "sic"]
    assert stem_words(["taloissa", "talo"], "fi")[0] == stem_words(["talossa"], "fi")[0]
    assert len(read_words(["a " * LONGEST_READ]).ids) == LONGEST_READ / 2
    assert max(map(len, pieces_of("x" * 10_000))) == 5
    assert len(pieces_of("x" * 10_000)) == len(pieces_of("x" * LONGEST_WORD))
    assert pieces_of("abc") == [" ab", "abc", "bc ", " abc", "abc ", " abc "]


def test_a_text_has_the_same_vector_alone_and_among_others():
    vectors = learn_vectors(read_words(TEXTS), "en")
    together = vectors.embed(TEXTS[:40])
    assert together.shape == (40, vectors.dimensions)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors.embed([TEXTS[7]])[0], together[7], atol=1e-5)
    assert np.allclose(pickle.loads(pickle.dumps(vectors)).embed(TEXTS[:3]), together[:3], atol=1e-6)
    assert not vectors.embed(["", "👍", "\ud800"]).any()


def test_texts_of_one_theme_lie_nearer():
    placed = learn_vectors(read_words(TEXTS), "en").embed(TEXTS)
    same = np.asarray(THEMES)[:, None] == np.asarray(THEMES)
    cosines = placed @ placed.T
    assert cosines[same].mean() > cosines[~same].mean() + 0.2


@pytest.mark.parametrize("texts", [[], [""], ["one"], ["one two"] * 30, ["👍"] * 5])
def test_too_little_to_learn_from_gives_vectors_all_the_same(texts):
    vectors = learn_vectors(read_words(texts), "en")
    assert np.isfinite(vectors.embed([*texts, "one two three"])).all()
    assert learn_features(read_words(texts), "en").read(read_words(["one two"])).shape[0] == 1


def test_the_nearest_are_those_of_comparing_all():
    draw = np.random.default_rng(0)
    points = rows_of_length_one(draw.normal(size=(700, 8)).astype(np.float32))
    numbers, cosines = nearest(points, points, 5)
    exact = points @ points.T
    assert np.allclose(cosines, -np.sort(-exact, axis=1)[:, :5], atol=1e-6)
    assert (numbers[:, 0] == np.arange(700)).all()
    assert nearest(points[:3], points[:2], 5)[0].shape == (3, 2)
    graph = neighbour_graph(points, 4)
    assert (abs(graph - graph.T) > 0).nnz == 0
    assert not graph.diagonal().any()


def test_weights_are_those_of_scikit_learn():
    from sklearn.feature_extraction.text import TfidfTransformer

    counts = count_words(read_words(TEXTS[:50]))
    expected = TfidfTransformer(sublinear_tf=True).fit_transform(counts.copy()).toarray()
    assert np.allclose(learn_weighting(counts).weigh(counts.copy()).toarray(), expected, atol=1e-6)
