"""Names of people. No list holds all names and many names are words, so every finding is uncertain: a person confirms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from luuppi.language.masking.spans import Span

_NAME = r"[A-ZÅÄÖÉÜ][a-zåäöéèüæøï']+(?:-[A-ZÅÄÖÉÜ][a-zåäöéèüæøï']+)?"
_FULL = rf"{_NAME}(?: (?:von|af|de|van|Mc|O') ?{_NAME}| {_NAME}){{0,2}}"
_CAPITALISED = re.compile(rf"(?<![\w'-]){_NAME}")
_WHOLE = re.compile(_FULL)
# After these a name is expected: any capitalised word will do. Each begins with a space, so "dr" does not match in "hundr".
_INTRODUCERS = (
    *(
        " nimeni on",
        " minua palveli",
        " palvelijani oli",
        " myyjänä oli",
        " terveisin",
        " terv",
        " terkuin",
        " t",
        " nimim",
        " herra",
        " rouva",
        " neiti",
        " nimeltä",
        " hra",
        " rva",
        " tri",
    ),
    *(
        " mitt namn är",
        " jag heter",
        " fick hjälp av",
        " hjälptes av",
        " betjänades av",
        " hälsningar",
        " hälsar",
        " mvh",
        " vänligen",
        " herr",
        " fru",
        " doktor",
    ),
    *(" my name is", " served by", " helped by", " dealt with by", " spoke to", " spoke with", " regards", " sincerely", " cheers", " named"),
    *(" nurse called", " lady called", " woman called", " man called", " girl called", " someone called", " somebody called"),
    *(" mr", " mrs", " ms", " miss", " dr"),
)
# After these a name may follow: the word must be in the list of first names.
_THANKERS = (
    *(" kiitos", " kiitokset", " terveiset", " terveisiä", " hoitaja", " lääkäri", " asiakaspalvelija", " myyjä", " virkailija", " neuvoja"),
    *(" asiakaspalvelijanne", " asiakaspalvelijasi", " myyjänne", " puhuin", " keskustelin", " asioin", " pratade med", " talade med", " tackar"),
    *(" kuljettaja", " asentaja", " esimies", " tack", " tack till", " sköterska", " säljare", " säljaren", " handläggare", " handläggaren"),
    *(" thanks", " thank you", " thanks to", " thank", " nurse", " doctor", " driver", " receptionist"),
    *(" asiantuntija", " sairaanhoitaja", " lähihoitaja", " terveydenhoitaja", " lastenhoitaja", " hammaslääkäri", " fysioterapeutti", " kätilö"),
    *(" opettaja", " ohjaaja", " rehtori", " vartija", " siivooja", " tarjoilija", " kampaaja", " päällikkö", " hoitajalle", " lääkärille"),
    *(" läkare", " läkaren", " tandläkare", " tandläkaren", " barnmorska", " barnmorskan", " sköterskan", " lärare", " läraren", " föraren"),
    *(" chauffören", " kassören", " rektor", " montören", " teknikern", " rådgivaren", " vårdaren", " träffade"),
    *(" mieheni", " vaimoni", " äitini", " isäni", " poikani", " tyttäreni", " siskoni", " veljeni", " lapseni", " kaverini", " naapurini"),
    *(" min mamma", " min pappa", " min son", " min dotter", " min man", " min fru", " min syster", " min bror", " min granne"),
    *(" my husband", " my wife", " my mother", " my father", " my mum", " my dad", " my son", " my daughter", " my sister", " my brother"),
    *(" hoiti", " palveli", " auttoi", " neuvoi", " opasti"),
    *(" teacher", " cashier", " advisor", " adviser", " technician", " midwife", " consultant", " engineer", " colleague", " waiter", " waitress"),
)
# "Mikko palveli", "Anna was lovely": a listed name that does what people do.
_MUCH = "(?:todella |tosi |erittäin |hyvin |aivan |mycket |väldigt |så |otroligt )?"
_LIKE = (
    "töykeä|ystävällinen|mukava|ihana|ammattitaitoinen|avulias|asiallinen|tyly|epäystävällinen|kiva|loistava|upea|"
    "trevlig|otrevlig|hjälpsam|vänlig|ovänlig|snäll|oförskämd|underbar|kunnig|proffsig"
)
_THERE = r"(?: (?:from|on|at|in|i|på) (?:the )?[a-zåäö]+| [a-zåäö]+(?:lta|ltä|sta|stä|lla|llä|ssa|ssä))?"
_ACTING = re.compile(
    rf"({_NAME})(?={_THERE} (?:palveli|auttoi|hoiti|neuvoi|soitti|vastasi|hjälpte|ringde|svarade|bemötte|(?:oli|var) {_MUCH}(?:{_LIKE})|"
    r"(?:was|is) (?:very |so |really |absolutely |extremely )?(?:lovely|helpful|kind|friendly|rude|brilliant|amazing|fantastic|great|"
    r"wonderful|excellent|polite|patient|awful)|helped me|served me|called me|explained)\b)"
)
# "Sarille iso kiitos", "Anna förtjänar": a listed name to which thanks go.
_THANKED = re.compile(
    rf"({_NAME})(?= (?:(?:iso|suuri|lämmin|valtava|kaunis|erityinen|suur) ?)?(?:kiito[ks]|kiitti|terveis|ruusu|plussa|peukku|pisteet)|"
    r" (?:förtjänar|deserves)\b)"
)
# "Ville kassalla", "Camilla i receptionen", "Sarah on reception": a listed name where people stand at work.
_AT_WORK = re.compile(
    rf"({_NAME})(?= (?:kassalla|vastaanotossa|vastaanotosta|tiskillä|puhelimessa|asiakaspalvelussa|asiakaspalvelusta|"
    r"(?:i|från) (?:kassan|receptionen|växeln|disken|kundtjänst|butiken)|"
    r"(?:on|at|in|from) (?:the )?(?:front desk|reception|desk|till|checkout|counter|customer services?|accounts))(?!\w))"
)
# "Priya and Tom": a listed name joined to one that was found.
_JOINED = re.compile(rf" (?:ja|och|and|&|sekä|samt) ({_NAME})(?![\w-])")
# Last names that are nothing else, with their endings: they need no word before them. Not -sta: Turusta is a town, not a Turunen.
_LONE_FAMILY = re.compile(
    r"(?<![\w'-])[A-ZÅÄÖ][a-zåäö]{2,}(?:nen|sen|seen|ses[ts][aä]|sell[aäe]|selt[aä]|sen[aä]|ssons?)(?![\w-])"
)
_BEFORE_FAMILY = re.compile(rf"(?<![\w'])(?<!\w-)({_NAME}) $")
# Looked ahead, so that the middle word of "Eilen Mikko Virtanen" can be a first name although it was tried as a last one.
_PAIR = re.compile(rf"(?<![\w'-])(?=({_NAME})(?: [A-ZÅÄÖ]\.?)? ({_NAME})(?![\w-]))")
# "Terveisin Alli Sähköpostini on …": what is followed by a verb begins the next sentence.
_VERB_NEXT = re.compile(r" (?:on|oli|är|var|is|was|ei|inte|not)\b")
# A name that stands alone on its line, as letters end: "-Liisa Korhonen", "/Anna".
_SIGNED = re.compile(rf"(?:^|\n)[ \t]*[-/–] ?({_NAME})(?: {_NAME}| [A-ZÅÄÖ]\.?)?[ \t.!]*(?=\n|$)")
_CAPITAL_PAIR = re.compile(r"(?<![\w'-])(?=([A-ZÅÄÖÉÜ]{3,20}) ([A-ZÅÄÖÉÜ]{3,20})(?![\w-]))")
_LAST_FIRST = re.compile(rf"(?<![\w'-])({_NAME}), ({_NAME})(?![\w-])")
# Only where a name must follow is one taken without its capital.
_NAME_FOLLOWS = ("nimeni on ", "mitt namn är ", "jag heter ", "my name is ", "terveisin ")
_SMALL = re.compile(rf"(?:{'|'.join(_NAME_FOLLOWS)})([a-zåäöéü]{{2,20}})(?: ([a-zåäöéü-]{{3,24}}))?", re.I)
_GIVEN_ENDS = ("lle", "lta", "ltä", "n", "a", "ä", "s")
_FAMILY_ENDS = re.compile(r"(?:sen|selle|selta|seltä|sella|sellä|sta|stä|sessa|sessä|seen|sesta|sestä|sena|senä)$")
_SURNAME_END = re.compile(r"(?:nen|sson|ström|berg|lund|qvist|kvist|gren|stedt|holm|mäki|niemi|lahti|järvi|koski|ranta|harju|salo|vaara)$")

# Behind a first name of the list these, too, end a last name; alone many are places and things.
_BUILT_LIKE_FAMILY = re.compile(
    r"^(?:Suvanto|Kallio|Virta|Korpi|Kangas|Pelto|Aho|Oja|Saari|Lampi|Nummi|Rinne|\w{3,}(?:korpi|saari|kallio|virta|kangas|pelto|aho|oja|joki|suo|lampi|tola|kari|nummi|rinne|suvanto|tamminen|[aeiouyäö]l[aä]|"
    r"man|mann|dahl|borg|mark|lind|fors|vall|hed|sten|stam|son|sen|(?<!al)ley|ton|ford|wood|worth|field|shaw|ham|well))$"
)

# "Marcus Goldman Sachs", "Anna Holmen Oy": with one more capital it is mostly a firm.
_FIRM = re.compile(r" [A-ZÅÄÖ]")


def find_names(text: str) -> Iterator[Span]:
    """Names after words that introduce one, thanked first names, first names that act or stand at work, first + last names, and names joined
    to them by an "and"."""
    for span in _single_names(text):
        yield span
        joined = _JOINED.match(text, span.end)
        if joined and _is_given(joined.group(1).split("-")[0], _only_names()):
            yield Span(joined.start(1), joined.end(1), "name", False)


def _single_names(text: str) -> Iterator[Span]:
    firsts, lasts, never, words_too = map(_listed, ("first_names.txt", "last_names.txt", "not_names.txt", "names_that_are_words.txt"))
    for match in _CAPITALISED.finditer(text):
        name = match.group()
        if name in never:
            continue
        before = f" {text[max(0, match.start() - 30) : match.start()]}".rstrip().rstrip(".,:").lower()
        if before.endswith(_INTRODUCERS) or (before.endswith(_THANKERS) and _is_given(name.split("-")[0], firsts)):
            yield _without_next_sentence(text, match.start())
    for match in _ACTING.finditer(text):
        name = match.group(1)
        if name not in never and name not in words_too and name.split("-")[0] in firsts:
            yield Span(match.start(1), match.end(1), "name", False)
    for match in _THANKED.finditer(text):
        if match.group(1) not in never and _is_given(match.group(1).split("-")[0], _only_names()):
            yield Span(match.start(1), match.end(1), "name", False)
    for match in _LONE_FAMILY.finditer(text):
        name = _FAMILY_ENDS.sub("nen", match.group()).removesuffix("s")
        # With an ending "Mäkiselle" is hardly a hilly place; "Karjalaiselle" may be any Karelian.
        a_word = name in words_too and (name == match.group() or name.endswith(("ainen", "äinen", "sson")))
        if name in lasts and not a_word:
            given = _BEFORE_FAMILY.search(text, max(0, match.start() - 40), match.start())
            whole = given and given.group(1) not in never and given.group(1).split("-")[0] in firsts
            yield Span(given.start(1) if given and whole else match.start(), match.end(), "name", False)
    for match in _AT_WORK.finditer(text):
        if match.group(1).split("-")[0] in _only_names():
            yield Span(match.start(1), match.end(1), "name", False)
    for match in _PAIR.finditer(text):
        first, last = match.groups()
        if first in never or first in words_too or last in never or first.split("-")[0] not in firsts:
            continue
        if _is_family(last, lasts) or (len(first) > 3 and _BUILT_LIKE_FAMILY.search(last) and not _FIRM.match(text, match.end(2))):
            yield Span(match.start(1), match.end(2), "name", False)
    yield from _oddly_written(text)


def _oddly_written(text: str) -> Iterator[Span]:
    """Names signed with a dash, in capitals, family name first, or without a capital where a name must follow."""
    firsts, lasts = _only_names(), _listed("last_names.txt")
    for match in _SIGNED.finditer(text):
        if match.group(1).split("-")[0] in firsts:
            yield Span(match.start(1), match.end(), "name", False)
    for match in _CAPITAL_PAIR.finditer(text):
        first, last = (part.capitalize() for part in match.groups())
        if (first in firsts and last in lasts) or (first in lasts and last in firsts):
            yield Span(match.start(1), match.end(2), "name", False)
    for match in _LAST_FIRST.finditer(text):
        last, first = match.groups()
        if first in firsts and last in lasts and last not in firsts:
            yield Span(match.start(1), match.end(2), "name", False)
    small = text.lower()
    for match in _SMALL.finditer(text) if any(words in small for words in _NAME_FOLLOWS) else ():
        first, last = match.group(1).capitalize(), (match.group(2) or "").capitalize()
        if first in firsts:
            yield Span(match.start(1), match.end(2) if last and _is_family(last, lasts) else match.end(1), "name", False)


def _is_given(name: str, firsts: frozenset[str]) -> bool:
    """Whether a first name of the list, also with a Finnish or Swedish ending ("Mikolle" of Mikko, "Annas" of Anna)."""
    if name in firsts:
        return True
    for end in _GIVEN_ENDS:
        base = name.removesuffix(end)
        if base != name and len(base) > 2 and (base in firsts or (end[0] in "ln" and f"{base[:-1]}{base[-2]}{base[-1]}" in firsts)):
            return True
    return False


def _is_family(name: str, lasts: frozenset[str]) -> bool:
    """Whether a last name of the list or built like one, also with a Finnish ending ("Korhosen" of Korhonen)."""
    if name in lasts or name.split("-")[-1] in lasts or (len(name) > 5 and _SURNAME_END.search(name)):
        return True
    return _FAMILY_ENDS.sub("nen", name) in lasts


def _without_next_sentence(text: str, start: int) -> Span:
    """The name that begins at `start`, without a word behind it that begins the next sentence ("Terveisin Salla Puh")."""
    match = _WHOLE.match(text, start)
    assert match is not None
    words = match.group().split(" ")
    kept = words[:1]
    for word in words[1:]:
        if word in _listed("not_names.txt"):
            break
        kept.append(word)
    end = start + len(" ".join(kept))
    if len(kept) > 1 and _VERB_NEXT.match(text, end):
        end -= len(kept[-1]) + 1
    return Span(start, end, "name", False)


@lru_cache(maxsize=1)
def _only_names() -> frozenset[str]:
    """First names that are no words besides."""
    return _listed("first_names.txt") - _listed("names_that_are_words.txt") - _listed("not_names.txt")


@lru_cache(maxsize=4)
def _listed(name: str) -> frozenset[str]:
    lines = files("luuppi.language").joinpath("data", name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
