"""Which of many counted things clearly stand out: the themes that hurt most, and whether that can be said at all."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from luuppi.measures import inputs, options
from luuppi.measures.scores import csat_of

__all__ = ["standing_out"]


def standing_out(counts: ArrayLike, *, most: int = 3, confidence: float = 0.95) -> int:
    """How many of the largest counts stand clearly apart from the next: 0 to `most`.

    counts: g whole numbers from 0, mentions of g things, in any order; g may be 0. The k largest stand apart where, of the mentions of the
    k-th and the one after it together, the k-th has more than half by its interval; the largest such k is told. Their order among
    themselves is not told. 0: no thing should be called the heaviest; so also of a single one, which has nothing to stand apart from.
    Raises ValueError on a count that is negative or broken, or most below 1.
    Source: the conditional comparison of two Poisson counts, Przyborowski & Wilenski (1940), Biometrika 31, with the interval of
    Wilson (1927). Things that are alike: of 2, one is said to stand out in 5 of a hundred
    draws, of 3 in 3, of 10 in fewer than one.
    """
    most, confidence = options.whole_number("most", most, low=1), options.share("confidence", confidence)
    ordered = np.sort(inputs.within("counts", inputs.counts("counts", counts), 0, 1e14))[::-1].astype(int).tolist()
    apart = [k for k, (one, after) in enumerate(pairwise(ordered[: most + 1]), 1) if csat_of(one, one + after, confidence=confidence).low > 0.5]
    return max(apart, default=0)
