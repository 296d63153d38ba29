"""How much the answers tell when some customers gave more than one: five by one customer who never changes their mind are one answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from luuppi.measures import inputs
from luuppi.measures.inputs import Floats

__all__ = ["worth_in_customers"]


def worth_in_customers(answers: Floats, customer: Any, step: float) -> tuple[float, int]:
    """The number of answers by as many different customers that would tell as much as these about their mean, and the customers there are.

    answers: float[n], n may be 0. customer: n keys of any kind, who gave each. step: between neighbouring answers of the scale, in their unit.
    The worth lies between 1 and n: n where each gave one, the customers where each gave equally many equal ones, 1 for a single customer;
    0 for no answers.
    One answer a step away is added on both sides of the comparison, as of customers who never change their mind: so answers that are all
    equal are worth no more than the customers behind them.
    Raises ValueError for a missing key or unequal lengths.
    Source: variance from customer sums with each freed of its own pull on the mean, Bell & McCaffrey (2002), Survey Methodology 28, 169–181;
    worth as in Dean & Pagano (2015), J. Survey Stat. Methodol. 3, 484–503.
    """
    who, n_customers = inputs.codes("customer", customer)
    n = inputs.same_length(scores=answers, customer=who)
    if n_customers < 2 or n_customers == n:
        return float(n_customers), n_customers
    each = np.bincount(who)
    apart = answers - answers.mean()
    sums = np.bincount(who, weights=apart)
    alike = n**2 / float(each @ each)  # the worth if nobody ever changed their mind
    spread = float((sums**2 / (1 - each / n)).sum()) + step**2 * n / (alike - 1)
    return min(1 + n * (float(apart @ apart) + step**2) / spread, float(n)), n_customers
