# mypy: allow-untyped-defs, allow-untyped-calls
"""Where one kind of personal data ends and another, or nothing at all, begins: lengths, first digits, days, distances, pieces."""

from unicodedata import normalize

import pytest
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from luuppi.language.masking import Span, find_personal_data
from luuppi.language.masking.numbers import find_cards, find_ibans, find_identity_codes
from luuppi.language.masking.spans import without_overlaps


def found(text, language="fi"):
    return [(text[span.start : span.end], span.kind, span.certain) for span in find_personal_data(text, language)]


def names(text, language="fi"):
    return [(text[span.start : span.end], span.certain) for span in find_personal_data(text, language) if span.kind == "name"]


def card(first, length):
    body = (first + "1738294650172938465")[: length - 1]
    return body + luhn.calc_check_digit(body)


def swedish(born):
    body = born[-6:] + "323"
    return f"{born}-323{luhn.calc_check_digit(body)}"


# --- cards: ISO/IEC 7812 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "length"),
    [("4", 13), ("4", 16), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15), ("36", 14), ("38", 14),
     ("38", 16), ("36", 19), ("62", 16), ("62", 19), ("65", 16), ("300", 14), ("305", 14), ("6011", 16)],
)  # fmt: skip
def test_a_number_that_begins_and_is_as_long_as_a_card_is_one(first, length):
    number = card(first, length)
    assert [(span.start, span.end, span.certain) for span in find_cards(f"kortti {number} on")] == [(7, 7 + length, True)]


@pytest.mark.parametrize(
    ("first", "length"),
    [("4", 14), ("4", 15), ("4", 17), ("50", 16), ("56", 16), ("2220", 16), ("2721", 16), ("35", 15), ("34", 14), ("37", 16), ("306", 14),
     ("299", 14), ("6012", 16), ("6010", 16), ("36", 15), ("62", 17), ("66", 16), ("63", 16), ("39", 14), ("1", 16), ("55", 14)],
)  # fmt: skip
def test_a_number_of_another_beginning_or_length_is_none(first, length):
    assert list(find_cards(f"kortti {card(first, length)} on")) == []


# --- identity codes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("born", ["000229", "20000229", "960229", "000101", "640861", "640891", "19640823"])
def test_a_swedish_code_of_a_real_day_is_found(born):
    code = swedish(born)
    assert [span.certain for span in find_identity_codes(f"Jag är {code}.", "sv")] == [True]


@pytest.mark.parametrize("born", ["641323", "640832", "640860", "640892", "20010229", "19000229", "640800"])
def test_a_swedish_code_of_no_day_is_none(born):
    assert list(find_identity_codes(f"Mitt personnummer {swedish(born)}.", "sv")) == []


def test_a_swedish_code_in_another_text_needs_the_word_before_it():
    assert found("Tunnus 640823-3234 on tuttu") == []
    assert found("640823-3234 on personnummer") == []
    assert found("Tunnus 131052-308U on hetu") == []


def test_ten_digits_in_swedish_need_the_word_and_twelve_do_not():
    assert not list(find_identity_codes("Jag är 6408233234.", "sv"))
    assert list(find_identity_codes("Jag är 196408233234.", "sv"))


def test_a_wrong_check_digit_is_no_swedish_code():
    assert not list(find_identity_codes("Jag är 640823-3235.", "sv"))


def test_a_code_is_found_behind_one_that_is_none():
    spans = list(find_identity_codes("Siffror 6408233234, order 640823-3234 och jag är 640823-3234.", "sv"))
    assert [(span.start, span.end) for span in spans] == [(49, 60)]
    both = "Siffror 6408233234 och jag är 640823-3234."
    assert [span.start for span in find_identity_codes(both, "sv")] == [both.index("640823-")]


@pytest.mark.parametrize(("gap", "seen"), [(36, True), (37, False)])
def test_a_word_announces_a_code_from_forty_letters_away_at_most(gap, seen):
    assert bool(list(find_identity_codes("hetu" + " " * gap + "131052-308U", "fi"))) is seen
    assert bool(list(find_identity_codes("hetu" + " " * gap + "640823-3234", "fi"))) is seen


@pytest.mark.parametrize(("word", "is_order"), [("kund" + "x" * 12 + ": #", True), ("kund" + "x" * 13 + ": #", False)])
def test_a_word_for_orders_stands_near_the_number(word, is_order):
    assert bool(list(find_identity_codes(f"{word}640823-3234", "sv"))) is not is_order


# --- accounts ------------------------------------------------------------------------------------------------------------------


