"""How many people a queue needs: Erlang-A, where callers lose patience, and Erlang-C, where nobody does, as the ceiling.

Source: Erlang (1917); Palm (1957); closed form after Mandelbaum and Zeltyn (2007), Service engineering in action: the
Palm/Erlang-A queue, in Advances in Services Innovations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from luuppi.measures.options import number, whole_number

__all__ = ["Staffing", "erlang_a", "erlang_c", "people_needed", "service_level"]

_MOST_PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class Staffing:
    """What callers meet. wait_probability, abandoned_share, occupancy: 0–1. mean_wait_seconds: over all callers.

    In Erlang-C with as many calls as the people can handle or more, the queue grows without end: overloaded is true, the wait
    probability 1 and mean_wait_seconds None.
    """

    wait_probability: float
    mean_wait_seconds: float | None
    abandoned_share: float
    occupancy: float
    overloaded: bool = False


def erlang_c(calls_per_minute: float, handling_minutes: float, people: int) -> Staffing:
    """A queue in which nobody hangs up.

    calls_per_minute ≥ 0, handling_minutes > 0, people ≥ 1 (whole). Raises ValueError for anything else.
    """
    _, handling, n, load = _checked(calls_per_minute, handling_minutes, people)
    if load >= n:
        return Staffing(1.0, None, 0.0, 1.0, overloaded=True)
    waits = _wait_probability_c(load, n)
    return Staffing(waits, 60 * waits * handling / (n - load), 0.0, load / n)


def erlang_a(calls_per_minute: float, handling_minutes: float, people: int, patience_minutes: float) -> Staffing:
    """A queue in which callers hang up after a patience with the mean patience_minutes > 0 (exponential).

    Arguments as in `erlang_c`; take the patience from `tolerance.patience`: the median divided by ln 2. Never overloaded.
    """
    calls, handling, n, load = _checked(calls_per_minute, handling_minutes, people)
    patience = number("patience_minutes", patience_minutes, above=0)
    blocked = _blocked(load, n)
    if blocked == 0:
        return Staffing(0.0, 0.0, 0.0, load / n)
    # The time with n callers inside is taken as 1: all shorter queues then add up to 1/B − 1, all longer ones and n to A.
    log_a = _log_waiting(n * patience / handling, calls * patience)
    waits = 1 / (1 + (1 / blocked - 1) * math.exp(-log_a))
    offered = load / n
    gives_up = min(max(math.exp(-log_a) / offered + 1 - 1 / offered, 0.0), 1.0)
    abandoned = waits * gives_up
    return Staffing(waits, 60 * abandoned * patience, abandoned, min(offered * (1 - abandoned), 1.0))


def service_level(calls_per_minute: float, handling_minutes: float, people: int, within_seconds: float) -> float:
    """Share 0–1 of callers answered within_seconds (≥ 0) when nobody hangs up (Erlang-C); 1 with no calls, 0 when overloaded.

    Other arguments and errors as `erlang_c`.
    """
    _, handling, n, load = _checked(calls_per_minute, handling_minutes, people)
    seconds = number("within_seconds", within_seconds, low=0)
    if load >= n:
        return 0.0
    return 1 - _wait_probability_c(load, n) * math.exp(-(n - load) * seconds / 60 / handling)


def people_needed(
    calls_per_minute: float, handling_minutes: float, within_seconds: float = 20, answered_share: float = 0.8
) -> int:
    """The smallest number of people with whom a share of callers is answered in time when nobody hangs up (Erlang-C).

    With no calls it is 0. Raises ValueError for a share outside 0–1 (1 is never reached) or a load above 100 000 people.
    """
    share = number("answered_share", answered_share, low=0, high=1)
    if share == 1:
        raise ValueError("answered_share: 1 is never reached; ask for less, such as 0.99")
    _, _, _, load = _checked(calls_per_minute, handling_minutes, 1)
    seconds = number("within_seconds", within_seconds, low=0)
    if load == 0:
        return 0
    if load > _MOST_PEOPLE:
        raise ValueError(f"calls_per_minute: the load of {load:g} people is above {_MOST_PEOPLE}")
    n = max(int(load) + 1, 1)
    while service_level(calls_per_minute, handling_minutes, n, seconds) < share:
        n += 1
    return n


def _wait_probability_c(load: float, n: int) -> float:
    blocked = _blocked(load, n)
    return blocked / (1 - (load / n) * (1 - blocked))


def _blocked(load: float, n: int) -> float:
    """Erlang-B by its recursion."""
    blocked = 1.0
    for k in range(1, n + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def _log_waiting(x: float, y: float) -> float:
    """ln A(x, y), A = 1 + y/(x+1) + y²/((x+1)(x+2)) + …: a series where it falls at once, else by the incomplete gamma."""
    from scipy.special import gammainc, gammaln

    if y > x:
        return math.log(x) + y - x * math.log(y) + float(gammaln(x)) + math.log(float(gammainc(x, y)))
    total, part, k = 1.0, 1.0, 0
    while part > 1e-17 * total:
        k += 1
        part *= y / (x + k)
        total += part
    return math.log(total)


def _checked(calls_per_minute: float, handling_minutes: float, people: int) -> tuple[float, float, int, float]:
    """Calls a minute, minutes of handling, people, and the load: the people that the calls alone keep busy."""
    calls = number("calls_per_minute", calls_per_minute, low=0)
    handling = number("handling_minutes", handling_minutes, above=0)
    return calls, handling, whole_number("people", people, low=1, high=_MOST_PEOPLE), calls * handling
