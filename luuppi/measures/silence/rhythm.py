"""The rhythm in which customers make contact, and the chance of the next contact (MBG/NBD).

Each customer makes contact at a rate of their own and, after any contact including the first, may leave for good with a
chance of their own. Rates vary as a gamma(r, alpha) over customers, chances of leaving as a beta(a, b).
Source: Batislam, Denizel and Filiztekin (2007), Int. J. Research in Marketing 24, 201–209, after Fader, Hardie and
Lee (2005), Marketing Science 24, 275–284.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from luuppi.measures.inputs import Floats, Ints, numbers, same_length
from luuppi.measures.options import number
from luuppi.measures.speaking import Speaking, speaking

_BOUNDS = (-7.0, 9.0)  # of the parameters' logarithms: data without any spread push them to infinity


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What was learned. parameters: (r, alpha in weeks, a, b). n: customers behind it.

    speaking: what a screen may say; silent below 500 customers or 26 weeks: use the order of customers only, no probability.
    """

    parameters: tuple[float, float, float, float]
    log_likelihood: float
    n: int
    speaking: Speaking

    def chance_of_contact(self, frequency: Any, recency: Any, age: Any, within_weeks: float = 13) -> Floats:
        """Chance that a customer makes at least one contact in the next `within_weeks`.

        frequency, recency, age: as in `fit_rhythm`, float[n]. Returns float[n] in 0–1; for n = 0 an empty array.
        Raises ValueError as `fit_rhythm` does, and for a horizon that is not above 0.
        """
        x, t, total = _checked(frequency, recency, age)
        return self._chance(x, t, total, number("within_weeks", within_weeks, above=0))

    def usual_chance(self, frequency: Any, recency: Any, age: Any, within_weeks: float = 13) -> Floats:
        """The same chance as it stood on the day of the customer's last contact: their own usual. float[n] in 0–1."""
        x, t, _ = _checked(frequency, recency, age)
        return self._chance(x, t, t, number("within_weeks", within_weeks, above=0))

    def _chance(self, x: Floats, t: Floats, total: Floats, horizon: float) -> Floats:
        r, alpha, a, b = self.parameters
        # The odds that the customer has left, straight from L2/L1 of section "likelihood": B(a+1,b+x)/B(a,b+x+1) = a/(b+x).
        log_left = np.log(a) - np.log(b + x) + (r + x) * (np.log(alpha + total) - np.log(alpha + t))
        stays = 1.0 / (1.0 + np.exp(np.minimum(log_left, 700.0)))
        nothing = np.exp((r + x) * (np.log(alpha + total) - np.log(alpha + total + horizon)))
        chance: Floats = stays * (1.0 - nothing)
        return chance


def fit_rhythm(frequency: Any, recency: Any, age: Any) -> Rhythm:
    """Learn the rhythm of contact from all customers by maximum likelihood.

    frequency: contacts after the first, whole numbers ≥ 0, n customers. recency: weeks from the first contact to the last
    (0 where frequency is 0). age: weeks from the first contact to now. Count value events (orders, visits, log-ins) apart
    from problem contacts: silence is not dissatisfaction. `count_events` makes these three from a list of events.
    Raises ValueError when there are no customers, when nobody ever came back, or when an array is wrong.
    """
    x, t, total = _checked(frequency, recency, age)
    if len(x) == 0:
        raise ValueError("frequency: is empty; a rhythm needs customers")
    if not x.any():
        raise ValueError("frequency: nobody has made contact twice, so there is no rhythm to learn")
    groups = _Groups.of(x, t, total)
    parameters, log_likelihood = _maximise(groups)
    return Rhythm(parameters, log_likelihood, len(x), speaking("quiet_customers", len(x), weeks=float(total.max())))


@dataclass(frozen=True, slots=True)
class _Groups:
    """Customers with equal (frequency, recency, age) as one row; frequencies as places in a short table."""

    levels: Floats  # the different frequencies, k
    x_at: Ints  # place in levels, g groups
    t: Floats
    total: Floats
    n: Floats  # customers in the group
    n_at: Floats  # customers at each level, k

    @staticmethod
    def of(x: Floats, t: Floats, total: Floats) -> "_Groups":
        levels, x_at = np.unique(x, return_inverse=True)
        t_levels, t_at = np.unique(t, return_inverse=True)
        total_levels, total_at = np.unique(total, return_inverse=True)
        # One whole number for each combination sorts far faster than rows of three.
        key = (x_at.astype(np.int64) * len(t_levels) + t_at) * len(total_levels) + total_at
        keys, n = np.unique(key, return_counts=True)
        rest, total_key = np.divmod(keys, len(total_levels))
        x_key, t_key = np.divmod(rest, len(t_levels))
        weight = n.astype(np.float64)
        n_at = np.bincount(x_key, weights=weight, minlength=len(levels)).astype(np.float64)
        return _Groups(levels, x_key, t_levels[t_key], total_levels[total_key], weight, n_at)


