"""Personal data as people write it when nobody asked for a form: other signs, no capitals, endings, signatures."""

import pytest

from luuppi.language.masking import find_personal_data, mask

ODD = {
    "phone": [
        ("fi", "044/1234567", "1234567"), ("fi", "044.123.4567", "123.4567"), ("fi", "0 4 4 1 2 3 4 5 6 7", "1 2 3 4"),
        ("fi", "numeroon 040 / 123 4567", "123 4567"), ("fi", "358441234567", "1234567"), ("fi", "Tilausnumero 0401234567", "0401234567"),
    ],
    "identity_code": [
        ("fi", "131052308T", "131052308T"), ("fi", "131052 308T", "308T"), ("fi", "hetu131052-308T", "131052-308T"),
        ("fi", "hetu 150765 0136", "150765 0136"), ("sv", "811218 9876", "811218 9876"),
    ],
    "iban": [
        ("fi", "tilinro 123456-785", "123456-785"), ("sv", "kontonr 8327-9 123 456 789-0", "8327"), ("sv", "bankgiro 123-4567", "123-4567"),
        ("fi", "IBAN fi 21 1234 5600 0007 85", "1234 5600"), ("en", "account number 12345678", "12345678"),
    ],
    "card": [("en", "4111.1111.1111.1111", "4111")],
    "email": [
        ("fi", "maija.m (a) firma.fi", "maija"), ("fi", "maija.m at gmail.com", "maija"), ("fi", "maija.m @ firma.fi", "maija"),
        ("fi", "maija(at)firma(dot)fi", "maija"), ("fi", "maija@firma,fi", "maija"), ("fi", "maija.m at firma piste fi", "maija"),
        ("sv", "kalle snabel-a telia.com", "kalle"),
    ],
    "plate": [("fi", "auto abc123", "abc123"), ("sv", "regnr abc123", "abc123"), ("fi", "rek.nro bcd-321", "bcd")],
    "address": [
        ("fi", "mannerheimintie 5 a 12", "mannerheim"), ("sv", "ringvägen 100 lgh 1203", "ringvägen 100"), ("fi", "PL 123, 00101 Helsinki", "PL 123"),
        ("sv", "Box 123, 111 22 Stockholm", "Box 123"), ("en", "my postcode is SW1A 1AA", "SW1A"), ("sv", "Ågatan 3", "Ågatan"),
    ],
    "name": [
        ("fi", "nimeni on mikko virtanen", "mikko virtanen"), ("fi", "Hyvä.\n-Liisa Korhonen", "Liisa"), ("sv", "Bra!\n/Anna", "Anna"),
        ("fi", "LIISA KORHONEN", "LIISA"), ("fi", "Korhonen, Liisa", "Liisa"), ("fi", "VIRTANEN PEKKA", "PEKKA"), ("fi", "Jukka P. Nieminen", "Nieminen"),
        ("fi", "Asiakaspalvelija Mikko oli töykeä", "Mikko"), ("fi", "Kiitos Mikolle hyvästä palvelusta", "Mikolle"),
        ("fi", "Liisa Korhosen kanssa", "Korhosen"), ("fi", "hra Niemi", "Niemi"), ("fi", "Tiina kassalta auttoi", "Tiina"),
        ("sv", "Pratade med Lisa", "Lisa"), ("en", "served by Emma", "Emma"), ("en", "Cheers, Dave", "Dave"), ("en", "Emily on reception was rude", "Emily"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_what_is_oddly_written_is_hidden_in_the_copy_all_the_same(kind):
    seen = {text: mask(text, find_personal_data(text, language)) for language, text, _ in ODD[kind]}
    assert [seen[text] for _, text, piece in ODD[kind] if piece in seen[text] or f"[{kind}]" not in seen[text]] == []


def test_what_is_oddly_written_is_only_marked():
    certain = [text for kind in ("phone", "email", "address", "name") for language, text, _ in ODD[kind]
               for span in find_personal_data(text, language) if span.certain]  # fmt: skip
    # A sign in brackets before a whole domain, and a street with its capital, are as sure as any.
    assert certain == ["maija.m (a) firma.fi", "Ågatan 3"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "valtatie 7 on tukossa"), ("fi", "kävelin kotitie 5 km"), ("fi", "ETROASIA EI OLE MUSTAVALKOINEN"), ("fi", "pyörätie 12 puuttuu"),
        ("fi", "Tili 3 kuukautta vanha"), ("sv", "gångvägen 200 meter bort"), ("en", "I called Wells Fargo"), ("en", "Lady on phone was very kind"),
        ("fi", "klo 0 4 ja 5"), ("en", "we met at noon, at yahoo"), ("fi", "- Palvelu oli hyvää"),
    ],
)  # fmt: skip
def test_what_only_looks_odd_is_left(language, text):
    assert find_personal_data(text, language) == []


@pytest.mark.parametrize("text", ["Uusi Tie 5 päivää kesti", "I waited 45 Minutes Way too long", "5 Star Place to be"])
def test_what_is_counted_is_no_certain_house(text):
    assert not any(span.certain for span in find_personal_data(text, "fi"))
