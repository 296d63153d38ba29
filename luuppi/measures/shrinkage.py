"""Comparing teams and touchpoints without punishing chance: small groups are drawn towards the common level, tiny ones are not shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from luuppi.measures import inputs, options
from luuppi.measures.inputs import Floats
from luuppi.measures.options import said

__all__ = ["AT_LEAST", "PRIVACY", "Ranked", "hidden_groups", "rank_groups"]

WhyHidden: TypeAlias = Literal["privacy", "too_few_answers"]

PRIVACY = 5
AT_LEAST = 30
SURE = 0.95
_GRID_STEPS = 120


@dataclass(frozen=True, slots=True)
class Ranked:
    """One group's figure after shrinkage. value, low, high, p_below: None when the group is not shown; n: its answers.

    p_below: probability that the group truly lies below the mean over the answers of all groups shown; 0.5 says nothing.
    why_silent: None when shown.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    p_below: float | None
    why_silent: WhyHidden | None = None

    @property
    def flag(self) -> Literal["below", "above"] | None:
        """The only verdict a table may give: surely (P > .95) below or above the mean of all answers, else None."""
        if self.p_below is None:
            return None
        return "below" if self.p_below > SURE else "above" if 1 - self.p_below > SURE else None


def rank_groups(
    names: Sequence[str],
    means: ArrayLike,
    variances: ArrayLike,
    n: ArrayLike,
    *,
    spread: float = 20.0,
    at_least: int = AT_LEAST,
    confidence: float = 0.95,
    scale: tuple[float, float] | None = None,
) -> list[Ranked]:
    """What each of g groups would truly score, lowest first; the groups that are not shown come last, in the order given.

    names: g different names. means: float[g]. variances: float[g], variance of single answers within the group (not of its mean);
    pooled over the groups. n: int[g] answers. Where n is 0 the mean may be missing, where it is 0 or 1 the variance.
    Of a table of answers: `of = frame.groupby("team")["points"]`, then `rank_groups(of.size().index, of.mean(), of.var(), of.size())`.
    spread: how much groups are expected to differ, in the unit of the means (20 NPS points; .1 suits shares).
    at_least: groups with fewer answers are not shown and count for nothing; under 5 never, and never only one of them (see hidden_groups).
    scale: lowest and highest possible mean, (-100, 100) for NPS, (0, 1) for shares: no interval then reaches beyond it. None: no ends known.
    With one group to show its value is its mean. When no answer differs from another in any group the means stand as they are.
    Raises ValueError for lengths that differ, a repeated name, a negative variance, a missing mean, a mean outside the scale, at_least below 5.
    Source: hierarchical normal model with the differences' size integrated out, Gelman et al., Bayesian Data Analysis (3rd ed., 2013),
    5.4, with a half-normal prior. Putting in one best size instead (empirical Bayes) gave intervals that held the truth only 81 %.
    """
    labels = _names(names)
    answers = inputs.counts("n", n)
    score, within = (inputs.numbers(name, given, missing=True) for name, given in (("means", means), ("variances", variances)))
    inputs.same_length(names=labels, means=score, variances=within, n=answers)
    spread, at_least = options.number("spread", spread, above=0), options.whole_number("at_least", at_least, low=PRIVACY)
    _check(score, within, answers)
    lowest, highest = _ends(scale, score)

    whys = _why_hidden(answers, at_least)
    shown = np.array([group for group, why in enumerate(whys) if why is None], dtype=np.int64)
    value, deviation, below = _shrink(score[shown], within[shown], answers[shown], spread)
    reach = NormalDist().inv_cdf((1 + options.share("confidence", confidence)) / 2) * deviation
    low, high = np.maximum(value - reach, lowest), np.minimum(value + reach, highest)
    found = [
        Ranked(labels[group], float(middle), float(bottom), float(top), int(answers[group]), float(p))
        for group, middle, bottom, top, p in zip(shown, value, low, high, below, strict=True)
    ]
    found.sort(key=lambda group: (group.value, group.name))
    return found + [
        Ranked(label, None, None, None, int(count), None, why) for label, count, why in zip(labels, answers, whys, strict=True) if why
    ]


def hidden_groups(n: ArrayLike, at_least: int = PRIVACY) -> list[bool]:
    """Which of g groups must not be shown beside their total, so that nobody's answer can be told or worked out.

    n: int[g] answers. True for groups with 1 … at_least − 1 answers; if they hold fewer than at_least together, the total would give
    them away, so the next smallest groups are hidden as well until they do. Groups without answers hide nothing: False.
    Raises ValueError for a negative count. Source: complementary suppression, Hundepool et al., Statistical Disclosure Control (2012), 4.
    """
    answers, at_least = inputs.counts("n", n), options.whole_number("at_least", at_least, low=1)
    hidden = (answers > 0) & (answers < at_least)
    if hidden.any():
        for group in np.argsort(answers, kind="stable"):
            if answers[hidden].sum() >= at_least:  # never true of a single hidden group, which is smaller than that
                break
            hidden[group] = answers[group] > 0
    return [bool(one) for one in hidden]


