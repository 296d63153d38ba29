"""Personal data in a text: where it is, of which kind, and the text without it.

numbers.py and phones.py hold what has digits, places.py e-mail and street addresses, names.py names, spans.py how findings meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import combining, is_normalized, normalize

from luuppi.language.checking import checked_language, checked_text
from luuppi.language.masking.names import find_names
from luuppi.language.masking.numbers import find_cards, find_ibans, find_identity_codes, find_plates
from luuppi.language.masking.phones import find_phones
from luuppi.language.masking.places import find_addresses, find_emails
from luuppi.language.masking.spans import KINDS, Span, checked_spans, without_overlaps

__all__ = ["KINDS", "Span", "find_personal_data", "mask"]

# Each stands for one letter, so places stay what they were.
_ALIKE = {ord(sign): " " for sign in "\u00a0\u2007\u2009\u202f\u2002\u2003"}
_ALIKE |= {ord(sign): "-" for sign in "\u2010\u2011\u2012\u2013\u2014\u2212"}
_ALIKE |= {0xFF10 + digit: str(digit) for digit in range(10)}
# Signs that are not seen: soft hyphens, zero-width and direction marks. Inside a number they would hide it.
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_DIGIT = re.compile("[0-9]")
# Six digits that may belong together: the least that a code, account, card or phone has.
_LONG_NUMBER = re.compile("[0-9](?:[^0-9\n]{0,3}[0-9]){5}")


def find_personal_data(text: str, language: str = "fi") -> list[Span]:
    """Findings of identity codes, accounts, cards, phones, e-mail, plates, addresses and names, by place and without overlaps.

    text: any string of any length; the time is linear in it. language: fi, sv or en, whose number forms are taken without a word
    that announces them. Returns [Span(start, end, kind, certain)] with text[start:end] as written; [] where there is nothing.
    Names are never certain: a person confirms them. Signs that cannot be seen do not hide a number.
    Raises ValueError for a text that is not a string or an unknown language.
    Source: check digits by ISO 13616 (IBAN), ISO/IEC 7812 (cards, Luhn), DVV and Skatteverket (identity codes) through python-stdnum;
    numbering plans through phonenumbers; the rest are patterns of this package.
    """
    checked_text(text, "text")
    checked_language(language)
    seen, places = _as_seen(text)
    found = without_overlaps(_search(seen, language))
    if places is None:
        return found
    return [Span(places[span.start][0], places[span.end - 1][1], span.kind, span.certain) for span in found]


def mask(text: str, spans: Sequence[Span]) -> str:
    """The text with each finding replaced by its kind in brackets: "call [phone]". Overlapping findings become the first one's kind.

    Returns the text itself when `spans` is empty. Raises ValueError naming a span that is outside the text or of no known kind.
    """
    checked_text(text, "text")
    parts: list[str] = []
    done = 0
    for span in checked_spans(text, spans):
        if span.start >= done:
            parts += [text[done : span.start], f"[{span.kind}]"]
        done = max(done, span.end)
    return "".join([*parts, text[done:]])


def _search(seen: str, language: str) -> Iterator[Span]:
    # Most comments have no digit: only then is a text searched for what needs them.
    if _DIGIT.search(seen):
        if _LONG_NUMBER.search(seen):
            yield from find_identity_codes(seen, language)
            yield from find_ibans(seen)
            yield from find_cards(seen)
            yield from find_phones(seen, language)
        yield from find_plates(seen, language)
        yield from find_addresses(seen)
    yield from find_emails(seen)
    yield from find_names(seen)


def _as_seen(text: str) -> tuple[str, list[tuple[int, int]] | None]:
    """The text as a reader sees it, and where each of its letters begins and ends in the original (None where they are the same).

    A letter that was typed as letter and accent is one letter.
    """
    if text.isascii():
        return text, None
    alike = text.translate(_ALIKE)
    if not _UNSEEN.search(alike) and is_normalized("NFC", alike):
        return alike, None
    seen: list[str] = []
    places: list[tuple[int, int]] = []
    for place, sign in enumerate(alike):
        if _UNSEEN.match(sign):
            continue
        whole = normalize("NFC", seen[-1] + sign) if seen and combining(sign) else ""
        if len(whole) == 1:
            seen[-1], places[-1] = whole, (places[-1][0], place + 1)
        else:
            seen.append(sign)
            places.append((place, place + 1))
    return "".join(seen), places
