# mypy: allow-untyped-defs, allow-untyped-calls
"""Aino writes Finnish, Eero Swedish, Olof English; some write what nobody expected."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.language.detecting import SHORT, Guess, detect_language
from luuppi.language.tests.shared import shared_file

SENTENCES = [
    ("Paketti tuli kaksi viikkoa myöhässä ja laatikko oli rikki.", "fi"),
    ("Paketet kom två veckor för sent och lådan var trasig.", "sv"),
    ("The parcel came two weeks late and the box was broken.", "en"),
]


@pytest.mark.parametrize(("text", "language"), SENTENCES)
def test_a_sentence_is_recognised(text, language):
    guess = detect_language(text)
    assert guess.language == language
    assert guess.confidence > 0.8


@pytest.mark.parametrize(("text", "language"), SENTENCES)
def test_capitals_do_not_change_the_language(text, language):
    assert detect_language(text.upper()).language == language


@pytest.mark.parametrize(
    "text",
    [
        "Das Paket ist leider erst nach zwei Wochen angekommen, und der Karton war kaputt.",
        "Kullerpakk jõudis kohale alles kahe nädala pärast ja karp oli katki.",
        "Посылка пришла на две недели позже, и коробка была сломана.",
        "Legen var hyggelig, men ventetiden var altfor lang.",
        "Bussen er altid forsinket, og chaufføren var uforskammet.",
    ],
)
def test_a_language_that_is_not_asked_for_is_nobodys(text):
    assert detect_language(text).language is None


def test_a_short_text_takes_the_language_of_the_form():
    assert detect_language("Ok, bra!", hint="fi").language == "fi"
    assert detect_language("Toimii", hint="sv").language == "sv"


def test_a_long_text_does_not_believe_the_form():
    assert detect_language(SENTENCES[1][0], hint="fi").language == "sv"


def test_swedish_without_its_dots_is_believed_on_a_swedish_form():
    assert detect_language("Var ar blanketten for barnbidrag", hint="sv").language == "sv"
    assert detect_language("Jeg fikk ikke svar på telefonen", hint="sv").language is None


def test_a_hint_outside_the_choices_is_not_taken():
    assert detect_language("Kiitos", among=("fi", "sv"), hint="de").language in {"fi", "sv"}


@pytest.mark.parametrize("text", ["", "   \n", "👍👍🎉", "12345 - 67", "\ud800\udfff", "\u202e\u200b\x00", "?!…"])
def test_without_letters_there_is_no_language(text):
    assert detect_language(text) == Guess(None, 0.0)
    assert detect_language(text, hint="sv") == Guess("sv", 0.0)


@pytest.mark.parametrize("text", [None, float("nan"), 3, b"Hei"])
def test_what_is_no_text_is_refused_by_name(text):
    with pytest.raises(ValueError, match=r"^text: expected a text"):
        detect_language(text)


def test_unknown_and_missing_languages_are_refused_by_name():
    with pytest.raises(ValueError, match=r"^among: needs"):
        detect_language("Hei", among=())
    with pytest.raises(ValueError, match=r"^among: no model for 'xx'"):
        detect_language("Hei", among=("fi", "xx"))


def test_ten_megabytes_are_read_at_once():
    assert detect_language("Paketti oli myöhässä. " * 500_000).language == "fi"


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200), st.sampled_from([None, "fi", "sv", "en", "de"]))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_a_choice_and_a_share(text, hint):
    guess = detect_language(text, hint=hint)
    assert guess.language in {None, "fi", "sv", "en"}
    assert 0 <= guess.confidence <= 1
    assert guess == detect_language(text, hint=hint)
    if hint in {"fi", "sv", "en"} and sum(letter.isalpha() for letter in text[:120]) < SHORT:
        assert guess.language == hint


def test_short_lines_are_told_apart_as_the_reference_says():
    import pandas as pd

    lines = pd.read_csv(shared_file("text/langid_short.csv"))
    asked = lines[lines.lang.isin(["fi", "sv", "en"])]
    right = [detect_language(text).language == language for text, language in zip(asked.text, asked.lang, strict=True)]
    short = asked.text.str.len() < 20
    assert sum(right) / len(right) >= 0.988
    assert sum(one for one, is_short in zip(right, short, strict=True) if is_short) / short.sum() >= 0.925
