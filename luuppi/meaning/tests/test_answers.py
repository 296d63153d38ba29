"""An item with several answers is several short texts: each is coded by itself, and a person may say which answer a theme is in."""

import json
import pickle

import pytest

from luuppi.language.masking import find_personal_data
from luuppi.meaning import learning
from luuppi.meaning.coding import recode
from luuppi.meaning.correcting import ThemeOfItem, correct_themes
from luuppi.meaning.learning import Taught, learn_in_language
from luuppi.meaning.models import Coding, Reading, Theme
from luuppi.meaning.passages import Passage, mask_parts, parts_of, passages_in, questions_of, words_of
from luuppi.meaning.refusals import UnknownAnswer
from luuppi.meaning.tests.test_themes import MONEY, PARCEL, texts_of
from luuppi.meaning.theming import add_theme, merge_themes
from luuppi.people.organising import create_token

GOOD, BETTER = "Mikä oli hyvää?", "Mitä voisimme parantaa?"


def asked(good: str, better: str, text: str = "") -> dict:
    return {"text": text or f"{good}\n\n{better}", "answers": [{"question": GOOD, "value": good}, {"question": BETTER, "value": better}], "language": "fi"}


def parts(item) -> list[tuple[str, str]]:
    words = words_of(item)
    return [(question, words[start:end].strip()) for question, start, end in parts_of(item, words)]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (asked("Nopea", "Hinta"), [(GOOD, "Nopea"), (BETTER, "Hinta")]),
        (asked("Nopea", "Hinta", text="Kiitos"), [("", "Kiitos"), (GOOD, "Nopea"), (BETTER, "Hinta")]),
        (asked("ei", "ei mitään"), [(GOOD, "ei"), (BETTER, "ei mitään")]),
        (asked("ei mitään", "ei"), [(GOOD, "ei mitään"), (BETTER, "ei")]),
        (asked("Ei.", "Ei.", text="Ei."), [(GOOD, "Ei."), (BETTER, "Ei.")]),
        (asked("Kaikki", "-"), [(GOOD, "Kaikki")]),
        ({"text": "Nopea", "scores": {"nps": 9}}, []),
        ({"answers": [{"question": "arvosana", "value": 4}], "text": "Hyvä"}, []),
    ],
)
def test_the_answers_are_found_where_they_stand(lumi, gives, said, found):
    assert parts(gives(**said)) == found


def test_what_is_blocked_out_moves_the_answers_and_hides_the_same(lumi, gives):
    item = gives(**asked("Soittakaa 040 123 4567 heti", "Kirjoittakaa aino@example.com, kiitos"))
    words = words_of(item)
    masked, moved = mask_parts(words, find_personal_data(words, "fi"), parts_of(item, words))
    assert passages_in(masked, moved, 100) == [Passage(GOOD, "Soittakaa [phone] heti"), Passage(BETTER, "Kirjoittakaa [email], kiitos")]
    assert passages_in("", [], 100) == [] and passages_in("abcdef", [], 3) == [Passage("", "abc")]


def test_what_a_person_says_teaches_the_answers_named_or_the_item_where_none_is():
    taught, both = Taught(), [Passage(GOOD, "Nopea"), Passage(BETTER, "Hinta")]
    taught.add(1, both, {7: [GOOD], 8: []})
    taught.add(2, [Passage("", "Kallis")], {8: []})
    taught.add(3, both, {})
    assert taught.items == [1, 1, 2, 3, 3] and taught.questions == [GOOD, BETTER, "", GOOD, BETTER]
    assert taught.sure == [{7}, set(), {8}, set(), set()] and taught.perhaps == [{8}, {8}, set(), set(), set()]


@pytest.fixture
def answered(lumi, gives, background):
    """Sixty items that praise a refund in one answer and complain of a late parcel in the other."""
    items = [gives(**asked(good, better)) for good, better in zip(texts_of(MONEY)[:60], texts_of(PARCEL)[:60], strict=True)]
    background()
    Reading.objects.update(language="fi")
    return items


def test_each_answer_is_coded_and_the_item_has_the_themes_of_all(lumi, gives, background, answered):
    found, late, money = coded_after_teaching(lumi, gives, background, answered, names_answers=True)
    assert sum(found.get((item.pk, late.pk)) == [BETTER] for item in answered[40:]) >= 18
    assert sum(found.get((item.pk, money.pk)) == [GOOD] for item in answered[40:]) >= 18