def _shrink(score: Floats, within: Floats, answers: Floats, spread: float) -> tuple[Floats, Floats, Floats]:
    """Posterior mean, standard deviation and P(below the mean of all answers) for each group, averaged over the possible differences."""
    if not score.size:
        return score, score, score
    degrees = answers - 1
    error = float((within * degrees).sum() / degrees.sum()) / answers
    if error.max() <= (1e-9 * max(1e-30, float(np.abs(score).max()))) ** 2:  # answers that differ by rounding alone
        level = float((score * answers).sum() / answers.sum())
        return score, np.zeros_like(score), np.where(score < level, 1.0, np.where(score > level, 0.0, 0.5))

    tau = np.linspace(0.0, 3 * spread, _GRID_STEPS + 1)[:, None]
    total = error + tau**2
    common_variance = 1 / (1 / total).sum(axis=1, keepdims=True)
    common = common_variance * (score / total).sum(axis=1, keepdims=True)
    log_weight = (
        -((tau[:, 0] / spread) ** 2) / 2
        + 0.5 * np.log(common_variance[:, 0])
        - 0.5 * (np.log(total) + (score - common) ** 2 / total).sum(axis=1)
    )
    weight = np.exp(log_weight - log_weight.max())[:, None]
    weight /= weight.sum()

    pull = error / total  # 1: all the way to the common level
    middle = pull * common + (1 - pull) * score
    variance = (1 - pull) * error + pull**2 * common_variance
    value = (weight * middle).sum(axis=0)
    deviation = np.sqrt((weight * (variance + (middle - value) ** 2)).sum(axis=0))
    below = _probability_below_mean(pull, middle, error, common_variance, answers)
    return value, deviation, np.clip((weight * below).sum(axis=0), 0.0, 1.0)


def _probability_below_mean(pull: Floats, middle: Floats, error: Floats, common_variance: Floats, answers: Floats) -> Floats:
    """P(group < mean over all answers of the groups) for each size of the differences; the mean is as unknown as the groups in it."""
    from scipy.special import ndtr  # heavy, and needed only here

    part = answers / answers.sum()
    own = (1 - pull) * error  # variance that a group does not share with the others
    apart = middle - (part * middle).sum(axis=1, keepdims=True)
    shared = (pull - (part * pull).sum(axis=1, keepdims=True)) ** 2 * common_variance
    variance = shared + own * (1 - 2 * part) + (part**2 * own).sum(axis=1, keepdims=True)
    # Without differences each group is the mean itself: neither below nor above.
    known = variance > 1e-12 * error
    result: Floats = np.where(known, ndtr(-apart / np.sqrt(np.where(known, variance, 1.0))), 0.5)
    return result


def _why_hidden(answers: Floats, at_least: int) -> list[WhyHidden | None]:
    private = hidden_groups(answers)
    return [
        "privacy" if hide else "too_few_answers" if count < at_least else None
        for hide, count in zip(private, answers, strict=True)
    ]


def _names(names: Sequence[str]) -> list[str]:
    labels = [str(name) for name in inputs.keys("names", names)]
    seen: set[str] = set()
    for label in labels:
        if label in seen:
            raise ValueError(f"names: {label!r} is given twice")
        seen.add(label)
    return labels


def _ends(scale: tuple[float, float] | None, score: Floats) -> tuple[float, float]:
    if scale is None:
        return -math.inf, math.inf
    ends = inputs.numbers("scale", scale)
    if ends.size != 2 or not ends[0] < ends[1]:
        raise ValueError(f"scale: must be a lowest and a higher highest mean, got {scale if ends.size <= 9 else said(scale)}")
    outside = np.flatnonzero((score < ends[0]) | (score > ends[1]))
    if outside.size:
        raise ValueError(f"means: position {outside[0]} is {score[outside[0]]:g}, outside the scale {ends[0]:g}–{ends[1]:g}")
    return float(ends[0]), float(ends[1])


def _check(score: Floats, within: Floats, answers: Floats) -> None:
    # A single answer has no variance, which is what pandas says of it; such a group is never shown.
    for argument, given, from_n in (("means", score, 1), ("variances", within, 2)):
        lost = np.flatnonzero(np.isnan(given) & (answers >= from_n))
        if lost.size:
            raise ValueError(f"{argument}: position {lost[0]} is missing, though the group has {answers[lost[0]]:g} answers")
    if (within < 0).any():
        where = int(np.flatnonzero(within < 0)[0])
        raise ValueError(f"variances: position {where} is {within[where]:g}, below 0")
