"""The pieces of a text by which a person's judgement is learnt: letters within words, stems, and small words that stand together."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from luuppi.language.words import LONGEST_WORD, stem_words, stop_words

KINDS = ("letters", "stems", "near")
Pieces = tuple[frozenset[str], ...]

# Of how many pieces of each kind a text is at least taken to be: two words must not weigh as much as two sentences.
_AT_LEAST = (150, 16, 40)
# Pieces of letters in a long text.
_LONG = 250

# Two to five letters of a word: stems and endings, also of words that nobody wrote before.
_SHORTEST, _LONGEST = 2, 5
# Small words up to this many places apart: what is said about whom ("you … not …"), whatever the matter is.
_REACH = 5
# Of a word that carries the matter only its ending counts there.
_ENDING = 2
# What is further down in a long text would outweigh what is asked here; a reply or message is shorter.
_MOST_WORDS = 400

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[.,!?;:]")


def pieces_of(text: str, language: str) -> Pieces:
    """The distinct pieces of each of `KINDS`; empty sets for a text without words. text: cleaned; language: fi, sv or en."""
    words = [word[:LONGEST_WORD] for word in _WORD.findall(text.lower())[:_MOST_WORDS]]
    stems = stem_words(words, language)
    pairs = (f"{one} {other}" for one, other in pairwise(stems))
    letters = frozenset().union(*map(_letters, set(words)))
    return letters, frozenset((*stems, *pairs)), frozenset(_near(words, stop_words(language)))


@lru_cache(maxsize=50_000)
def _letters(word: str) -> frozenset[str]:
    if not word[0].isalnum() and word not in "!?":
        return frozenset()
    padded = f" {word} "
    lengths = range(_SHORTEST, _LONGEST + 1)
    return frozenset(padded[start : start + length] for length in lengths for start in range(max(1, len(padded) - length + 1)))


def _near(words: list[str], small: frozenset[str]) -> set[str]:
    plain = [word if word in small or not word[0].isalpha() else f"_{word[-_ENDING:]}" for word in words]
    return {f"{one}~{other}" for place, one in enumerate(plain) for other in plain[place + 1 : place + 1 + _REACH]}


def share_of_one(kind: int, n: int) -> float:
    """What one of the `n` pieces of a text counts, by the place of its kind in `KINDS`."""
    return float(max(n, _AT_LEAST[kind]) ** -0.5)


def is_long(pieces: Pieces) -> bool:
    """Some twenty words or more."""
    return len(pieces[0]) >= _LONG
