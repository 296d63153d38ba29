"""A list of phrases, ready to look for in many texts.

A phrase can stand only where the letters of its words do. Looking for plain letters takes a fraction of what its pattern takes, so
the pattern is tried only on texts that hold them; what is found is the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_BETWEEN = r"[^\w.!?]+"
_GAP = r"(?:[^\w.!?]+\w+){0,4}[^\w.!?]+"
_START = r"^[^\w]*"
_LETTERS = r"[\w'’-]*"


@dataclass(frozen=True)
class _Phrase:
    """letters: for each word of the phrase that has any, the letters of which one must be there; expression: what its pattern is made of."""

    written: str
    letters: tuple[tuple[str, ...], ...]
    expression: str

    def may_be_in(self, text: str) -> bool:
        """False where it surely stands neither in the text nor in a part of it that ends between words; quick."""
        for letters in self.letters:
            for one in letters:
                if one in text:
                    break
            else:
                return False
        return True

    def is_in(self, text: str) -> bool:
        return _pattern(self.expression).search(text) is not None


class Phrases:
    """Phrases to look for; texts are given in lower case."""

    def __init__(self, phrases: tuple[_Phrase, ...]) -> None:
        self._phrases = phrases

    def __iter__(self) -> Iterator[_Phrase]:
        return iter(self._phrases)

    @property
    def written(self) -> tuple[str, ...]:
        return tuple(phrase.written for phrase in self._phrases)

    def are_in(self, text: str) -> bool:
        """Whether one of the phrases stands in the text."""
        return any(phrase.is_in(text) for phrase in self._likely(text))

    def taken_out_of(self, text: str) -> str:
        """The text with each phrase replaced by " ; ", so that what stood around it does not become one phrase."""
        likely = tuple(phrase.expression for phrase in self._likely(text))
        return _pattern("|".join(f"(?:{expression})" for expression in likely)).sub(" ; ", text) if likely else text

    def _likely(self, text: str) -> Iterator[_Phrase]:
        return (phrase for phrase in self._phrases if phrase.may_be_in(text))


class Index:
    """Lists of phrases under a few letters of each, so that of a thousand phrases only those few are looked at whose letters a text has."""

    def __init__(self, lists: Mapping[str, Phrases]) -> None:
        self._names = tuple(lists)
        self._phrases = [(place, phrase) for place, of_one in enumerate(lists.values()) for phrase in of_one]
        shared = Counter(gram for _, phrase in self._phrases for letters in phrase.letters for one in letters for gram in _grams(one))
        self._always: list[int] = []
        self._under: dict[str, list[int]] = {}
        for number, (_, phrase) in enumerate(self._phrases):
            keys = [_rarest(letters, shared) for letters in phrase.letters]
            best = min((key for key in keys if key), key=lambda grams: sum(shared[gram] for gram in grams), default=())
            for gram in best:
                self._under.setdefault(gram, []).append(number)
            if not best:
                self._always.append(number)

    def possible_in(self, text: str) -> dict[str, Phrases]:
        """Under the names of their lists the phrases that may stand in the text or in a part of it; the others surely stand in none."""
        numbers = set(self._always).union(*(self._under[gram] for gram in self._under.keys() & _grams(text)))
        found: dict[str, list[_Phrase]] = {}
        for place, phrase in (self._phrases[number] for number in sorted(numbers)):
            if phrase.may_be_in(text):
                found.setdefault(self._names[place], []).append(phrase)
        return {name: Phrases(tuple(of_one)) for name, of_one in found.items()}


def _grams(text: str) -> set[str]:
    return {text[start : start + n] for n in (3, 5) for start in range(len(text) - n + 1)}


def _rarest(letters: tuple[str, ...], shared: Counter[str]) -> tuple[str, ...]:
    """For each of the alternatives the five letters of it, in a short one three, that fewest phrases have; () where one is shorter still."""
    if any(len(one) < 3 for one in letters):
        return ()
    return tuple({min(_grams(one), key=lambda gram: (-len(gram), shared[gram], gram)) for one in letters})


@lru_cache(maxsize=512)
def phrases_of(phrases: tuple[str, ...]) -> Phrases:
    """The phrases made ready, in the form that the package describes. The same lists come again with every text, so each is made once."""
    return Phrases(tuple(map(_phrase, phrases)))


@lru_cache(maxsize=4096)
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> _Phrase:
    words = [word for word in phrase.split() if word not in ("..", "^")]
    letters = [found for word in words if (found := _letters_needed(word))]
    # The word that is least likely to be there is looked for first.
    letters.sort(key=lambda of_word: -min(map(len, of_word)) / len(of_word) ** 0.5)
    return _Phrase(phrase, tuple(letters), _expression(phrase))


def _letters_needed(word: str) -> tuple[str, ...]:
    """The longest plain piece of each alternative; () where one of them has none, because then any letters may do."""
    longest = [max(re.split(r"[*#_]", one), key=len) for one in word.split("|") if one]
    return tuple(longest) if all(longest) else ()


def _expression(phrase: str) -> str:
    parts: list[str] = []
    gap = ""
    for word in phrase.split():
        if word == "..":
            gap = _GAP
            continue
        if word == "^":
            gap = _START
            continue
        parts += [gap or (_BETWEEN if parts else ""), _word(word)]
        gap = ""
    return "".join(parts)


def _word(word: str) -> str:
    either = "|".join(_letters(one) for one in word.split("|") if one)
    starts = r"(?<!\w)" if word[0].isalnum() or word[0] in "*#" else ""
    ends = r"(?!\w)" if word[-1].isalnum() or word[-1] in "*#" else ""
    return f"{starts}(?:{either}){ends}"


def _letters(word: str) -> str:
    kinds = {"*": _LETTERS, "#": r"\d+", "_": _BETWEEN}
    return "".join(kinds.get(part, re.escape(part)) for part in re.split(r"([*#_])", word) if part)
