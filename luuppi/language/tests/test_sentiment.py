# mypy: allow-untyped-defs, allow-untyped-calls
"""A complaint is known from praise: by word lists on the first day, by the organisation's own comments later."""

import csv
import gzip
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from luuppi.language.lexicons import read_lexicon, tone_of
from luuppi.language.sentiment import SHOW_FROM, Judged, Sentiment, learn_sentiment
from luuppi.language.spoken import written_forms
from luuppi.language.tests.shared import shared_file

PRAISE = {
    "fi": ["Ystävällinen palvelu ja nopea toimitus, kiitos!", "Ei mitään ongelmia, kaikki sujui.", "Loistavaa 😊"],
    "sv": ["Trevlig personal och snabb leverans, tack!", "Inga problem alls.", "Toppen 😊"],
    "en": ["Friendly staff and quick delivery, thank you!", "No problems at all.", "Not bad, I would recommend it 😊"],
}
COMPLAINT = {
    "fi": ["Paketti myöhästyi viikon ja oli rikki.", "Ei ollut hyvä palvelu.", "Asiakaspalvelija oli töykeä 😡"],
    "sv": ["Paketet var försenat och trasigt.", "Det var inte bra.", "Otrevlig personal 😡"],
    "en": ["The parcel was late and damaged.", "This was not good.", "I didn't like it, rude staff 😡"],
}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_on_the_first_day_the_word_lists_know_praise_from_complaint(language):
    sentiment = learn_sentiment(language=language)
    assert all(judged.polarity > 0 for judged in sentiment.judge(PRAISE[language]))
    assert all(judged.polarity < 0 for judged in sentiment.judge(COMPLAINT[language]))
    assert sentiment.n_learnt == 0
    assert sentiment.validation is None


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("fi", "Ikkuna jäi korjaamatta", -1),
        ("fi", "Lasku palauttamatta", -1),
        ("fi", "Lääkäri oli töykee ja palvelu surkeeta", -1),
        ("fi", "Superhyvä", 1),
        ("fi", "En voisi olla tyytyväisempi", 1),
        ("fi", "Oisko teillä vapaita aikoja?", 0),
        ("fi", "Olisi kiva jos joku vastaisi", 0),
        ("sv", "Jättetrevlig personal", 1),
        ("sv", "Kunde inte vara nöjdare", 1),
        ("sv", "Det vore bra med senare tider", 0),
        ("en", "Couldn't be happier", 1),
        ("en", "It could not be better", 1),
        ("en", "It would be nice to have a dark mode", 0),
        ("en", "Please put the opening hours on the door", 0),
    ],
)
def test_spoken_finnish_is_read_and_a_wish_is_no_praise(language, text, wanted):
    [judged] = learn_sentiment(language=language).judge([text])
    shown = 0 if judged.confidence < SHOW_FROM else np.sign(judged.polarity)
    assert shown == wanted


def test_spoken_words_are_put_into_the_letters_of_a_dictionary():
    assert written_forms("surkeeta")[0] == "surkeaa" and "töykeää" in written_forms("töykeetä")
    assert written_forms("tullu") == ["tullut"] and written_forms("päässy") == ["päässyt"] and written_forms("hyvvää") == ["hyvää"]
    assert written_forms("lasku") == written_forms("talo") == written_forms("") == []


def test_scores_that_have_nothing_to_do_with_the_words_teach_nothing():
    rng = np.random.default_rng(4)
    things, when = ["Lasku", "Paketti", "Myyjä", "Sovellus"], ["eilen", "taas", "nyt"]
    texts = [f"{rng.choice(things)} oli täällä {rng.choice(when)} {n}" for n in range(200)]
    model = learn_sentiment(texts, rng.choice([-1, 1], 200, p=[0.8, 0.2]))
    assert (model.n_learnt, model.validation) == (0, None)
    assert model.judge(["Mukava myyjä, kiitos"]) == learn_sentiment().judge(["Mukava myyjä, kiitos"])


def test_what_comes_after_but_weighs_more():
    kind, cruel = learn_sentiment(language="en").judge(["Slow delivery, but great staff", "Great staff, but slow delivery"])
    assert kind.polarity > cruel.polarity


