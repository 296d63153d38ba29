"""The tone of a text from word lists: AFINN, words of customer service, what was not done, emoji; with negation and strength.

A list knows nothing of the organisation, so it serves from the first comment on; what it knows is coarse. Sources in README.md here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from luuppi.language.checking import checked_language
from luuppi.language.spoken import written_forms
from luuppi.language.words import is_known, lemma

_FOLDER = Path(__file__).parent
_PART = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|[.!?;,\n]|[^\w\s.!?;,]+")
_EMOJI = re.compile("[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]")

_NOT = ("n't", "n’t")
# A negation reaches over this many words ("not a very good place"), unless a comma or full stop comes first.
_REACH = 3
# In Swedish the verb comes first: "svarar inte", "hjälpte mig inte". So far back is looked.
_BACK = 2
_SWEDISH_VERB = re.compile(r"(?:r|de|te|tt|[nae]s|stod|kom|fick|gick|tog|bröt|log|kan|vill)$")
# What should have been done and was not ("kukaan ei vastaa") is a complaint, although who answers is not yet praised for it.
_MISSED = -1.5
# A denied praise is nearly a complaint; a denied complaint ("no problems") only half a praise. Hutto & Gilbert (2014) have one value (.74).
_DENIED_PRAISE, _DENIED_COMPLAINT = -0.8, -0.6
# "It would be nice if …", "voisi olla parempi": what is wished for is no praise, and hardly yet a complaint; "could not be better" is praise.
_WISHED = -0.25
# The Finnish ending of what was left undone: "palauttamatta", and of what was not needed: "odottamatta".
_WITHOUT = ("matta", "mättä")
_STRONGER, _WEAKER = 1.4, 0.7
# "Supersuperhyvä"; whoever types more of it says no more.
_MOST_PREFIXES = 3
# What is said after "but" is what is meant (Hutto & Gilbert 2014).
_BEFORE_BUT, _AFTER_BUT = 0.6, 1.3
# The sum at which a text is taken as clearly toned: s / sqrt(s² + 15), as in VADER.
_SATURATION = 15.0


@dataclass(frozen=True)
class Lexicon:
    """Word values −5…5 of one language, by the word as written or by its dictionary form."""

    language: str
    values: Mapping[str, float]
    signs: Mapping[str, float]
    negations: frozenset[str]
    strengtheners: frozenset[str]
    weakeners: frozenset[str]
    buts: frozenset[str]
    missed: frozenset[str]
    wishes: frozenset[str]
    prefixes: tuple[str, ...]

    def is_missed(self, word: str) -> bool:
        """Whether a word in lower case, or its dictionary form, is one whose "not" is a complaint."""
        return word in self.missed or any(one in self.missed for one in self._read_as(word))

    def value(self, word: str) -> float:
        """The value of one word in lower case; 0.0 where neither it nor its dictionary form is listed.

        English is looked up as written: AFINN lists its inflected forms, and dictionary forms added nothing on the development sets.
        """
        rest, strength = word, 1.0
        for _ in range(_MOST_PREFIXES + 1):
            if found := self._listed(rest):
                return strength * found
            begins = next((one for one in self.prefixes if rest.startswith(one) and len(rest) > len(one) + 2), None)
            if begins is None or rest in self.values:
                break
            # A compound such as "superhyvä" or "jättetrevlig" is worth what its last part is.
            rest, strength = rest.removeprefix(begins), _STRONGER
        return 0.0

    def _listed(self, word: str) -> float:
        found = self.values.get(word)
        if found is not None:
            return found
        return next((self.values[one] for one in self._read_as(word) if one in self.values), 0.0)

    def _read_as(self, word: str) -> Iterator[str]:
        """Its dictionary form, and of a spoken Finnish word that no dictionary holds those of what it may be in writing."""
        if self.language == "en":
            return
        yield lemma(word, self.language)
        if self.language == "fi" and not is_known(word, "fi"):
            yield from (lemma(one, "fi") for one in written_forms(word))


@dataclass(frozen=True)
class Tone:
    """What the lists say of one text: `polarity` −1…1; `n` words and signs with a value (0: the lists cannot tell)."""

    polarity: float
    n: int


@lru_cache(maxsize=8)
def read_lexicon(language: str) -> Lexicon:
    """The lexicon of fi, sv or en. Raises ValueError for another language."""
    checked_language(language)
    values = {word.strip().lower(): float(value) for word, value in _read(f"afinn_{language}.json").items()}
    service = _read(f"service_{language}.json")
    values.update({word: float(value) for word, value in service["words"].items()})
    return Lexicon(
        language=language,
        values=MappingProxyType(values),
        signs=MappingProxyType({sign: float(value) for sign, value in _read("signs.json").items()}),
        negations=frozenset(service["negations"]),
        strengtheners=frozenset(service["strengtheners"]),
        weakeners=frozenset(service["weakeners"]),
        buts=frozenset(service["buts"]),
        missed=frozenset(service["missed"]),
        wishes=frozenset(service["wishes"]),
        prefixes=tuple(service["prefixes"]),
    )


def tone_of(text: str, lexicon: Lexicon) -> Tone:
    """The tone of one cleaned text. Tone(0.0, 0) where it is empty or no word is listed."""
    read = _Reading(lexicon)
    for part in _PART.findall(text):
        word = part.lower()
        if part in ".!?;,\n":
            read.end_clause()
        elif not word[0].isalpha():
            read.weighted += [value for value in _sign_values(part, lexicon) if value]
        elif word in lexicon.buts:
            read.turn()
        elif word in lexicon.negations or word.endswith(_NOT):
            read.deny(word)
        else:
            read.take(word)
    return _tone(read.weighted)


class _Reading:
    """What has been read of a text: the values so far (0.0 stands for a "but"), how far the last "not" is, and how strong the next word is."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.weighted: list[float] = []
        self.end_clause()

    def end_clause(self) -> None:
        self.since_negation, self.strength = _REACH + 1, 1.0
        self.since_wish, self.previous = _REACH + 1, ""
        self.missed: int | None = None
        self.before: list[tuple[str, int | None]] = []

    def turn(self) -> None:
        self.weighted = [value * _BEFORE_BUT for value in self.weighted]
        self.weighted.append(0.0)
        self.since_negation, self.missed, self.before = _REACH + 1, None, []

    def deny(self, word: str) -> None:
        """From here words are denied; in Swedish the verb just before is, too."""
        self.since_negation = 0
        if word.endswith(_NOT):
            self.previous = word[: -len(_NOT[0])]  # "couldn't be": what could be is denied
        if self.lexicon.language != "sv":
            return
        for word, place in reversed(self.before[-_BACK:]):
            if _SWEDISH_VERB.search(word):
                if place is not None:
                    self.weighted[place] = _said(self.weighted[place], denied=True)
                elif self.lexicon.is_missed(word):
                    self._miss()
                break
        self.before = []

    def take(self, word: str) -> None:
        self.since_negation += 1
        self.since_wish += 1
        without = self.lexicon.language == "fi" and word.endswith(_WITHOUT) and word not in self.lexicon.values
        denied = without or self.since_negation <= _REACH
        place = None
        value = self.lexicon.value(word)
        if word in self.lexicon.wishes or f"{self.previous} {word}" in self.lexicon.wishes:
            self.since_wish = 0
        self.previous = word
        wished = value > 0 and self.since_wish <= _REACH
        if word in self.lexicon.strengtheners:
            self.strength = _STRONGER
        elif word in self.lexicon.weakeners:
            self.strength = _WEAKER
        elif value:
            if denied and (value < 0 or wished) and self.missed is not None:
                # "Ei löydy moitittavaa", "kunde inte vara bättre": what was missed is the complaint itself, or anything better.
                del self.weighted[self.missed]
                self.missed, self.before = None, []
            place = len(self.weighted)
            self.weighted.append(_wished(value, denied) if wished else _said(value * self.strength, denied=denied))
            self.strength = 1.0
        elif denied and self.missed is None and self.lexicon.is_missed(word):
            self._miss()
        self.before.append((word, place))

    def _miss(self) -> None:
        self.missed = len(self.weighted)
        self.weighted.append(_MISSED)


def _said(value: float, *, denied: bool) -> float:
    if not denied:
        return value
    return value * (_DENIED_PRAISE if value > 0 else _DENIED_COMPLAINT)


def _wished(value: float, denied: bool) -> float:
    return value if denied else value * _WISHED


def _sign_values(part: str, lexicon: Lexicon) -> list[float]:
    whole = lexicon.signs.get(part)
    if whole is not None:
        return [whole]
    return [lexicon.signs.get(sign, 0.0) for sign in _EMOJI.findall(part)]


def _tone(weighted: list[float]) -> Tone:
    # A 0.0 among the values marks the last "but".
    last_but = len(weighted) - 1 - weighted[::-1].index(0.0) if 0.0 in weighted else len(weighted)
    total = sum(value * (_AFTER_BUT if position > last_but else 1.0) for position, value in enumerate(weighted))
    n = sum(1 for value in weighted if value)
    return Tone(polarity=total / math.sqrt(total * total + _SATURATION), n=n)


def _read(name: str) -> Any:
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))
