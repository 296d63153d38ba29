"""Every argument of every door of the texts, one at a time, replaced by forms that analysts and programs come with.

Each gives a documented result, or a ValueError that begins with the name of an argument: no warning, NaN, or error from the depths.
"""

import math
import re
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from luuppi.language import advising, coding, detecting, likeness, masking, rising, sentiment, theming, urgency
from luuppi.language.tests.invented import comments
from tests.same_answers import flat

pytestmark = pytest.mark.filterwarnings("error")

TEXTS, SAID = (list(one) for one in comments(120, 1))
SETS = [{theme} for theme in SAID]
BOOK = coding.learn_codebook(TEXTS[:60], SETS[:60], "en")
VECTORS = np.random.default_rng(1).normal(size=(50, 8)).astype(np.float32)

# door: (function, arguments that work)
DOORS = {
    "language": (detecting.detect_language, {"text": "Hyvä palvelu ja mukavaa", "among": ["fi", "sv"], "hint": "fi"}),
    "personal data": (masking.find_personal_data, {"text": "soita 040 123 4567", "language": "fi"}),
    "mask": (masking.mask, {"text": "call 040 123 4567", "spans": masking.find_personal_data("call 040 123 4567", "en")}),
    "similarity": (likeness.similarity, {"a": "paketti", "b": "paketit"}),
    "near duplicates": (likeness.near_duplicates, {"texts": TEXTS[:20], "at_least": 0.6}),
    "most similar": (lambda vectors: likeness.MostSimilar(vectors)._vectors, {"vectors": VECTORS}),
    "similar": (likeness.MostSimilar(VECTORS).find, {"vector": VECTORS[0], "n": 3}),
    "themes": (theming.propose_themes, {"texts": TEXTS[:20], "language": "en", "fineness": 2.0, "seed": 0, "embed": None}),
    "key phrases": (theming.key_phrases, {"texts": TEXTS[:20], "language": "en", "n": 5}),
    "match": (theming.match_themes, {"old": VECTORS[:3], "new": VECTORS[2:6], "at_least": 0.5}),
    "codebook": (lambda **given: coding.learn_codebook(TEXTS[:3], **given).themes, {"themes": SETS[:3], "language": "en", "seed": 0,
                 "groups": [1, 2, 3], "previous": BOOK}),
    "code": (BOOK.code, {"texts": TEXTS[60:70], "questions": ["q"] * 10}),
    "rank": (BOOK.rank, {"texts": TEXTS[60:66]}),
    "ask next": (BOOK.ask_next, {"texts": TEXTS[60:80], "n": 3}),
    "sentiment": (lambda **given: sentiment.learn_sentiment(**given).n_learnt, {"texts": TEXTS[:40], "polarity": [1, -1] * 20, "language": "en", "seed": 0}),
    "judge": (sentiment.learn_sentiment(language="en").judge, {"texts": TEXTS[60:70]}),
    "rises": (rising.find_rises, {"weeks": [1, 2, 3, 4] * 5, "texts": TEXTS[:20], "themes": SETS[:20], "language": "en", "seed": 0}),
    "advice": (advising.advise, {"draft": "Thanks for your message.", "language": "en", "about": "late parcel", "own": {}, "said_in": "fi"}),
    "urgency": (urgency.judge_urgency, {"text": "fire", "language": "en", "own": {}}),
}  # fmt: skip

ODD = [
    None, 3, 2.5, -1, math.nan, math.inf, 10**400, True, "", "3", "\ud800", "\x00", b"3", [], [3], {}, {"phrases": 5}, {"together": [5]}, object(),
    np.array(3), np.array([3.0]), np.float16(2.5), Decimal("sNaN"), 1j, pd.NA, pd.NaT, date(2026, 1, 1), "/no/such.toml", "x" * 5_000,
]  # fmt: skip


