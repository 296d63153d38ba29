"""Texts as numbers of words, and all counts (stems, pairs of stems, character pieces) derived from those numbers.

A word is cut into its pieces once, not once for each place where it stands: counts of pieces in a text are its counts of words times
the pieces of each word. That is what makes a million comments a matter of minutes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from unicodedata import is_normalized, normalize

import numpy as np
import numpy.typing as npt

from luuppi.language.masking.spans import KINDS
from luuppi.language.sparse import Counts, by_row
from luuppi.language.words import LONGEST_READ, LONGEST_WORD

# What masking.mask leaves in the place of personal data is no word that the customer said.
_MASKED = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Words:
    """vocabulary: V different lower-case words; ids int32[m]: the words of all texts in order; starts int64[n + 1]: text i is
    ids[starts[i]:starts[i + 1]]."""

    vocabulary: list[str]
    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    @property
    def n_texts(self) -> int:
        return len(self.starts) - 1

    def without(self, left_out: frozenset[str]) -> Words:
        """The same texts without some words."""
        kept = np.asarray([word not in left_out for word in self.vocabulary], dtype=np.bool_)[self.ids]
        n_kept = np.bincount(self.rows()[kept], minlength=self.n_texts)
        return Words(self.vocabulary, self.ids[kept], np.concatenate([[0], np.cumsum(n_kept)]).astype(np.int64))

    def rows(self) -> npt.NDArray[np.int64]:
        """The text to which each of the ids belongs, int64[m]."""
        return np.repeat(np.arange(self.n_texts), np.diff(self.starts))


def read_words(texts: Sequence[str]) -> Words:
    """Words (letters and digits) of each text, lower-case, in order. A text without any has none; n = 0 gives none at all.

    Letters that were typed as letter and accent (as some machines send them) are put together: they would part a word in three."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    ids: list[int] = []
    starts = [0]
    number = numbers.__getitem__
    for text in texts:
        said = text[:LONGEST_READ]
        if not said.isascii() and not is_normalized("NFC", said):
            said = normalize("NFC", said)
        found = _WORD.findall((_MASKED.sub(" ", said) if "[" in said else said).lower())
        ids.extend(map(number, found))
        starts.append(len(ids))
    return Words(list(numbers), np.asarray(ids, dtype=np.int32), np.asarray(starts, dtype=np.int64))


def pieces_of(word: str) -> list[str]:
    """Runs of 3–5 characters of the word between two blanks, so beginnings and ends are told from middles: " tal", "talo", "alo "."""
    padded = f" {word[:LONGEST_WORD]} "
    length = len(padded)
    return [padded[at : at + size] for size in (3, 4, 5) for at in range(length - size + 1)]


def count_features(words: Words, numbers_of: Sequence[Sequence[int]], n_features: int) -> Counts:
    """Counts of features in each text, float32[n, n_features], where numbers_of[v] are the features of word v (repeats count)."""
    lengths = np.fromiter(map(len, numbers_of), dtype=np.int64, count=len(numbers_of))
    starts = np.concatenate([[0], np.cumsum(lengths)])
    flat = np.fromiter((number for numbers in numbers_of for number in numbers), dtype=np.int32, count=int(starts[-1]))
    of_word = by_row(np.ones(len(flat), dtype=np.float32), flat, starts, (len(words.vocabulary), n_features))
    return (count_words(words) @ of_word).tocsr()


def count_words(words: Words) -> Counts:
    """How often each word stands in each text, float32[n, V]."""
    ones = np.ones(len(words.ids), dtype=np.float32)
    return by_row(ones, words.ids, words.starts, (words.n_texts, len(words.vocabulary)))


def pair_codes(words: Words, number_of: npt.NDArray[np.int64], base: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Neighbouring features inside each text as first · base + second, with the text of each; features numbered −1 break a pair.

    number_of int64[V]: the feature of each word. Returns (rows, codes), both int64[k].
    """
    features, rows = number_of[words.ids], words.rows()
    together = (rows[1:] == rows[:-1]) & (features[1:] >= 0) & (features[:-1] >= 0)
    return rows[1:][together], features[:-1][together] * base + features[1:][together]


def keep_frequent(counts: Counts, at_least: int, at_most: int) -> npt.NDArray[np.int64]:
    """Columns that stand in `at_least` texts or more, the `at_most` most frequent of them, in ascending order."""
    n_texts = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(n_texts >= at_least)
    if len(kept) > at_most:
        kept = kept[np.argsort(-n_texts[kept], kind="stable")[:at_most]]
    return np.sort(kept).astype(np.int64)


def number_all(names: Sequence[str]) -> dict[str, int]:
    return dict(zip(names, range(len(names)), strict=True))


def known_numbers(names: Sequence[str], numbers: dict[str, int]) -> list[int]:
    """The numbers of those names that have one."""
    return [number for number in map(numbers.get, names, repeat(-1)) if number >= 0]
