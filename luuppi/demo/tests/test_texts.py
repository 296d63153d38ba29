"""The demo's written texts: whole, consistent with themselves, and no two alike."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

TEXTS = Path(__file__).resolve().parent.parent / "texts"
HOW_MANY = {"fi": 280, "sv": 140, "en": 180}
LANGUAGES = tuple(HOW_MANY)
KINDS = {"complaint", "praise", "idea", "question", "survey"}
TOUCHPOINTS = {"web-shop", "checkout", "delivery", "pick-up-point", "returns", "customer-service"}
FIELDS = {
    "id", "language", "kind", "touchpoint", "text", "nps", "csat", "ces", "themes", "wants_contact", "customer_name_hint", "month", "after",
}  # fmt: skip
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


def read_items(language: str) -> list[dict]:
    lines = (TEXTS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_json(name: str) -> list[dict]:
    return json.loads((TEXTS / name).read_text(encoding="utf-8"))


ITEMS = {language: read_items(language) for language in LANGUAGES}
ALL = [item for language in LANGUAGES for item in ITEMS[language]]
THEME_KEYS = [theme["key"] for theme in read_json("themes.json")]


def test_there_are_six_hundred_texts_in_three_languages():
    assert {language: len(items) for language, items in ITEMS.items()} == HOW_MANY
    assert len({item["id"] for item in ALL}) == len({item["text"] for item in ALL}) == 600


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_item_has_its_fields_on_their_scales(language):
    for item in ITEMS[language]:
        assert set(item) == FIELDS, item["id"]
        assert item["language"] == language and item["id"].startswith(f"{language}-")
        assert item["kind"] in KINDS and item["touchpoint"] in TOUCHPOINTS, item["id"]
        assert isinstance(item["wants_contact"], bool)
        assert item["month"] is None or item["month"] in range(1, 13), item["id"]
        for measure, (low, high) in SCALES.items():
            assert item[measure] is None or low <= item[measure] <= high, item["id"]
        assert (item["nps"] is not None) == (item["kind"] == "survey"), item["id"]


def test_every_kind_and_touchpoint_occurs_in_every_language():
    for items in ITEMS.values():
        assert {item["kind"] for item in items} == KINDS
        assert {item["touchpoint"] for item in items} == TOUCHPOINTS


def test_every_theme_has_twenty_texts_and_a_name_in_each_language():
    counts = Counter(key for item in ALL for key in item["themes"])
    assert set(counts) == set(THEME_KEYS) and len(THEME_KEYS) == 20
    assert min(counts.values()) >= 20, counts.most_common()[-3:]
    assert max(len(item["themes"]) for item in ALL) <= 3
    assert all(set(theme["name"]) == set(LANGUAGES) and all(theme["name"].values()) for theme in read_json("themes.json"))


def test_scores_of_one_item_do_not_contradict_each_other():
    for item in ALL:
        if item["nps"] is not None and item["csat"] is not None:
            assert not (item["nps"] >= 9 and item["csat"] <= 3), item["id"]
            assert not (item["nps"] <= 4 and item["csat"] >= 4), item["id"]
        if item["kind"] == "complaint":
            assert item["csat"] is None or item["csat"] <= 2, item["id"]
        if item["kind"] == "praise":
            assert item["csat"] is None or item["csat"] >= 4, item["id"]


def test_texts_are_from_three_to_a_hundred_and_twenty_words():
    lengths = [len(item["text"].split()) for item in ALL]
    assert min(lengths) >= 3 and max(lengths) <= 120
    assert sum(n >= 60 for n in lengths) >= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_texts_of_a_language_are_alike(language):
    texts = [item["text"] for item in ITEMS[language]]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit_transform(texts)
    likeness = (vectors @ vectors.T).toarray()
    np.fill_diagonal(likeness, 0.0)
    first, second = np.unravel_index(likeness.argmax(), likeness.shape)
    assert likeness.max() <= 0.6, (texts[first], texts[second])


def test_personal_data_in_the_texts_cannot_reach_anybody():
    """Phones are of a range made up for the demo, addresses of example.com."""
    everything = "\n".join(item["text"] for item in ALL)
    phones = re.findall(r"\b0[45]\d \d{3} \d{4}\b", everything)
    assert phones and all(re.fullmatch(r"0[45]0 000 0\d{3}", phone) for phone in phones)
    addresses = re.findall(r"[\w.]+@[\w.]+\w", everything)
    assert addresses and all(address.endswith("@example.com") for address in addresses)


def test_each_staff_answer_belongs_to_an_item_of_its_language():
    items = {item["id"]: item for item in ALL}
    answers = read_json("replies.json")
    assert Counter(answer["language"] for answer in answers) == dict.fromkeys(LANGUAGES, 10)
    assert len({answer["answers"] for answer in answers}) == 30
    for answer in answers:
        item = items[answer["answers"]]
        assert item["language"] == answer["language"] and item["themes"] == answer["themes"]
        assert answer["promised_in_days"] is None or 1 <= answer["promised_in_days"] <= 7


def test_the_five_improvements_are_told_whole_in_each_language():
    improvements = read_json("improvements.json")
    assert [improvement["state"] for improvement in improvements] == ["done", "done", "under_way", "proposed", "declined"]
    assert [(improvement["planted_effect"] or {}).get("points") for improvement in improvements] == [15, 0, None, None, None]
    for improvement in improvements:
        assert set(improvement["themes"]) <= set(THEME_KEYS) and improvement["touchpoint"] in TOUCHPOINTS
        assert improvement["told"] == (improvement["state"] == "done")
        assert improvement["reason"] is not None or improvement["state"] == "proposed"
        cause = improvement["root_cause"]
        for part in (improvement["title"], improvement["description"], improvement["told_text"], improvement["reason"], cause["title"]):
            assert part is None or (set(part) == set(LANGUAGES) and all(part.values())), improvement["key"]
        assert {language: len(whys) for language, whys in cause["whys"].items()} == dict.fromkeys(LANGUAGES, 5)


def test_texts_that_know_of_an_improvement_name_one_that_is_done():
    done = {improvement["key"] for improvement in read_json("improvements.json") if improvement["state"] == "done"}
    assert {item["after"] for item in ALL if item["after"] is not None} == done
