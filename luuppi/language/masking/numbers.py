"""Numbers that name a person: identity codes, bank accounts, cards, phones, plates. Checksums decide wherever there are any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from luuppi.language.masking.spans import Span

# Letters of an account number by country, from the SWIFT IBAN registry.
IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FO": 18,
    "FR": 27, "GB": 22, "GI": 23, "GL": 18, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26,
    "UA": 29,
}  # fmt: skip

_FINNISH_CODE = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=hetu)|(?<=unnus))([0-3][0-9][01][0-9]{3})(?: ?([-+A-FU-Ya-fu-y]) ?| ?)([0-9]{3}[0-9A-Ya-y])(?![0-9A-Za-z])"
)
_SWEDISH_CODE = re.compile(r"(?<![0-9A-Za-z+-])((?:19|20|18)?[0-9]{6}) ?([-+]?) ?([0-9]{4})(?![0-9A-Za-z])")
_CODE_WORD = re.compile(r"hetu|henkilö-?tunn|sotu|personnummer|person-?nr|\bpnr\b|identity (?:code|number)|personal (?:id|code)", re.I)
# 20240115-1234 is what orders are numbered like, and it passes: after such a word it is taken for what the word says.
_ORDER_WORD = re.compile(
    r"(?:order|beställning|faktura|ärende|kund|referens|\bref\b|\bocr\b|org\.?|bokning|tilaus|viite|lasku)"
    r"[^ .!?]{0,12}[.:]? ?#?$",
    re.I,
)
# Numbers of accounts as they were before IBAN, and of Swedish giros: no country, no remainder by 97, so only after the word.
_OLD_ACCOUNT = re.compile(
    r"(?:\btili(?:lle|ni|ltä|nro|n?numero\w*)?|\bkonto(?:t|n|nr|nummer)?|\bclearing\w*|\b(?:bank|plus)giro(?:t)?|\b[bp]g|\bswish\w*|"
    r"\baccount(?: number| no)?|\bsort code)(?: (?:on|är|is))?[.:]? ?"
    r"((?<![0-9])[0-9](?:[ -]{0,2}[0-9]){5,17})(?![0-9A-Za-z]|[.,/:][0-9])",
    re.I,
)
_IBAN = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2} ?[0-9]{2}(?:[ -]?[0-9A-Za-z]){11,30}")
_CARD = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{13,19}|[0-9]{4}([ .-])[0-9]{4}\1[0-9]{4}\1[0-9]{1,7}|"
    r"3[47][0-9]{2}([ -])[0-9]{6}\2[0-9]{5})(?![0-9])"
)
_PLATE = re.compile(
    r"(?<![0-9A-Za-zÅÄÖåäö-])(?:[A-ZÅÄÖ]{2,3}-[0-9]{1,3}|[A-Z]{3} ?[0-9]{2}[0-9A-Z]|[A-Z]{2}[0-9]{2} ?[A-Z]{3}|"
    r"[a-zåäö]{2,3}-[0-9]{1,3}|[A-ZÅÄÖ]{3} [0-9]{1,3}|[a-zåäö]{3} ?[0-9]{2}[0-9a-z])(?![0-9A-Za-zÅÄÖåäö-])"
)
_CAR_WORD = re.compile(
    r"\b(?:auto|autoni|autolle|autossa|autosta|auton|autooni|ajoneuvo\w*|rekkari\w*|rekisteri\w*|rek\.? ?nro|pakettiauto\w*|bil|bilen|bilens|"
    r"reg\.?(?:nr|istreringsnummer)?|registreringsnummer\w*|car|vehicle|van|plate|registration)\b[^.!?\n]{0,24}$",
    re.I,
)
_FINNISH_PLATE = re.compile(r"[A-ZÅÄÖ]{3}-[0-9]{3}")
_SWEDISH_PLATE = re.compile(r"[A-Z]{3}[0-9]{2}[0-9A-Z]")


def find_identity_codes(text: str, language: str) -> Iterator[Span]:
    """Finnish codes in any text, by their check character; Swedish ones in Swedish text or after a word such as personnummer.

    Order numbers pass the Swedish checksum one time in ten, and a bare run of ten digits is more often a phone: it needs the word.
    """
    from stdnum import luhn
    from stdnum.fi import hetu

    for match in _FINNISH_CODE.finditer(text):
        born, sign, rest = match.groups()
        named = bool(_CODE_WORD.search(text, max(0, match.start() - 40), match.start()))
        if not sign and rest.isdigit() and not named:
            continue  # ten digits in a row are a phone or an order
        # A code typed without its sign: one in thirty such runs passes by chance, so it is only marked.
        if hetu.is_valid(f"{born}{sign or '-'}{rest}".upper(), allow_temporary=True):
            yield Span(match.start(), match.end(), "identity_code", bool(sign) or named)
        elif named:
            # One wrong letter in a code does not make it less personal.
            yield Span(match.start(), match.end(), "identity_code", False)
    for match in _SWEDISH_CODE.finditer(text):
        born, sign, rest = match.groups()
        named = bool(_CODE_WORD.search(text, max(0, match.start() - 40), match.start()))
        parted = bool(sign) or " " in match.group()
        if not named and (language != "sv" or (not parted and len(born) == 6)):
            continue
        if _ORDER_WORD.search(text[max(0, match.start() - 40) : match.start()]):
            continue
        if _is_swedish_birth(born) and luhn.is_valid(born[-6:] + rest):
            yield Span(match.start(), match.end(), "identity_code", named or bool(sign) or len(born) == 8)


def find_ibans(text: str) -> Iterator[Span]:
    """Account numbers of the countries in IBAN_LENGTHS whose remainder by 97 is 1 (ISO 13616); older ones after a word, as uncertain."""
    from stdnum.iso7064 import mod_97_10

    for match in _IBAN.finditer(text):
        length = IBAN_LENGTHS.get(match.group()[:2].upper())
        if length is None:
            continue
        places = [place for place in range(match.start(), match.end()) if text[place] not in " -"][:length]
        code = "".join(text[place] for place in places).upper()
        if len(code) == length and mod_97_10.is_valid(code[4:] + code[:4]):
            yield Span(match.start(), places[-1] + 1, "iban", True)
    for match in _OLD_ACCOUNT.finditer(text):
        yield Span(match.start(1), match.end(1), "iban", False)


def find_cards(text: str) -> Iterator[Span]:
    """13–19 digits that start as a payment card does (ISO/IEC 7812) and pass Luhn's check."""
    from stdnum import luhn

    for match in _CARD.finditer(text):
        digits = re.sub(r"[ .-]", "", match.group())
        if _is_card_issuer(digits) and luhn.is_valid(digits):
            yield Span(match.start(), match.end(), "card", True)


