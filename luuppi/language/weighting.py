"""TF-IDF: a word counts more where it stands often and less the more texts have it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from luuppi.language.sparse import Counts, scale_rows


@dataclass(frozen=True)
class Weighting:
    """idf float32[d], learnt from n texts."""

    idf: npt.NDArray[np.float32]

    def weigh(self, counts: Counts) -> Counts:
        """(1 + log tf) · idf, each text of length 1 (a text without features stays 0). counts float32[n, d]; changes it in place."""
        counts.data = (1.0 + np.log(counts.data)) * self.idf[counts.indices]
        return of_length_one(counts)


def learn_weighting(counts: Counts) -> Weighting:
    """idf = 1 + log((1 + n) / (1 + texts with the feature)), smoothed as in scikit-learn. counts float32[n, d], n may be 0.

    Source: Salton & Buckley (1988), Information Processing & Management 24, 513–523.
    """
    n_with = np.bincount(counts.indices, minlength=counts.shape[1])
    return Weighting((1.0 + np.log((1.0 + counts.shape[0]) / (1.0 + n_with))).astype(np.float32))


def of_length_one(matrix: Counts) -> Counts:
    """Rows of a sparse matrix divided by their Euclidean length; rows of zeros stay."""
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float64).ravel()
    lengths = np.sqrt(squares)
    lengths[lengths == 0] = 1.0
    return scale_rows(matrix, (1.0 / lengths).astype(np.float32))


def rows_of_length_one(matrix: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rows of a dense matrix divided by their Euclidean length; rows of zeros stay."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    lengths[lengths == 0] = 1.0
    return np.asarray(matrix / lengths, dtype=np.float32)
