"""Which comments speak of nothing that the codebook knows: they lie among what nobody sorted, far from every example.

A threshold chosen on examples alone has never seen a comment about something else. The comments that nobody has sorted, and those of which
a person said that no theme fits, show where such comments lie.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from luuppi.language.centring import Places
from luuppi.language.classifying import Flags, Shares

Numbers = npt.NDArray[np.int64]

# All chosen on draws that the table of trust never meets (docs/methods/coding.md).
# A comment is compared with its so many nearest examples.
NEIGHBOURS = 5
# A cosine that is .1 nearer to the examples than to the others counts as much as 2.2 times the share of votes.
NEARNESS_WEIGHT = 8.0
SMALLEST_SHARE = 0.02
# Of the examples, left out, at most so many may be taken for strangers; and of all that is taken for strangers, so many may be known.
MOST_LOST, MOST_WRONG = 0.02, 0.1
# So many of each are compared with: twice as many make it hardly better.
MOST_COMPARED = 1000
FEWEST_EXAMPLES, FEWEST_OTHERS = 10, 20
_BLOCK = 5000


@dataclass(frozen=True)
class Strangers:
    """What known and other comments look like. examples float32[e, d], others float32[o, d]: places, rows of length 1; of_each: how many
    of the others count as one example; least: the familiarity from which a comment is known."""

    examples: Places
    others: Places
    of_each: float
    least: float

    def among(self, places: Places, shares: Shares) -> Flags:
        """Which comments are strangers, bool[n]. places float32[n, d], shares float64[n, k] of their votes."""
        near = nearest_mean(places @ self.examples.T, NEIGHBOURS)
        return np.asarray(_familiarity(shares, near, nearest_mean(places @ self.others.T, NEIGHBOURS * self.of_each)) < self.least)


@dataclass(frozen=True)
class Compared:
    """Comments to learn from: places float32[n, d]; shares float64[n, k], by voters that were not told their themes; folds int64[n]:
    those of one number are not compared with one another."""

    places: Places
    shares: Shares
    folds: Numbers

    def take(self, wanted: Numbers) -> Compared:
        return Compared(self.places[wanted], self.shares[wanted], self.folds[wanted])

    def beside(self, more: Compared) -> Compared:
        return Compared(np.vstack([self.places, more.places]), np.vstack([self.shares, more.shares]), np.append(self.folds, more.folds))


def learn_strangers(examples: Compared, others: Compared, seed: int = 0) -> tuple[Strangers | None, Flags]:
    """What tells strangers, and which of the examples it takes for them, bool[n]. None where there are too few of either.

    examples: comments with a theme; others: comments that nobody has sorted, or to which no theme fits. Others may mostly be known: how many
    of them look like examples is estimated, and where all do, no comment is a stranger.
    Source: Blanchard, Lee & Scott (2010), JMLR 11, 2973–3009 (novelty against an unsorted sample); Bates et al. (2023), Annals of Statistics
    51, 149–178 (conformal p-values and their share of false discoveries); Loftsgaarden & Quesenberry (1965) for densities by neighbours.
    """
    none_found = np.zeros(len(examples.places), dtype=np.bool_)
    if len(examples.places) < FEWEST_EXAMPLES or len(others.places) < FEWEST_OTHERS:
        return None, none_found
    near, far = (one.take(_drawn(len(one.places), seed)) for one in (examples, others))
    of_each = len(far.places) / len(near.places)
    of_examples, of_others = (_left_out(asked, near, far, of_each) for asked in (examples, others))
    strangers = Strangers(near.places, far.places, of_each, _least_known(of_examples, of_others))
    return strangers, np.asarray(of_examples < strangers.least)


def nearest_mean(cosines: Places, n: float) -> Places:
    """The mean of the n highest cosines of each row, float32[rows]; n is rounded, at least one and at most all."""
    n_taken = min(max(1, round(n)), cosines.shape[1])
    return np.asarray(-np.partition(-cosines, n_taken - 1, axis=1)[:, :n_taken].mean(axis=1))


def _familiarity(shares: Shares, near: Places, far: Places) -> Shares:
    return np.asarray(np.log(shares.max(axis=1) + SMALLEST_SHARE) + NEARNESS_WEIGHT * (near - far).astype(np.float64))


def _left_out(asked: Compared, near: Compared, far: Compared, of_each: float) -> Shares:
    """The familiarity of each of `asked`, compared with none of its own fold."""
    found = np.zeros(len(asked.places))
    for at in range(0, len(found), _BLOCK):
        part = slice(at, at + _BLOCK)
        means = []
        for other, n in ((near, NEIGHBOURS), (far, NEIGHBOURS * of_each)):
            cosines = asked.places[part] @ other.places.T
            cosines[asked.folds[part, None] == other.folds] = -1.0
            means.append(nearest_mean(cosines, n))
        found[part] = _familiarity(asked.shares[part], *means)
    return found


def _least_known(of_examples: Shares, of_others: Shares) -> float:
    """The familiarity under which a comment is a stranger; −inf: there are none.

    Its p-value is the share of left-out examples that are no more familiar. Those under it are counted among the others and, as far as the
    others look like examples, foreseen.
    """
    ranked, asked = np.sort(of_examples), np.sort(of_others)
    n_lost = np.searchsorted(ranked, asked, side="right")
    p_values = (1 + n_lost) / (len(ranked) + 1)
    share_known = min(1.0, 2.0 * (1 + int((p_values > 0.5).sum())) / len(asked))
    found = np.arange(1, len(asked) + 1) / len(asked)
    enough = np.flatnonzero((share_known * p_values <= MOST_WRONG * found) & (n_lost <= MOST_LOST * len(ranked)))
    return float(asked[enough[-1]]) if len(enough) else -np.inf


def _drawn(n: int, seed: int) -> Numbers:
    return np.sort(np.random.default_rng(seed).permutation(n)[:MOST_COMPARED])