@pytest.mark.parametrize(
    ("language", "complaint", "praise"),
    [
        ("fi", "Kukaan ei vastaa", "Ei löydy moitittavaa"),
        ("fi", "Asentaja ei tullut", "Asentaja tuli"),
        ("sv", "Appen fungerar inte", "Appen fungerar"),
        ("sv", "De hjälpte mig inte", "De hjälpte mig"),
        ("sv", "Telefonen svarar aldrig", "Inget att klaga på"),
        ("en", "Nobody answered", "Nothing to complain about"),
    ],
)
def test_what_was_not_done_is_a_complaint_and_no_complaint_is_none(language, complaint, praise):
    bad, good = learn_sentiment(language=language).judge([complaint, praise])
    assert bad.polarity < 0 <= good.polarity
    assert bad.confidence >= SHOW_FROM


def test_strength_is_heard():
    weak, plain, strong = learn_sentiment(language="fi").judge(["melko hyvä", "hyvä", "todella hyvä"])
    assert weak.polarity < plain.polarity < strong.polarity


@pytest.mark.parametrize("text", ["", "   \n", "123 456", "\ud800\u202e", "qwrtpsdf"])
def test_where_nothing_is_known_it_says_that_it_cannot_tell(text):
    assert learn_sentiment(language="fi").judge([text]) == [Judged(0.0, 0.0)]


def comments(n, seed=0):
    """Invented comments: each of some words that go with praise, complaint or neither. The words of this house are in no list."""
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1, 1], size=n)
    words = {1: ["mainiosti", "Lumilla", "pöytään", "tiskillä"], -1: ["takkusi", "varastolla", "portilla", "uudelleen"]}
    return [" ".join(rng.choice([*words[int(sign)], "tilaus", "kävin", "tänään"], size=6)) for sign in signs], signs


def test_it_learns_the_words_of_the_organisation():
    texts, signs = comments(120)
    sentiment = learn_sentiment(texts, signs, language="fi")
    fresh, truth = comments(100, seed=1)
    assert np.mean([np.sign(j.polarity) == sign for j, sign in zip(sentiment.judge(fresh), truth, strict=True)]) > 0.9
    assert sentiment.n_learnt == 120
    assert sentiment.validation is not None
    assert sentiment.validation.n == 120
    assert sentiment.validation.macro_f1 > 0.9


def test_the_same_seed_gives_the_same_judgements_also_after_pickling():
    texts, signs = comments(80)
    first, second = (learn_sentiment(texts, signs, language="fi") for _ in range(2))
    assert first.judge(texts) == second.judge(texts) == pickle.loads(pickle.dumps(first)).judge(texts)


@pytest.mark.parametrize(
    ("texts", "signs"),
    [
        (["hyvä"] * 49, [1] * 24 + [-1] * 25),  # too few
        ([f"hyvä {i}" for i in range(60)], [1] * 60),  # one kind only
        ([f"hyvä {i}" for i in range(60)], [1] * 56 + [-1] * 4),  # too few of the other kind
        ([f"hyvä {i}" for i in range(60)], [0] * 40 + [1] * 10 + [-1] * 10),  # middle scores teach nothing
        ([" "] * 60, [1, -1] * 30),  # nothing written
    ],
)
def test_with_too_little_to_learn_from_the_lists_judge_alone(texts, signs):
    assert learn_sentiment(texts, signs, language="fi").n_learnt == 0


def test_copies_of_a_few_sentences_teach_nothing_and_warn_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert learn_sentiment(["tuli ajoissa", "jäi tulematta"] * 30, [1, -1] * 30, language="fi").n_learnt == 0
        few = [f"{word} tulematta" for word in ("jäi", "oli", "ei", "on", "aina")] * 10 + [f"tuli {word}" for word in "abcde"] * 10
        assert learn_sentiment(few, [-1] * 50 + [1] * 50, language="fi").n_learnt == 100


def test_a_frame_s_column_and_an_array_will_do():
    frame = pd.DataFrame({"text": ["hyvä", "huono"]})
    assert [np.sign(j.polarity) for j in learn_sentiment(language="fi").judge(frame["text"])] == [1, -1]


