# mypy: allow-untyped-defs, allow-untyped-calls
"""Looking for letters first finds what the patterns alone would find."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.language import rules
from luuppi.language.rules import read_rules
from luuppi.language.rules.phrases import Index, _expression, phrases_of

RULES = [(kind, language) for kind in ("advice", "urgency") for language in ("fi", "sv", "en")]


@cache
def made_ready(phrases):
    """The list ready to look for, all of it as one large pattern, and the pieces that its phrases are made of."""
    pieces = sorted({piece for phrase in phrases for piece in re.split(r"[\s|*]+|\.\.", phrase) if piece})
    return phrases_of(phrases), re.compile("|".join(f"(?:{_expression(phrase)})" for phrase in phrases)), pieces


@pytest.mark.parametrize("path", sorted(Path(rules.__file__).parent.glob("*.toml")), ids=lambda path: path.name)
def test_no_letter_of_another_script_stands_in_a_rule(path):
    """A Cyrillic one looks the same and matches nothing that people write."""
    strange = {letter for letter in path.read_text(encoding="utf-8") if letter.isalpha() and not unicodedata.name(letter).startswith("LATIN")}
    assert strange == set()


@pytest.mark.parametrize(("kind", "language"), RULES)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_list_finds_and_takes_out_what_one_large_pattern_would(kind, language, seed):
    chance = Random(seed)
    rules = read_rules(kind, language)
    for name, of_one in rules.lists.items():
        ready, plain, pieces = made_ready(of_one.written)
        words = [lambda of=pieces: chance.choice(of), lambda: chance.choice(["x", "1", ".", "?", ";", "ja", "och", "it"]), lambda: chance.choice("   -"), str]
        text = "".join(chance.choice(words)() for _ in range(chance.randrange(15)))
        assert ready.are_in(text) == bool(plain.search(text))
        assert ready.taken_out_of(text) == plain.sub(" ; ", text)
        whole = f"{text}.\n{chance.choice(pieces)}"
        for given_rules in (rules.on(text), rules.on(whole), rules.on(whole).on(text)):
            assert given_rules.found(name, text) == bool(plain.search(text))
            assert given_rules.without(name, text) == plain.sub(" ; ", text)


def test_a_word_of_any_letters_asks_for_none():
    assert phrases_of(("# vuotta|* sitten",)).are_in("3 vuotta sitten")
    assert phrases_of(("*|koira",)).are_in("kissa")


def test_only_phrases_whose_letters_a_text_has_are_looked_for():
    lists = {"dogs": phrases_of(("koira* haukkuu", "# .. koiraa")), "cats": phrases_of(("kissa",)), "short": phrases_of(("ei|on",)), "none": phrases_of(())}
    possible = Index(lists).possible_in("kolme koiraa ei hauku")
    assert {name: of_one.written for name, of_one in possible.items()} == {"dogs": ("# .. koiraa",), "short": ("ei|on",)}
    assert Index(lists).possible_in("") == {}


def test_one_of_several_may_be_two_words_and_a_phrase_may_ask_for_the_beginning():
    nobody = phrases_of(("nobody|no_one .. answers",))
    assert nobody.are_in("no one ever answers") and nobody.are_in("nobody answers")
    assert not nobody.are_in("no answers") and not nobody.are_in("one answers")
    assert phrases_of(("^ call",)).are_in("\"call us") and not phrases_of(("^ call",)).are_in("we call")
