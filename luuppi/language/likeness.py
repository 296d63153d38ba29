"""How alike two texts are in how they are written: duplicates, copies with small changes, answers pasted many times."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

from luuppi.language.checking import checked_text, checked_texts, checked_vectors
from luuppi.language.sparse import Counts
from luuppi.language.tokens import Words, count_features, known_numbers, number_all, pieces_of, read_words
from luuppi.language.weighting import learn_weighting
from luuppi.measures.options import number, whole_number

__all__ = ["MostSimilar", "near_duplicates", "similarity"]

_BLOCK = 256
# Typed on another keyboard "myöhässä" is "myohassa", and the same word.
_BARE = str.maketrans("åäöÅÄÖéÉüÜ", "aaoAAOeEuU")
_MOST_PAIRS = 2_000_000


def similarity(a: str, b: str) -> float:
    """How alike two texts are written, 0–1: the cosine of their character 3–5-gram counts (1 + log count), without any corpus.

    1 for the same words in the same spelling, whatever their order, capitals and dots over letters; 0 when they share no run of three
    letters, or one has no word.
    similarity(a, b) = similarity(b, a). Raises ValueError naming the argument that is no text.
    Source: Salton & Buckley (1988); from 0.6 on two comments are worth showing side by side (insight-text 4).
    """
    words = _read([checked_text(a, "a"), checked_text(b, "b")])
    counts = _count_pieces(words)
    if counts.shape[1] == 0:
        return 0.0
    counts.data = 1.0 + np.log(counts.data)
    dense = counts.toarray().astype(np.float64)
    lengths = np.linalg.norm(dense, axis=1)
    if not lengths.all():
        return 0.0
    return float(min(1.0, max(0.0, dense[0] @ dense[1] / (lengths[0] * lengths[1]))))


def near_duplicates(texts: Sequence[str], at_least: float = 0.6) -> list[tuple[int, int, float]]:
    """Pairs of texts that are written nearly the same: [(i, j, similarity)], i < j, the most similar first.

    texts: n, any order, n may be 0. at_least: cosine of character 3–5-gram TF-IDF over these texts, above 0 and up to 1.
    Texts without a word are like none. Memory grows with the pairs found, not with n². Raises ValueError for a text that is none (with
    its index), for `at_least` outside (0, 1], and for more than two million pairs: one text pasted two thousand times is alike with itself.
    """
    texts = checked_texts(texts)
    at_least = number("at_least", at_least, above=0, high=1)
    weighed = _weighed(texts)
    turned = weighed.T.tocsr()
    found: list[tuple[int, int, float]] = []
    for at in range(0, len(texts), _BLOCK):
        alike = (weighed[at : at + _BLOCK] @ turned).tocoo()
        kept = (alike.data >= at_least - 1e-6) & (alike.row + at < alike.col)
        pairs = zip((alike.row[kept] + at).tolist(), alike.col[kept].tolist(), alike.data[kept].tolist(), strict=True)
        found += [(i, j, min(1.0, float(value))) for i, j, value in pairs]
        if len(found) > _MOST_PAIRS:
            raise ValueError(f"texts: more than {_MOST_PAIRS} pairs are alike; take the copies out first: list(dict.fromkeys(texts))")
    return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))


class MostSimilar:
    """The texts nearest to a given one, out of a fixed set of vectors.

    vectors float32[n, d] (of LocalVectors.embed or a model of the organisation), of any length. 100 000 texts answer in
    milliseconds; read-only, so threads may share it. Raises ValueError for what are no rows of finite numbers.
    """

    def __init__(self, vectors: npt.NDArray[np.float32]) -> None:
        self._vectors = _of_length_one(checked_vectors(vectors, "vectors"))

    def find(self, vector: npt.NDArray[np.float32], n: int = 10) -> list[tuple[int, float]]:
        """[(place, cosine)], best first, at most n. A vector of zeros is like none. Raises ValueError for a vector of another length."""
        wanted = _of_length_one(checked_vectors(vector, "vector")).ravel()
        if len(wanted) != self._vectors.shape[1]:
            raise ValueError(f"vector: has {len(wanted)} numbers, and those it is compared with have {self._vectors.shape[1]}")
        cosines = self._vectors @ wanted
        n = min(whole_number("n", n), len(cosines))
        if n < 1 or not wanted.any():
            return []
        best = np.argpartition(-cosines, n - 1)[:n]
        best = best[np.lexsort((best, -cosines[best]))]
        return [(int(place), float(cosines[place])) for place in best]


def _of_length_one(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rows of length 1 as they are, others made so; rows of zeros stay zeros."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    if bool(np.all((np.abs(lengths - 1) < 1e-4) | (lengths == 0))):
        return vectors
    divisor = np.where(lengths > 0, lengths, 1.0)[:, None]
    return np.ascontiguousarray(vectors / divisor, dtype=np.float32)


def _weighed(texts: list[str]) -> Counts:
    """TF-IDF of character pieces, rows of length 1, sparse float32[n, g]."""
    counts = _count_pieces(_read(texts))
    return learn_weighting(counts).weigh(counts)


def _read(texts: list[str]) -> Words:
    return read_words([normalize("NFC", text).translate(_BARE) for text in texts])


def _count_pieces(words: Words) -> Counts:
    found = [pieces_of(word) for word in words.vocabulary]
    numbers = number_all(list(dict.fromkeys(piece for pieces in found for piece in pieces)))
    return count_features(words, [known_numbers(pieces, numbers) for pieces in found], len(numbers))
