"""Names for groups of texts in words that people read: dictionary forms of words, and phrases as they were mostly written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from luuppi.language.checking import checked_language, checked_texts
from luuppi.language.sparse import Counts, by_place
from luuppi.language.tokens import Words, count_features, number_all, pair_codes, read_words
from luuppi.language.words import is_known, stem_words, themeless_words
from luuppi.language.words import lemma as lemma_of
from luuppi.measures.options import whole_number

Amounts: TypeAlias = npt.NDArray[np.float64]

N_WORDS = 5
# Words that are looked at before those that mean the same, or say what is done rather than what about, fall out.
N_CANDIDATES = 14
# Two words are a phrase where at least this share of the rarer one's places is beside the other.
PHRASE_SHARE = 0.3
# A word that is hardly commoner in a group than elsewhere tells nothing of it ("ärsyttää", "please fix this"): so many times commoner it must be.
# And more than chance makes it, in standard errors.
TIMES_ELSEWHERE, SURELY = 2.0, 3.0
# Words that begin with so many same letters are forms of one word, or nearly.
SAME_BEGINNING = 7

# What words look like in a text when they are no nouns. Endings of forms, and of the dictionary form, by language.
_VERB_FORM = {
    "fi": re.compile(
        r"(?:taan|tään|daan|dään|isi|isin|isivat|vat|vät|mme|nut|nyt|neet|ttava|ttävä|ttu|tty|taisi|täisi|maan|mään|malla|mällä)$"
    ),
    "sv": re.compile(r"(?:ar|ade|at|ats|as|ande|te|tt|er)$"),
    "en": re.compile(r"(?:ing|ed)$"),
}
_VERB = {"fi": re.compile(r"(?:aa|ää|[eioöuy][aä]|[dtlnr][aä])$"), "sv": re.compile(r"a$"), "en": re.compile(r"$^")}
_ADJECTIVE = {
    "fi": re.compile(r"(?:llinen|inen|ton|tön)$"),
    "sv": re.compile(r"(?:lig|iga?|isk|iska|sam|full)$"),
    "en": re.compile(r"(?:ful|ous|able|ible|less)$"),
}
# How long and how much: alone they name no theme ("day"), beside a thing they may ("waiting time").
_MEASURE = {
    "fi": re.compile("päivä|viikko|kuukausi|vuosi|tunti|minuutti|sekunti|hetki|aika|kerta|euro|sentti|prosentti|kilometri|metri"),
    "sv": re.compile("dag|vecka|månad|år|timm[ea]|minut|sekund|tid|gång|euro|krona|kr|procent|kilometer|meter"),
    "en": re.compile("(?:day|week|month|year|hour|minute|min|time|dollar|pound|euro)s?|percent"),
}


@dataclass(frozen=True)
class Label:
    """name: up to three of the words joined; words: up to five, the most telling first."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Stems:
    """Stems of one set of texts: names[V]; forms[V]: how often each was written in which way; counts: texts × V, 1 where it stands."""

    names: list[str]
    forms: list[Counter[str]]
    presence: Counts
    of_word: npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Group:
    """scores float64[V]: how telling each stem is; n_with float64[V]: in how many texts it stands; phrases: pair → places."""

    scores: npt.NDArray[np.float64]
    n_with: npt.NDArray[np.float64]
    phrases: dict[tuple[int, int], int]


def label_groups(words: Words, groups: npt.NDArray[np.int64], n_groups: int, language: str) -> list[Label]:
    """A label for each of the groups, told apart from the others by class TF-IDF.

    words: of n texts; groups int64[n]: the group of each text, −1 none. Returns n_groups labels; one without any telling word is
    Label("", ()). Source: Grootendorst (2022), arXiv 2203.05794, eq. 1, on the share of texts instead of counts of words.
    """
    stems = _read_stems(words, language)
    member = groups >= 0
    one_hot = by_place(np.ones(int(member.sum())), groups[member], np.flatnonzero(member), (n_groups, len(groups)))
    n_with = np.asarray((one_hot @ stems.presence).todense(), dtype=np.float64)
    sizes = np.maximum(np.asarray(one_hot.sum(axis=1)).ravel(), 1.0)
    everywhere = n_with.sum(axis=0)
    scores = n_with / sizes[:, None] * np.log1p(sizes.mean() / np.maximum(everywhere, 1.0))
    scores[~_is_commoner(n_with, everywhere, sizes)] = 0.0
    phrases = _phrases(words, stems, groups, n_groups)
    found = [_Group(scores[group], n_with[group], phrases[group]) for group in range(n_groups)]
    telling = [_telling_words(words, stems, group, language, N_WORDS) for group in found]
    return [Label(", ".join(best[:3]), best) for best in telling]