def iban(country, rest):
    return country + mod_97_10.calc_check_digits(rest + country)[-2:] + rest


def test_an_account_is_found_behind_a_country_without_accounts():
    text = f"ZZ21 1234 5600 0007 85; {iban('FI', '12345600000785')}"
    assert [text[span.start : span.end] for span in find_ibans(text)] == [iban("FI", "12345600000785")]


def test_letters_of_an_account_count():
    code = iban("GB", "XXAX12345698765432")
    assert [(span.start, span.end, span.kind, span.certain) for span in find_ibans(code)] == [(0, 22, "iban", True)]


# --- plates --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fi", "Näin ABC-123 eilen", [("ABC-123", "plate", False)]),
        ("sv", "Jag såg ABC12D igår", [("ABC12D", "plate", False)]),
        ("sv", "Jag såg ABC123 igår", [("ABC123", "plate", False)]),
        ("sv", "Jag såg ABC-123 igår", []),
        ("en", "I saw ABC-123 and ABC12D", []),
        ("fi", "Näin ABC12D eilen", []),
        ("fi", "Näin AB-123 eilen", []),
        ("sv", "Jag såg AB12 CDE igår", []),
        ("fi", "ajoneuvo" + "a" * 39 + " ABC-123", [("ABC-123", "plate", True)]),
        ("fi", "ajoneuvo" + "a" * 40 + " ABC-123", [("ABC-123", "plate", False)]),
    ],
)
def test_a_plate_without_a_car_is_marked_in_its_own_language_alone(language, text, expected):
    assert found(text, language) == expected


# --- phones --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("puh 12345", []),
        ("puh 123456", [("123456", "phone", False)]),
        ("gsm 1234567", [("1234567", "phone", False)]),
        ("soita 12345678901234", [("12345678901234", "phone", False)]),
        ("soita 123456789012345", []),
        ("soita 15.1.2024", []),
        ("numero on 1234567", []),
        ("puhelin" + "a" * 32 + " 1234567", [("1234567", "phone", False)]),
        ("puhelin" + "a" * 33 + " 1234567", []),
        ("puh. 07700 900123", [("07700 900123", "phone", True)]),
        ("luku 07700 900123", []),
    ],
)
def test_other_digits_are_a_phone_after_the_word_for_it_and_never_certain(text, expected):
    assert found(text) == expected


# --- names ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fi", "Terveisin Aino Virtanen", ["Aino Virtanen"]),
        ("fi", "Terveisin, Aino", ["Aino"]),
        ("fi", "Terv. Aino", ["Aino"]),
        ("fi", "Terveisin: Aino", ["Aino"]),
        ("fi", "TervX Aino", []),
        ("fi", "Terveisin" + " " * 21 + "Aino", ["Aino"]),
        ("fi", "Terveisin" + " " * 22 + "Aino", []),
        ("fi", "Terveisin Alli on tyytyväinen", ["Alli"]),
        ("fi", "Terveisin Alli Sähköpostini on uusi", ["Alli"]),
        ("fi", "Terveisin Alli Virtanen Sähköpostini on uusi", ["Alli Virtanen"]),
        ("fi", "Terveisin Salla Puh", ["Salla"]),
        ("fi", "Eilen Mikko tuli", []),
        ("fi", "Kiitos Mikko-Olof!", ["Mikko-Olof"]),
        ("fi", "Mikko-Olof palveli", ["Mikko-Olof"]),
        ("fi", "Eilen Mikko palveli hyvin", ["Mikko"]),
        ("fi", "Eilen Mikko-Olof Virtanen tuli", ["Mikko-Olof Virtanen"]),
        ("fi", "Eilen Aino Koivu-Laine tuli", ["Aino Koivu-Laine"]),
        ("fi", "Eilen Aino Laine tuli", ["Aino Laine"]),
        ("fi", "Eilen Aino Pöytämäki tuli", ["Aino Pöytämäki"]),
        ("fi", "Eilen Aino Ylberg tuli", ["Aino Ylberg"]),
        ("fi", "Eilen Aino Yberg tuli", []),
        ("fi", "Eilen Aino Kaupassa tuli", []),
        ("fi", "Eilen Toivo Virtanen tuli", ["Toivo Virtanen"]),
        ("en", "In May Virtanen came", ["Virtanen"]),
        # Last names that are nothing else need no word before them; those that are words do.
        ("fi", "Virtasen palvelu oli töykeää", ["Virtasen"]),
        ("fi", "Asiantuntija Mäkiselle ja Korhoselta", ["Mäkiselle", "Korhoselta"]),
        ("sv", "Anderssons bemötande var fint", ["Anderssons"]),
        ("fi", "Mäkinen maasto ja Karjalaisen piirakat", []),
        ("fi", "Toinen asiakas, Punaisen oven takana", []),
        ("fi", "Sarille iso kiitos", ["Sarille"]),
        ("fi", "Terveydenhoitaja Päivi kuunteli", ["Päivi"]),
        ("en", "Then Anna May came", []),
        ("en", "Then August Price came", []),
        ("en", "Grace was lovely", []),
    ],
)
def test_names_are_marked_from_their_first_to_their_last_letter(language, text, expected):
    assert names(text, language) == [(name, False) for name in expected]


