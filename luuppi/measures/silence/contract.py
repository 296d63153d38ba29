"""How long customers with a contract stay: they have an end that is seen, so no rhythm is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from luuppi.measures.estimate import Estimate
from luuppi.measures.inputs import flags, numbers, same_length
from luuppi.measures.kaplan_meier import Curve, share_lasting, survival
from luuppi.measures.options import number


@dataclass(frozen=True, slots=True)
class Staying:
    """The curve of staying (Kaplan–Meier), in the unit of time in which the durations were given."""

    curve: Curve

    def share_after(self, times: Sequence[float]) -> list[Estimate]:
        """Share of customers who stay longer than each time, with 95 % interval; value None beyond the longest time seen.

        times: n numbers ≥ 0 in the unit of the durations. Raises ValueError for anything else.
        """
        return [share_lasting(self.curve, at) for at in numbers("times", times, low=0).tolist()]

    def chance_of_staying(self, stayed: float, ahead: float) -> float | None:
        """Chance that one who has stayed `stayed` stays `ahead` longer; None where nobody was followed that far."""
        so_far, longer = number("stayed", stayed, low=0), number("ahead", ahead, low=0)
        start, end = share_lasting(self.curve, so_far).value, share_lasting(self.curve, so_far + longer).value
        return None if not start or end is None else end / start


def staying(lasted: Any, left: Any) -> Staying:
    """Learn from n customers how long they stay.

    lasted: float[n] ≥ 0, time as a customer so far or until leaving; left: bool[n], true where the customer has left.
    n may be 0: then every share is None. Raises ValueError for negative, missing or infinite times.
    Source: see `luuppi.measures.kaplan_meier`.
    """
    time, ended = numbers("lasted", lasted, low=0), flags("left", left)
    same_length(lasted=time, left=ended)
    return Staying(survival(time, ended))
