"""Personal data as people write it when nobody asked for a form: other signs, no capitals, endings, signatures."""

import pytest

from luuppi.language.masking import find_personal_data

ODD = {
    "phone": [
        ("fi", "044/1234567", "044/1234567"), ("fi", "044.123.4567", "044.123.4567"), ("fi", "0 4 4 1 2 3 4 5 6 7", "0 4 4 1 2 3 4 5 6 7"),
        ("fi", "numeroon 040 / 123 4567", "040 / 123 4567"), ("fi", "358441234567", "358441234567"), ("fi", "Tilausnumero 0401234567", "0401234567"),
    ],
    "identity_code": [
        ("fi", "131052308T", "131052308T"), ("fi", "131052 308T", "131052 308T"), ("fi", "hetu131052-308T", "131052-308T"),
        ("fi", "hetu 150765 0136", "150765 0136"), ("sv", "811218 9876", "811218 9876"),
    ],
    "iban": [
        ("fi", "tilinro 123456-785", "123456-785"), ("sv", "kontonr 8327-9 123 456 789-0", "8327-9 123 456 789-0"), ("sv", "bankgiro 123-4567", "123-4567"),
        ("fi", "IBAN fi 21 1234 5600 0007 85", "fi 21 1234 5600 0007 85"), ("en", "account number 12345678", "12345678"),
    ],
    "card": [("en", "4111.1111.1111.1111", "4111.1111.1111.1111")],
    "email": [
        ("fi", "maija.m (a) firma.fi", "maija.m (a) firma.fi"), ("fi", "maija.m at gmail.com", "maija.m at gmail.com"), ("fi", "maija.m @ firma.fi", "maija.m @ firma.fi"),
        ("fi", "maija(at)firma(dot)fi", "maija(at)firma(dot)fi"), ("fi", "maija@firma,fi", "maija@firma,fi"), ("fi", "maija.m at firma piste fi", "maija.m at firma piste fi"),
        ("sv", "kalle snabel-a telia.com", "kalle snabel-a telia.com"),
    ],
    "plate": [("fi", "auto abc123", "abc123"), ("sv", "regnr abc123", "abc123"), ("fi", "rek.nro bcd-321", "bcd-321")],
    "address": [
        ("fi", "mannerheimintie 5 a 12", "mannerheimintie 5 a 12"), ("sv", "ringvägen 100 lgh 1203", "ringvägen 100"), ("fi", "PL 123, 00101 Helsinki", "PL 123, 00101 Helsinki"),
        ("sv", "Box 123, 111 22 Stockholm", "Box 123, 111 22 Stockholm"), ("en", "my postcode is SW1A 1AA", "SW1A 1AA"), ("sv", "Ågatan 3", "Ågatan 3"),
    ],
    "name": [
        ("fi", "nimeni on mikko virtanen", "mikko virtanen"), ("fi", "Hyvä.\n-Liisa Korhonen", "Liisa Korhonen"), ("sv", "Bra!\n/Anna", "Anna"),
        ("fi", "LIISA KORHONEN", "LIISA KORHONEN"), ("fi", "Korhonen, Liisa", "Korhonen, Liisa"), ("fi", "VIRTANEN PEKKA", "VIRTANEN PEKKA"), ("fi", "Jukka P. Nieminen", "Jukka P. Nieminen"),
        ("fi", "Asiakaspalvelija Mikko oli töykeä", "Mikko"), ("fi", "Kiitos Mikolle hyvästä palvelusta", "Mikolle"),
        ("fi", "Liisa Korhosen kanssa", "Liisa Korhosen"), ("fi", "hra Niemi", "Niemi"), ("fi", "Tiina kassalta auttoi", "Tiina"),
        ("sv", "Pratade med Lisa", "Lisa"), ("en", "served by Emma", "Emma"), ("en", "Cheers, Dave", "Dave"), ("en", "Emily on reception was rude", "Emily"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_what_is_oddly_written_is_found_from_its_first_to_its_last_letter(kind):
    seen = [(text, [(text[span.start : span.end], span.kind) for span in find_personal_data(text, language)]) for language, text, _ in ODD[kind]]
    assert seen == [(text, [(piece, kind)]) for _, text, piece in ODD[kind]]


def test_what_is_oddly_written_is_only_marked():
    certain = [text for listed in ODD.values() for language, text, _ in listed for span in find_personal_data(text, language) if span.certain]
    # A code right after its word, a whole check sum, a sign in brackets before a whole domain, a plate after a word about a car and a
    # street with its capital are as sure as any.
    assert certain == [
        "hetu131052-308T", "IBAN fi 21 1234 5600 0007 85", "4111.1111.1111.1111", "maija.m (a) firma.fi", "auto abc123", "regnr abc123",
        "rek.nro bcd-321", "Ågatan 3",
    ]  # fmt: skip


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


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        # A listed name with an ending, and what only ends like one.
        ("fi", "Kiitos Idalle", [("Idalle", False)]), ("fi", "Kiitos Annalta", [("Annalta", False)]), ("sv", "Tack Annas", [("Annas", False)]),
        ("fi", "Kiitos Marketalle", [("Marketalle", False)]),
        ("sv", "Tack Bos", []), ("fi", "Puhuin Kovin", []), ("fi", "Liisa Korhoselle kiitos", [("Liisa Korhoselle", False)]),
        # Signed, in capitals, family name first, without a capital: a name that is a word, too, or one without the other, is none.
        ("fi", "-Liisa-Maija K.", [("Liisa-Maija K.", False)]), ("fi", "-Toivo Virtanen", [("Toivo Virtanen", False)]), ("fi", "VIRTANEN TOIVO", []),
        ("fi", "Odotin kadulla 15 minuuttia", []), ("fi", "muutin Satamakadulle 4", [("Satamakadulle 4", True)]),
        ("fi", "Rautatienkatu 8 C 41", [("Rautatienkatu 8 C 41", True)]), ("fi", "Rautatien 8 vaunua", []),
        ("fi", "Olen LIISA KORHONEN", [("LIISA KORHONEN", False)]), ("fi", "Nimi: Korhonen, Liisa", [("Korhonen, Liisa", False)]),
        ("fi", "TALO KORHONEN", []), ("fi", "LIISA TALOSSA", []), ("fi", "Talo, Liisa", []), ("fi", "Korhonen, Talo", [("Korhonen", False)]), ("fi", "Matti, Pekka", []),
        ("fi", "nimeni on mikko mutta", [("mikko", False)]), ("fi", "nimeni on mikko", [("mikko", False)]), ("fi", "nimeni on toivo virtanen", []),
        ("fi", "nimeni on mikko, mitt namn är lisa, jag heter anna, my name is emma, terveisin liisa",
         [("mikko", False), ("lisa", False), ("anna", False), ("emma", False), ("liisa", False)]),
        # Codes without their sign, one behind another that is none, and what a word or the day's century makes sure.
        ("fi", "1310523085 ja 131052-308T", [("131052-308T", True)]), ("sv", "mitt personnummer 8112189876", [("8112189876", True)]),
        ("sv", "198112189876", [("198112189876", True)]), ("sv", "Jag är 811218-9876", [("811218-9876", True)]),
        # A code that is given for a while, to whoever has none yet.
        ("fi", "Tunnus 131052-900W on", [("131052-900W", True)]),
        ("fi", "tilinro 123456-785", [("123456-785", False)]), ("fi", "Osoite PL 123", [("PL 123", False)]),
        # Bare digits after a word for an order are only marked; in groups they are a phone.
        ("fi", "tilaus 0401234567", [("0401234567", False)]), ("fi", "tilaus 040 123 4567", [("040 123 4567", True)]),
        ("fi", "tilaus" + "x" * 14 + " 0401234567", [("0401234567", False)]), ("fi", "tilaus" + "x" * 15 + " 0401234567", [("0401234567", True)]),
        ("fi", "Eilen 044/1234567 soi", [("044/1234567", False)]), ("fi", "Eilen +358 40 123 4567 soi", [("+358 40 123 4567", True)]),
        ("en", "my email is a.b at firm.co.uk", [("a.b at firm.co.uk", True)]), ("sv", "kalle ät telia.com", [("kalle ät telia.com", False)]),
        ("fi", "Osoite on maija.m @ firma.fi", [("maija.m @ firma.fi", False)]), ("fi", "Oma maija.m at gmail.com", [("maija.m at gmail.com", False)]),
        ("fi", "kalle miuku gmail.com", [("kalle miuku gmail.com", False)]), ("en", "JOHN AT GMAIL.COM", [("JOHN AT GMAIL.COM", False)]),
        ("fi", "Ei at eikä ät eikä miuku vaan snabel-a tai liisa.m at gmail.com", [("liisa.m at gmail.com", False)]),
        ("fi", "Ida Tie 12 päivää", [("Ida Tie 12", False)]),
    ],
)  # fmt: skip
def test_where_an_odd_form_ends_and_how_sure_it_is(language, text, expected):
    assert [(text[span.start : span.end], span.certain) for span in find_personal_data(text, language)] == expected
