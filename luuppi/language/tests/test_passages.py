# mypy: allow-untyped-defs, allow-untyped-calls
"""Items of several texts: what an item is about is what any of its texts is about."""

import numpy as np
import pytest

from luuppi.language.coding import learn_codebook
from luuppi.language.features import learn_features
from luuppi.language.passages import best_of_items, flags_of_items, settle_texts
from luuppi.language.tests.invented import comments
from luuppi.language.tokens import read_words

TEXTS, THEMES = comments(400, seed=5)
ITEMS = [place // 2 for place in range(len(TEXTS))]
OF_ITEM = [{THEMES[2 * item], THEMES[2 * item + 1]} for item in ITEMS]
NEW, TRUTH = comments(100, seed=6)
NOTHING: list[set[str]] = [set() for _ in TEXTS]


def right(book) -> int:
    return sum([one.theme for one in found] == [theme] for found, theme in zip(book.code(NEW), TRUTH, strict=True))


def test_themes_said_of_the_whole_item_are_settled_text_by_text():
    words = read_words(TEXTS)
    features = learn_features(words, "en").read(words)
    names = sorted(set(THEMES))
    truth = np.asarray([[name == theme for name in names] for theme in THEMES])
    perhaps = np.asarray([[name in themes for name in names] for themes in OF_ITEM])
    items = np.asarray(ITEMS)
    settled = settle_texts(features, np.zeros_like(truth), perhaps, items, items % 5)
    assert (settled == truth).mean() > 0.97 > 0.9 > (perhaps == truth).mean()
    assert (flags_of_items(settled, items) == flags_of_items(perhaps, items)).all(), "no theme of an item is lost"
    assert (settle_texts(features, truth, np.zeros_like(truth), items, items % 5) == truth).all(), "what is sure stays"


def test_a_codebook_learns_from_what_is_said_of_items():
    assert right(learn_codebook(TEXTS, NOTHING, "en", items=ITEMS, perhaps=OF_ITEM)) >= 85


def test_quality_is_that_of_items():
    book = learn_codebook(TEXTS, [{theme} for theme in THEMES], "en", items=ITEMS)
    assert book.quality.n == 200 and book.quality.micro_f1 > 0.95


def test_an_item_of_one_text_each_is_the_plain_codebook():
    plain = learn_codebook(TEXTS[:100], [{theme} for theme in THEMES[:100]], "en")
    alone = learn_codebook(TEXTS[:100], [{theme} for theme in THEMES[:100]], "en", items=list(range(100)), perhaps=NOTHING[:100], questions=[""] * 100)
    assert alone.rank(NEW[:10]) == plain.rank(NEW[:10]) and (alone.thresholds == plain.thresholds).all()


def test_the_question_tells_apart_what_the_same_words_answer():
    said = ["Nothing at all", "None of it", "Nothing really", "Not a thing"] * 10
    asked = ["What was good?"] * 20 + ["What was bad?"] * 20
    themes = [{"unhappy"}] * 20 + [{"happy"}] * 20
    book = learn_codebook(said, themes, "en", questions=asked)
    assert [[one.theme for one in found] for found in book.code(["Nothing at all"] * 2, ["What was good?", "What was bad?"])] == [["unhappy"], ["happy"]]

    assert book.code(["Nothing at all"], ["A new question?"]) == book.code(["Nothing at all"])


def test_few_texts_and_one_item_are_learnt_without_looking_for_more():
    book = learn_codebook(TEXTS[:2], [set(), set()], "en", items=[1, 1], perhaps=[{"a"}, {"a"}])
    assert book.themes == ("a",) and book.quality.micro_f1 is None and book.quality.n == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"items": [1]}, "items: expected one for each of 2 texts, got 1"),
        ({"questions": ["a"]}, "questions: expected one for each of 2 texts, got 1"),
        ({"questions": ["a", None]}, r"questions\[1\]"),
        ({"perhaps": [set()]}, "perhaps: expected one set for each of 2 texts, got 1"),
        ({"perhaps": [set(), {1.5}]}, r"perhaps\[1\]"),
    ],
)
def test_what_is_wrong_is_named(wrong, words):
    with pytest.raises(ValueError, match=words):
        learn_codebook(TEXTS[:2], [{"a"}, {"b"}], "en", **wrong)


def test_best_and_any_of_items():
    shares = np.asarray([[0.1, 0.9], [0.4, 0.2], [0.3, 0.0]])
    items = np.asarray([0, 0, 1])
    assert best_of_items(shares, items).tolist() == [[0.4, 0.9], [0.3, 0.0]]
    assert flags_of_items(shares > 0.35, items).tolist() == [[True, True], [False, False]]
    assert best_of_items(shares[:0], items[:0]).shape == (0, 2)
