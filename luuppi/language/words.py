"""From a comment to its words: cleaned text, words, dictionary lemmas, Snowball stems.

What people write holds zero-width characters, letters typed as letter + accent, lone surrogates from broken clients and sometimes
ten megabytes of a log file. It is made harmless here, once, so that the modules above see plain words.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from luuppi.language.checking import checked_texts

# A comment of the product holds 50 000 characters at most; what stands after the first 20 000 does not change its tone or theme.
LONGEST_READ = 20_000
# Nothing longer is a word; a run of ten thousand letters must not become fifty thousand pieces.
LONGEST_WORD = 40

_STEMMERS = {"fi": "finnish", "sv": "swedish", "en": "english"}
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_PLAIN = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "´": "'"} | dict.fromkeys("\n\r\t\v\f\u2028\u2029\u0085", " "))
_local = threading.local()


def clean_text(text: str) -> str:
    """The text with composed letters and without invisible characters, at most `LONGEST_READ` characters of it.

    Control, format (zero-width, bidi) and surrogate characters go; line breaks and tabs become spaces. "" for a text of only such.
    """
    text = text[:LONGEST_READ]
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return composed if composed.isprintable() else "".join(_harmless(sign) for sign in composed)


def clean_texts(texts: Iterable[object], argument: str = "texts") -> list[str]:
    """The texts cleaned, in their order. Raises ValueError naming the argument and the place of what is not a text."""
    return [clean_text(text) for text in checked_texts(texts, argument)]


def split_words(text: str) -> list[str]:
    """The words of a text in lower case, in their order; numbers, signs and emoji are none. [] for an empty text."""
    return _WORD.findall(clean_text(text).lower())


@lru_cache(maxsize=200_000)
def lemma(word: str, language: str) -> str:
    """The dictionary form of a word in lower case; the word itself where the dictionary does not know it.

    Source: simplemma (MIT). Its Finnish dictionary takes some seconds at the first word.
    """
    import simplemma

    return str(simplemma.lemmatize(word, lang=language)).lower()


@lru_cache(maxsize=20_000)
def is_known(word: str, language: str) -> bool:
    """Whether the dictionary of `lemma` holds the word in lower case. Names of places and products are not in it."""
    import simplemma

    return bool(simplemma.is_known(word, lang=language))


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The Snowball stem of a word in lower case. Source: PyStemmer (BSD/MIT)."""
    return str(_stemmer(language).stemWord(word))


def stem_words(words: Sequence[str], language: str) -> list[str]:
    """The Snowball stem of each word in lower case, in their order; of a word longer than `LONGEST_WORD`, of its beginning.

    Source: Porter (2001), Snowball: a language for stemming algorithms.
    """
    stems: list[str] = _stemmer(language).stemWords([word[:LONGEST_WORD] for word in words])
    return stems


@lru_cache(maxsize=3)
def stop_words(language: str) -> frozenset[str]:
    """Words that say nothing about a theme, from data/stop_words_…txt."""
    return frozenset(word for line in _lines(f"stop_words_{language}.txt") for word in line.split())


@lru_cache(maxsize=3)
def themeless_words(language: str) -> frozenset[str]:
    """Words and dictionary forms that name no theme: the stop words and those of data/no_theme_…txt."""
    return stop_words(language) | frozenset(word for line in _lines(f"no_theme_{language}.txt") for word in line.split())


def _lines(name: str) -> list[str]:
    lines = files("luuppi.language").joinpath("data", name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def _harmless(sign: str) -> str:
    return "" if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") else sign


def _stemmer(language: str) -> Any:
    # A Snowball object keeps its place in the word while it works, so each thread has its own.
    stemmers: dict[str, Any] = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        import Stemmer

        stemmers[language] = Stemmer.Stemmer(_STEMMERS[language])
    return stemmers[language]