def find_plates(text: str, language: str) -> Iterator[Span]:
    """Number plates. Sure only after a word about a car: flights, products and standards look the same."""
    for match in _PLATE.finditer(text):
        if _CAR_WORD.search(text[max(0, match.start() - 48) : match.start()]):
            yield Span(match.start(), match.end(), "plate", True)
        elif (language == "fi" and _FINNISH_PLATE.fullmatch(match.group())) or (
            language == "sv" and _SWEDISH_PLATE.fullmatch(match.group())
        ):
            yield Span(match.start(), match.end(), "plate", False)


def _is_swedish_birth(born: str) -> bool:
    """YYMMDD or YYYYMMDD of a real day; a coordination number adds 60 to the day."""
    year, month, day = int(born[:-4]), int(born[-4:-2]), int(born[-2:])
    try:
        # Without its century a 29 February must not be refused: 2000 had one.
        date(year if year > 99 else 2000 + year, month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _is_card_issuer(digits: str) -> bool:
    first_two, first_four, length = int(digits[:2]), int(digits[:4]), len(digits)
    if digits[0] == "4":
        return length in (13, 16, 19)
    if 51 <= first_two <= 55 or 2221 <= first_four <= 2720:
        return length == 16
    if first_two in (34, 37):
        return length == 15
    return length in (14, 16, 19) and (first_two in (36, 38, 62, 65) or 300 <= int(digits[:3]) <= 305 or first_four == 6011)
