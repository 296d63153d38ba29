"""What a coder looks at in a text: its stems and pairs of stems, its character pieces, and its place among the local vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from luuppi.language.sparse import Counts, beside, by_place
from luuppi.language.tokens import (
    Words,
    count_features,
    keep_frequent,
    known_numbers,
    number_all,
    pair_codes,
    pieces_of,
    read_words,
)
from luuppi.language.vectors import LocalVectors
from luuppi.language.weighting import Weighting, learn_weighting
from luuppi.language.words import stem_words

PIECES_WEIGHT = 0.7
MOST_STEMS = 40_000
MOST_PAIRS = 60_000
MOST_PIECES = 40_000


@dataclass(frozen=True)
class FeatureSpace:
    """stems, pieces: name → number; pairs int64[p]: known pairs of stems in ascending order, as first · len(stems) + second."""

    language: str
    stems: dict[str, int]
    pairs: npt.NDArray[np.int64]
    pieces: dict[str, int]
    of_words: Weighting
    of_pieces: Weighting

    def read(self, words: Words) -> Counts:
        """float32[n, stems + pairs + pieces], sparse; a text without anything known is a row of zeros."""
        spoken = self.of_words.weigh(_count_stems_and_pairs(words, self.language, self.stems, self.pairs))
        numbers = [known_numbers(pieces_of(word), self.pieces) for word in words.vocabulary]
        spelt = self.of_pieces.weigh(count_features(words, numbers, len(self.pieces)))
        return beside([spoken, spelt * np.float32(PIECES_WEIGHT)])


def learn_features(words: Words, language: str) -> FeatureSpace:
    """The stems, pairs and pieces of these texts with their weights; n may be 0."""
    stems = number_all(list(dict.fromkeys(stem_words(words.vocabulary, language))))
    alone = _count_stems_and_pairs(words, language, stems, np.empty(0, dtype=np.int64))
    names = list(stems)
    stems = number_all([names[column] for column in keep_frequent(alone, 1, MOST_STEMS)])
    pairs = _frequent_pairs(words, language, stems)
    found = [pieces_of(word) for word in words.vocabulary]
    pieces = number_all(list(dict.fromkeys(piece for spelt in found for piece in spelt)))
    counts = count_features(words, [known_numbers(spelt, pieces) for spelt in found], len(pieces))
    names = list(pieces)
    kept = keep_frequent(counts, 2, MOST_PIECES)
    pieces = number_all([names[column] for column in kept])
    return FeatureSpace(
        language,
        stems,
        pairs,
        pieces,
        learn_weighting(_count_stems_and_pairs(words, language, stems, pairs)),
        learn_weighting(counts[:, kept]),
    )


def read_texts(texts: Sequence[str], space: FeatureSpace, vectors: LocalVectors) -> tuple[Counts, npt.NDArray[np.float32]]:
    """Both views of the texts: features sparse float32[n, f] and local vectors float32[n, d]."""
    words = read_words(texts)
    return space.read(words), vectors.embed_words(words)


def _count_stems_and_pairs(words: Words, language: str, stems: dict[str, int], pairs: npt.NDArray[np.int64]) -> Counts:
    numbers = [known_numbers((stem,), stems) for stem in stem_words(words.vocabulary, language)]
    alone = count_features(words, numbers, len(stems))
    if not len(pairs):
        return alone
    of_word = np.asarray([found[0] if found else -1 for found in numbers], dtype=np.int64)
    rows, codes = pair_codes(words, of_word, len(stems))
    at = np.minimum(np.searchsorted(pairs, codes), len(pairs) - 1)
    known = pairs[at] == codes
    together = by_place(np.ones(int(known.sum()), dtype=np.float32), rows[known], at[known], (words.n_texts, len(pairs)))
    return beside([alone, together])


def _frequent_pairs(words: Words, language: str, stems: dict[str, int]) -> npt.NDArray[np.int64]:
    of_word = np.asarray([stems.get(stem, -1) for stem in stem_words(words.vocabulary, language)], dtype=np.int64)
    rows, codes = pair_codes(words, of_word, len(stems))
    if not len(codes):
        return np.empty(0, dtype=np.int64)
    # A pair counts once for each text, as in keep_frequent.
    once = np.unique(np.stack([rows, codes]), axis=1)[1]
    names, n_texts = np.unique(once, return_counts=True)
    if len(names) > MOST_PAIRS:
        names = np.sort(names[np.argsort(-n_texts, kind="stable")[:MOST_PAIRS]])
    return names.astype(np.int64)