def _is_commoner(n_with: Amounts, everywhere: Amounts, sizes: Amounts) -> npt.NDArray[np.bool_]:
    """Whether each stem is clearly commoner in each group than in the other texts: groups × V. Test of two shares with pooled variance."""
    size, others = sizes[:, None], max(float(sizes.sum()), 1.0) - sizes[:, None]
    inside, elsewhere = n_with / size, (everywhere - n_with) / np.maximum(others, 1.0)
    share = np.minimum(everywhere / sizes.sum(), 1.0)
    error = np.sqrt(share * (1 - share) * (1 / size + 1 / np.maximum(others, 1.0)))
    commoner: npt.NDArray[np.bool_] = (inside >= TIMES_ELSEWHERE * elsewhere) & ((inside - elsewhere > SURELY * error) | (others < 1))
    return commoner


def key_phrases(texts: Sequence[str], language: str = "fi", n: int = 10) -> list[str]:
    """The n most telling words and phrases of a few texts, most frequent first: what there is to read under 100 comments.

    texts: comments of one language, of which there may be none. [] where no word stands in two of them.
    Raises ValueError for what is no text (with its index), another language, or an n that is no whole number.
    """
    words, n = read_words(checked_texts(texts)), whole_number("n", n)
    checked_language(language)
    stems = _read_stems(words, language)
    n_with = np.asarray(stems.presence.sum(axis=0), dtype=np.float64).ravel()
    phrases = _phrases(words, stems, np.zeros(words.n_texts, dtype=np.int64), 1)[0]
    return list(_telling_words(words, stems, _Group(n_with, n_with, phrases), language, n))


def _read_stems(words: Words, language: str) -> _Stems:
    stopped = themeless_words(language)
    told = [word for word in words.vocabulary if len(word) > 2 and word not in stopped and not any(map(str.isdigit, word))]
    stem_of = dict(zip(told, stem_words(told, language), strict=True))
    names = list(dict.fromkeys(stem_of.values()))
    numbers = number_all(names)
    of_word = np.asarray([numbers[stem_of[word]] if word in stem_of else -1 for word in words.vocabulary], dtype=np.int64)
    written = np.bincount(words.ids, minlength=len(words.vocabulary))
    forms: list[Counter[str]] = [Counter() for _ in names]
    for word, stem, times in zip(words.vocabulary, of_word.tolist(), written.tolist(), strict=True):
        if stem >= 0:
            forms[stem][word] += times
    presence = count_features(words, [[stem] if stem >= 0 else [] for stem in of_word.tolist()], max(len(names), 1))
    presence.data[:] = 1.0
    return _Stems(names or [""], forms or [Counter()], presence, of_word)


def _phrases(words: Words, stems: _Stems, groups: npt.NDArray[np.int64], n_groups: int) -> list[dict[tuple[int, int], int]]:
    """For each group its pairs of neighbouring stems with the number of places."""
    base = len(stems.names)
    rows, codes = pair_codes(words, stems.of_word, base)
    found: list[dict[tuple[int, int], int]] = [{} for _ in range(n_groups)]
    kept = groups[rows] >= 0
    both, times = np.unique(np.stack([groups[rows][kept], codes[kept]]), axis=1, return_counts=True)
    for group, code, n in zip(both[0].tolist(), both[1].tolist(), times.tolist(), strict=True):
        pair = divmod(code, base)
        if n >= 3 and pair[0] != pair[1]:
            found[group][pair] = n
    return found


