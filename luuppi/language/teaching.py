"""Comments that nobody sorted, taken as examples: where a theme has few, those that are surest of it teach the words that people use of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# Chosen on other texts than those judged (docs/methods/coding.md). Fewer examples find too many wrong ones, more need no help.
FEWEST_TAUGHT, MOST_TAUGHT = 4, 16
# So many for each example of the theme, and at most so many in all.
FOR_EACH, MOST_SUREST = 3, 48


def themes_to_teach(n_examples: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which themes have few examples, but enough to know their own; n_examples int64[k], bool[k]."""
    return np.asarray((n_examples >= FEWEST_TAUGHT) & (n_examples <= MOST_TAUGHT))


def surest(
    shares: npt.NDArray[np.float64], themes: npt.NDArray[np.int64], n_examples: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Rows of `shares` that are surest of one of these themes, int64[s], and what each of them is taken to be about, bool[s, k].

    shares float64[m, k]: votes for each comment and theme; themes: columns; n_examples int64[k]. A comment is taken for its best theme
    alone. s may be 0.
    Source: Yarowsky (1995), ACL, 189–196 (self-training); Nigam et al. (2000), Machine Learning 39, 103–134.
    """
    rows: list[int] = []
    about: list[int] = []
    best = shares.argmax(axis=1)
    for theme in themes.tolist():
        mine = np.flatnonzero(best == theme)
        mine = mine[np.argsort(-shares[mine, theme], kind="stable")][: min(FOR_EACH * int(n_examples[theme]), MOST_SUREST)]
        rows += mine.tolist()
        about += [theme] * len(mine)
    flags = np.zeros((len(rows), shares.shape[1]), dtype=np.bool_)
    flags[np.arange(len(rows)), about] = True
    return np.asarray(rows, dtype=np.int64), flags
