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
    ),
    *(" my name is", " was served by", " was helped by", " dealt with by", " spoke to", " spoke with", " regards", " sincerely", " named"),
    *(" mr", " mrs", " ms", " miss", " dr"),
)
# After these a name may follow: the word must be in the list of first names.
_THANKERS = (
    *(" kiitos", " kiitokset", " hoitaja", " lääkäri", " tack", " tack till", " sköterska"),
    *(" thanks", " thank you", " thanks to", " thank", " nurse", " doctor", " driver", " receptionist"),
)
# "Mikko palveli", "Anna was lovely": a listed name that does what people do.
_ACTING = re.compile(
    rf"({_NAME})(?= (?:palveli|auttoi|hoiti|neuvoi|soitti|vastasi|hjälpte|ringde|svarade|bemötte|"
    r"(?:was|is) (?:very |so |really |absolutely |extremely )?(?:lovely|helpful|kind|friendly|rude|brilliant|amazing|fantastic|great|"
    r"wonderful|excellent|polite|patient)|helped me|served me|called me|explained)\b)"
)
# Looked ahead, so that the middle word of "Eilen Mikko Virtanen" can be a first name although it was tried as a last one.
_PAIR = re.compile(rf"(?<![\w'-])(?=({_NAME}) ({_NAME})(?![\w-]))")
# "Terveisin Alli Sähköpostini on …": what is followed by a verb begins the next sentence.
_VERB_NEXT = re.compile(r" (?:on|oli|är|var|is|was|ei|inte|not)\b")
_SURNAME_END = re.compile(r"(?:nen|sson|ström|berg|lund|qvist|kvist|gren|stedt|holm|mäki|niemi|lahti|järvi|koski|ranta|harju|salo|vaara)$")


def find_names(text: str) -> Iterator[Span]:
    """Names after words that introduce one, thanked first names, first names that act, and first + last names of the lists."""
    firsts, lasts, never, words_too = map(_listed, ("first_names.txt", "last_names.txt", "not_names.txt", "names_that_are_words.txt"))
    for match in _CAPITALISED.finditer(text):
        name = match.group()
        if name in never:
            continue
        before = f" {text[max(0, match.start() - 30) : match.start()]}".rstrip().rstrip(".,:").lower()
        if before.endswith(_INTRODUCERS) or (before.endswith(_THANKERS) and name.split("-")[0] in firsts):
            yield _without_next_sentence(text, match.start())
    for match in _ACTING.finditer(text):
        name = match.group(1)
        if name not in never and name not in words_too and name.split("-")[0] in firsts:
            yield Span(match.start(1), match.end(1), "name", False)
    for match in _PAIR.finditer(text):
        first, last = match.groups()
        if first in never or first in words_too or last in never or first.split("-")[0] not in firsts:
            continue
        if last in lasts or last.split("-")[-1] in lasts or (len(last) > 5 and _SURNAME_END.search(last)):
            yield Span(match.start(1), match.end(2), "name", False)


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


@lru_cache(maxsize=4)
def _listed(name: str) -> frozenset[str]:
    lines = files("luuppi.language").joinpath("data", name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
