"""Where a person can be reached: e-mail and street addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from luuppi.language.masking.spans import Span

_LOCAL = r"[A-Za-z0-9ÅÄÖåäöÉéÜü._%+'-]{1,64}"
_DOMAIN = r"(?:[A-Za-z0-9ÅÄÖåäö](?:[A-Za-z0-9ÅÄÖåäö-]{0,61}[A-Za-z0-9ÅÄÖåäö])?\.){1,8}[A-Za-z]{2,24}"
_BRACKETED = r"[(\[{] ?(?:at|a|ät|ätt|miukumauku|snabel-?a) ?[)\]}]"
_AT_SIGN = re.compile(rf"@|＠|{_BRACKETED}", re.I)
_EMAIL = re.compile(rf"(?<![A-Za-z0-9._%+-]){_LOCAL}(?:@|＠| ?{_BRACKETED} ?){_DOMAIN}", re.I)
# Written around: blanks beside the sign, dots as words or mistyped, and mail hosts that everybody knows after a bare "at".
_DOT = r" ?(?:\.|,|[(\[{] ?(?:dot|piste|punkt) ?[)\]}]| (?:dot|piste|punkt) ) ?"
_NOT_BEFORE = r"(?<![A-Za-z0-9._%+-])"
_ODD_EMAIL = re.compile(
    rf"{_NOT_BEFORE}{_LOCAL}(?: ?[@＠] ?| ?{_BRACKETED} ?)[a-z0-9åäö-]{{2,60}}(?:{_DOT}[a-z0-9-]{{2,40}}){{0,3}}?{_DOT}"
    r"(?:fi|se|com|net|org|eu|uk|no|dk|de|ee|nu|info)(?![a-zåäö0-9])",
    re.I,
)
_BARE_AT = r" (?:at|ät|miuku|snabel-a) "
_HOSTED_EMAIL = re.compile(
    rf"{_NOT_BEFORE}{_LOCAL}{_BARE_AT}(?:gmail|hotmail|outlook|yahoo|icloud|live|telia|luukku|elisanet|saunalahti|kolumbus|suomi24|bredband)"
    rf"{_DOT}(?:com|fi|se|net|org)(?![a-zåäö0-9])|"
    rf"{_NOT_BEFORE}[a-z0-9åäö]+\.[a-z0-9åäö.]+{_BARE_AT}[a-z0-9-]{{2,40}}(?: piste | punkt | dot )(?:com|fi|se|net|org)(?![a-zåäö0-9])",
    re.I,
)
# "x at y.z" is mostly a sentence ("meet at no. 5"): only right after a word about mail.
_SPOKEN_EMAIL = re.compile(
    r"(?:sähköpost\w*|s-?posti\w*|\be-?post\w*|\be?-?mail\w*|osoitteeseen|reply to|write to|svara till|skriv till|kuitti)"
    rf"(?: (?:on|är|is))?:? ({_LOCAL} at {_DOMAIN})",
    re.I,
)

_CAPITAL = "[A-ZÅÄÖÉ]"
_WORD = rf"{_CAPITAL}[a-zåäöéü]+"
_TOWN = rf"{_WORD}(?:[ -]{_WORD})?"
# As they are, and as they are before -n, -lla, -lle and -lta: "Satamakatu 4", "Satamakadulle 4". Only those that name little else.
_INFLECTED = "katu|kadu|tie|kuja|polku|polu|rinne|rintee|väylä|kaari|kaare|raitti|raiti"
_OTHER_ENDS = (
    "aukio|tori|ranta|rannan|mäki|penger|puistikko|puisto|bulevardi|esplanadi|laituri|portti|kulma|rinki|kierto|harju|piha|lenkki|"
    "taival|syrjä|vainio"
)
_STREET = {
    "fi": re.compile(
        rf"(?<![\w-])(?:{_WORD}[ -]){{0,2}}?(?!(?:Valta|Kanta|Seutu|Maan|Kehä|Moottori|Rauta|Yhdys)tie(?:n|llä|lle|ltä)? )"
        rf"(?:{_CAPITAL}[A-ZÅÄÖa-zåäö]{{1,30}}?|{_WORD} )"
        rf"(?i:(?:{_INFLECTED})(?:n|lla|llä|lle|lta|ltä)?|(?:{_OTHER_ENDS})(?:lla|n)?) "
        rf"[1-9][0-9]{{0,3}}(?: ?- ?[0-9]{{1,3}})?(?: ?[a-zA-H](?![a-zåäö]))?(?:(?: [A-Z])? ?(?:as\.?|asunto|bst)? ?[0-9]{{1,4}}(?![0-9]))?"
        rf"(?:,? (?:FI-)?[0-9]{{5}}(?: {_TOWN})?)?"
    ),
    "sv": re.compile(
        rf"(?<![\w-])(?:{_WORD} ){{0,2}}?(?:{_CAPITAL}[A-ZÅÄÖa-zåäö]{{0,30}}?|{_WORD} )"
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


# Typed without capitals: only endings that hardly any other word has, and only marked.
_SMALL_ENDS = (
    "(?:katu|kadu(?:lla|lle|lta|n)|tie(?:llä|lle|ltä|n)?|kuja(?:lla|lle|lta|n)?|polku|polu(?:lla|lle|lta|n)|raitti|raiti(?:lla|n)|"
    "gatan|vägen|gränd|stigen)"
)
_NO_STREET = (
    "valta|kanta|seutu|maan|kehä|moottori|rauta|yhdys|rata|pyörä|kävely|ajo|työ|koti|linja|pää|sivu|hätäpoistumis|"
    "kävel|motor|järn|cykel|gång|riks|lands|huvud|omväg|genväg|halv"
)
_UNIT = r"(?:km|m|min|minuut|metri|tunti|h|päiv|viik|vuo|kk|kpl|kert|€|e|euro|%|:|kr|dag|tim|veck|år|gång|ast)"
_SMALL_STREET = re.compile(
    rf"(?<![\w-])(?!(?:{_NO_STREET})(?:tie|katu|vägen|väg|gatan)\w*)[a-zåäö]{{3,24}}{_SMALL_ENDS} "
    r"[1-9][0-9]{0,2}(?: ?[a-h](?![a-zåäö0-9]))?(?: ?[0-9]{1,3})?"
    rf"(?![0-9.,:/%-]*[0-9])(?! ?{_UNIT}\w*\b)"
)
_SMALL_STREET_END = re.compile(rf"{_SMALL_ENDS} [1-9]")
_BOX = re.compile(
    r"(?<![\w-])(?:PL|Postilokero|Box|PO Box|P\.O\. ?Box|PB) [0-9]{1,5}"
    rf"(?:,? (?:FI-|SE-)?[0-9]{{3}} ?[0-9]{{2}}(?: {_TOWN})?)?(?![0-9])"
)
_UK_POSTCODE = re.compile(r"(?<![\w-])[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}(?![\w-])")
# "5 Star Place", "45 Minutes Way", "Tie 5 päivää": what is counted is hardly a house.
_COUNTED = re.compile(
    r"[0-9]+ (?:Stars?|Minutes?|Hours?|Days?|Weeks?|Months?|Years?|Miles?|Times?|People)\b|"
    r".* [0-9]+(?= ?(?:päiv|viik|minuut|min\b|tunti|tuntia|km\b|kertaa|euro|€|dagar|timmar|minuter|veckor))",
    re.S,
)
_NO_NAME = re.compile(r" (?:kadulla|tiellä|kujalla|polulla|gatan|vägen) [0-9]")


def find_emails(text: str) -> Iterator[Span]:
    """Addresses with @, with (at) and its like, and "x at y.z" right after a word about mail; what is written around it, as uncertain."""
    if _AT_SIGN.search(text):
        for match in _EMAIL.finditer(text):
            yield Span(match.start(), match.end(), "email", True)
        for match in _ODD_EMAIL.finditer(text):
            yield Span(match.start(), match.end(), "email", False)
    if any(sign in text.lower() for sign in (" at ", " ät ", " miuku ", " snabel-a ")):
        for match in _HOSTED_EMAIL.finditer(text):
            yield Span(match.start(), match.end(), "email", False)
        for match in _SPOKEN_EMAIL.finditer(text):
            yield Span(match.start(1), match.end(1), "email", True)


def find_addresses(text: str) -> Iterator[Span]:
    """Street and house number, with flat, postcode and town where they follow. All three languages: a Swede may live in Turku.
    Streets without capitals, boxes and British postcodes are uncertain."""
    for pattern in _STREET.values():
        for match in pattern.finditer(text):
            counted = _COUNTED.match(text[match.start() : match.end() + 8])
            # "Odotin kadulla 15 minuuttia" names no street at all.
            if not (counted and _NO_NAME.search(match.group())):
                yield Span(match.start(), match.end(), "address", not counted)
    for pattern in (*([_SMALL_STREET] if _SMALL_STREET_END.search(text) else []), _BOX, _UK_POSTCODE):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "address", False)
