"""What is said more often than before: known themes that grow, and words that nobody has a theme for yet.

Each week is held against the weeks before it, never against later ones, so what was found in a week stays found when new weeks come.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from luuppi.language.checking import checked_key, checked_language, listed
from luuppi.language.words import clean_texts, lemma, split_words, stem, themeless_words
from luuppi.measures.options import seed as checked_seed
from luuppi.measures.options import whole_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Floats = NDArray[np.float64]

# A week is held against so many before it: a quarter, so that the season of last year does not count.
BASELINE_WEEKS = 12
FEWEST_BASELINE_WEEKS = 4
FEWEST_COMMENTS = 4
FALSE_DISCOVERY_RATE = 0.1
# Counts this small make the exact test far stricter than its name, so a word is also taken of which chance alone would give less than half
# a one a week. Measured on streams without any change: under 0.2 false rises of words a week (docs/methods/rising.md).
_WORDS_BY_CHANCE = 0.5

# So many comments of a week are drawn for its words; themes are counted over all.
MOST_A_WEEK = 2_000

# One week finds what breaks out; four weeks together find what grows slowly.
_WINDOWS = (1, 4)
_THEME_TIMES, _WORD_TIMES = 1.3, 2.0
_SHORTEST_WORD, _LONGEST_WORD = 3, 40
# A new matter comes in many compounds ("pakettiautomaatti", "automaattinouto"), so parts of this many letters are counted beside stems.
_PART_LETTERS = 6
# A rise that goes on is told once; it may be told again after so many weeks without it.
_QUIET_WEEKS = 4
# Words that stand together in half of their comments are one matter.
_TOGETHER = 0.5
# A word of which this share of comments is in a theme that is rising as well tells nothing new.
_EXPLAINED = 0.6
_WORDS_SHOWN = 5


@dataclass(frozen=True)
class Rise:
    """Something said more often.

    week: the week in which it is first seen; theme: its key, None for words without a theme; words: at most five, the clearest first;
    times: its share of comments over the share before; n: comments of the window that hold it (of its first word, without a theme);
    window: the weeks looked at together, 1 or 4, of which `week` is the last.
    """

    week: int
    theme: Hashable | None
    words: tuple[str, ...]
    times: float
    n: int
    window: int = 1


def find_rises(
    weeks: Iterable[int], texts: Iterable[object], themes: Iterable[object] | None = None, *, language: str = "fi", seed: int = 0
) -> list[Rise]:
    """Themes and words whose share of the comments grew, by week and then by strength.

    weeks: n whole numbers, in any order, weeks may be missing (they count as no week at all); texts: n comments of one language;
    themes: for each text a set of theme keys (one key, None or NaN for none will do), or None where nothing is coded.
    Returns [] with fewer than four earlier weeks to compare with, and names nothing that fewer than four comments hold. A rise that
    goes on is told once. Of a week with more than 2 000 comments so many are drawn for its words (`seed`). What a small unit cannot
    see: with 200 comments a week a new matter of six comments is almost never found in its first week.
    Raises ValueError for another language, weeks that are no whole numbers, lists of unequal length, or something that is no text.

    Source: conditional binomial test of two rates (Przyborowski & Wilenski 1940, Biometrika 31) against the 12 weeks before, counts
    divided by their common dispersion; Benjamini & Hochberg (1995, J. R. Stat. Soc. B 57) over all themes, or words, of a week.
    """
    checked_language(language)
    cleaned = clean_texts(texts)
    numbers, seed = _whole_numbers(weeks), checked_seed(seed)
    if len(numbers) != len(cleaned):
        raise ValueError(f"weeks: expected {len(cleaned)} values, one for each text, got {len(numbers)}")
    keys = [frozenset[Hashable]()] * len(cleaned) if themes is None else [_keys(one, at) for at, one in enumerate(listed(themes, "themes", "sets"))]
    if len(keys) != len(cleaned):
        raise ValueError(f"themes: expected {len(cleaned)} sets, one for each text, got {len(keys)}")
    if len(set(numbers)) <= FEWEST_BASELINE_WEEKS:
        return []
    return _Stream(numbers, cleaned, keys, language, seed).rises()


def _whole_numbers(weeks: Iterable[Any]) -> list[int]:
    given = listed(weeks, "weeks", "whole numbers")
    for position, week in enumerate(given):
        if hasattr(week, "isoformat"):
            raise ValueError(f"weeks[{position}]: is a date; count weeks from one of them, (date - first).days // 7")
    return [whole_number(f"weeks[{position}]", week, low=None) for position, week in enumerate(given)]


def _keys(of_one: object, position: int) -> frozenset[Hashable]:
    if of_one is None or type(of_one).__name__ == "NAType" or (isinstance(of_one, float) and of_one != of_one):
        return frozenset()
    if isinstance(of_one, str) or hasattr(of_one, "__index__"):
        return frozenset([checked_key(of_one, f"themes[{position}]")])
    if isinstance(of_one, (bytes, Mapping)) or not isinstance(of_one, Iterable) or getattr(of_one, "ndim", 1) == 0:
        raise ValueError(f"themes[{position}]: expected a set of theme keys, got {type(of_one).__name__}")
    return frozenset(checked_key(key, f"themes[{position}]") for key in of_one)


class _Stream:
    """The comments in the order of their weeks, and how many of each week hold each theme and each stem or part of one."""

    def __init__(self, numbers: Sequence[int], texts: Sequence[str], keys: Sequence[frozenset[Hashable]], language: str, seed: int) -> None:
        order = sorted(range(len(numbers)), key=lambda index: numbers[index])
        self.language = language
        self.weeks = sorted(set(numbers))
        place = {week: row for row, week in enumerate(self.weeks)}
        self.themes = _Counted([keys[i] for i in order], [place[numbers[i]] for i in order], len(self.weeks), rarest=1)
        self.keys = [keys[i] for i in order]
        drawn = _drawn([place[numbers[i]] for i in order], len(self.weeks), seed)
        self.drawn_keys = [self.keys[i] for i in drawn]
        self.texts = [texts[order[i]] for i in drawn]
        rows = [place[numbers[order[i]]] for i in drawn]
        self.words = _Counted([_stems_and_parts(text, language) for text in self.texts], rows, len(self.weeks), rarest=FEWEST_COMMENTS)

    def rises(self) -> list[Rise]:
        themes_found = _episodes(self.themes, 0.0, _THEME_TIMES)
        words_found = _episodes(self.words, _WORDS_BY_CHANCE, _WORD_TIMES)
        rises: list[Rise] = []
        for row, week in enumerate(self.weeks):
            rising = frozenset(self.themes.names[hit.column] for hit in themes_found[row])
            rises += [self._theme_rise(week, row, hit) for hit in themes_found[row] if hit.new]
            rises += self._word_rises(week, row, words_found[row], rising)
        return rises

    def _theme_rise(self, week: int, row: int, hit: _Hit) -> Rise:
        theme = self.themes.names[hit.column]
        window = self.words.window(row, hit.window)
        inside = [index for index in window if theme in self.drawn_keys[index]]
        return Rise(week, theme, self._typical(inside), hit.times, hit.n, hit.window)

    def _typical(self, inside: list[int]) -> tuple[str, ...]:
        """The words that these comments hold more often than all do."""
        import numpy as np

        if not inside:
            return ()
        here = np.asarray(self.words.held[inside].sum(axis=0)).ravel()
        gain = here / len(inside) - self.words.totals / len(self.texts)
        gain[here < 2] = 0
        return self._shown([int(column) for column in np.argsort(-gain, kind="stable")[: 4 * _WORDS_SHOWN] if gain[column] > 0], inside)

    def _word_rises(self, week: int, row: int, hits: Sequence[_Hit], rising: frozenset[Any]) -> list[Rise]:
        rises = []
        holding = {hit.column: frozenset(self.words.holding(hit.column, row, hit.window)) for hit in hits}
        for group in _matters(hits, holding):
            lead = group[0]
            inside = sorted(holding[lead.column])
            explained = sum(1 for index in inside if self.drawn_keys[index] & rising)
            if all(hit.new for hit in group) and explained < _EXPLAINED * len(inside):
                shown = self._shown([hit.column for hit in group], inside)
                rises += [Rise(week, None, shown, lead.times, lead.n, lead.window)] if shown else []
        return rises

    def _shown(self, columns: Sequence[int], inside: Sequence[int]) -> tuple[str, ...]:
        """For each stem or part the dictionary form of the word that holds it most often in these comments; each word once, none that
        names no theme (a greeting, "anything")."""
        themeless = themeless_words(self.language)
        forms = Counter(word for index in inside for word in _long_words(self.texts[index]))
        shown: dict[str, None] = {}
        for column in columns:
            name = self.words.names[column]
            fitting = [word for word in forms if name in _parts_of(word, self.language)]
            word = lemma(min(fitting, key=lambda form: (-forms[form], form)), self.language) if fitting else ""
            if word and word not in themeless:
                shown[word] = None
            if len(shown) == _WORDS_SHOWN:
                break
        return tuple(shown)


def _drawn(rows: Sequence[int], n_weeks: int, seed: int) -> list[int]:
    if len(rows) <= MOST_A_WEEK or max(Counter(rows).values()) <= MOST_A_WEEK:
        return list(range(len(rows)))
    import numpy as np

    at = np.asarray(rows)
    drawn: list[int] = []
    for row in range(n_weeks):
        mine = np.flatnonzero(at == row)
        if len(mine) > MOST_A_WEEK:
            # Each week draws by its own number, so that a later week changes nothing in an earlier one.
            mine = np.sort(np.random.default_rng([seed, row]).choice(mine, size=MOST_A_WEEK, replace=False))
        drawn += mine.tolist()
    return drawn


def _long_words(text: str) -> list[str]:
    return [word for word in split_words(text) if _SHORTEST_WORD <= len(word) <= _LONGEST_WORD]


def _stems_and_parts(text: str, language: str) -> frozenset[str]:
    return frozenset(part for word in _long_words(text) for part in _parts_of(word, language))


@lru_cache(maxsize=100_000)
def _parts_of(word: str, language: str) -> frozenset[str]:
    """The stem of a word, and the parts of a longer stem (marked by a dash, so that they are not taken for a stem)."""
    base = stem(word, language)
    parts = (base[at : at + _PART_LETTERS] for at in range(len(base) - _PART_LETTERS + 1))
    return frozenset([base, *(f"-{part}" for part in parts)]) if len(base) > _PART_LETTERS else frozenset([base])


class _Counted:
    """How many comments of each week hold each name: `counts` int[weeks, names], `n` int[weeks]; names rarer than `rarest` left out.

    The comments come in the order of their weeks; `held` is the sparse table of comments and names.
    """

    def __init__(self, held: Sequence[frozenset[Any]], rows: Sequence[int], n_weeks: int, *, rarest: int) -> None:
        import numpy as np
        from scipy.sparse import csr_matrix

        n_of = Counter(name for names in held for name in names)
        self.names = sorted((name for name, n in n_of.items() if n >= rarest), key=lambda name: (str(type(name)), str(name)))
        column = {name: at for at, name in enumerate(self.names)}
        indices, ends = array("i"), array("q", [0])
        for names in held:
            indices.extend(sorted(column[name] for name in names if name in column))
            ends.append(len(indices))
        shape = (len(held), len(self.names))
        self.held = csr_matrix((np.ones(len(indices), dtype=np.int32), np.asarray(indices, dtype=np.int32), np.asarray(ends)), shape=shape)
        self.n: Counts = np.bincount(np.asarray(rows), minlength=n_weeks).astype(np.int64)
        self.ends = np.concatenate([[0], np.cumsum(self.n)])
        self.counts: Counts = np.zeros((n_weeks, len(self.names)), dtype=np.int64)
        for row in range(n_weeks):
            self.counts[row] = np.asarray(self.held[self.ends[row] : self.ends[row + 1]].sum(axis=0)).ravel()
        self.totals = self.counts.sum(axis=0)
        self.by_name = self.held.tocsc()

    def window(self, row: int, weeks: int) -> range:
        return range(int(self.ends[max(0, row - weeks + 1)]), int(self.ends[row + 1]))

    def holding(self, column: int, row: int, weeks: int) -> list[int]:
        inside = self.window(row, weeks)
        rows = self.by_name.indices[self.by_name.indptr[column] : self.by_name.indptr[column + 1]].tolist()
        return [index for index in rows if index in inside]


@dataclass(frozen=True)
class _Hit:
    column: int
    times: float
    n: int
    p: float
    window: int
    new: bool


def _episodes(counted: _Counted, by_chance: float, least_times: float) -> list[list[_Hit]]:
    """For each week what rises in it, the clearest first; `new` where it did not rise in the weeks just before."""
    last: dict[int, int] = {}
    found = []
    for row in range(len(counted.n)):
        hits = _rising_at(row, counted.counts, counted.n, by_chance, least_times, last)
        for hit in hits:
            last[hit.column] = row
        found.append(hits)
    return found


def _rising_at(row: int, counts: Counts, n: Counts, by_chance: float, least_times: float, last: dict[int, int]) -> list[_Hit]:
    import numpy as np

    columns, times, held, chance, window_of = [], [], [], [], []
    for window in _WINDOWS:
        start = row - window + 1
        before = slice(max(0, start - BASELINE_WEEKS), max(0, start))
        if before.stop - before.start < FEWEST_BASELINE_WEEKS:
            continue
        p, ratio, k, tested = _tested(counts[before], n[before], counts[start : row + 1].sum(axis=0), int(n[start : row + 1].sum()))
        columns.append(tested)
        times.append(ratio)
        held.append(k)
        chance.append(p)
        window_of.append(np.full(len(tested), window))
    if not columns:
        return []
    column, p, ratio = np.concatenate(columns), np.concatenate(chance), np.concatenate(times)
    k, window_at = np.concatenate(held), np.concatenate(window_of)
    passed = (_discoveries(p) | (p * len(p) <= by_chance)) & (k >= FEWEST_COMMENTS) & (ratio >= least_times)
    hits: dict[int, _Hit] = {}
    for at in sorted(np.flatnonzero(passed).tolist(), key=lambda at: (p[at], window_at[at], column[at])):
        one = int(column[at])
        if one not in hits:
            new = row - last.get(one, -_QUIET_WEEKS - 1) > _QUIET_WEEKS
            hits[one] = _Hit(one, float(ratio[at]), int(k[at]), float(p[at]), int(window_at[at]), new)
    return list(hits.values())


def _tested(before: Counts, n_before: Counts, now: Counts, n_now: int) -> tuple[Floats, Floats, Counts, Counts]:
    """The chance of at least so many now if nothing had changed, the ratio of shares, the count now, and the columns tested."""
    import numpy as np
    from scipy.stats import binom

    earlier, n_earlier = before.sum(axis=0), int(n_before.sum())
    tested = np.flatnonzero(now + earlier >= FEWEST_COMMENTS)
    k, all_k = now[tested], (now + earlier)[tested]
    dispersion = _dispersion(before[:, tested], n_before)
    share = n_now / (n_now + n_earlier)
    p = binom.sf(np.floor(k / dispersion) - 1, np.floor(all_k / dispersion), share)
    ratio = (k / n_now) / ((earlier[tested] + 0.5) / (n_earlier + 0.5))
    return p, ratio, k, tested


def _dispersion(before: Counts, n_before: Counts) -> float:
    """How much more the weekly counts vary than by chance alone, 1 at least; common to all, the worst hundredth left out."""
    import numpy as np

    shares = before.sum(axis=0) / n_before.sum()
    usable = shares * n_before.mean() >= 1
    if not usable.any():
        return 1.0
    expected = np.outer(n_before, shares[usable])
    chi = ((before[:, usable] - expected) ** 2 / (expected * (1 - np.minimum(shares[usable], 0.99)))).sum(axis=0) / (len(n_before) - 1)
    return max(1.0, float(np.sort(chi)[: max(1, int(0.99 * len(chi)))].mean()))


def _discoveries(p: Floats) -> NDArray[np.bool_]:
    """Benjamini–Hochberg: which of the tests hold at the rate of false discoveries of this module."""
    import numpy as np

    order = np.argsort(p, kind="stable")
    under = p[order] <= FALSE_DISCOVERY_RATE * np.arange(1, len(p) + 1) / max(1, len(p))
    found = np.zeros(len(p), dtype=bool)
    if under.any():
        found[order[: int(np.flatnonzero(under)[-1]) + 1]] = True
    return found


def _matters(hits: Sequence[_Hit], holding: dict[int, frozenset[int]]) -> list[list[_Hit]]:
    """Words that stand in the same comments, joined; the clearest word first in each."""
    groups: list[list[_Hit]] = []
    for hit in hits:
        mine = holding[hit.column]
        for group in groups:
            others = holding[group[0].column]
            if len(mine & others) >= _TOGETHER * min(len(mine), len(others)):
                group.append(hit)
                break
        else:
            groups.append([hit])
    return groups
