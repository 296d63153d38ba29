"""The headline figure when some were asked more readily than others."""

from typing import Any

import numpy as np

from luuppi.measures.estimate import Estimate
from luuppi.measures.inputs import Floats, nps_answers, numbers, same_length
from luuppi.measures.kaplan_meier import Z95

# No design asks so few; one such answer would stand for a million others.
RAREST = 1e-6


def weighted_nps(scores: Any, probability: Any) -> Estimate:
    """NPS with each answer weighted by 1/(the chance with which it was asked for), and its 95 % interval.

    scores: n whole numbers 0–10. probability: float[n], from a millionth to 1, as stored by `decide`. n: answers. With no answers
    the value is None and the bounds −100 and 100. The interval is the adjusted Wald one for the effective number of answers,
    (Σw)²/Σw², so a few answers that weigh much keep it wide.
    Raises ValueError for wrong scores, marks of five steps (as scores.nps), chances of 0, unequal lengths.
    Source: Hájek (1971); Kish (1965) for the effective number; Rocks (2016) for the interval.
    """
    y, chance = nps_answers("scores", scores), numbers("probability", probability, low=0, high=1)
    n = same_length(scores=y, probability=chance)
    refuse_never_asked("probability", chance)
    if n == 0:
        return Estimate(None, -100.0, 100.0, 0)
    weight = 1 / chance
    total = weight.sum()
    promoters, detractors = float(weight @ (y >= 9) / total), float(weight @ (y <= 6) / total)
    effective = float(total**2 / (weight @ weight))
    p, d = (effective * promoters + 0.75) / (effective + 3), (effective * detractors + 0.75) / (effective + 3)
    half = Z95 * float(np.sqrt((p + d - (p - d) ** 2) / (effective + 3)))
    value = 100 * (promoters - detractors)
    return Estimate(value, max(-100.0, 100 * (p - d - half)), min(100.0, 100 * (p - d + half)), n)


def refuse_never_asked(argument: str, chance: Floats) -> None:
    """Raise ValueError where an answer is told to come from somebody who was asked with a chance of 0, or below `RAREST`."""
    never = np.flatnonzero(chance < RAREST)
    if never.size:
        raise ValueError(f"{argument}: is {chance[never[0]]:g} at position {never[0]}; what was never asked cannot have an answer")
