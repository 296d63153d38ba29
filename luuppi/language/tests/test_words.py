# mypy: allow-untyped-defs, allow-untyped-calls
"""Whatever people paste into a form, words come out of it."""

import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luuppi.language.words import LONGEST_READ, clean_text, clean_texts, lemma, split_words, stem


@given(st.text(st.characters(), max_size=80))
def test_a_cleaned_text_holds_nothing_invisible_and_stays_as_it_is_when_cleaned_again(text):
    cleaned = clean_text(text)
    assert not any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in cleaned)
    assert clean_text(cleaned) == cleaned


def test_letters_typed_as_letter_and_accent_are_the_same_word():
    assert split_words("pa\u0308iva\u0308\u0308") == split_words(unicodedata.normalize("NFC", "pa\u0308iva\u0308\u0308"))
    assert split_words("ha\u0308n") == ["hän"]


def test_a_zero_width_sign_or_lone_surrogate_breaks_no_word():
    assert split_words("pa\u200bket\ud800ti on \u202emyöhässä\u202c") == ["paketti", "on", "myöhässä"]


def test_ten_megabytes_are_read_only_from_their_beginning():
    assert len(clean_text("a" * 10_000_000)) == LONGEST_READ


def test_words_are_lower_case_and_numbers_and_emoji_are_none():
    assert split_words("I don’t KNOW, 24/7 😀 web-shop!") == ["i", "don't", "know", "web-shop"]


@pytest.mark.parametrize(
    ("word", "language", "base"),
    [("paketin", "fi", "paketti"), ("paketen", "sv", "paket"), ("delays", "en", "delay"), ("xqzt", "fi", "xqzt")],
)
def test_lemma_is_the_dictionary_form_or_the_word_itself(word, language, base):
    assert lemma(word, language) == base


def test_stems_are_the_same_from_many_threads():
    words = ["pakettien", "paketissa", "paketti", "myöhästyminen", "myöhästyi"] * 200
    alone = [stem(word, "fi") for word in words]
    found: list[list[str]] = []

    def work():
        found.append([stem.__wrapped__(word, "fi") for word in words])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 4


def test_what_is_no_text_is_refused_with_its_place():
    with pytest.raises(ValueError, match=r"texts\[1\]: expected a text, got None"):
        clean_texts(["a", None])