def _maximise(groups: _Groups) -> tuple[tuple[float, float, float, float], float]:
    """Source of the search: Kraft (1988), sequential least squares, as built in scipy.

    Not its L-BFGS-B: with two numeric threads that wakes one for its triangles of four at every step, and takes a third longer than with one.
    """
    from scipy.optimize import minimize

    scale = 1.0 / groups.n.sum()

    def objective(log_parameters: Floats) -> tuple[float, Floats]:
        value, slope = _log_likelihood(groups, np.exp(log_parameters))
        return -value * scale, -slope * np.exp(log_parameters) * scale

    found = minimize(objective, (0.0, 1.0, 0.0, 1.0), jac=True, method="SLSQP", bounds=[_BOUNDS] * 4, options={"ftol": 1e-14, "maxiter": 500})
    r, alpha, a, b = (float(one) for one in np.exp(found.x))
    return (r, alpha, a, b), float(-found.fun / scale)


def _log_likelihood(groups: _Groups, parameters: Floats) -> tuple[float, Floats]:
    """Sum over customers of ln(L1 + L2), and its slope in (r, alpha, a, b).

    L1 (still a customer) = B(a, b+x+1)/B(a, b) · G(r+x)/G(r) · alpha^r / (alpha+T)^(r+x);
    L2 (left after the last contact) = B(a+1, b+x)/B(a, b) · G(r+x)/G(r) · alpha^r / (alpha+t)^(r+x).
    """
    from scipy.special import betaln, digamma, gammaln

    r, alpha, a, b = parameters
    x = groups.levels
    power = (r + x)[groups.x_at]
    log_now, log_last = np.log(alpha + groups.total), np.log(alpha + groups.t)
    log_left = (np.log(a) - np.log(b + x))[groups.x_at] + power * (log_now - log_last)
    # L = L1 · (1 + L2/L1); the ratio's logarithm can be large, never the sum's.
    log_sum = np.logaddexp(0.0, log_left)
    common = betaln(a, b + x + 1) - betaln(a, b) + gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    value = _dot(groups.n_at, common) + _dot(groups.n, log_sum - power * log_now)

    left = groups.n * np.exp(log_left - log_sum)  # customers of the group who have left, in expectation
    stay = groups.n - left
    left_at = np.bincount(groups.x_at, weights=left, minlength=len(x)).astype(np.float64)
    ends = digamma(a + b + x + 1)
    slope_r = _dot(groups.n_at, digamma(r + x) - digamma(r) + np.log(alpha)) - _dot(stay, log_now) - _dot(left, log_last)
    slope_alpha = groups.n.sum() * r / alpha - _dot(power, stay / (alpha + groups.total) + left / (alpha + groups.t))
    slope_a = _dot(groups.n_at, digamma(a + b) - ends) + left_at.sum() / a
    slope_b = _dot(groups.n_at, digamma(b + x + 1) - ends - digamma(b) + digamma(a + b)) - _dot(left_at, 1.0 / (b + x))
    return value, np.array([slope_r, slope_alpha, slope_a, slope_b])


def _dot(one: Floats, other: Floats) -> float:
    """Sum of products. Not `@`: on long vectors that starts threads, which then cost more than they save."""
    return float(np.einsum("i,i->", one, other))


def _checked(frequency: Any, recency: Any, age: Any) -> tuple[Floats, Floats, Floats]:
    x = numbers("frequency", frequency, low=0, whole=True)
    t = numbers("recency", recency, low=0)
    total = numbers("age", age, low=0)
    same_length(frequency=x, recency=t, age=total)
    for wrong, words in (
        (t > total, "recency: is larger than age"),
        ((x == 0) & (t > 0), "recency: is above 0 for a customer whose frequency is 0"),
        ((x > 0) & (t == 0), "recency: is 0 for a customer who has come back; contacts of one day count once"),
    ):
        if wrong.any():
            raise ValueError(f"{words}, at position {int(np.argmax(wrong))}")
    return x, t, total
