"""Proposals of themes for comments that nobody has read yet. A person names, merges or throws them away: the codebook is the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from luuppi.language.checking import checked_language, checked_texts, checked_vectors
from luuppi.language.labelling import key_phrases, label_groups
from luuppi.language.repeated import first_said
from luuppi.language.tokens import Words, read_words
from luuppi.language.vectors import FEW, Vectors, learn_vectors, nearest, neighbour_graph
from luuppi.language.weighting import rows_of_length_one
from luuppi.language.words import stop_words
from luuppi.measures.options import number
from luuppi.measures.options import seed as checked_seed

__all__ = ["FEWEST", "Proposal", "ProposedTheme", "key_phrases", "match_themes", "propose_themes"]

# Under 100 comments groups are chance; under twenty texts of a group nobody can name it.
FEWEST = 100
# With fewer different comments than this each is nearly a theme by itself, and its copies show how large it is.
FEWEST_DIFFERENT = 50
# More comments than this do not make better groups, only slower ones: the others go to the nearest centre (measured: nothing lost).
SAMPLE = 20_000
N_EXAMPLES = 5
_BLOCK = 20_000


@dataclass(frozen=True)
class ProposedTheme:
    """label: two or three telling words joined, "" for a group without any ("ok", "nothing"); words: up to five; examples: up to five
    texts nearest to the centre, shortest way to understand it; example_indexes: where those stand in `texts`; size: how many texts;
    centre: its place among the vectors."""

    label: str
    words: tuple[str, ...]
    examples: tuple[str, ...]
    size: int
    example_indexes: tuple[int, ...] = ()
    centre: tuple[float, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """assigned int64[n]: the theme of each text, a place in `themes`, −1 none; themes: the largest first."""

    assigned: npt.NDArray[np.int64]
    themes: tuple[ProposedTheme, ...]


def propose_themes(
    texts: Sequence[str],
    language: str = "fi",
    fineness: float = 2.0,
    seed: int = 0,
    embed: Callable[[Sequence[str]], Vectors] | None = None,
) -> Proposal:
    """Groups of comments that speak of the same, with a readable label and examples each.

    texts: n comments of one language, any order. fineness: "fewer / more themes", 1, 2 or 4 (any number above 0). embed: another source
    of vectors, texts → float32[n, d]; left out, they are learnt from the texts themselves.
    Returns Proposal(assigned int64[n], themes). Under 100 texts that say something: no themes and all −1. A text without words, or one
    that says nothing ("no", "ei mitään"), is −1. Of 50 different ones on, copies go where the first of them goes, and are counted there.
    The same texts and seed give the same proposal. Raises ValueError for what is no text (with its index), language or fineness.
    Source: Blondel et al. (2008), J. Stat. Mech. P10008, on the 20-nearest-neighbour cosine graph.
    """
    texts = checked_texts(texts)
    checked_language(language)
    fineness, seed = number("fineness", fineness, above=0), checked_seed(seed)
    if embed is not None and not callable(embed):
        raise ValueError(f"embed: expected a function from texts to vectors, got {type(embed).__name__}")
    nothing = Proposal(np.full(len(texts), -1, dtype=np.int64), ())
    first = first_said(texts)
    saying = np.flatnonzero(first >= 0)
    different = np.unique(first[saying])
    if len(saying) < FEWEST:
        return nothing
    if len(different) < FEWEST_DIFFERENT:
        different, first = saying, np.arange(len(texts))
    sample = np.sort(np.random.default_rng(seed).choice(different, min(SAMPLE, len(different)), replace=False))
    sampled = [texts[i] for i in sample.tolist()]
    words = read_words(sampled)
    place = embed or _learnt_place(words, language, seed)
    vectors = rows_of_length_one(np.asarray(place(sampled), dtype=np.float32))
    groups = _communities(vectors, fineness, seed)
    if groups.max() < 0:
        return nothing
    centres = _centres(vectors, groups)
    assigned = _assign(texts, different, place, centres)
    assigned[sample] = np.where(groups >= 0, groups, assigned[sample])
    assigned[saying] = assigned[first[saying]]
    order = np.argsort(-np.bincount(assigned[assigned >= 0], minlength=len(centres)), kind="stable")
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[order], rank[-1] = np.arange(len(order)), -1
    assigned, groups, centres = rank[assigned], rank[groups], centres[order]
    labels = label_groups(words, groups, len(centres), language)
    themes = []
    for theme, label in enumerate(labels):
        examples = _examples(vectors, groups, centres[theme], theme)
        indexes = tuple(int(sample[i]) for i in examples)
        size = int((assigned == theme).sum())
        centre = tuple(float(value) for value in centres[theme])
        themes.append(ProposedTheme(label.name, label.words, tuple(texts[i] for i in indexes), size, indexes, centre))
    return Proposal(assigned, tuple(themes))


def match_themes(old: npt.ArrayLike, new: npt.ArrayLike, at_least: float = 0.5) -> npt.NDArray[np.int64]:
    """Which old theme each new one continues, int64[k_new], −1 for a theme that is new. No old theme is continued twice.

    old float[k_old, d], new float[k_new, d]: centres in one vector space (embed the examples of the old themes in the new one). The
    pairs of the highest summed cosine are taken; a pair under `at_least` is none. Raises ValueError for what are no rows of finite numbers,
    or rows of another length. Source: Kuhn (1955), Naval Res. Logist. Q. 2, 83–97.
    """
    from scipy.optimize import linear_sum_assignment

    before, after, at_least = checked_vectors(old, "old"), checked_vectors(new, "new"), number("at_least", at_least, low=-1, high=1)
    matched = np.full(len(after) if after.size else 0, -1, dtype=np.int64)
    if not before.size or not after.size:
        return matched
    if before.shape[1] != after.shape[1]:
        raise ValueError(f"new: centres of {after.shape[1]} dimensions cannot be compared with old ones of {before.shape[1]}")
    cosines = rows_of_length_one(after) @ rows_of_length_one(before).T
    # A pair that does not count must not be bought with one that does.
    worth = np.where(cosines >= at_least, cosines, 0.0)
    for later, earlier in zip(*linear_sum_assignment(-worth), strict=True):
        if worth[later, earlier] > 0:
            matched[later] = earlier
    return matched


def _learnt_place(words: Words, language: str, seed: int) -> Callable[[Sequence[str]], Vectors]:
    """Vectors learnt from the words. Among few texts the endings and small words of Finnish and Swedish would tie what has nothing in
    common ("ei vastaa", "ei toimi"), so they are left out; of English questions the small words are half of the meaning (measured)."""
    if words.n_texts >= FEW or language == "en":
        return learn_vectors(words, language, seed).embed
    small = stop_words(language)
    vectors = learn_vectors(words.without(small), language, seed)
    return lambda texts: vectors.embed_words(read_words(texts).without(small))


def _communities(vectors: Vectors, fineness: float, seed: int) -> npt.NDArray[np.int64]:
    """The community of each row, int64[n]; −1 for rows of zeros and for those of communities too small to be named."""
    from sknetwork.clustering import Louvain

    placed = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    groups = np.full(len(vectors), -1, dtype=np.int64)
    if len(placed) < FEWEST_DIFFERENT:
        return groups
    found = Louvain(resolution=fineness, random_state=seed).fit_predict(neighbour_graph(vectors[placed]))
    sizes = np.bincount(found)
    # Remains of the graph: pairs and triples of copied texts.
    large = np.flatnonzero(sizes >= max(5, len(placed) // 1000))
    renumbered = np.full(len(sizes), -1, dtype=np.int64)
    renumbered[large] = np.arange(len(large))
    groups[placed] = renumbered[found]
    return groups


def _centres(vectors: Vectors, groups: npt.NDArray[np.int64]) -> Vectors:
    sums = np.zeros((groups.max() + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, groups[groups >= 0], vectors[groups >= 0])
    return rows_of_length_one(sums)


def _assign(
    texts: list[str], different: npt.NDArray[np.int64], place: Callable[[Sequence[str]], Vectors], centres: Vectors
) -> npt.NDArray[np.int64]:
    """The nearest centre of each text, in blocks so that memory stays flat; −1 where no word is known."""
    assigned = np.full(len(texts), -1, dtype=np.int64)
    for at in range(0, len(different), _BLOCK):
        block = different[at : at + _BLOCK]
        vectors = rows_of_length_one(np.asarray(place([texts[i] for i in block.tolist()]), dtype=np.float32))
        numbers, cosines = nearest(vectors, centres, 1)
        assigned[block] = np.where(cosines[:, 0] > 0, numbers[:, 0], -1)
    return assigned


def _examples(vectors: Vectors, groups: npt.NDArray[np.int64], centre: Vectors, number: int) -> list[int]:
    members = np.flatnonzero(groups == number)
    return [int(i) for i in members[np.argsort(-(vectors[members] @ centre), kind="stable")[:N_EXAMPLES]]]
