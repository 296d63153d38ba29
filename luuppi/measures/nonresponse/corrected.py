"""NPS as it would be had every contact been answered for."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from luuppi.measures.asking.weighing import refuse_never_asked
from luuppi.measures.estimate import Estimate
from luuppi.measures.inputs import Flags, Floats, Ints, codes, frame, nps_answers, numbers, same_length
from luuppi.measures.kaplan_meier import Z95
from luuppi.measures.logistic import OneHot
from luuppi.measures.nonresponse.cross_check import aipw, clustered_error, predicted_points
from luuppi.measures.nonresponse.margins import levels_of
from luuppi.measures.nonresponse.raking import effective_n, rake, residuals
from luuppi.measures.options import seed as checked_seed
from luuppi.measures.scores import nps
from luuppi.measures.speaking import speaking

_WORSE_BY = (0, 10, 20)
_DIFFERENT = 5.0  # points between correction and cross-check that deserve a warning

WhySilent = Literal["too_few_answers"]


@dataclass(frozen=True, slots=True)
class Corrected:
    """NPS points. value, low, high: corrected for who answered; n: answers; effective_n: answers they are worth after weighting.

    plain: the measured NPS, always to be shown beside it. cross_check: the same question answered by another method;
    cross_check_differs: by more than 5 points. if_silent_worse_by: the NPS if the silent were 0, 10 or 20 points less
    content than those who answered and are otherwise alike: no contact data can exclude that. why_silent: None, or
    "too_few_answers" (under 100): then value is None, the bounds are −100 and 100, the range is empty.
    """

    value: float | None
    low: float
    high: float
    n: int
    effective_n: float
    plain: Estimate
    cross_check: Estimate
    cross_check_differs: bool
    if_silent_worse_by: Mapping[int, float]
    why_silent: WhySilent | None


@dataclass(frozen=True, slots=True)
class Contacts:
    """All contacts, checked. y: −100, 0 or 100 where answered, else 0; offered: chance of having been asked; customer: int[n]."""

    frame: Any
    score: Floats
    y: Floats
    answered: Flags
    customer: Ints
    offered: Floats


def corrected_nps(
    contacts: Any, score: Any, margins: Sequence[Any], customer: Any = None, asked_probability: Any = None, seed: int = 0
) -> Corrected:
    """NPS corrected for who answered, by raking the answers to all contacts on the margins.

    contacts: frame of n contacts, answered or not. score: float[n], 0–10, NaN where not answered. margins: columns to compare
    on, for instance ["channel", "reason", "resolved", ("channel", "wait_min")]; number columns of more than 12 different
    values are cut into fifths, a tuple of names is crossed, missing is a kind of its own.
    customer: n keys; answers of one customer belong together (None: all differ).
    asked_probability: float[n] 0–1, the chance with which each was asked where that differed by design; 0 where not asked.
    Below 100 answers why_silent is set and value is None.
    Raises ValueError for scores outside 0–10, unknown margins, unequal lengths or an answer from one with chance 0.
    Source: see `raking` and `cross_check` beside this file.
    """
    given = check_contacts(contacts, score, customer, asked_probability)
    plain = nps(given.score[given.answered])
    n = int(given.answered.sum())
    levels, seed = levels_of(given.frame, margins, given.answered), checked_seed(seed)
    if speaking("corrected_nps", n).level == "silent":
        unknown = Estimate(None, -100.0, 100.0, n)
        return Corrected(None, -100.0, 100.0, n, float(n), plain, unknown, False, MappingProxyType({}), "too_few_answers")
    value, error, weight = _raked(given, levels)
    check = _cross_check(given, levels, seed)
    silent_share = 1 - n / len(given.score)
    worse = {by: float(max(-100.0, value - by * silent_share)) for by in _WORSE_BY}
    interval = points_with_interval(value, error, effective_n(weight), n)
    differs = check.value is not None and abs(check.value - value) > _DIFFERENT
    return Corrected(
        interval.value, interval.low, interval.high, n, effective_n(weight), plain, check, differs, MappingProxyType(worse), None
    )


def check_contacts(contacts: Any, score: Any, customer: Any, asked_probability: Any) -> Contacts:
    """The arguments of `corrected_nps`, checked. Raises ValueError."""
    contacts = frame("contacts", contacts)
    scores = nps_answers("score", score, missing=True)
    same_length(contacts=contacts, score=scores)
    answered = ~np.isnan(scores)
    y = np.where(answered, 100.0 * ((scores >= 9).astype(np.float64) - (scores <= 6)), 0.0)
    who = np.arange(len(scores)) if customer is None else codes("customer", customer)[0]
    offered = np.ones(len(scores)) if asked_probability is None else numbers("asked_probability", asked_probability, low=0, high=1)
    same_length(contacts=contacts, customer=who, asked_probability=offered)
    refuse_never_asked("asked_probability", np.where(answered, offered, 1.0))
    return Contacts(contacts, scores, y, answered, who, offered)


def points_with_interval(value: float, error: float, effective: float, n: int) -> Estimate:
    """NPS points with the 95 % interval, both kept in −100…100.

    Of as many answers as the correction leaves (effective), whose spread is told by the standard error, the adjusted Wald interval of
    `scores.nps`: three answers are added as ¾ promoter, 1½ passives, ¾ detractor. Ten tens do not prove that nobody will ever give a six, and of a
    public that nearly all give the best the few others are often missing: without these three, intervals held an NPS of 95 in 85 of 100 cases.
    """
    total = effective + 3
    centre = value * effective / total
    squares = (effective * (error**2 * effective + value**2) + 1.5 * 100**2) / total
    half = Z95 * math.sqrt(max(squares - centre**2, 0.0) / total)
    low, high = min(value, centre - half), max(value, centre + half)
    return Estimate(float(np.clip(value, -100, 100)), float(max(-100.0, low)), float(min(100.0, high)), n)


def _raked(given: Contacts, levels: list[Ints]) -> tuple[float, float, Floats]:
    here = given.answered
    shares = [np.bincount(level) / len(level) for level in levels]
    weight = rake([level[here] for level in levels], shares, 1.0 / given.offered[here])
    y, columns = given.y[here], OneHot.of(levels, len(here)).rows(here)
    value = float(weight @ y / weight.sum())
    left = weight * residuals(y, weight, columns) / weight.sum()
    return value, clustered_error(left, given.customer[here]), weight


def _cross_check(given: Contacts, levels: list[Ints], seed: int) -> Estimate:
    columns = OneHot.of(levels, len(given.score))
    points = predicted_points(columns, given.score, given.answered, given.customer, seed)
    psi = aipw(points, given.y, given.answered, columns, given.offered)
    value = float(psi.mean())
    n = int(given.answered.sum())
    return points_with_interval(value, clustered_error((psi - value) / len(psi), given.customer), n, n)
