# mypy: allow-untyped-defs, allow-untyped-calls
"""What phrases do not know is learnt from labelled texts, and from the developing parts of them alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.language.advising import advise
from luuppi.language.learnt import QUESTIONS, SAID, learnt, make, pieces_of
from luuppi.language.urgency import ACT_NOW, NONE, judge_urgency

LANGUAGES = ["fi", "sv", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_weights_are_those_of_the_labelled_texts_that_are_there(question, language):
    """Whoever labels more or mends a label makes them anew: python -m luuppi.language.learnt.make."""
    first = (make.FOLDER / f"{question}_{language}.tsv").read_text(encoding="utf-8").splitlines()[0]
    assert first.endswith(make.digest(question, language))


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_line_of_the_judging_parts_is_learnt_from(question):
    files = {*make.FILES[question], "last_sentences"}
    judged = {row["text"] for name in files for language in LANGUAGES for row in make.labelled(name, language, "judge")}
    learnt_from = {text for language in LANGUAGES for text in make.examples(question, language)[0]}
    assert judged and not judged & learnt_from


def test_texts_in_words_that_no_phrase_knows_are_judged_by_what_others_were():
    said = {"learns": False}
    hidden = "Hän makaa eteisessä eikä saa enää henkeä, soittakaa joku jollekin"
    assert judge_urgency(hidden, own=said) < judge_urgency(hidden) == ACT_NOW


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_organisation_may_leave_it_to_the_phrases(language):
    texts = {"fi": "Tuote toimii hyvin.", "sv": "Produkten fungerar bra.", "en": "It works fine."}
    assert judge_urgency(texts[language], language, own={"learns": False}) == NONE
    with pytest.raises(ValueError, match=r"own\.learns: expected true or false, got 'no'"):
        advise(texts[language], language, own={"learns": "no"})


def test_two_words_do_not_weigh_as_much_as_two_sentences():
    for language, text in (("fi", "En tiedä"), ("sv", "Vet inte"), ("en", "Don't know")):
        assert learnt("act_now", language).chance(pieces_of(text, language)) < 0.2


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(), max_size=300), st.sampled_from(LANGUAGES), st.sampled_from(QUESTIONS))
def test_any_text_gets_a_chance_and_the_same_one_again(text, language, question):
    model = learnt(question, language)
    chance = model.chance(pieces_of(text, language))
    assert 0 < chance < 1
    assert chance == model.chance(pieces_of(text, language))


def test_an_empty_text_has_no_pieces_and_is_nothing():
    assert pieces_of("", "fi") == (frozenset(), frozenset(), frozenset())
    assert not any(learnt(question, language).chance(pieces_of("", language)) >= SAID[question] for question in QUESTIONS for language in LANGUAGES)


def test_what_differs_in_one_telling_word_is_learnt():
    import numpy as np

    texts = [f"{word} {n}" for n in "abcdefghij" for word in ("hätä", "kiitos")]
    said = np.array([text.startswith("hätä") for text in texts])
    counted = make.Counted([pieces_of(text, "fi") for text in texts])
    weights, offset = counted.fit(said)
    assert ((counted.matrix @ weights + offset > 0) == said).all()
    assert (counted.chances_aside(said)[said] > counted.chances_aside(said)[~said].max()).all()


