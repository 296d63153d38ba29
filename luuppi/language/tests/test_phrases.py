# mypy: allow-untyped-defs, allow-untyped-calls
"""Looking for letters first finds what the patterns alone would find."""

import re
import time
import unicodedata
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.language import rules
from luuppi.language.rules import read_rules
from luuppi.language.rules.phrases import Phrases, _expression
from luuppi.language.urgency import judge_urgency

RULES = [(kind, language) for kind in ("advice", "urgency") for language in ("fi", "sv", "en")]


@cache
def made_ready(phrases):
    """The list ready to look for, all of it as one large pattern, and the pieces that its phrases are made of."""
    pieces = sorted({piece for phrase in phrases for piece in re.split(r"[\s|*]+|\.\.", phrase) if piece})
    return Phrases(phrases), re.compile("|".join(f"(?:{_expression(phrase)})" for phrase in phrases)), pieces


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
    for phrases in read_rules(kind, language).phrases.values():
        ready, plain, pieces = made_ready(phrases)
        words = [lambda of=pieces: chance.choice(of), lambda: chance.choice(["x", "1", ".", "?", ";", "ja", "och", "it"]), lambda: chance.choice("   -"), str]
        text = "".join(chance.choice(words)() for _ in range(chance.randrange(15)))
        assert ready.are_in(text) == bool(plain.search(text))
        assert ready.taken_out_of(text) == plain.sub(" ; ", text)
        assert ready.may_be_in(text) or not ready.are_in(text)


def test_a_word_of_any_letters_asks_for_none():
    assert Phrases(("# vuotta|* sitten",)).are_in("3 vuotta sitten")
    assert Phrases(("*|koira",)).are_in("kissa")
    assert not Phrases(("koira* haukkuu",)).may_be_in("kissa haukkuu")
    assert not Phrases(()).may_be_in("koira")


def test_two_thousand_messages_a_second():
    texts = [f"Tilasin kengät {i} ja paketti tuli ajoissa, mutta laatikko oli rutussa ja kuitti puuttui. Mitä teen?" for i in range(2_000)]
    judge_urgency(texts[0])
    started = time.process_time()
    for text in texts:
        judge_urgency(text)
    assert time.process_time() - started < 1


def test_one_of_several_may_be_two_words_and_a_phrase_may_ask_for_the_beginning():
    nobody = Phrases(("nobody|no_one .. answers",))
    assert nobody.are_in("no one ever answers") and nobody.are_in("nobody answers")
    assert not nobody.are_in("no answers") and not nobody.are_in("one answers")
    assert Phrases(("^ call",)).are_in("\"call us") and not Phrases(("^ call",)).are_in("we call")
