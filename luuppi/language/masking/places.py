"""Where a person can be reached: e-mail and street addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from luuppi.language.masking.spans import Span

_LOCAL = r"[A-Za-z0-9ÅÄÖåäöÉéÜü._%+'-]{1,64}"
_DOMAIN = r"(?:[A-Za-z0-9ÅÄÖåäö](?:[A-Za-z0-9ÅÄÖåäö-]{0,61}[A-Za-z0-9ÅÄÖåäö])?\.){1,8}[A-Za-z]{2,24}"
_AT_SIGN = re.compile(r"@|＠|[(\[{] ?(?:at|ät|ätt|miukumauku|snabel-?a) ?[)\]}]", re.I)
_EMAIL = re.compile(rf"(?<![A-Za-z0-9._%+-]){_LOCAL}(?:@|＠| ?[(\[{{] ?(?:at|ät|ätt|miukumauku|snabel-?a) ?[)\]}}] ?){_DOMAIN}", re.I)
# "x at y.z" is mostly a sentence ("meet at no. 5"): only right after a word about mail.
_SPOKEN_EMAIL = re.compile(
    r"(?:sähköpost\w*|s-?posti\w*|\be-?post\w*|\be?-?mail\w*|osoitteeseen|reply to|write to|svara till|skriv till|kuitti)"
    rf"(?: (?:on|är|is))?:? ({_LOCAL} at {_DOMAIN})",
    re.I,
)

_CAPITAL = "[A-ZÅÄÖÉ]"
_WORD = rf"{_CAPITAL}[a-zåäöéü]+"
_TOWN = rf"{_WORD}(?:[ -]{_WORD})?"
_STREET = {
    "fi": re.compile(
        rf"(?<![\w-])(?:{_WORD}[ -]){{0,2}}?(?!(?:Valta|Kanta|Seutu|Maan|Kehä|Moottori|Rauta|Yhdys)tie)"
        rf"(?:{_CAPITAL}[A-ZÅÄÖa-zåäö]{{1,30}}?|{_WORD} )"
        r"(?i:katu|kadu|tie|tiellä|tien|kuja|kujalla|kujan|polku|polun|polulla|rinne|rinteellä|väylä|kaari|kaaren|raitti|raitin|aukio|tori|"
        r"ranta|rannan|mäki|penger|puistikko|puisto|bulevardi|esplanadi|laituri|portti|kulma|rinki|kierto|harju|piha|lenkki|taival|"
        r"syrjä|vainio)(?:lla|n)? "
        rf"[1-9][0-9]{{0,3}}(?: ?- ?[0-9]{{1,3}})?(?: ?[a-zA-H](?![a-zåäö]))?(?:(?: [A-Z])? ?(?:as\.?|asunto|bst)? ?[0-9]{{1,4}}(?![0-9]))?"
        rf"(?:,? (?:FI-)?[0-9]{{5}}(?: {_TOWN})?)?"
    ),
    "sv": re.compile(
        rf"(?<![\w-])(?:{_WORD} ){{0,2}}?(?:{_CAPITAL}[A-ZÅÄÖa-zåäö]{{1,30}}?|{_WORD} )"
        r"(?i:gatan|gata|vägen|väg|gränd|gränden|stigen|stig|torget|torg|allén|allé|backen|backe|plan|platsen|kajen|leden|esplanaden|"
        r"stranden|gården|bågen) "
        rf"[1-9][0-9]{{0,3}}(?: ?[A-Za-h](?![a-zåäö]))?(?:,? (?:lgh|lägenhet) ?[0-9]{{1,4}})?"
        rf"(?:,? (?:SE?-)?[0-9]{{3}} ?[0-9]{{2}}(?: {_TOWN})?)?"
    ),
    "en": re.compile(
        rf"(?<![\w-])[1-9][0-9]{{0,4}}[A-Za-h]? (?:{_WORD} ){{1,3}}?(?:(?:Street|Road|Avenue|Lane|"
        r"Drive|Close|Way|Crescent|Terrace|Gardens|Grove|"
        r"Court|Boulevard|Row|Place)(?![a-z])|(?:St|Rd|Ave|Ln|Blvd)(?![a-z])\.?)"
        rf"(?:, {_TOWN})?(?:,? [A-Z]{{1,2}}[0-9][0-9A-Z]? ?[0-9][A-Z]{{2}})?"
    ),
}


def find_emails(text: str) -> Iterator[Span]:
    """Addresses with @, with (at) and its like, and "x at y.z" right after a word about mail."""
    if _AT_SIGN.search(text):
        for match in _EMAIL.finditer(text):
            yield Span(match.start(), match.end(), "email", True)
    if " at " in text:
        for match in _SPOKEN_EMAIL.finditer(text):
            yield Span(match.start(1), match.end(1), "email", True)


def find_addresses(text: str) -> Iterator[Span]:
    """Street and house number, with flat, postcode and town where they follow. All three languages: a Swede may live in Turku."""
    for pattern in _STREET.values():
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "address", True)
