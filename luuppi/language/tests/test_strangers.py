"""Sari's codebook knows deliveries and prices. What customers say of anything else is not pressed into them."""

import numpy as np
import pytest

from luuppi.language.coding import Codebook, learn_codebook
from luuppi.language.strangers import Compared, learn_strangers, nearest_mean
from luuppi.language.tests.invented import comments
from luuppi.language.weighting import rows_of_length_one

KNOWN = {"delivery", "price"}
TEXTS, THEMES = comments(1250, seed=3)
NEW, TRUTH = comments(300, seed=4)
TAUGHT = [place for place in range(400) if THEMES[place] in KNOWN]


def heap(centre, n, rng):
    """Comments around one direction, float32[n, 20], each with a share of votes that tells nothing."""
    return rows_of_length_one((np.eye(20)[centre] + rng.normal(scale=0.15, size=(n, 20))).astype(np.float32))


def compared(*heaps, votes=0.5, first_fold=0):
    places = np.vstack(heaps)
    return Compared(places, np.full((len(places), 2), votes), np.arange(len(places)) % 5 if first_fold == 0 else first_fold - np.arange(len(places)))


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_those_far_from_every_example_are_strangers_and_hardly_an_example_is(rng):
    examples = compared(heap(0, 100, rng), heap(1, 100, rng))
    others = compared(heap(0, 150, rng), heap(1, 150, rng), heap(2, 300, rng), heap(3, 300, rng), first_fold=-1)
    strangers, lost = learn_strangers(examples, others)
    assert lost.mean() <= 0.02
    votes = np.full((200, 2), 0.5)
    assert strangers.among(heap(2, 200, rng), votes).mean() > 0.9
    assert strangers.among(heap(0, 200, rng), votes).mean() < 0.05


def test_where_all_others_look_like_examples_nobody_is_a_stranger(rng):
    others = compared(heap(0, 300, rng), heap(1, 300, rng), first_fold=-1)
    strangers, lost = learn_strangers(compared(heap(0, 100, rng), heap(1, 100, rng)), others)
    assert not lost.any()
    assert not strangers.among(heap(0, 200, rng), np.full((200, 2), 0.5)).any()


def test_few_votes_make_a_stranger_sooner(rng):
    examples = compared(heap(0, 100, rng), heap(1, 100, rng))
    strangers, _ = learn_strangers(examples, compared(heap(0, 300, rng), heap(2, 600, rng), first_fold=-1))
    asked = heap(2, 200, rng) + heap(0, 200, rng)
    found = [strangers.among(rows_of_length_one(asked), np.full((200, 2), votes)).mean() for votes in (0.0, 0.3, 0.9)]
    assert found[0] > found[1] > found[2]


@pytest.mark.parametrize(("n_examples", "n_others"), [(0, 100), (9, 100), (100, 0), (100, 19)])
def test_too_few_of_either_tell_nothing(rng, n_examples, n_others):
    strangers, lost = learn_strangers(compared(heap(0, n_examples, rng)), compared(heap(1, n_others, rng), first_fold=-1))
    assert strangers is None
    assert lost.tolist() == [False] * n_examples


def test_the_nearest_are_one_at_least_and_all_at_most():
    cosines = np.array([[0.1, 0.9, 0.5]], dtype=np.float32)
    assert [float(nearest_mean(cosines, n)[0]) for n in (0.1, 1, 2, 9)] == pytest.approx([0.9, 0.9, 0.7, 0.5])


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return learn_codebook([TEXTS[i] for i in TAUGHT], [{THEMES[i]} for i in TAUGHT], "en", background=TEXTS[400:])


def test_a_small_codebook_leaves_what_it_does_not_know_unsorted(codebook):
    coded = codebook.code(NEW)
    strange = [found for found, theme in zip(coded, TRUTH, strict=True) if theme not in KNOWN]
    assert sum(map(bool, strange)) <= 0.05 * len(strange)
    known = [[one.theme for one in found] == [theme] for found, theme in zip(coded, TRUTH, strict=True) if theme in KNOWN]
    assert sum(known) >= 0.97 * len(known)
    assert all(codebook.rank(NEW)), "a person still chooses among all themes"


def test_every_other_comment_to_ask_about_is_a_stranger(codebook):
    asked = [TRUTH[place] in KNOWN for place in codebook.ask_next(NEW, 10)]
    assert asked == [True, False] * 5


def test_without_comments_that_nobody_sorted_there_is_nothing_to_tell_strangers_by():
    assert learn_codebook(TEXTS[:60], [{theme} for theme in THEMES[:60]], "en").strangers is None
