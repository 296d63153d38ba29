# mypy: allow-untyped-defs, allow-untyped-calls
"""Sari sorts some comments; the rest are sorted as she would have."""

import pickle
import threading
import time
import warnings
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.language.classifying import choose_thresholds, folds_of
from luuppi.language.coding import Codebook, Coded, learn_codebook
from luuppi.language.tests.invented import comments
from luuppi.language.tests.shared import shared_file

TEXTS, THEMES = comments(240, seed=1)
# Some customers speak of two things at once.
BOTH = [f"{one} {other}" for one, other in zip(TEXTS[::2], TEXTS[1::2], strict=True)]
OF_BOTH = [{one, other} for one, other in zip(THEMES[::2], THEMES[1::2], strict=True)]
NEW, TRUTH = comments(100, seed=2)
STRANGE = ["", "  ", "👍", "\ud800", "\u202e\u200b\x00", "12"]


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return learn_codebook(TEXTS + BOTH, [{theme} for theme in THEMES] + OF_BOTH, "en")


def test_new_comments_are_coded_as_their_likes_were(codebook):
    coded = codebook.code(NEW)
    assert sum([one.theme for one in found] == [theme] for found, theme in zip(coded, TRUTH, strict=True)) >= 95
    assert codebook.quality.micro_f1 > 0.95
    assert codebook.quality.n == 360


def test_a_comment_may_speak_of_two_themes(codebook):
    found = codebook.code(["The parcel came two weeks late and the monthly bill was charged twice, the price is too expensive."])[0]
    assert {one.theme for one in found} == {"delivery", "price"}


def test_a_stranger_is_unsorted(codebook):
    assert codebook.code(["Zxq vbnm qwrt plkj."]) == [[]]


def test_what_has_no_known_word_is_unsorted_and_ranked_without_confidence(codebook):
    assert codebook.code(STRANGE[:5]) == [[]] * 5
    assert all(one.confidence == 0 for ranked in codebook.rank(STRANGE[:5]) for one in ranked)


def test_ranking_has_all_themes_best_first(codebook):
    for ranked in codebook.rank(NEW):
        assert sorted(one.theme for one in ranked) == list(codebook.themes)
        assert [one.confidence for one in ranked] == sorted((one.confidence for one in ranked), reverse=True)
        assert all(0 <= one.confidence <= 1 for one in ranked)


def test_coding_is_what_the_ranking_says_above_the_threshold(codebook):
    least = dict(zip(codebook.themes, codebook.thresholds, strict=True))
    for coded, ranked in zip(codebook.code(NEW), codebook.rank(NEW), strict=True):
        assert coded == [one for one in ranked if one.confidence >= least[one.theme]]


def test_each_text_is_coded_alone_in_any_order(codebook):
    together = codebook.rank(NEW)
    for one, other in zip(codebook.rank(NEW[::-1]), together[::-1], strict=True):
        assert {coded.theme: coded.confidence for coded in one} == pytest.approx(
            {coded.theme: coded.confidence for coded in other}, abs=1e-5
        )
    for place in (0, 50, 99):
        (alone,) = codebook.rank([NEW[place]])
        assert alone[0].theme == together[place][0].theme
        assert alone[0].confidence == pytest.approx(together[place][0].confidence, abs=1e-5)


def test_the_same_examples_and_seed_give_the_same_codebook(codebook):
    again = learn_codebook(TEXTS + BOTH, [{theme} for theme in THEMES] + OF_BOTH, "en")
    assert again.rank(NEW[:20]) == codebook.rank(NEW[:20])
    assert np.array_equal(again.thresholds, codebook.thresholds)


def test_a_codebook_survives_storing(codebook):
    stored = pickle.loads(pickle.dumps(codebook))
    assert stored.code(NEW) == codebook.code(NEW)
    assert stored.themes == codebook.themes


def test_threads_may_share_it(codebook):
    expected = codebook.code(NEW)
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(codebook.code(NEW))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 4


def test_a_refit_keeps_keys_and_vectors_until_the_corpus_has_grown_by_half(codebook):
    same = learn_codebook(TEXTS + NEW, [{theme} for theme in THEMES + TRUTH], "en", previous=codebook)
    assert same._vectors is codebook._vectors
    assert same.themes == codebook.themes
    grown = learn_codebook(TEXTS, [{theme} for theme in THEMES], "en", background=NEW * 4, previous=codebook)
    assert grown._vectors is not codebook._vectors


def test_the_next_to_ask_are_the_doubtful_and_not_copies(codebook):
    doubtful = "The parcel bill login was friendly"
    asked = codebook.ask_next([*NEW[:40], doubtful, doubtful, ""], n=3)
    assert len(asked) == len(set(asked)) == 3
    assert len({40, 41} & set(asked)) == 1
    assert codebook.ask_next(["", "👍"], n=5) == []
    assert codebook.ask_next([], n=5) == []