def _as_written(words: Words, stems: _Stems, pair: tuple[int, int], language: str) -> str:
    """The phrase of two stems as most texts write it that end it in its dictionary form, and if none does, as most write it:
    "huumeiden käyttö", never "huume käyttö", and not "huumeiden käyttöä"."""
    of_ids = stems.of_word[words.ids]
    at = np.flatnonzero((of_ids[:-1] == pair[0]) & (of_ids[1:] == pair[1]))
    written = Counter(zip(words.ids[at].tolist(), words.ids[at + 1].tolist(), strict=True))
    said = {(words.vocabulary[first], words.vocabulary[second]): times for (first, second), times in written.items()}
    plain = {two: times for two, times in said.items() if lemma_of(two[1], language) == two[1]} or said
    _, best = max((times, two) for two, times in plain.items())
    return " ".join(best)


def _telling_words(words: Words, stems: _Stems, group: _Group, language: str, n: int) -> tuple[str, ...]:
    """The n most telling words and phrases of a group; words that only say what is done, how or how long where there are not two nouns."""
    top = np.argsort(-group.scores, kind="stable")[: n + N_CANDIDATES].tolist()
    best = [stem for stem in top if group.scores[stem] > 0 and group.n_with[stem] >= 2 and stems.forms[stem]]
    telling: list[str] = []
    lone: list[str] = []
    used: set[int] = set()
    themeless = themeless_words(language)
    for stem in best:
        if stem in used:
            continue
        used.add(stem)
        times, pair = max(_beside(group, stem), default=(0, (stem, stem)))
        if times >= PHRASE_SHARE * group.n_with[stem] and not set(pair) & (used - {stem}):
            used.update(pair)
            telling.append(_as_written(words, stems, pair, language))
            continue
        lemma = _lemma(stems.forms[stem], language)
        if lemma in themeless:
            continue
        if lemma not in telling and lemma not in lone:
            (telling if _is_noun(lemma, stems.forms[stem], language) else lone).append(lemma)
    # What is done or how it was says little beside two things that it was about, and how long beside anything.
    more = [one for one in lone if not _MEASURE[language].fullmatch(one)] if telling else lone
    return tuple(_unlike(telling if len(telling) > 1 else [*telling, *more])[:n])


def _unlike(words: list[str]) -> list[str]:
    """Without words that only say a part of an earlier one again, or begin alike: "kiinteistövero, vero", "ehkäisy, ehkäisevä"."""
    kept: list[str] = []
    for word in words:
        if not any(_is_like(word, earlier) for earlier in kept):
            kept.append(word)
    return kept


def _is_like(word: str, earlier: str) -> bool:
    if earlier.endswith(word) or word in earlier.split():
        return True
    return len(word) >= SAME_BEGINNING and earlier.startswith(word[:SAME_BEGINNING])


def _beside(group: _Group, stem: int) -> list[tuple[int, tuple[int, int]]]:
    """Phrases with the stem that are more than chance: (places, pair)."""
    n_with = group.n_with
    return [(n, pair) for pair, n in group.phrases.items() if stem in pair and n >= PHRASE_SHARE * min(n_with[pair[0]], n_with[pair[1]])]


def _lemma(forms: Counter[str], language: str) -> str:
    """The dictionary form that most places of the stem have. Of a name that no dictionary holds, the shortest way in which it is written
    more than once: "vuosaari" where most write "vuosaaren". An English thing done keeps its ending: "parking" is no park."""
    written = forms.most_common(8)
    if language == "en" and written[0][0].endswith("ing") and 2 * written[0][1] > forms.total():
        return written[0][0]
    lemmas: Counter[str] = Counter()
    for form, times in written:
        lemmas[lemma_of(form, language)] += times
    best = lemmas.most_common(1)[0][0]
    if language == "en" or best not in forms or lemma_of(best, language) != best or is_known(best, language):
        return best
    return min((form for form, times in forms.items() if times > 1 and len(form) > 3), key=lambda form: (len(form), form), default=best)


def _is_noun(lemma: str, forms: Counter[str], language: str) -> bool:
    """Whether the word is likely to name a thing, judged by its ending and by how it is written. There is no dictionary of word classes."""
    if _ADJECTIVE[language].search(lemma) or _MEASURE[language].fullmatch(lemma):
        return False
    as_verb = sum(times for form, times in forms.items() if _VERB_FORM[language].search(form))
    return not (_VERB[language].search(lemma) and as_verb >= forms.total() / 3)
