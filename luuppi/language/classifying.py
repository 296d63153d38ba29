"""Several yes/no questions at once about each text: linear models that vote, and a threshold for each question."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from luuppi.language.alone import fit_alone
from luuppi.language.centring import Places, theme_centres
from luuppi.language.sparse import Counts, below, beside, scale_columns
from luuppi.language.teaching import surest

Shares = npt.NDArray[np.float64]
# For each fold: places of the texts and of the unsorted ones.
UnseenPlaces = dict[int, tuple[Places, Places]]
Flags = npt.NDArray[np.bool_]

# Weight of the local vectors beside the words: with many examples the words say it themselves, with few the place says more than they do.
# VECTORS_WEIGHT · (1 + VECTORS_FEW / n), n the examples of the theme.
VECTORS_WEIGHT, VECTORS_FEW = 0.5, 10.0
# How sure the votes are: inverse regularisation of each model, chosen by cross-validation on development data.
SURE_MARGIN, SURE_RATIO = 0.5, 0.1
# A margin of 1 counts as 88 %.
MARGIN_STEEPNESS = 2.0
# The vote of the log-count ratios counts n / (n + RATIO_HALFWAY): a ratio of few counts is mostly chance.
RATIO_HALFWAY = 5.0
# The vote of nearness to the theme's centre counts NEARNESS_VOTE · NEARNESS_HALFWAY / (n + NEARNESS_HALFWAY): most with few examples. A cosine
# of NEARNESS_MIDDLE is half a vote.
NEARNESS_VOTE, NEARNESS_HALFWAY = 1.5, 20.0
NEARNESS_STEEPNESS, NEARNESS_MIDDLE = 10.0, 0.5
# A theme's own threshold counts as much as that of all themes together once it has this many examples.
TRUSTED_EXAMPLES = 30.0
# Without any example left aside to look at, the threshold that people find neither greedy nor shy.
PLAIN_THRESHOLD = 0.35


@dataclass(frozen=True)
class Voters:
    """Linear models over [features, vectors], and nearness to the centres of the themes where there were comments that nobody sorted.

    weights float32[v, f + d, k], offsets float32[v, k], steepness float32[v], votes float32[v, k]; centres float32[k, d], near float32[k]:
    the weight of that vote. None in codebooks learnt without such comments, or before there were centres.
    """

    weights: npt.NDArray[np.float32]
    offsets: npt.NDArray[np.float32]
    steepness: npt.NDArray[np.float32]
    votes: npt.NDArray[np.float32]
    centres: Places | None = None
    near: npt.NDArray[np.float32] | None = None

    def shares(self, features: Counts, vectors: npt.NDArray[np.float32]) -> Shares:
        """The mean vote for each question, float64[n, k], 0–1."""
        n_features = features.shape[1]
        total = np.zeros((features.shape[0], self.offsets.shape[1]))
        for weights, offsets, steepness, vote in zip(self.weights, self.offsets, self.steepness, self.votes, strict=True):
            margin = features.dot(weights[:n_features]) + vectors @ weights[n_features:] + offsets
            total += vote * _chance(steepness * margin)
        of_all = self.votes.sum(axis=0)
        if self.centres is not None and self.near is not None:
            total += self.near * _chance(NEARNESS_STEEPNESS * (vectors @ self.centres.T - NEARNESS_MIDDLE))
            of_all = of_all + self.near
        return np.asarray(total / of_all)

    def with_columns_of(self, other: Voters, columns: npt.NDArray[np.int64]) -> Voters:
        """These voters, with what another learnt of some questions in place of their own."""
        taken = {name: getattr(self, name).copy() for name in ("weights", "offsets", "votes", "centres", "near")}
        for name, own in taken.items():
            place = columns if name in ("centres", "near") else (..., columns)
            own[place] = getattr(other, name)[place]
        return replace(self, **taken)


@dataclass(frozen=True)
class Unsorted:
    """Texts without answers: vectors float32[m, d], features sparse float32[m, f]. Those whose places are in `usable` may be taken as
    examples of the questions whose columns are in `themes`."""

    vectors: Places
    features: Counts
    usable: npt.NDArray[np.int64]
    themes: npt.NDArray[np.int64]


def learn_voters(features: Counts, vectors: Places, flags: Flags, seed: int = 0, unsorted: Unsorted | None = None) -> Voters:
    """Two maximal margins for each question: on words and vectors, and on words weighed by their log-count ratios.

    features sparse float32[n, f], vectors float32[n, d], flags bool[n, k]. A question that all or none answer yes to gets that answer.
    unsorted: texts without answers; with them, nearness to the centre of each question's texts votes, too, and where few texts answer yes,
    those of them that are surest to do so are learnt from as well.
    Source: Fan et al. (2008), LIBLINEAR, JMLR 9; Wang & Manning (2012), ACL, 90–94, for the ratios; their mean beats each alone.
    """
    places = None if unsorted is None else unsorted.vectors
    voters = _voters_of(features, vectors, flags, seed, places, np.arange(flags.shape[1]))
    if unsorted is None or not len(unsorted.themes) or not len(unsorted.usable):
        return voters
    shares = voters.shares(unsorted.features[unsorted.usable], unsorted.vectors[unsorted.usable])
    rows, about = surest(shares, unsorted.themes, flags.sum(axis=0))
    rows = unsorted.usable[rows]
    more = below([features, unsorted.features[rows]]), np.vstack([vectors, unsorted.vectors[rows]]), np.vstack([flags, about])
    return voters.with_columns_of(_voters_of(*more, seed, places, unsorted.themes), unsorted.themes)


def _voters_of(
    features: Counts, vectors: Places, flags: Flags, seed: int, unsorted: Places | None, columns: npt.NDArray[np.int64]
) -> Voters:
    """The voters of these columns; the others stay without weights."""
    n_features, k = features.shape[1], flags.shape[1]
    weights = np.zeros((2, n_features + vectors.shape[1], k), dtype=np.float32)
    offsets = np.zeros((2, k), dtype=np.float32)
    for column in columns.tolist():
        yes = flags[:, column]
        if yes.all() or not yes.any() or n_features == 0:
            offsets[:, column] = 10.0 if len(yes) and yes.all() else -10.0
            continue
        weight = np.float32(VECTORS_WEIGHT * (1 + VECTORS_FEW / int(yes.sum())))
        weights[0, :, column], offsets[0, column] = _margin(beside([features, vectors * weight]), yes, SURE_MARGIN, seed)
        weights[0, n_features:, column] *= weight
        ratios = log_ratios(features, yes)
        scaled, offsets[1, column] = _margin(scale_columns(features, ratios), yes, SURE_RATIO, seed)
        weights[1, :n_features, column] = scaled * ratios
    n_examples = flags.sum(axis=0)
    votes = np.stack([np.ones(k), n_examples / (n_examples + RATIO_HALFWAY)]).astype(np.float32)
    steepness = np.full(2, MARGIN_STEEPNESS, dtype=np.float32)
    if unsorted is None or not len(unsorted):
        return Voters(weights, offsets, steepness, votes)
    open_questions = (n_examples > 0) & (n_examples < len(flags))
    near = np.where(open_questions, NEARNESS_VOTE * NEARNESS_HALFWAY / (n_examples + NEARNESS_HALFWAY), 0.0)
    return Voters(weights, offsets, steepness, votes, theme_centres(vectors, flags, unsorted), near.astype(np.float32))


def word_margins(features: Counts, flags: Flags, asked: Counts, seed: int = 0) -> Shares:
    """How far the `asked` are on the side of yes by their words alone, float64[a, k]: the quickest of the models, learnt from `features`."""
    margins = np.full((asked.shape[0], flags.shape[1]), -10.0)
    for column in range(flags.shape[1]):
        yes = flags[:, column]
        if yes.any() and not yes.all():
            weights, offset = _margin(features, yes, SURE_MARGIN, seed)
            margins[:, column] = asked.dot(weights) + offset
        elif yes.any():
            margins[:, column] = 10.0
    return margins


def shares_left_out(
    features: Counts,
    vectors: Places,
    flags: Flags,
    folds: npt.NDArray[np.int64],
    seed: int = 0,
    unsorted: Unsorted | None = None,
    unseen: UnseenPlaces | None = None,
) -> Shares:
    """The votes of each text by models that have not seen its fold, float64[n, k]. folds int64[n]; unseen: for each fold the vectors, and
    those of the unsorted, in a space that has not seen it either; left out, `vectors` serve for all folds."""
    shares = np.zeros(flags.shape)
    for fold in np.unique(folds):
        left_out = folds == fold
        places, others = vectors, unsorted
        if unseen is not None:
            places, places_of_others = unseen[int(fold)]
            others = None if unsorted is None else replace(unsorted, vectors=places_of_others)
        voters = learn_voters(features[~left_out], places[~left_out], flags[~left_out], seed, others)
        shares[left_out] = voters.shares(features[left_out], places[left_out])
    return shares


def choose_thresholds(shares: Shares, flags: Flags) -> Shares:
    """The share from which each question is answered yes, float64[k], out of left-out votes.

    Between the threshold that is best for all questions together (micro-F1) and the best for each (F1), the nearer to the latter the
    more examples there are: the best threshold of five examples is mostly chance.
    """
    if not flags.any():
        return np.full(flags.shape[1], PLAIN_THRESHOLD)
    overall = _best_threshold(shares.ravel(), flags.ravel())
    own = np.asarray([_best_threshold(shares[:, k], flags[:, k]) if flags[:, k].any() else overall for k in range(flags.shape[1])])
    n_examples = flags.sum(axis=0)
    trust = n_examples / (n_examples + TRUSTED_EXAMPLES)
    return np.asarray(trust * own + (1 - trust) * overall)


def log_ratios(features: Counts, yes: Flags) -> npt.NDArray[np.float32]:
    """How much likelier each feature is where the answer is yes, log float32[f], one added to each count. features sparse [n, f], yes bool[n].

    Source: Wang & Manning (2012), ACL, 90–94.
    """
    present = features.copy()
    present.data[:] = 1.0
    with_yes = yes.astype(np.float32) @ present + 1.0
    with_no = (~yes).astype(np.float32) @ present + 1.0
    return np.asarray(np.log((with_yes / with_yes.sum()) / (with_no / with_no.sum())), dtype=np.float32)


def folds_of(groups: npt.NDArray[np.int64], n_folds: int, seed: int) -> npt.NDArray[np.int64]:
    """A fold for each text, int64[n], texts of one group in the same."""
    names, places = np.unique(groups, return_inverse=True)
    return np.asarray(np.random.default_rng(seed).permutation(len(names))[places] % n_folds, dtype=np.int64)


def _chance(margins: npt.NDArray[np.float32]) -> Shares:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(margins.astype(np.float64), -30.0, 30.0))))


def _best_threshold(shares: Shares, yes: Flags) -> float:
    """The middle between the last share that is worth a yes and the next one, by F1 = 2 TP / (predicted + real)."""
    order = np.argsort(-shares, kind="stable")
    ranked = shares[order]
    scores = 2 * np.cumsum(yes[order]) / (np.arange(1, len(order) + 1) + yes.sum())
    ends = np.append(ranked[1:] < ranked[:-1], True)
    best = int(np.argmax(np.where(ends, scores, -1.0)))
    after = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    return float((ranked[best] + after) / 2)


def _margin(features: Counts, yes: Flags, sure: float, seed: int) -> tuple[npt.NDArray[np.float32], float]:
    """Weights float32[f] and the offset of the widest margin between yes and no."""
    from sklearn.svm import LinearSVC

    model = fit_alone(LinearSVC(C=sure, random_state=seed, max_iter=2000).fit, features, yes)
    weights: object = getattr(model, "coef_")  # noqa: B009 - scikit-learn carries no types
    offset: object = getattr(model, "intercept_")  # noqa: B009
    return np.asarray(weights, dtype=np.float32).ravel(), float(np.asarray(offset).ravel()[0])
