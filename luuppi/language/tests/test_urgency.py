# mypy: allow-untyped-defs, allow-untyped-calls
"""A message about danger does not wait behind praise."""

import csv
import gzip
import json
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.language.tests.labelled import counted
from luuppi.language.tests.shared import shared_file
from luuppi.language.urgency import ACT_NOW, ANSWER_SOON, NONE, judge_urgency

EXAMPLES = [
    ("fi", "Pistorasia savuaa keittiössä", ACT_NOW),
    ("fi", "Lapsi jäi oven väliin bussissa", ACT_NOW),
    ("fi", "Nimissäni on otettu laina", ACT_NOW),
    ("fi", "Milloin uusi aikataulu alkaa?", ANSWER_SOON),
    ("fi", "Vaihdan toiseen operaattoriin", ANSWER_SOON),
    ("fi", "Tappavan hyvää kahvia, kiitos!", NONE),
    ("sv", "Det luktar bränt från laddaren", ACT_NOW),
    ("sv", "Någon har tagit ett lån i mitt namn", ACT_NOW),
    ("sv", "Ni lovade ringa i tisdags", ANSWER_SOON),
    ("sv", "Livsfarligt goda bullar", NONE),
    ("sv", "Tack för all hjälp med försäkringen", NONE),
    ("sv", "Inget att klaga på", NONE),
    ("sv", "Jag behöver hjälp med fakturan", ANSWER_SOON),
    ("en", "The charger caught fire", ACT_NOW),
    ("en", "My daughter fell off the broken slide", ACT_NOW),
    ("en", "Please call me back", ANSWER_SOON),
    ("en", "I've been dying to try this place", NONE),
    ("en", "My bike was stolen last year and you sorted it within a day", NONE),
]


@pytest.mark.parametrize(("language", "text", "level"), EXAMPLES)
def test_the_level_is_what_a_careful_reader_would_say(language, text, level):
    assert judge_urgency(text, language) == level


@pytest.mark.parametrize(
    ("language", "text", "level"),
    [
        ("fi", "Sairaalaan on helppo löytää, opasteet ovat selkeät.", NONE),
        ("fi", "Soitin hätänumeroon, mutta porttinne ei aukea eikä ensihoito pääse pihaan.", ACT_NOW),
        ("sv", "Kaffet i sjukhusets kafeteria var gott.", NONE),
        ("sv", "Jag har ringt 112 men grinden går inte upp.", ACT_NOW),
        ("en", "The ambulance crew were brilliant when I had chest pain.", NONE),
        ("en", "The crew were brilliant but now I can't breathe.", ACT_NOW),
        ("en", "I have already rung 999 but your gate won't open.", ACT_NOW),
    ],
)
def test_a_hospital_is_a_place_and_danger_is_somebody_in_it_now(language, text, level):
    assert judge_urgency(text, language) == level


def test_of_ordinary_patients_comments_hardly_any_is_an_alarm():
    """One in eight was "act now" while the words hospital and ambulance were enough."""
    with gzip.open(shared_file("feedback/nhs_friends_family_test.csv.gz"), "rt", encoding="utf-8-sig") as file:
        texts = [row["FFT answer"] for row in islice(csv.DictReader(file), 1500) if row["FFT answer"]]
    assert sum(judge_urgency(text, "en") == ACT_NOW for text in texts) < 0.02 * len(texts)


@pytest.mark.parametrize("text", ["", " \n", "👍", "...", "\ud800"])
def test_an_empty_message_is_not_urgent(text):
    assert judge_urgency(text) == NONE


def test_who_and_what_must_stand_near_each_other():
    near = "My son was on the bus. He fell when the door opened."
    far = "My son likes it. The soup is good. The tables are clean. Sales fell last spring."
    assert judge_urgency(near, "en") == ACT_NOW
    assert judge_urgency(far, "en") == NONE


def test_an_organisation_adds_its_own_words():
    text = "Lumi-lokero numero neljä jäi auki."
    assert judge_urgency(text) < ACT_NOW
    assert judge_urgency(text, own={"phrases": {"act_now": ["lokero .. jäi auki"]}}) == ACT_NOW
    assert judge_urgency(text, own={"phrases": {"place": ["lokero"], "state": ["auki"]}, "together": [["place", "state"]]}) == ACT_NOW
    assert judge_urgency(text) < ACT_NOW


def test_bad_input_is_refused_by_name():
    with pytest.raises(ValueError, match="text: expected a text, got None"):
        judge_urgency(None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="language: expected one of fi, sv, en, got 'et'"):
        judge_urgency("Tere", "et")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=200), st.sampled_from(["fi", "sv", "en"]))
def test_every_text_gets_one_of_the_three_levels_whatever_its_letter_case(text, language):
    assert judge_urgency(text, language) in (NONE, ANSWER_SOON, ACT_NOW)


@given(st.sampled_from([(language, text) for language, text, level in EXAMPLES if level == ACT_NOW]))
def test_shouting_changes_no_level(example):
    language, text = example
    assert judge_urgency(text.upper(), language) == ACT_NOW


def test_the_acceptance_messages_get_their_level():
    rows = [json.loads(line) for line in shared_file("text/urgency.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows if judge_urgency(row["text"], row["lang"]) != row["urgency"]] == []


@pytest.mark.parametrize(("level", "precision", "recall"), [(ACT_NOW, 0.85, 0.85), (ANSWER_SOON, 0.89, 0.95), (NONE, 0.98, 0.9)])
def test_on_the_judging_half_it_keeps_what_was_reported(level, precision, recall):
    """Floors just under what docs/methods/urgency.md reports: a change of the rules that costs more must say so there.

    That of "answer soon" was .9 while a message to act on now was left aside as none; now it is among these, one wrong more, and none is left aside.
    """
    found = counted(
        "messages", "judge", (level,), lambda row: {row["urgency"]}, lambda row: {judge_urgency(row["text"], row["language"])}
    )[0]
    assert found.precision >= precision
    assert found.recall >= recall


@pytest.mark.parametrize(("level", "precision", "recall"), [(ACT_NOW, 0.82, 0.92), (ANSWER_SOON, 0.83, 0.86), (NONE, 0.93, 0.81)])
def test_of_messages_that_nobody_who_knew_it_wrote_it_finds_nine_in_ten(level, precision, recall):
    """The phrases alone found 60 % of what must be acted on now."""
    judged = {"judged": lambda row: {judge_urgency(row["text"], row["language"])}, "truth": lambda row: {row["urgency"]}}
    found = counted("more_messages", "judge", (level,), **judged)[0]
    assert found.precision >= precision
    assert found.recall >= recall


def test_what_an_organisation_wrote_is_never_doubted():
    """A phrase of ours in a long calm message is a coincidence; one of theirs is what they asked for."""
    calm = "Kävin lauantaina perheen kanssa museossa ja näyttely oli kaunis, opas kertoi hauskasti ja kahvila oli auki pitkään. Lipun hinta oli kohtuullinen, kiitos."
    assert judge_urgency(calm) == NONE
    assert judge_urgency(calm, own={"phrases": {"act_now": ["kahvila oli auki"]}}) == ACT_NOW
