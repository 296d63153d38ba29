"""What the software finds in an item, and finding items by their words."""

import pytest

from luuppi.capture.queries.stream import Filters, read_items
from luuppi.meaning.models import Reading


def test_language_is_found_and_personal_data_is_blocked_out_beside_the_untouched_item(lumi, gives, background):
    item = gives(text="Paketti tuli viikon myöhässä, soittakaa numeroon 040 123 4567 tai aino@example.com.")
    background()
    reading = Reading.objects.get(item=item)
    assert reading.language == "fi" and reading.has_personal_data
    assert "4567" not in reading.masked_text and "aino@" not in reading.masked_text and "viikon myöhässä" in reading.masked_text
    item.refresh_from_db()
    assert "040 123 4567" in item.text


def test_a_likely_name_is_hidden_from_those_who_may_not_know_the_customer_and_stays_for_those_who_serve_them(lumi, gives, background):
    item = gives(text="Nimeni on Aino Virtanen ja paketti puuttuu.", touchpoint="delivery")
    background()
    reading = Reading.objects.get(item=item)
    assert "Virtanen" not in reading.masked_text and "paketti puuttuu" in reading.masked_text and reading.has_personal_data
    item.refresh_from_db()
    assert "Aino Virtanen" in item.text


def test_cleaning_twice_is_cleaning_once(lumi, gives, background):
    from luuppi.meaning.cleaning import clean

    item = gives(text="Toimitus myöhästyi")
    background()
    clean([item.pk])
    assert Reading.objects.count() == 1
    assert [i.pk for i in read_items(lumi.mikko, Filters(q="toimitusta"))] == [item.pk]


@pytest.mark.parametrize(("words", "found"), [("toimituksesta", {0}), ("pakettia", {0, 1}), ("leverans", {2}), ("leveransen sen", {2}), ("delivery", set()), ('"; DROP', set()), ("***", {0, 1, 2})])
def test_words_are_found_in_any_form_and_language(lumi, gives, background, words, found):
    items = [gives(text="Toimitus oli myöhässä ja paketti märkä"), gives(text="Paketin koodi ei toiminut"), gives(text="Leveransen kom sent igen, tyvärr", language="sv")]
    background()
    assert {items.index(i) for i in read_items(lumi.mikko, Filters(q=words))} == found


def test_an_item_without_words_is_clean_too(lumi, gives, background):
    item = gives(scores={"nps": 9})
    background()
    assert Reading.objects.get(item=item).masked_text == ""


@pytest.mark.parametrize(
    ("name", "text", "masked"),
    [
        ("Zerbina Virtasalmi", "Zerbina Virtasalmen paketti katosi", "[name] [name] paketti katosi"),
        ("Aino Virtanen", "soitti aino virtaselle. AINO", "soitti aino [name]. [name]"),
        ("Ilo Kivi", "Mikä ilo, kivi putosi! t. Ilo", "Mikä ilo, kivi putosi! t. [name]"),
        ("", "Paketti katosi", "Paketti katosi"),
        (". * (", "Paketti katosi", "Paketti katosi"),
    ],
)
def test_the_givers_own_name_is_hidden_where_it_stands(lumi, gives, background, name, text, masked):
    known = gives(text=text, language="fi", customer={"external_id": "C-1", "name": name})
    typed = gives(text=text, language="fi", customer={"name": name, "email": "a@example.com"}, knows_addresses=False)
    background()
    assert [Reading.objects.get(pk=item.pk).masked_text for item in (known, typed)] == [masked] * 2