def odd_lists(valid):
    n = len(valid)
    each = [
        None, math.nan, math.inf, pd.NA, pd.NaT, 3, 10**400, 2.5, -1, True, b"x", "", " ", "🎉", "\ud800", "\x00", "123", [], ["x"], [["x"]], {}, {"a": 1},
        {"a"}, {"a", 1}, {None}, {math.nan}, {True}, {("a", 1)}, object(), Decimal("sNaN"), 1j, datetime(2026, 1, 1), np.str_("x"), (1, 2),
    ]  # fmt: skip
    yield from ([one] * n for one in each)
    yield from ([one, *valid[1:]] for one in each if isinstance(valid, list))
    yield from (None, "abc", b"abc", object(), dict.fromkeys(range(n), "x"), {str(i) for i in range(n)}, np.array("x"), [], valid[:-1], range(n))
    yield from (np.zeros((n, 2)), np.ma.masked_array(np.arange(n), np.arange(n) % 3), pd.DataFrame({str(i): ["x"] for i in range(n)}))
    yield from (pd.date_range("2026-01-01", periods=n), pd.Series(range(n), dtype="Int64").where(lambda one: one > 0), [[1.0]] * (n - 1) + [[1.0, 2.0]])


@pytest.mark.parametrize("door", DOORS)
def test_whatever_else_comes_is_answered_or_refused_by_name(door):
    function, arguments = DOORS[door]
    for name, valid in arguments.items():
        for odd in odd_lists(valid) if isinstance(valid, (list, np.ndarray)) else ODD:
            try:
                answer = function(**{**arguments, name: odd})
            except ValueError as refusal:
                told = re.match(r"([a-z_]+)(\.\w+)*(\[[^\]]*\])?:", str(refusal))
                assert told and told[1] in arguments, f"{name}={odd!r} names no argument: {refusal}"
                continue
            held = [value for value in flat(answer) if isinstance(value, float)]
            assert not any(math.isnan(value) or math.isinf(value) for value in held), f"{name}={odd!r}"


def test_a_list_of_texts_may_be_any_column_but_no_frame_set_or_mapping():
    answer = likeness.near_duplicates(TEXTS[:20])
    for column in (pd.Series(TEXTS[:20], index=[1] * 20), np.array(TEXTS[:20]), pd.Series(TEXTS[:20]).astype("category"), (one for one in TEXTS[:20])):
        assert likeness.near_duplicates(column) == answer
    for odd, words in (
        (pd.DataFrame({"text": TEXTS[:20]}), "texts: expected a list of texts, got DataFrame; give one of its columns"),
        ({1: "a"}, "texts: expected a list of texts, got dict"),
        (["a", None], r"texts\[1\]: expected a text, got None; fill gaps with an empty text"),
    ):
        with pytest.raises(ValueError, match=words):
            likeness.near_duplicates(odd)
    with pytest.raises(ValueError, match="text: expected a text, got Series; it takes one text, give them one by one"):
        masking.find_personal_data(pd.Series(["a"]))


def test_comments_of_numbers_alone_teach_no_words():
    learnt = sentiment.learn_sentiment([str(one) for one in range(60)], [1, -1] * 30, "en")
    assert (learnt.n_learnt, learnt.validation) == (0, None)


def test_weeks_are_no_dates_and_a_frame_of_marks_is_told_how_to_become_sets():
    with pytest.raises(ValueError, match=r"weeks\[0\]: is a date; count weeks"):
        rising.find_rises(pd.date_range("2026-01-01", periods=3), TEXTS[:3])
    with pytest.raises(ValueError, match=r"themes: expected one set for each text, got a frame; its marks as sets: \[set"):
        coding.learn_codebook(TEXTS[:3], pd.DataFrame({"late": [1, 0, 1]}), "en")
    weeks = [1, 2, 3, 4, 5, 5, 5, 5]
    assert rising.find_rises(weeks, TEXTS[:8], [math.nan, pd.NA, None, "a", np.int64(1), "a", set(), {"a"}], language="en") == []


def test_too_many_pairs_are_refused_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr(likeness, "_MOST_PAIRS", 10)
    with pytest.raises(ValueError, match="texts: more than 10 pairs are alike; take the copies out first"):
        likeness.near_duplicates(["the same again"] * 6)


def test_a_cosine_is_one_whatever_the_length_of_the_vectors():
    found = likeness.MostSimilar(VECTORS * 1_000).find(VECTORS[3] / 7, 3)
    assert found == [(place, pytest.approx(cosine, abs=1e-6)) for place, cosine in likeness.MostSimilar(VECTORS / 9).find(VECTORS[3], 3)]
    assert found[0] == (3, pytest.approx(1.0, abs=1e-6))
