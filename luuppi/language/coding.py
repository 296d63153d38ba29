"""Which themes of a person's codebook each comment speaks of, learnt from examples.

The codebook (names, merges, splits, examples) is the truth and lives with the organisation; what is learnt here is thrown away and
learnt again whenever it changes. Theme keys are the caller's own, so they stay the same over any number of refits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from luuppi.language.centring import Places
from luuppi.language.checking import checked_key, checked_language, checked_texts, listed
from luuppi.language.classifying import (
    Flags,
    Shares,
    UnseenPlaces,
    Unsorted,
    Voters,
    choose_thresholds,
    folds_of,
    learn_voters,
    shares_left_out,
)
from luuppi.language.features import FeatureSpace, learn_features, read_texts
from luuppi.language.passages import add_questions, best_of_items, flags_of_items, settle_texts
from luuppi.language.sparse import Counts
from luuppi.language.strangers import Compared, Strangers, learn_strangers
from luuppi.language.teaching import themes_to_teach
from luuppi.language.tokens import read_words
from luuppi.language.vectors import LocalVectors, learn_vectors
from luuppi.measures.options import seed as checked_seed
from luuppi.measures.options import whole_number

__all__ = ["Codebook", "Coded", "Quality", "learn_codebook"]

Theme = str | int
# Texts of the background that the vectors are learnt from; more make them no better.
MOST_BACKGROUND = 30_000
# Of these, so many show where the themes lie.
MOST_UNSORTED = 5000
N_FOLDS = 5
# From so many examples on, three folds tell the thresholds as well as five, in half the time.
MANY_EXAMPLES = 6000
# Out of fewer comments than this a space of vectors knows its own texts by heart: strangers to it lie elsewhere, and thresholds chosen
# on its own would be too low for them (measured: F1 .47 instead of .72 on new texts). So what is left out is left out of the vectors, too.
FEW_COMMENTS = 1000
# With fewer texts there is nothing to leave out and look at.
FEWEST_TO_JUDGE = 10
_BLOCK = 5000


@dataclass(frozen=True)
class Coded:
    """theme: the caller's key; confidence 0–1: the share of votes, above the theme's threshold where `code` gives it."""

    theme: Theme
    confidence: float


@dataclass(frozen=True)
class Quality:
    """How well the codebook agreed with people on texts that it had not seen: F1 of all decisions together, and the mean over themes
    (None where fewer than ten texts were given), and n texts."""

    micro_f1: float | None
    macro_f1: float | None
    n: int


@dataclass(frozen=True)
class Codebook:
    """A learnt coder. Immutable, safe from threads, and picklable: a worker stores it and another reads it.

    themes: k keys in sorted order; thresholds float64[k]; quality by cross-validation; n_background: texts the vectors were learnt from;
    questions: those that the examples answered, whose number is a feature; strangers: what tells comments about something else, None where
    there was nothing to learn that from.
    """

    language: str
    themes: tuple[Theme, ...]
    thresholds: Shares
    quality: Quality
    n_background: int
    _space: FeatureSpace = field(repr=False)
    _vectors: LocalVectors = field(repr=False)
    _voters: Voters = field(repr=False)
    questions: dict[str, int] = field(default_factory=dict, repr=False)
    # By a factory, so that a codebook stored before there were strangers has no such attribute, and whoever reads it can tell.
    strangers: Strangers | None = field(default_factory=lambda: None, repr=False)

    def code(self, texts: Sequence[str], questions: Sequence[str] | None = None) -> list[list[Coded]]:
        """The themes of each text, best first; [] is "unsorted": no theme reaches its threshold, the text speaks of something else than the
        examples, or it has no known word.

        n texts in any order, n may be 0; each is coded alone, whatever stands beside it. questions: what each of them answers, "" for
        nothing; an unknown question is none. An item of several texts is about what any of them is about. Raises ValueError naming the
        index of what is no text.
        """
        return [
            [coded for coded, enough in ranked if enough]
            for shares, strange in self._in_blocks(texts, questions)
            for ranked in self._ranked(shares, (shares >= self.thresholds) & ~strange[:, None])
        ]

    def rank(self, texts: Sequence[str]) -> list[list[Coded]]:
        """All themes for each text, best first: what a person chooses from. A text without a known word gives all with confidence 0."""
        return [[coded for coded, _ in ranked] for shares, _ in self._in_blocks(texts) for ranked in self._ranked(shares, shares >= 0)]

    def ask_next(self, texts: Sequence[str], n: int = 10) -> list[int]:
        """The n texts from which a person's answer would teach most, as places in `texts`, most useful first.

        Most useful is a text near a threshold or under all of them, unlike those already chosen: twenty copies of one doubt teach once.
        Every other one is a stranger, while there are any, those first that are most like the other strangers: there may be a new theme.
        Texts without a known word are never asked about. n is cut to what there is.
        Source: Lewis & Gale (1994), SIGIR, for uncertainty; Carbonell & Goldstein (1998), SIGIR, for being unlike.
        """
        texts, n = checked_texts(texts), whole_number("n", n)
        if not self.themes or not texts or n < 1:
            return []
        features, vectors = read_texts(texts, self._space, self._vectors)
        known = np.diff(features.indptr) > 0
        shares = self._shares(features, vectors, [""] * len(texts))
        doubt = 1.0 - np.abs(shares - self.thresholds).min(axis=1) / np.maximum(self.thresholds.max(), 1e-9)
        strange = self._strange(vectors, shares) & known
        doubt[strange] = vectors[strange] @ vectors[strange].mean(axis=0) if strange.any() else 0.0
        doubt = np.where(known, np.maximum(doubt, 0.0), -np.inf)
        alike = np.zeros(len(texts))
        chosen: list[int] = []
        for turn in range(min(n, int(known.sum()))):
            # Until one kind is used up.
            mine = (strange == bool(turn % 2)) & (doubt > -np.inf)
            best = int(np.argmax(np.where(mine, doubt - alike, -np.inf) if mine.any() else doubt - alike))
            chosen.append(best)
            doubt[best] = -np.inf
            alike = np.maximum(alike, vectors @ vectors[best])
        return chosen

    def _shares(self, features: Counts, vectors: npt.NDArray[np.float32], questions: list[str]) -> Shares:
        return self._voters.shares(add_questions(features, questions, self.questions), vectors)

    def _in_blocks(self, texts: Sequence[str], questions: Sequence[str] | None = None) -> Iterable[tuple[Shares, Flags]]:
        """Shares of votes float64[block, k] and which texts are strangers, a few thousand at a time: memory does not grow with their number."""
        texts = checked_texts(texts)
        asked = _asked(questions, len(texts))
        for at in range(0, len(texts), _BLOCK):
            features, vectors = read_texts(texts[at : at + _BLOCK], self._space, self._vectors)
            shares = self._shares(features, vectors, asked[at : at + _BLOCK])
            # What a text without any known word would get is the habit of the examples, not something that the customer said.
            shares[np.diff(features.indptr) == 0] = 0.0
            yield shares, self._strange(vectors, shares)

    def _strange(self, vectors: npt.NDArray[np.float32], shares: Shares) -> Flags:
        if self.strangers is None or not self.themes:
            return np.zeros(len(shares), dtype=np.bool_)
        return self.strangers.among(vectors, shares)

    def _ranked(self, shares: Shares, enough: Flags) -> Iterable[list[tuple[Coded, bool]]]:
        order = np.argsort(-shares, axis=1, kind="stable")
        values = np.take_along_axis(shares, order, axis=1).round(6).tolist()
        flags = np.take_along_axis(enough, order, axis=1).tolist()
        for places, confidences, wanted in zip(order.tolist(), values, flags, strict=True):
            yield [
                (Coded(self.themes[place], confidence), flag) for place, confidence, flag in zip(places, confidences, wanted, strict=True)
            ]


def learn_codebook(
    texts: Sequence[str],
    themes: Sequence[Iterable[Theme]],
    language: str = "fi",
    background: Sequence[str] = (),
    seed: int = 0,
    groups: Sequence[object] | None = None,
    previous: Codebook | None = None,
    items: Sequence[object] | None = None,
    perhaps: Sequence[Iterable[Theme]] | None = None,
    questions: Sequence[str] | None = None,
) -> Codebook:
    """A codebook out of examples.

    texts: n comments that a person sorted. themes: for each of them its theme keys (str or int); an empty set says that none fits.
    background: comments that nobody sorted, of the same organisation and language; they make the local vectors better, show where a theme
    of few examples lies, and tell strangers from what is known.
    groups: who wrote each text, so that cross-validation never meets the same person twice; left out, each item is its own.
    previous: an earlier codebook, whose vectors are kept while the number of all comments has not grown by half: the quick refit.
    items: which item each text is a part of (the answers of one survey, say); left out, each text is its own. Thresholds and quality are
    those of items, which are about what any of their texts is about. perhaps: for each text the themes that a person said of its item
    without saying of which text; the text that shows it most is taken to hold it. questions: what each text answers, "" for nothing.
    Returns a Codebook. With no examples it has no themes and codes all as unsorted. One theme may have a single example; thresholds and
    quality come from cross-validation and need ten texts. Raises ValueError naming the argument, the index and what was wrong.
    Source: insight-text 1; thresholds per theme after Yang (2001), SIGIR, shrunk to the common one.
    """
    texts = checked_texts(texts)
    background = checked_texts(background, "background")
    checked_language(language)
    seed = checked_seed(seed)
    if previous is not None and not isinstance(previous, Codebook):
        raise ValueError(f"previous: expected a Codebook, got {type(previous).__name__}")
    keys, flags, open_flags = _all_flags(texts, themes, perhaps)
    of_item = _numbered(items, len(texts), "items")
    who = of_item if groups is None else _numbered(groups, len(texts), "groups")
    asked = _asked(questions, len(texts))
    vectors, n_background = _vectors_for(texts, background, language, seed, previous)
    drawn = _drawn(background, MOST_UNSORTED, seed)
    helped = np.flatnonzero(themes_to_teach((flags | open_flags).sum(axis=0)))
    # Where comments that nobody sorted teach, too, their words are looked at as well.
    space = learn_features(read_words([*texts, *drawn] if len(helped) else texts), language)
    words = read_words(texts)
    known = {question: number for number, question in enumerate(sorted(set(asked) - {""}))}
    features, places = add_questions(space.read(words), asked, known), vectors.embed_words(words)
    n_folds = min(N_FOLDS if len(texts) < MANY_EXAMPLES else 3, len(np.unique(who)))
    folds = folds_of(who, max(n_folds, 1), seed)
    flags = settle_texts(features, flags, open_flags, of_item, folds, seed) if n_folds > 1 else flags | open_flags
    n_items = len(np.unique(of_item))
    unsorted = _read_unsorted(drawn, set(texts), space, vectors, known, helped) if drawn else None
    voters = learn_voters(features, places, flags, seed, unsorted)
    no_thresholds = choose_thresholds(np.zeros((0, len(keys))), flags[:0])
    book = Codebook(language, keys, no_thresholds, Quality(None, None, n_items), n_background, space, vectors, voters, known)
    if n_items < FEWEST_TO_JUDGE or n_folds < 2 or not keys:
        return book
    unseen = _places_unseen(texts, drawn, folds, language, seed) if len(texts) + len(background) < FEW_COMMENTS else None
    left_out = shares_left_out(features, places, flags, folds, seed, unsorted, unseen)
    if unsorted is not None and unseen is None:
        strangers, strange = _strangers_to(places, left_out, flags, folds, voters, unsorted, seed)
        book, left_out[strange] = replace(book, strangers=strangers), 0.0
    return _judged(book, left_out, flags, folds, of_item)


def _judged(book: Codebook, left_out: Shares, flags: Flags, folds: npt.NDArray[np.int64], of_item: npt.NDArray[np.int64]) -> Codebook:
    """With its thresholds and quality, those of items, by the votes of voters that had not seen the text."""
    shares, said = best_of_items(left_out, of_item), flags_of_items(flags, of_item)
    fold_of_item = np.zeros(len(said), dtype=np.int64)
    fold_of_item[of_item] = folds
    return replace(book, thresholds=choose_thresholds(shares, said), quality=_quality(shares, said, fold_of_item))


def _strangers_to(
    places: Places, shares: Shares, flags: Flags, folds: npt.NDArray[np.int64], voters: Voters, unsorted: Unsorted, seed: int
) -> tuple[Strangers | None, Flags]:
    """What tells strangers to the examples, and which of the texts with a theme it takes for them, bool[n]; shares: left-out votes."""
    known = flags.any(axis=1)
    themed, themeless = (Compared(places[rows], shares[rows], folds[rows]) for rows in (known, ~known))
    features, found = unsorted.features[unsorted.usable], unsorted.vectors[unsorted.usable]
    others = themeless.beside(Compared(found, voters.shares(features, found), -1 - np.arange(len(found))))
    strangers, strange = learn_strangers(themed, others, seed)
    of_all = np.zeros(len(flags), dtype=np.bool_)
    of_all[known] = strange
    return strangers, of_all


def _all_flags(
    texts: list[str], themes: Sequence[Iterable[Theme]], perhaps: Sequence[Iterable[Theme]] | None
) -> tuple[tuple[Theme, ...], Flags, Flags]:
    """The keys in sorted order, and bool[n, k] of what is sure and of what may be."""
    sure = _checked_sets(texts, themes, "themes")
    may_be: list[set[Theme]] = _checked_sets(texts, perhaps, "perhaps") if perhaps is not None else [set() for _ in texts]
    keys = tuple(sorted(set().union(*sure, *may_be), key=lambda key: (isinstance(key, str), key)))
    return keys, _flags(sure, keys), _flags(may_be, keys)


def _checked_sets(texts: list[str], themes: Sequence[Iterable[Theme]], name: str) -> list[set[Theme]]:
    if hasattr(themes, "columns"):
        how = "[set(flags.columns[row == 1]) for row in flags.to_numpy()]"
        raise ValueError(f"{name}: expected one set for each text, got a frame; its marks as sets: {how}")
    given = listed(themes, name, "sets")
    if len(given) != len(texts):
        raise ValueError(f"{name}: expected one set for each of {len(texts)} texts, got {len(given)}")
    sets: list[set[Theme]] = []
    for index, keys in enumerate(given):
        if isinstance(keys, str | bytes | Mapping) or not isinstance(keys, Iterable) or getattr(keys, "ndim", 1) == 0:
            raise ValueError(f"{name}[{index}]: expected a set of theme keys, got {type(keys).__name__}")
        found = list(keys)
        for key in found:
            if not isinstance(key, str | int | np.integer) or isinstance(key, bool):
                raise ValueError(f"{name}[{index}]: a theme key is a text or a whole number, not {type(key).__name__}")
        sets.append(set(found))
    return sets


def _flags(sets: list[set[Theme]], keys: tuple[Theme, ...]) -> Flags:
    """bool[n, k]."""
    column = {key: place for place, key in enumerate(keys)}
    flags = np.zeros((len(sets), len(keys)), dtype=np.bool_)
    for row, found in enumerate(sets):
        for key in found:
            flags[row, column[key]] = True
    return flags


def _asked(questions: Sequence[str] | None, n: int) -> list[str]:
    if questions is None:
        return [""] * n
    asked = checked_texts(questions, "questions")
    if len(asked) != n:
        raise ValueError(f"questions: expected one for each of {n} texts, got {len(asked)}")
    return asked


def _numbered(names: Sequence[object] | None, n: int, name: str) -> npt.NDArray[np.int64]:
    """The number of the item, or person, of each text, in the order of their first text."""
    if names is None:
        return np.arange(n, dtype=np.int64)
    given = listed(names, name, "keys")
    if len(given) != n:
        raise ValueError(f"{name}: expected one for each of {n} texts, got {len(given)}")
    number: dict[object, int] = {}
    return np.asarray([number.setdefault(checked_key(one, f"{name}[{place}]"), len(number)) for place, one in enumerate(given)], dtype=np.int64)


def _vectors_for(texts: list[str], background: list[str], language: str, seed: int, previous: Codebook | None) -> tuple[LocalVectors, int]:
    n_all = len(texts) + len(background)
    if previous is not None and previous.language == language and n_all < 1.5 * previous.n_background:
        return previous._vectors, previous.n_background
    corpus = _drawn(texts + background, MOST_BACKGROUND, seed)
    return learn_vectors(read_words(corpus), language, seed), n_all


def _read_unsorted(
    drawn: list[str], own: set[str], space: FeatureSpace, vectors: LocalVectors, known: dict[str, int], helped: npt.NDArray[np.int64]
) -> Unsorted:
    """What is seen in comments that nobody sorted. One that says the same as an example is not taken for another."""
    features, places = read_texts(drawn, space, vectors)
    usable = np.asarray([place for place, text in enumerate(drawn) if text not in own], dtype=np.int64)
    return Unsorted(places, add_questions(features, [""] * len(drawn), known), usable, helped)


def _places_unseen(texts: list[str], drawn: list[str], folds: npt.NDArray[np.int64], language: str, seed: int) -> UnseenPlaces:
    """For each fold the places of the texts and of the drawn ones in a space that was learnt without the fold."""
    found = {}
    for fold in np.unique(folds).tolist():
        left_out = {text for text, of in zip(texts, folds.tolist(), strict=True) if of == fold}
        vectors = learn_vectors(read_words([text for text in (*texts, *drawn) if text not in left_out]), language, seed)
        found[fold] = vectors.embed(texts), vectors.embed(drawn)
    return found


def _drawn(texts: list[str], most: int, seed: int) -> list[str]:
    """At most so many of the texts, in their order."""
    if len(texts) <= most:
        return texts
    return [texts[place] for place in np.sort(np.random.default_rng(seed).choice(len(texts), most, replace=False)).tolist()]


def _quality(shares: Shares, flags: Flags, folds: npt.NDArray[np.int64]) -> Quality:
    """Agreement on each fold with thresholds chosen on the other folds: choosing and judging on the same votes would flatter."""
    decided = np.zeros(flags.shape, dtype=np.bool_)
    for fold in np.unique(folds):
        left_out = folds == fold
        decided[left_out] = shares[left_out] >= choose_thresholds(shares[~left_out], flags[~left_out])
    hits = (decided & flags).sum(axis=0)
    either = decided.sum(axis=0) + flags.sum(axis=0)
    micro = 2 * float(hits.sum()) / max(int(either.sum()), 1)
    return Quality(micro, float(np.mean(2 * hits / np.maximum(either, 1))), len(flags))