# --- findings that meet --------------------------------------------------------------------------------------------------------


def test_what_is_unseen_takes_no_certainty_away():
    assert [span.certain for span in find_personal_data("Soita 040\u200b123\u00ad4567, terveisin Aino\u200b")] == [True, False]


def test_of_two_findings_of_one_kind_the_longer_stays():
    short, long = Span(0, 3, "phone", True), Span(0, 5, "phone", True)
    assert without_overlaps([short, long]) == without_overlaps([long, short]) == [long]


def test_findings_that_touch_both_stay_and_each_is_held_against_its_neighbours():
    first, second, third = Span(0, 3, "email", True), Span(3, 6, "card", True), Span(6, 9, "email", True)
    assert without_overlaps([first, second, third]) == [first, second, third]
    inside = Span(4, 5, "name", False)
    assert without_overlaps([first, third, second, inside]) == [first, second, third]
    assert without_overlaps([first, third, inside]) == [first, inside, third]
    overlapping = Span(2, 5, "name", False)
    assert without_overlaps([first, third, Span(20, 22, "email", True), overlapping]) == [first, third, Span(20, 22, "email", True)]
    assert without_overlaps([Span(0, 10, "email", True), Span(20, 22, "email", True), Span(25, 27, "email", True), Span(21, 23, "name", True)]) == [
        Span(0, 10, "email", True), Span(20, 22, "email", True), Span(25, 27, "email", True)
    ]  # fmt: skip


def test_letters_typed_as_letter_and_accent_hide_nothing():
    said = normalize("NFD", "Osoite: Hämeenkatu 5 A 2, kiitos Mäkiselle, åsa.öberg@exempel.se")
    found = [normalize("NFC", said[span.start : span.end]) for span in find_personal_data(said)]
    assert found == ["Hämeenkatu 5 A 2", "Mäkiselle", "åsa.öberg@exempel.se"]


# --- names with endings, two-part names, letters typed as letter and accent -------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [("Eilen Aino-Sarille iso kiitos!", "Aino-Sarille"), ("Eilen Aino-Sari Koski soitti", "Aino-Sari Koski"), ("Näin Mikko Virtasta eilen", "Mikko Virtasta"),
     ("Toivo Virtanen soitti", "Toivo Virtanen"), ("Eilen Annalle iso kiitos", "Annalle"), ("Eilen Aino-Sari kassalla ei kuunnellut", "Aino-Sari"), ("Eilen Sari kassalla ei kuunnellut", "Sari"),
     ("Aino Kivikorpi tuli", "Aino Kivikorpi")],
)  # fmt: skip
def test_a_name_is_found_whole_with_its_ending(text, name):
    assert names(text) == [(name, False)]


def test_a_name_behind_an_and_is_as_unsure_as_the_one_before():
    assert names("Kiitos Mikko ja Aino-Sari!") == [("Mikko", False), ("Aino-Sari", False)]


def test_three_letters_and_a_word_that_only_ends_like_a_name_are_not_enough():
    # "Max", "Pro", "Ari": what is so short is often half a product's name; a last name of the list settles it.
    assert names("Ari Kivikorpi tuli") == [] and names("Ari Virtanen tuli") == [("Ari Virtanen", False)]


@pytest.mark.parametrize("text", ["Naapurille iso kiitos", "Hämäläiselle maistui kahvi", "Karjalaiselle maistui kahvi", "Ericssons telefon"])
def test_who_is_thanked_without_a_name_and_who_may_be_anybody_of_a_place_or_a_make_is_none(text):
    assert names(text) == []


def test_accents_typed_by_themselves_move_no_end():
    text = "\u0301" + normalize("NFD", "Nimeni on Veijo Mäkelä, hei")
    assert names(text) == [(normalize("NFD", "Veijo Mäkelä"), False)]