def test_where_nobody_named_the_answer_the_item_has_its_themes_and_their_place_is_less_sure(lumi, gives, background, answered):
    """Two themes that always come together are told apart by the thirty items with one of them alone: enough for the item, not for the place."""
    found, late, money = coded_after_teaching(lumi, gives, background, answered, names_answers=False)
    assert sum((item.pk, money.pk) in found for item in answered[40:]) >= 18
    assert sum(BETTER in found.get((item.pk, late.pk), []) for item in answered[40:]) >= 15


def test_what_is_learnt_does_not_hang_on_the_order_in_which_the_store_answers(lumi, gives, background, answered, monkeypatch):
    def learnt():
        book = learn_in_language(lumi.organisation.pk, "fi")
        return pickle.loads(book.model).thresholds.tolist(), book.quality

    coded_after_teaching(lumi, gives, background, answered, names_answers=False)
    before, read = learnt(), learning.read_examples
    monkeypatch.setattr(learning, "read_examples", lambda *asked: dict(reversed(read(*asked).items())))
    assert learnt() == before


def coded_after_teaching(lumi, gives, background, answered, *, names_answers: bool) -> tuple[dict, Theme, Theme]:
    """The answers of each (item, theme) that the software coded, once a person had coded forty items and thirty with one answer alone."""
    late, money = (add_theme({"fi": name}, by=lumi.antti) for name in ("Myöhässä", "Raha"))
    for n, item in enumerate(answered[:40]):
        wanted = [ThemeOfItem(money.pk, 1, (GOOD,) if names_answers else ()), ThemeOfItem(late.pk, -1, (BETTER,) if names_answers else ())]
        correct_themes(item, wanted, by=lumi.mikko)
        if n % 2:
            correct_themes(item, wanted[: 1 + (n % 4 == 1)], by=lumi.mikko)
    alone = [gives(text=text, language="fi") for text in (*texts_of(PARCEL)[60:75], *texts_of(MONEY)[60:75])]
    background()
    Reading.objects.update(language="fi")
    for n, item in enumerate(alone):
        correct_themes(item, [ThemeOfItem((late if n < 15 else money).pk, 0)], by=lumi.mikko)
    learn_in_language(lumi.organisation.pk, "fi")
    recode(lumi.organisation.pk, "fi")
    found = {(coding.item_id, coding.theme_id): coding.answers for coding in Coding.objects.filter(item__in=answered[40:], by="system")}
    return found, late, money


def test_an_answer_is_named_through_the_api_and_on_the_page_and_a_wrong_one_is_refused(lumi, gives, background, client, as_member):
    item = gives(**asked("Rahat tulivat", "Paketti myöhästyi"))
    background()
    theme, other = (add_theme({"fi": name}, by=lumi.antti) for name in ("Raha", "Maksut"))
    bearer = {"Authorization": f"Bearer {create_token(lumi.organisation, name='crm')[1]}"}

    def put(answers):
        body = json.dumps({"themes": [{"theme": str(theme.pk), "answers": answers}]})
        return client.put(f"/api/v1/feedback/{item.pk}/themes", body, content_type="application/json", headers=bearer)

    assert put([GOOD]).json()["themes"][0]["answers"] == [GOOD]
    refused = put(["Miksi?"])
    assert refused.status_code == 422 and refused.json()["code"] == "unknown-answer" and "Miksi?" in refused.json()["detail"]
    with pytest.raises(UnknownAnswer):
        correct_themes(gives(text="Vain tekstiä"), [ThemeOfItem(theme.pk, 0, (GOOD,))], by=lumi.mikko)

    page = as_member(lumi.mikko)
    address = f"/o/lumi/feedback/{item.pk}/themes"
    assert questions_of(item) == [GOOD, BETTER] and BETTER in page.get(address).content.decode()
    page.post(address, {"theme": [theme.pk], f"answer_{theme.pk}": ["1", "77"], f"polarity_{theme.pk}": "-1"})
    assert Coding.objects.get(item=item).answers == [BETTER]
    Coding.objects.create(item=item, organisation=lumi.organisation, theme=other, answers=[GOOD], at=item.received_at)
    merge_themes(other, into=theme, by=lumi.leena)
    assert Coding.objects.get(item=item).answers == [BETTER], "the person's word stays"
