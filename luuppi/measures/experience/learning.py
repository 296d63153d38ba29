"""Learning how customers feel from those who answered, and estimating it for everybody."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from luuppi.measures.experience.encoding import Encoding, learn_encoding
from luuppi.measures.experience.models import Kind, Model, fit, probabilities
from luuppi.measures.experience.reasons import Reason, find_reasons
from luuppi.measures.experience.stamped import answered_at, refuse_late
from luuppi.measures.experience.validation import Forward, validate_forward
from luuppi.measures.experience.watching import NEWEST, Drift, find_drift, level_shift
from luuppi.measures.inputs import Flags, Floats, Ints, frame, numbers, same_length
from luuppi.measures.judged import Band, Judged, auc, judge, reliability
from luuppi.measures.options import seed as checked_seed
from luuppi.measures.options import yes_no
from luuppi.measures.speaking import Level, speaking

_SURE = 0.9

WhySilent = Literal["too_few_answers", "too_few_detractors", "no_order_in_time", "nothing_varies"]


@dataclass(frozen=True, slots=True)
class Estimates:
    """probability: float[n], 0–1. known: bool[n], false is "cannot tell". reasons: for each row, the largest first.

    outcome: int[n], what is told where it is known, 1 or 0, and −1 where nothing is. Never read it off the probability: where one customer in
    four is discontent, .4 is far from the usual, and a customer of .4 may surely be among the discontent.
    """

    probability: Floats
    known: Flags
    reasons: list[list[Reason]]
    outcome: Ints


@dataclass(frozen=True, slots=True)
class Weight:
    """How much worse the order becomes (fall of AUC) when a feature is shuffled; about 0 for one that tells nothing."""

    feature: str
    fall: float


@dataclass(frozen=True, slots=True)
class Experience:
    """What was learned. validation: forwards in time, on answers that it had not seen. bands: promised and happened.

    kind: "logistic", or "boosting" when that was better forwards in time. n: answers. level: "silent" when nothing may be
    said of one customer (why_silent tells why), "cautious" under 1 000 answers. A forecast is not an answer: it is never
    mixed into a measured score.
    """

    validation: Judged
    bands: tuple[Band, ...]
    kind: Kind
    n: int
    level: Level
    why_silent: WhySilent | None
    base_rate: float
    _encoding: Encoding | None
    _model: Model | None
    _shift: float
    _sides: tuple[float, float]

    def estimate(self, features: Any, with_reasons: bool = True) -> Estimates:
        """Probability of the outcome for n customers, whether it can be told at all, and the reasons.

        features: frame with the columns learned from; n may be 0. Known is set where 90 % sets by class (conformal) hold one
        outcome alone, which `outcome` tells. When silent, all get the base rate, none is known and there are no reasons.
        Raises ValueError for missing columns or infinities.
        """
        features, with_reasons = frame("features", features), yes_no("with_reasons", with_reasons)
        n = len(features)
        if self._model is None or self._encoding is None or self.why_silent:
            return Estimates(np.full(n, self.base_rate), np.zeros(n, dtype=bool), [[] for _ in range(n)], np.full(n, -1))
        columns = self._encoding.encode(features)
        probability = probabilities(self._model, columns, self._shift)
        at_most, at_least = self._sides
        may_not, may = probability <= at_most, probability >= at_least
        known = may_not ^ may
        reasons = find_reasons(self._model, self._encoding, features, columns, self._shift) if with_reasons else [[] for _ in range(n)]
        return Estimates(probability, known, reasons, np.where(known, may.astype(np.int64), -1))

    def refresh(self, features: Any, outcome: Any) -> "Experience":
        """The same with its level fitted to the newest answers (the last 200 rows, oldest first), nothing else changed."""
        y, features = _outcomes(outcome), frame("features", features)
        same_length(features=features, outcome=y)
        if self._model is None or self._encoding is None or not len(y):
            return self
        odds = self._model.log_odds(self._encoding.encode(features.iloc[-NEWEST:]))
        return replace(self, _shift=level_shift(odds, y[-NEWEST:]))

    def watch(self, features: Any, outcome: Any) -> Drift:
        """Whether answers that came since (oldest first) still agree with what is estimated for them."""
        y, features = _outcomes(outcome), frame("features", features)
        same_length(features=features, outcome=y)
        return find_drift(self.estimate(features, with_reasons=False).probability, y)

    def weigh_features(self, features: Any, outcome: Any, seed: int = 0) -> list[Weight]:
        """Features by how much the order of rows not learned from suffers without them, the weightiest first; [] when silent."""
        y, features = _outcomes(outcome), frame("features", features)
        same_length(features=features, outcome=y)
        if self._encoding is None or self.why_silent:
            return []
        whole = auc(self.estimate(features, with_reasons=False).probability, y)
        if whole is None:
            return []
        shuffled = np.random.default_rng(checked_seed(seed)).permutation(len(y))
        weights = []
        for column in self._encoding.columns:
            other = features.assign(**{column.name: features[column.name].to_numpy()[shuffled]})
            without = auc(self.estimate(other, with_reasons=False).probability, y)
            weights.append(Weight(column.name, whole - (without or 0.0)))
        return sorted(weights, key=lambda weight: -weight.fall)


def learn_experience(features: Any, outcome: Any, at: Any, seen_at: Any = None, seed: int = 0) -> Experience:
    """Learn the chance of an outcome (a detractor's score, leaving) from those who answered.

    features: frame of n rows (or a mapping of name to column), numbers and words, gaps allowed; outcome: 0/1 for each; at: when each
    answered (numbers or moments); seen_at: when each feature of each row was known, of the same kind, a mapping or frame by column name. Any
    feature known only after the answer is refused. Without seen_at nothing can be refused: give it wherever times are stored.
    Silent (see `Experience`) under 200 answers, under 30 of either outcome ("too_few_detractors"), or when all answers are of one moment.
    Raises ValueError for late features, outcomes other than 0 and 1, missing times, unequal lengths.
    Source: docs/methods/experience.md; class-wise conformal sets after Vovk (2013), Machine Learning 92, 349–376.
    """
    features, y, answered, seed = frame("features", features), _outcomes(outcome), answered_at(at), checked_seed(seed)
    moment = answered.values
    n = same_length(features=features, outcome=y, at=moment)
    if seen_at is not None:
        refuse_late(features, answered, seen_at)
    base_rate = (float(y.sum()) + 1) / (n + 2)
    silent = Experience(judge(y[:0], y[:0]), (), "logistic", n, "silent", None, base_rate, None, None, 0.0, (0.0, 1.0))
    said = speaking("customer_prediction", n, detractors=min(float(y.sum()), n - float(y.sum())))
    if said.level == "silent":
        return replace(silent, why_silent="too_few_answers" if said.why == "too_few_answers" else "too_few_detractors")
    encoding = learn_encoding(features)
    if not encoding.columns:
        return replace(silent, why_silent="nothing_varies")
    forward = validate_forward(features, y, moment, seed)
    if forward is None:
        return replace(silent, why_silent="no_order_in_time")
    return _learned(replace(silent, level=said.level), features, y, moment, encoding, forward, seed)


def _learned(
    silent: Experience, features: Any, y: Floats, moment: Floats, encoding: Encoding, forward: Forward, seed: int
) -> Experience:
    columns = encoding.encode(features)
    model = fit(forward.kind, columns, y, seed)
    newest = np.argsort(moment, kind="stable")[-NEWEST:]
    return replace(
        silent,
        validation=judge(forward.probability, forward.happened),
        bands=reliability(forward.probability, forward.happened),
        kind=forward.kind,
        base_rate=float(y.mean()),
        _encoding=encoding,
        _model=model,
        _shift=level_shift(model.log_odds(columns[newest]), y[newest]),
        _sides=_sides(forward),
    )


def _sides(forward: Forward) -> tuple[float, float]:
    """Probabilities at most / at least which the outcome 0 / 1 belongs to the 90 % set of its class."""
    p, y = forward.probability, forward.happened
    return _edge(p[y == 0]), 1 - _edge(1 - p[y == 1])


def _edge(misfit: Floats) -> float:
    """The misfit that 90 % of a class stay under, with the finite-sample correction; 1 when there are too few to tell."""
    place = int(np.ceil(_SURE * (len(misfit) + 1))) - 1
    return float(np.sort(misfit)[place]) if place < len(misfit) else 1.0


def _outcomes(outcome: Any) -> Floats:
    return numbers("outcome", outcome, yes_no=True, low=0, high=1, whole=True)