def test_nothing_learnt_means_everything_unsorted():
    empty = learn_codebook([], [], "fi")
    assert empty.themes == ()
    assert empty.code(["Paketti oli myöhässä", ""]) == [[], []]
    assert empty.rank(["Paketti"]) == [[]]
    assert empty.ask_next(["Paketti"]) == []
    assert empty.code([]) == []


@pytest.mark.parametrize(
    ("texts", "themes"),
    [
        (["The parcel was late"], [{"a"}]),
        (["The parcel was late", "It cost a lot"], [{"a"}, {"b"}]),
        (["one two"] * 12, [{"a"}] * 12),
        (["x"] * 12, [set()] * 12),
        (["", "👍", "\ud800"], [{"a"}, {"b"}, set()]),
        (["The parcel was late"] * 12, [{"a"}] * 6 + [{"b"}] * 6),
    ],
)
def test_too_few_or_one_sided_examples_still_give_a_codebook(texts, themes):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = learn_codebook(texts, themes, "en")
        for ranked in book.rank([*texts, *STRANGE]):
            assert all(0 <= one.confidence <= 1 for one in ranked)


def test_a_theme_that_all_examples_have_is_given_to_all():
    book = learn_codebook(TEXTS[:30], [{"all"}] * 30, "en")
    assert book.code(NEW[:5]) == [[Coded("all", book.code(NEW[:1])[0][0].confidence)]] * 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["a", None], [{"x"}, {"y"}]), r"^texts\[1\]: expected a text, got None"),
        ((["a"], []), "^themes: expected one set for each of 1 texts, got 0"),
        ((["a"], ["xy"]), r"^themes\[0\]: expected a set of theme keys, got str"),
        ((["a"], [{1.5}]), r"^themes\[0\]: a theme key is a text or a whole number, not float"),
        ((["a"], [{"x"}], "de"), "^language: "),
        ((["a"], [{"x"}], "fi", [3]), r"^background\[0\]: expected a text, got int"),
        ((["a"], [{"x"}], "fi", (), 0, [1, 2]), "^groups: expected one for each of 1 texts, got 2"),
    ],
)
def test_wrong_input_is_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match=message):
        learn_codebook(*arguments)


def test_wrong_texts_are_refused_by_place(codebook):
    with pytest.raises(ValueError, match=r"^texts\[1\]: expected a text, got float"):
        codebook.code(["a", float("nan")])


def test_a_comment_of_ten_megabytes_is_coded_like_its_beginning(codebook):
    started = time.process_time()
    (coded,) = codebook.code([("The parcel came two weeks late. " * 320_000)])
    assert [one.theme for one in coded] == ["delivery"]
    assert time.process_time() - started < 2


def test_one_new_comment_is_coded_in_ten_milliseconds(codebook):
    codebook.code(NEW[:1])
    started = time.process_time()
    for text in NEW[:50]:
        codebook.code([text])
    assert (time.process_time() - started) / 50 < 0.010


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=()), max_size=60), max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_texts_get_an_answer_each(texts):
    book = _small_book()
    coded = book.code(texts)
    assert len(coded) == len(texts)
    assert all(one.theme in book.themes and 0 <= one.confidence <= 1 for found in coded for one in found)


@lru_cache(maxsize=1)
def _small_book() -> Codebook:
    return learn_codebook(TEXTS[:60], [{theme} for theme in THEMES[:60]], "en")


def test_thresholds_stand_between_the_common_and_the_own():
    flags = np.zeros((100, 2), dtype=bool)
    flags[:40, 0] = flags[:2, 1] = True
    shares = np.where(flags, [0.8, 0.3], [0.2, 0.1])
    many, few = choose_thresholds(shares, flags)
    assert 0.2 < many < 0.8
    assert few > 0.2, "two examples do not move their threshold far from that of all"
    assert choose_thresholds(shares[:0], flags[:0]).tolist() == [0.35, 0.35]


def test_one_person_is_never_on_both_sides():
    groups = np.repeat(np.arange(30), 3)
    folds = folds_of(groups, 5, 0)
    assert all(len(set(folds[groups == person].tolist())) == 1 for person in range(30))
    assert set(folds.tolist()) == set(range(5))


def test_out_of_few_comments_new_ones_are_coded_as_well_as_the_quality_says():
    import pandas as pd

    lines = pd.read_csv(shared_file("text/themes_sv_argsentences.csv")).sample(frac=1, random_state=0)
    taught = lines.groupby("theme_id").head(10)
    others = lines.drop(taught.index)
    new = others[:300]
    book = learn_codebook(taught.text.tolist(), [{theme} for theme in taught.theme_id], "sv", background=others.text[300:400].tolist())
    coded = [{one.theme for one in found} for found in book.code(new.text.tolist())]
    right = sum(theme in found for theme, found in zip(new.theme_id, coded, strict=True))
    f1 = 2 * right / (sum(map(len, coded)) + len(new))
    assert f1 > 0.8
    assert abs(f1 - book.quality.micro_f1) < 0.1
