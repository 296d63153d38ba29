"""The sample of the silent: call some of those who did not answer. Nothing else corrects for moods that contact data miss."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from luuppi.measures.estimate import Estimate
from luuppi.measures.inputs import Ints, numbers, same_length
from luuppi.measures.logistic import OneHot
from luuppi.measures.nonresponse.corrected import check_contacts, points_with_interval
from luuppi.measures.nonresponse.cross_check import clustered_error, predicted_points
from luuppi.measures.nonresponse.margins import levels_of
from luuppi.measures.options import seed as checked_seed
from luuppi.measures.options import whole_number
from luuppi.measures.speaking import speaking

FEWEST_REACHED = 30


@dataclass(frozen=True, slots=True)
class WithCallbacks:
    """NPS points of all contacts. n: answers, n_reached: of those called; what it rests on. silent: the NPS of the silent alone.
    why_silent: None, "too_few_answers" (under 100) or "too_few_reached" (under 30); then value is None."""

    value: float | None
    low: float
    high: float
    n: int
    n_reached: int
    silent: Estimate
    why_silent: Literal["too_few_answers", "too_few_reached"] | None


def draw_silent(score: Any, size: int = 100, seed: int = 0) -> Ints:
    """Positions of `size` contacts drawn at random from those without an answer; all of them when there are fewer.

    score: float[n] 0–10, NaN where not answered. Returns int[≤ size] in the order in which to call. The same seed draws the
    same. Raises ValueError for wrong scores or a size below 1.
    """
    size, seed = whole_number("size", size, low=1), checked_seed(seed)
    silent = np.flatnonzero(np.isnan(numbers("score", score, low=0, high=10, whole=True, missing=True)))
    return np.random.default_rng(seed).permutation(silent)[:size].astype(np.int64)


def nps_with_callbacks(
    contacts: Any, score: Any, called_score: Any, margins: Sequence[Any], customer: Any = None, seed: int = 0
) -> WithCallbacks:
    """NPS of all contacts from the answers and from calls to a random sample of the silent.

    contacts, score, margins, customer: as in `corrected_nps`. called_score: float[n], 0–10 where one drawn by `draw_silent`
    was reached and answered, NaN elsewhere. Formula: answered share · mean(answered) + silent share · (mean m over the
    silent + mean(y − m) over the reached), m the points expected from contact data. Those who were drawn but not reached are
    taken to be like the reached ones with the same contact data.
    Raises ValueError as `corrected_nps`, and when a called score stands where an answer stands already.
    Source: two-phase sampling of non-respondents, Hansen and Hurwitz (1946), J. Am. Stat. Assoc. 41, 517–529.
    """
    given = check_contacts(contacts, score, customer, None)
    called = numbers("called_score", called_score, low=0, high=10, whole=True, missing=True)
    same_length(contacts=given.frame, called_score=called)
    reached = ~np.isnan(called)
    if (reached & given.answered).any():
        raise ValueError(f"called_score: position {int(np.argmax(reached & given.answered))} has answered by itself")
    n, n_reached = int(given.answered.sum()), int(reached.sum())
    levels, seed = levels_of(given.frame, margins, given.answered), checked_seed(seed)
    too_few = speaking("corrected_nps", n).level == "silent"
    if too_few or n_reached < FEWEST_REACHED:
        why: Literal["too_few_answers", "too_few_reached"] = "too_few_answers" if too_few else "too_few_reached"
        unknown = Estimate(None, -100.0, 100.0, n_reached)
        return WithCallbacks(None, -100.0, 100.0, n, n_reached, unknown, why)

    points = predicted_points(OneHot.of(levels, len(given.score)), given.score, given.answered, given.customer, seed)
    gap = 100.0 * ((called[reached] >= 9).astype(np.float64) - (called[reached] <= 6)) - points[reached]
    silent = float(points[~given.answered].mean() + gap.mean())
    silent_error = clustered_error((gap - gap.mean()) / n_reached, given.customer[reached])
    share = n / len(given.score)
    answered = given.y[given.answered]
    value = share * float(answered.mean()) + (1 - share) * silent
    silent_alone = points_with_interval(silent, silent_error, n_reached, n_reached)
    # The contacts are all there are, and those who answered are known: only the silent are estimated.
    half_low, half_high = (1 - share) * (silent - silent_alone.low), (1 - share) * (silent_alone.high - silent)
    low, high = max(-100.0, value - half_low), min(100.0, value + half_high)
    return WithCallbacks(float(np.clip(value, -100, 100)), low, high, n, n_reached, silent_alone, None)