@pytest.mark.parametrize(
    ("texts", "signs", "language", "words"),
    [
        (["a", None], [1, 1], "fi", r"texts\[1\]: expected a text, got None"),
        ("one text", [1], "fi", "texts: expected a list of texts"),
        (["a"], [9], "fi", r"polarity\[0\]: expected -1, 0 or 1, got 9"),
        (["a"], [float("nan")], "fi", r"polarity\[0\]: expected -1, 0 or 1, got nan"),
        (["a", "b"], [1], "fi", "polarity: expected 2 values"),
        ([], [], "de", "language: expected one of fi, sv, en, got 'de'"),
    ],
)
def test_bad_input_is_refused_by_name(texts, signs, language, words):
    with pytest.raises(ValueError, match=words):
        learn_sentiment(texts, signs, language=language)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=60), max_size=6), st.sampled_from(["sv", "en"]))
def test_each_text_is_judged_by_itself_and_within_bounds(texts, language):
    sentiment = learn_sentiment(language=language)
    judged = sentiment.judge(texts)
    assert judged == [sentiment.judge([text])[0] for text in texts]
    assert all(-1 <= j.polarity <= 1 and 0 <= j.confidence <= 1 for j in judged)


@given(st.sampled_from(["good", "bad", "slow", "kind"]), st.integers(1, 8))
def test_saying_the_same_more_often_never_weakens_it(word, times):
    lexicon = read_lexicon("en")
    assert abs(tone_of(". ".join([word] * (times + 1)), lexicon).polarity) > abs(tone_of(". ".join([word] * times), lexicon).polarity)


def subtitles(language):
    with shared_file(f"text/sentiment_{language}_subtitles.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], np.array([1 if row["label"] == "positive" else -1 for row in rows])


@pytest.mark.parametrize(("language", "floor"), [("fi", 0.80), ("sv", 0.74), ("en", 0.74)])
def test_where_the_lists_tell_they_are_mostly_right_on_subtitles(language, floor):
    texts, truth = (part[:1500] for part in subtitles(language))
    judged = learn_sentiment(language=language).judge(texts)
    told = np.array([j.polarity != 0 for j in judged])
    signs = np.sign([j.polarity for j in judged])
    assert told.mean() > 0.4
    assert f1_score(truth[told], signs[told], average="macro") > floor


def reviews(seed):
    """As many content as discontent reviews, shuffled."""
    with gzip.open(shared_file("feedback/womens_clothing_reviews.csv.gz"), "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Review Text"] and row["Rating"] != "3"]
    rng = np.random.default_rng(seed)
    low = [row for row in rows if int(row["Rating"]) < 3]
    high = [row for row in rows if int(row["Rating"]) > 3]
    chosen = [*low, *(high[i] for i in rng.permutation(len(high))[: len(low)])]
    chosen = [chosen[i] for i in rng.permutation(len(chosen))]
    texts = [f"{row['Title']}. {row['Review Text']}" for row in chosen]
    return texts, np.array([1 if int(row["Rating"]) > 3 else -1 for row in chosen])


@pytest.mark.slow
@pytest.mark.parametrize(("n", "draws", "floor"), [(50, 6, 0.80), (500, 2, 0.88)])
def test_from_fifty_own_comments_on_it_reaches_the_reference_on_reviews(n, draws, floor):
    scores, shown_right, all_right = [], [], []
    for seed in range(draws):
        texts, truth = reviews(seed)
        judged = learn_sentiment(texts[:n], truth[:n], language="en").judge(texts[-400:])
        signs = np.array([1 if j.polarity > 0 else -1 for j in judged])
        shown = np.array([j.confidence >= SHOW_FROM for j in judged])
        scores.append(f1_score(truth[-400:], signs, average="macro"))
        shown_right.append((signs == truth[-400:])[shown].mean())
        all_right.append((signs == truth[-400:]).mean())
    assert np.mean(scores) > floor
    assert np.mean(shown_right) > np.mean(all_right)


@pytest.mark.parametrize(("language", "begins", "good"), [("fi", "super", "hyvä"), ("sv", "jätte", "trevlig")])
def test_a_word_with_many_beginnings_is_read_and_however_many_do_no_harm(language, begins, good):
    alone, once, twice, endless = Sentiment(language=language).judge([good, begins + good, 2 * begins + good, 50_000 * begins + good])
    assert alone.polarity > 0 and once.polarity >= alone.polarity and twice.polarity == once.polarity
    assert endless.polarity == 0
