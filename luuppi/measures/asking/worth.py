"""What it is worth to ask: nothing when the answer is known already, most when it would change what is done."""

from typing import Any

import numpy as np

from luuppi.measures.inputs import Floats, number_or_numbers
from luuppi.measures.options import number


def value_of_asking(p_answer: Any, p_detractor: Any, worth: float, cost: float) -> Floats:
    """Expected gain of asking each of n customers before deciding whether to call back, float[n] ≥ 0, in the unit of worth.

    p_answer, p_detractor: float[n] (or one number for all), 0–1. worth: of rescuing a detractor; cost: of a call-back,
    0 ≤ cost ≤ worth. Formula: p_answer · (p (worth − cost) − max(0, p worth − cost)); largest at p = cost/worth.
    For n = 0 empty. Raises ValueError for chances outside 0–1, negative amounts, a cost above the worth, unequal lengths.
    Source: expected value of information, Raiffa and Schlaifer (1961).
    """
    gain, price = number("worth", worth, low=0), number("cost", cost, low=0)
    if price > gain:
        raise ValueError(f"cost: {price:g} is above the worth {gain:g}; such a call-back is never made")
    answers, p = number_or_numbers("p_answer", p_answer, low=0, high=1), number_or_numbers("p_detractor", p_detractor, low=0, high=1)
    if len(answers) != len(p) and 1 not in (len(answers), len(p)):
        raise ValueError(f"p_answer and p_detractor: must be equally long, got p_answer {len(answers)}, p_detractor {len(p)}")
    value: Floats = answers * (p * (gain - price) - np.maximum(0.0, p * gain - price))
    return np.maximum(value, 0.0)  # rounding may leave −1e−17
