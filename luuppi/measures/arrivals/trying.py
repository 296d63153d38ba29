"""The forecast tried on the past: was it closer than the naive one, and did its intervals hold?"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from luuppi.measures.arrivals.forecasting import FEWEST_WEEKS, MOST_AHEAD, MOST_CONTACTS, forecast, naive_forecast
from luuppi.measures.inputs import numbers
from luuppi.measures.options import whole_number


@dataclass(frozen=True, slots=True)
class Tried:
    """error, naive_error: mean distance from what came, in contacts a week; held: share of weeks inside the interval, 0–1;
    n: weeks tried. All None with n = 0, when there is too little past."""

    error: float | None
    naive_error: float | None
    held: float | None
    n: int


def try_forecast(counts: Any, ahead: int = 8, times: int = 12) -> Tried:
    """Forecast from up to `times` moments of the past, 4 weeks apart, the newest first, and compare with what came.

    counts as in `forecast`; weeks not counted are left out. Raises ValueError as `forecast` does, and for times below 1.
    """
    y = numbers("counts", counts, low=0, high=MOST_CONTACTS, whole=True, missing=True)
    ahead, times = whole_number("ahead", ahead, low=1, high=MOST_AHEAD), whole_number("times", times, low=1)
    misses, naive_misses, inside = [], [], []
    for end in range(len(y) - ahead, FEWEST_WEEKS - 1, -4)[:times]:
        estimates, naive = forecast(y[:end], ahead), naive_forecast(y[:end], ahead)
        for estimate, simple, came in zip(estimates, naive, y[end : end + ahead], strict=True):
            if estimate.value is not None and not np.isnan(came):
                misses.append(abs(estimate.value - came))
                naive_misses.append(abs(simple - came))
                inside.append(estimate.low <= came <= estimate.high)
    if not misses:
        return Tried(None, None, None, 0)
    return Tried(float(np.mean(misses)), float(np.mean(naive_misses)), float(np.mean(inside)), len(misses))
