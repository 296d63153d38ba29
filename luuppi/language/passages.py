"""Items of several texts, such as the answers to a survey's questions: each text is coded by itself, and an item is about whatever one
of its texts is about.

People often say a theme of the item and not of the answer. Then the answer that shows the theme most is taken to hold it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from luuppi.language.classifying import Flags, Shares, word_margins
from luuppi.language.sparse import Counts, beside, by_place

Places = npt.NDArray[np.int64]

# Weight of "this answers that question" beside the words of the text (length 1), chosen by cross-validation inside the people learnt from.
QUESTION_WEIGHT = 1.0
# A text holds a theme of its item when it shows the theme at least .6 as strongly as the text that shows it most.
NEARLY = 0.4
ROUNDS = 2


def add_questions(features: Counts, questions: list[str], known: dict[str, int]) -> Counts:
    """float32[n, f + q]: one column for each known question; a text that answers none of them has zeros there."""
    if not known:
        return features
    rows = [row for row, question in enumerate(questions) if question in known]
    columns = [known[questions[row]] for row in rows]
    asked = by_place(np.full(len(rows), QUESTION_WEIGHT, dtype=np.float32), np.asarray(rows), np.asarray(columns), (len(questions), len(known)))
    return beside([features, asked])


def best_of_items(shares: Shares, items: Places) -> Shares:
    """The highest share among the texts of each item, float64[m, k]. items int64[n]: the number of the item of each text, 0 … m − 1."""
    best = np.zeros((int(items.max()) + 1 if len(items) else 0, shares.shape[1]))
    np.maximum.at(best, items, shares)
    return best


def flags_of_items(flags: Flags, items: Places) -> Flags:
    """Whether any text of each item is flagged, bool[m, k]."""
    return best_of_items(flags.astype(np.float64), items) > 0


def settle_texts(features: Counts, sure: Flags, perhaps: Flags, items: Places, folds: Places, seed: int = 0) -> Flags:
    """Which text holds each theme, bool[n, k]: what is sure, and of `perhaps` (themes of the item) the text that shows it most.

    Models of the words alone, each of which has not seen the texts that it is asked about, begin with all that may be and are learnt
    again from what they settled. A theme of the item that is sure of one of its texts is not looked for in the others by the caller.
    Source: Andrews, Tsochantaridis & Hofmann (2003), NIPS 15 (multiple-instance learning).
    """
    flags = np.asarray(sure | perhaps)
    open_themes = np.flatnonzero(perhaps.any(axis=0))
    for _ in range(ROUNDS if len(open_themes) else 0):
        margins = np.zeros((len(flags), len(open_themes)))
        for fold in np.unique(folds):
            out = folds == fold
            margins[out] = word_margins(features[~out], flags[np.ix_(~out, open_themes)], features[out], seed)
        chances = 1.0 / (1.0 + np.exp(-np.clip(3.0 * margins, -30.0, 30.0)))
        best = best_of_items(chances, items)[items]
        shown = chances >= (1.0 - NEARLY) * best
        flags[:, open_themes] = sure[:, open_themes] | (perhaps[:, open_themes] & shown)
    return flags
