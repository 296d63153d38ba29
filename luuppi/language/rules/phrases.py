"""A list of phrases, ready to look for in many texts.

A phrase can stand only where the letters of its words do. Looking for plain letters takes a fraction of what its pattern takes, so
the pattern is tried only on texts that hold them; what is found is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_BETWEEN = r"[^\w.!?]+"
_GAP = r"(?:[^\w.!?]+\w+){0,4}[^\w.!?]+"
_START = r"^[^\w]*"
_LETTERS = r"[\w'’-]*"


@dataclass(frozen=True)
class _Phrase:
    """letters: for each word of the phrase that has any, the letters of which one must be there; expression: how it is written."""

    letters: tuple[tuple[str, ...], ...]
    expression: str
    pattern: re.Pattern[str]


class Phrases:
    """Phrases in the form that the package describes; texts are given in lower case."""

    def __init__(self, phrases: tuple[str, ...]) -> None:
        self._phrases = tuple(map(_phrase, phrases))

    def may_be_in(self, text: str) -> bool:
        """False where surely no phrase stands in the text or in any part of it that ends between words; quick."""
        return next(self._likely(text), None) is not None

    def are_in(self, text: str) -> bool:
        """Whether one of the phrases stands in the text."""
        return any(phrase.pattern.search(text) for phrase in self._likely(text))

    def taken_out_of(self, text: str) -> str:
        """The text with each phrase replaced by " ; ", so that what stood around it does not become one phrase."""
        likely = tuple(phrase.expression for phrase in self._likely(text))
        return _either(likely).sub(" ; ", text) if likely else text

    def _likely(self, text: str) -> Iterator[_Phrase]:
        for phrase in self._phrases:
            for letters in phrase.letters:
                for one in letters:
                    if one in text:
                        break
                else:
                    break
            else:
                yield phrase


@lru_cache(maxsize=512)
def phrases_of(phrases: tuple[str, ...]) -> Phrases:
    # The same lists come again with every text, so each is made ready once.
    return Phrases(phrases)


@lru_cache(maxsize=512)
def _either(expressions: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expression})" for expression in expressions))


def _phrase(phrase: str) -> _Phrase:
    words = [word for word in phrase.split() if word not in ("..", "^")]
    letters = [found for word in words if (found := _letters_needed(word))]
    # The word that is least likely to be there is looked for first.
    letters.sort(key=lambda of_word: -min(map(len, of_word)) / len(of_word) ** 0.5)
    expression = _expression(phrase)
    return _Phrase(tuple(letters), expression, re.compile(expression))


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
