"""Local vectors: what words and texts of one organisation mean beside each other, learnt from its own comments, no model downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from luuppi.language.sparse import Counts, by_place
from luuppi.language.tokens import (
    Words,
    count_features,
    keep_frequent,
    known_numbers,
    number_all,
    pieces_of,
    read_words,
)
from luuppi.language.weighting import Weighting, learn_weighting, rows_of_length_one
from luuppi.language.words import stem_words

Vectors = npt.NDArray[np.float32]

# Under this many comments words do not stand beside each other often enough: character pieces alone are better (measured).
FEW = 500
DIMENSIONS = 100
MOST_STEMS = 12_000
MOST_PIECES = 30_000
# Weight of a word is a / (a + its share of all words): Arora et al. (2017).
RARE = 2e-3


@dataclass(frozen=True)
class MeaningSpace:
    """Stems and their vectors. stems: V → number; vectors float32[V, d] already weighted; common float32[d]: the removed direction."""

    language: str
    stems: dict[str, int]
    vectors: Vectors
    common: Vectors

    def place(self, words: Words) -> Vectors:
        """float32[n, d], rows of length 1; a text without known words is 0."""
        numbers = [known_numbers((stem,), self.stems) for stem in stem_words(words.vocabulary, self.language)]
        sums = count_features(words, numbers, len(self.stems)).dot(self.vectors)
        return rows_of_length_one(sums - np.outer(sums @ self.common, self.common))


@dataclass(frozen=True)
class SpellingSpace:
    """Character pieces and their directions. pieces: G → number; directions float32[G, d]."""

    pieces: dict[str, int]
    weighting: Weighting
    directions: Vectors

    def place(self, words: Words) -> Vectors:
        """float32[n, d], rows of length 1; a text without known pieces is 0."""
        numbers = [known_numbers(pieces_of(word), self.pieces) for word in words.vocabulary]
        weighed = self.weighting.weigh(count_features(words, numbers, len(self.pieces)))
        return rows_of_length_one(np.asarray(weighed.dot(self.directions), dtype=np.float32))


@dataclass(frozen=True)
class LocalVectors:
    """Where texts stand among those that it was learnt from. Fixed once learnt: the same text always gets the same vector."""

    spaces: tuple[MeaningSpace | SpellingSpace, ...]

    @property
    def dimensions(self) -> int:
        return sum(len(space.common) if isinstance(space, MeaningSpace) else space.directions.shape[1] for space in self.spaces)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dimensions], rows of length 1; texts without any known word are rows of zeros."""
        return self.embed_words(read_words(texts))

    def embed_words(self, words: Words) -> Vectors:
        if not self.spaces:
            return np.zeros((words.n_texts, 1), dtype=np.float32)
        return rows_of_length_one(np.hstack([space.place(words) for space in self.spaces]))


def learn_vectors(words: Words, language: str, seed: int = 0) -> LocalVectors:
    """Vectors of the comments in `words`: meaning (stems) from 500 comments on, and spelling (character pieces).

    Source: Levy & Goldberg (2014), NIPS 27, for PPMI + SVD as word vectors; Arora, Liang & Ma (2017), ICLR, for their weighted mean
    without the common direction. Too few words for any direction: a space of one dimension in which all is 0.
    """
    spaces: list[MeaningSpace | SpellingSpace] = []
    if words.n_texts >= FEW:
        meaning = _learn_meaning(words, language, seed)
        spaces += [meaning] if meaning is not None else []
    spelling = _learn_spelling(words, seed)
    spaces += [spelling] if spelling is not None else []
    return LocalVectors(tuple(spaces))


def _learn_meaning(words: Words, language: str, seed: int) -> MeaningSpace | None:
    stems = stem_words(words.vocabulary, language)
    names = list(dict.fromkeys(stems))
    numbers = number_all(names)
    counts = count_features(words, [[numbers[stem]] for stem in stems], len(names))
    kept = keep_frequent(counts, at_least=3, at_most=MOST_STEMS)
    if len(kept) < 10:
        return None
    counts = counts[:, kept]
    vectors = _directions(_surprise(counts), seed, power=0.5)
    share = np.asarray(counts.sum(axis=0)).ravel() / counts.sum()
    weighted = (vectors * (RARE / (RARE + share))[:, None]).astype(np.float32)
    common = _first_direction(rows_of_length_one(counts.dot(weighted)))
    return MeaningSpace(language, number_all([names[column] for column in kept]), weighted, common)


