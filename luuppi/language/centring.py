"""Where each theme lies among all comments: a few examples say which heap is meant, and the comments that nobody sorted say where it is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from luuppi.language.weighting import rows_of_length_one

Places = npt.NDArray[np.float32]

# Chosen on texts outside the judged ones (docs/methods/coding.md). An example weighs as much as so many comments that nobody sorted.
EXAMPLE_WEIGHT = 20.0
# How sharply a comment is shared among the themes that it is near to, and the cosine of "near to none", which takes the rest of it.
SHARPNESS, NEAR_NONE = 40.0, 0.4
ROUNDS = 4


def theme_centres(examples: Places, flags: npt.NDArray[np.bool_], unsorted: Places) -> Places:
    """The centre of each theme, float32[k, d], rows of length 1; a theme without examples is a row of zeros.

    examples float32[n, d] and unsorted float32[m, d]: places of texts, rows of length 1; flags bool[n, k]: the themes of each example.
    With m = 0 the centre is that of the examples. A codebook need not know all that is spoken of: comments far from every theme move none.
    Source: Basu, Banerjee & Mooney (2002), ICML, 27–34 (k-means begun by examples), each comment shared among the themes after Nigam et al.
    (2000), Machine Learning 39, 103–134.
    """
    sums = flags.T.astype(np.float32) @ examples
    own = rows_of_length_one(sums) * np.float32(EXAMPLE_WEIGHT) * flags.sum(axis=0)[:, None].astype(np.float32)
    known = flags.any(axis=0)
    centres = rows_of_length_one(own)
    for _ in range(ROUNDS if len(unsorted) and known.any() else 0):
        nearness = np.exp(np.float32(SHARPNESS) * (unsorted @ centres.T - np.float32(NEAR_NONE)))
        nearness[:, ~known] = 0.0
        shared = nearness / (1.0 + nearness.sum(axis=1, keepdims=True))
        centres = rows_of_length_one(own + shared.T @ unsorted)
    return np.asarray(centres, dtype=np.float32)
