"""How long callers hold on before they hang up. A call that was answered says only: at least this long."""

from collections.abc import Sequence
from typing import Any

from luuppi.measures.estimate import Estimate
from luuppi.measures.inputs import flags, numbers, same_length
from luuppi.measures.kaplan_meier import quantile, survival


def patience(waited_seconds: Any, abandoned: Any, quantiles: Sequence[float] = (0.1, 0.25, 0.5)) -> list[Estimate]:
    """Seconds by which a share of callers would have hung up, had nobody been answered; with 95 % interval.

    waited_seconds: float[n] ≥ 0, until answered or hung up; abandoned: bool[n]; quantiles: shares between 0 and 1.
    Where so many never hung up within what was seen, value is None and high is infinite; with n = 0 low is 0.
    Raises ValueError for negative or missing waits, unequal lengths or a share outside 0–1.
    Source: Kaplan–Meier, see `luuppi.measures.kaplan_meier`. The waits of those who hung up, alone, are far too short.
    """
    waited, gave_up = numbers("waited_seconds", waited_seconds, low=0), flags("abandoned", abandoned)
    same_length(waited_seconds=waited, abandoned=gave_up)
    shares = numbers("quantiles", quantiles, low=0, high=1)
    if ((shares == 0) | (shares == 1)).any():
        raise ValueError("quantiles: must lie between 0 and 1, without them")
    curve = survival(waited, gave_up)
    return [quantile(curve, float(share)) for share in shares]
