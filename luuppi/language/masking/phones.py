"""Phone numbers as Finnish, Swedish, British and American people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from luuppi.language.masking.spans import Span

_SEP = r"[ ./-]?"
_INTERNATIONAL = re.compile(r"(?<![0-9A-Za-z])(?:\+ ?|00)([1-9](?:[ ./-]{0,2}[()]?[ ]?[0-9]){6,14})(?![0-9])")
# Mobile numbers and area codes; not 0800, 0600, 010, 020, 029, 030: those are numbers of organisations.
_MOBILE = {
    "fi": re.compile(r"(?<![0-9A-Za-z+-])\(?0(?:4[0-9]|50|457)\)?(?:[ -]?[0-9]){5,8}(?![0-9]|[.,:/-][0-9])"),
    "sv": re.compile(rf"(?<![0-9A-Za-z+-])\(?07[02369]\)?{_SEP}(?:[0-9]{_SEP}){{6}}[0-9](?![0-9])"),
    "en": re.compile(r"(?<![0-9A-Za-z+-])07[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![0-9])"),
}
# A mobile number in the groups in which people say it is one in a text of any of the three languages: customers of a Finnish or Swedish
# organisation who write in English still have their own number. Without the groups it might be an order, and needs a word before it.
_MOBILE_IN_GROUPS = {
    "fi": re.compile(
        r"(?<![0-9A-Za-z+-])(?<![0-9][ .,/])\(?0(?:4[0-9]{1,2}|50)\)?[ -](?=(?:[ -]?[0-9]){6,8}(?![0-9A-Za-z]|[ .,:/-][0-9]))"
        r"(?:[0-9]{6,8}|[0-9]{2,4}(?:[ -][0-9]{2,4}){1,2})(?![0-9])"
    ),
    "sv": re.compile(
        r"(?<![0-9A-Za-z+-])(?<![0-9][ .,/])\(?07[02369]\)?[ -](?:[0-9]{7}|[0-9]{3} [0-9]{2} [0-9]{2}|[0-9]{2} [0-9]{2} [0-9]{3}|[0-9]{3} [0-9]{4})"
        r"(?![0-9A-Za-z]|[ .,:/-][0-9])"
    ),
}
_LANDLINE = {
    "fi": re.compile(
        r"(?<![0-9A-Za-z+-])(?:\(0(?:[235689]|1[3-9])\) ?|0(?:[235689]|1[3-9])[ -])"
        r"(?:[1-9][0-9]{1,3}(?: ?[0-9]{2,4}){1,2}|[0-9]{3} ?[0-9]{3,4})(?![0-9]|[.,:/-][0-9])"
    ),
    "sv": re.compile(
        r"(?<![0-9A-Za-z+-])\(?0(?:8|[1-6][0-9]{1,2}|9[0-9]{1,2})\)?[ -][0-9]{2,3}(?: ?[0-9]{2,3}){1,3}(?![0-9]|[.,:/-][0-9])"
    ),
    "en": re.compile(
        r"(?<![0-9A-Za-z+-])(?:02[0-9] ?[0-9]{4} ?[0-9]{4}|01[0-9]{3} ?[0-9]{5,6}|01[0-9]1 ?[0-9]{3} ?[0-9]{4}|"
        r"\([2-9][0-9]{2}\) ?[0-9]{3}-[0-9]{4}|[2-9][0-9]{2}[-.][0-9]{3}[-.][0-9]{4})(?![0-9])"
    ),
}
# Groups parted by other signs, a country code without its plus, or digits one by one: no order is written so, but nobody is sure.
_ODD_MOBILE = re.compile(
    r"(?<![0-9A-Za-z+.,/-])(?:0(?:4[0-9]|50)( / |[./])[0-9]{3}(?:\1| )?[0-9]{3,4}|0(?:4[0-9]|50)([./])[0-9]{2,3}\2[0-9]{2}\2[0-9]{2}|"
    r"0 (?:[47] [0-9]|5 0)(?: [0-9]){7}|"
    r"358 ?(?:4[0-9]|50)[ -]?[0-9]{3}[ -]?[0-9]{4}|46 ?7[02369][ -]?[0-9]{3} ?[0-9]{2} ?[0-9]{2})(?![0-9A-Za-z]|[.,:/-][0-9])"
)
# What a word for an order announces is mostly that, and is only marked.
_ORDER_WORD = re.compile(
    r"(?:tilaus|viite|lasku|asiakas|seuranta|order|faktura|beställning|ärende|kund|reference|invoice)[^ .!?0-9]{0,14}[.:]? ?#?$", re.I
)
_ANYTHING = re.compile(r"(?<![0-9A-Za-z+./-])[(+]?[0-9](?:[ ./()-]{0,2}[0-9]){4,13}(?![0-9A-Za-z])")
_PHONE_WORD = re.compile(
    r"(?:\bpuh(?:\b|elin\w*)|\bp\. ?$|\bgsm\b|numero(?:on|ni|sta|ssa)\b|soit(?:a\w*|takaa|telkaa)|"
    r"tavoittaa|yhteydenotto\w*|"
    r"\btele?(?:fon\w*)?\b|\bring\w*\b|\bnås på\b|"
    r"\bmobil\w*|\bphone\w*|\bcall\w*|\bmy number|\btext me\b|\bcell\b|whatsapp)[^0-9.!?\n]{0,20}[.:]? ?\(?$",
    re.I,
)
_DATE_OR_TIME = re.compile(
    r"[0-3]?[0-9]([./-])[01]?[0-9]\1(?:[0-9]{2}){1,2}|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}|"
    r"[0-2]?[0-9][.:][0-5][0-9] ?- ?[0-2]?[0-9][.:][0-5][0-9]"
)


def find_phones(text: str, language: str) -> Iterator[Span]:
    """Numbers with a country code that the numbering plans know; national mobile and landline forms of the text's language, Finnish and
    Swedish mobile numbers in groups in any text, and all forms of the other languages after a word such as "puh" or "call me"; any
    other run of 6–14 digits after such a word, mobile numbers in odd groups, and bare ones after a word for an order, as uncertain."""
    for match in _INTERNATIONAL.finditer(text):
        if _is_known_abroad("+" + re.sub("[^0-9]", "", match.group(1))):
            yield Span(match.start(), match.end(), "phone", True)
    for code in ("fi", "sv", "en"):
        for pattern in (_MOBILE[code], _LANDLINE[code]):
            for match in pattern.finditer(text):
                if code == language or _is_announced(text, match.start()):
                    ordered = match.group().isdigit() and _ORDER_WORD.search(text[max(0, match.start() - 32) : match.start()])
                    yield Span(match.start(), match.end(), "phone", not ordered)
    for pattern in _MOBILE_IN_GROUPS.values():
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "phone", True)
    for match in _ODD_MOBILE.finditer(text):
        yield Span(match.start(), match.end(), "phone", False)
    for match in _ANYTHING.finditer(text):
        digits = sum(letter.isdigit() for letter in match.group())
        if 6 <= digits <= 14 and _is_announced(text, match.start()) and not _DATE_OR_TIME.match(match.group()):
            yield Span(match.start(), match.end(), "phone", False)


def _is_announced(text: str, start: int) -> bool:
    return bool(_PHONE_WORD.search(text[max(0, start - 40) : start]))


@lru_cache(maxsize=4096)
def _is_known_abroad(number: str) -> bool:
    """Whether +… has a country code and a length that its numbering plan allows."""
    import phonenumbers

    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(number, None)))
    except phonenumbers.NumberParseException:
        return False