def _surprise(counts: Counts) -> Counts:
    """Positive pointwise mutual information of words standing in one comment, float32[V, V]."""
    present = counts.copy()
    present.data[:] = 1.0
    together = (present.T @ present).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    sums = np.asarray(together.sum(axis=1), dtype=np.float64).ravel()
    rows = np.repeat(np.arange(together.shape[0]), np.diff(together.indptr))
    expected = sums[rows] * sums[together.indices] / max(float(sums.sum()), 1.0)
    together.data = np.maximum(np.log(together.data / expected), 0.0).astype(np.float32)
    together.eliminate_zeros()
    return together


def _learn_spelling(words: Words, seed: int) -> SpellingSpace | None:
    pieces = [pieces_of(word) for word in words.vocabulary]
    names = list(dict.fromkeys(piece for found in pieces for piece in found))
    numbers = number_all(names)
    counts = count_features(words, [[numbers[piece] for piece in found] for found in pieces], len(names))
    kept = keep_frequent(counts, at_least=2 if words.n_texts < 5000 else 5, at_most=MOST_PIECES)
    if len(kept) < 10:
        return None
    counts = counts[:, kept]
    weighting = learn_weighting(counts)
    weighed = weighting.weigh(counts.astype(np.float32))
    directions = _directions(weighed.T.tocsr(), seed, power=0.5)
    return SpellingSpace(number_all([names[column] for column in kept]), weighting, directions)


def _directions(matrix: Counts, seed: int, power: float) -> Vectors:
    """Left singular vectors times their values to `power`, float32[rows, d], d at most DIMENSIONS. Source: Halko et al. (2011)."""
    from sklearn.utils.extmath import randomized_svd

    dimensions = max(1, min(DIMENSIONS, min(matrix.shape) - 1))
    left, values, _ = randomized_svd(matrix, dimensions, n_iter=3, random_state=seed)
    scaled: Any = left * np.power(values, power)
    return np.asarray(scaled, dtype=np.float32)


def _first_direction(vectors: Vectors) -> Vectors:
    """The direction that all texts share, float32[d] of length 1: it says which language is spoken, not what about."""
    _, directions = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    return np.asarray(directions[:, -1], dtype=np.float32)


def nearest(vectors: Vectors, others: Vectors, n: int, block: int = 512) -> tuple[npt.NDArray[np.int64], Vectors]:
    """For each row its n most similar rows of `others`, best first: (numbers int64[rows, n], cosines float32[rows, n]).

    Rows have length 1. Memory is one block of cosines. n is cut to the number of others.
    """
    n = min(n, len(others))
    numbers = np.empty((len(vectors), n), dtype=np.int64)
    cosines = np.empty((len(vectors), n), dtype=np.float32)
    turned = np.ascontiguousarray(others.T)
    for at in range(0, len(vectors), block):
        similar = vectors[at : at + block] @ turned
        best = np.argpartition(-similar, n - 1, axis=1)[:, :n] if n < len(others) else np.tile(np.arange(n), (len(similar), 1))
        values = np.take_along_axis(similar, best, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        numbers[at : at + block] = np.take_along_axis(best, order, axis=1)
        cosines[at : at + block] = np.take_along_axis(values, order, axis=1)
    return numbers, cosines


def neighbour_graph(vectors: Vectors, n_neighbours: int = 20) -> Counts:
    """Cosines of each row with its nearest other rows, made the same in both directions: sparse float32[n, n]."""
    numbers, cosines = nearest(vectors, vectors, n_neighbours + 1)
    rows = np.repeat(np.arange(len(vectors)), numbers.shape[1])
    columns, values = numbers.ravel(), cosines.ravel()
    kept = (columns != rows) & (values > 0)
    graph = by_place(values[kept], rows[kept], columns[kept], (len(vectors), len(vectors)))
    return graph.maximum(graph.T).tocsr()
