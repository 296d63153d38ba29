"""Every interval that luuppi.measures gives, one by one: how often it holds a planted truth. Run by bench/trust.py.

What other parts measure already is not measured twice: NPS, themes, effects and forecasts stand there, each where the figure stands.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from bench.trust_numbers_a import PROFILES, weekly_world
from bench.verdicts import Planned, Row, at_least, at_most, row
from luuppi.measures import asking, drivers, effects, experience, nonresponse, scores, shrinkage, silence, tolerance
from luuppi.measures.estimate import Estimate
from luuppi.measures.tests.contact_centre import MARGINS, contact_centre, nps_of
from luuppi.measures.tests.waiting import REFERENCE, expected_csat, true_wait, waits_and_csat

# Skewed and two-humped answers 1–7, and three where nearly everybody gives the best and, in two, a few the worst.
EFFORTS = [
    (0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.3), (0.3, 0.1, 0.05, 0.05, 0.1, 0.1, 0.3), (0.0, 0.0, 0.0, 0.02, 0.05, 0.13, 0.8),
    (0.02, 0.0, 0.0, 0.02, 0.03, 0.08, 0.85), (0.05, 0.0, 0.0, 0.0, 0.0, 0.1, 0.85),
]  # fmt: skip


def planned() -> list[Planned]:
    """What this part measures; the simulations that take long come last."""
    short = (shares, means, differences, teams, staying, patience, weighted)
    long = (questions, ranks, second_opinion, looks, bends, waits, abrupt_waits, wait_curves, told_surely)
    return [*(Planned("planted truth", one, ()) for one in short), *(Planned("planted truth", one, (), long=True) for one in long)]


# --- scores -------------------------------------------------------------------------------------------------------------------------


def shares() -> Iterator[Row]:
    rng = np.random.default_rng(11)
    for n in (10, 30, 100):
        held = [holding(scores.csat_of(rng.binomial(n, truth, 20_000), np.full(20_000, n)), truth) for truth in (0.1, 0.3, 0.5, 0.8, 0.95)]
        yield at_least("scores.csat", f"n = {n}, worst of five shares", min(held), 0.91, 0.01)
        yield at_least("scores.csat", f"n = {n}, mean of five shares", float(np.mean(held)), 0.95, 0.01)


def means() -> Iterator[Row]:
    rng = np.random.default_rng(12)
    for n in (10, 30, 100):
        held = [holding(some_means(rng, chances, n, 20_000), mean_of(chances)) for chances in EFFORTS]
        yield at_least("scores.ces, scores.mean", f"n = {n}, worst of five shapes", min(held), 0.93, 0.01)
        yield at_least("scores.ces, scores.mean", f"n = {n}, mean of five shapes", float(np.mean(held)), 0.95, 0.01)


def differences() -> Iterator[Row]:
    """Of periods that truly differ; periods that do not are the false alarms of another row."""
    rng = np.random.default_rng(13)
    for before, after in ((30, 30), (20, 200)):
        nps = [
            holding(scores.difference(scores.nps_of(*rng.multinomial(before, one, 10_000).T), scores.nps_of(*rng.multinomial(after, other, 10_000).T)),
                    100 * (other[0] - other[2] - one[0] + one[2]))
            for one, other in pairwise(PROFILES)
        ]  # fmt: skip
        csat = [
            holding(scores.difference(scores.csat_of(rng.binomial(before, one, 10_000), np.full(10_000, before)),
                                      scores.csat_of(rng.binomial(after, other, 10_000), np.full(10_000, after))), other - one)
            for one, other in ((0.5, 0.6), (0.7, 0.8), (0.8, 0.95), (0.95, 0.9))
        ]  # fmt: skip
        ces = [
            holding(scores.difference(some_means(rng, one, before, 10_000), some_means(rng, other, after, 10_000)), mean_of(other) - mean_of(one))
            for one, other in pairwise(EFFORTS)
        ]
        for words, held in (("NPS", nps), ("shares", csat), ("means", ces)):
            of = f"{words}, {before} against {after} answers"
            yield at_least("scores.difference", f"{of}, worst of {len(held)}", min(held), 0.93, 0.01)
            yield at_least("scores.difference", f"{of}, mean of {len(held)}", float(np.mean(held)), 0.95, 0.01)


def weighted() -> Iterator[Row]:
    """NPS of answers asked for with a chance of 1 or of a tenth, as `decide` gives them; the reference is the nominal share."""
    for n in (500, 2_000):
        held = []
        for seed in range(1_000):
            rng = np.random.default_rng(seed)
            p = rng.beta(1.2, 2.5, n)
            given = np.where(rng.random(n) < p, 3, np.where(rng.random(n) < 0.5, 9, 7))
            chance = np.where(np.abs(p - 0.3) < 0.15, 1.0, 0.1)
            answered = (rng.random(n) < chance) & (rng.random(n) < 0.25)
            found = asking.weighted_nps(given[answered], chance[answered])
            held.append(found.low <= 100 * float(np.mean((1 - p) * 0.5 - p)) <= found.high)
        yield at_least("asking.weighted_nps", f"about {round(n * 0.1)} answers of {n} contacts", float(np.mean(held)), 0.95, 0.014)


# --- comparisons and drivers --------------------------------------------------------------------------------------------------------


def teams() -> Iterator[Row]:
    """Real answers (−100, 0, 100), unlike numbers of them, variances as they come out; and shares, with the spread that suits them."""
    for words, k, lowest, highest in (("40 teams of 30–300 answers", 40, 30, 300), ("12 teams of 30–60 answers", 12, 30, 60)):
        rng, points, rates = np.random.default_rng(14), [], []
        for _ in range(300):
            n = np.round(np.exp(rng.uniform(np.log(lowest), np.log(highest), k))).astype(int)
            promoters = np.clip(rng.normal(0.45, 0.05, k), 0.05, 0.65)
            truth = 100 * (2 * promoters - 0.75)  # a quarter of the answers are passive; the spread is 10 points
            up, _, down = (rng.multinomial(n, np.column_stack([promoters, np.full(k, 0.25), 0.75 - promoters]))).T
            mean, square = 100 * (up - down) / n, 1e4 * (up + down) / n
            points += in_teams(shrinkage.rank_groups(names(k), mean, (square - mean**2) * n / (n - 1), n), truth)
            satisfied = rng.binomial(n, np.clip(true_share := rng.normal(0.8, 0.05, k), 0, 1))
            share = satisfied / n
            found = shrinkage.rank_groups(names(k), share, share * (1 - share) * n / (n - 1), n, spread=0.1)
            rates += in_teams(found, np.clip(true_share, 0, 1))
        yield at_least("shrinkage.rank_groups", f"NPS, {words}, true spread 10", float(np.mean(points)), 0.92, 0.01)
        yield at_least("shrinkage.rank_groups", f"shares, {words}, true spread .05", float(np.mean(rates)), 0.92, 0.01)


def questions() -> Iterator[Row]:
    """Questions that a general mood moves together; published .91–.94."""
    for words, k, n, method in (("5 questions", 5, 200, "lmg"), ("5 questions", 5, 500, "lmg"), ("14 questions", 14, 500, "johnson")):
        whole = drivers.relative_weights(*moody(np.random.default_rng(15), 1_000_000, k), method, draws=100)  # type: ignore[arg-type]
        truth = {one.name: one.value for one in whole}
        held = []
        for seed in range(300):
            found = drivers.relative_weights(*moody(np.random.default_rng(seed), n, k), method, seed=seed)  # type: ignore[arg-type]
            held += [one.low <= (truth[one.name] or 0.0) <= one.high for one in found]
        yield at_least("drivers.relative_weights", f"{method}, {words}, {n} answers", float(np.mean(held)), 0.94, 0.02)
    for method, k, n in (("lmg", 5, 200), ("lmg", 5, 2_000), ("johnson", 14, 500)):
        rng, held = np.random.default_rng(25), []
        for seed in range(200):
            x = np.round(np.clip(rng.normal(4, 1.5, (n, k)), 1, 7))
            found = drivers.relative_weights(x, x[:, 0] + rng.normal(0, 2, n), method, seed=seed, draws=200)  # type: ignore[arg-type]
            held += [one.low == 0 for one in found if one.name != "x1"]
        yield at_least("drivers.relative_weights", f"{method}, {k} questions, {n} answers: unrelated ones whose interval holds 0", float(np.mean(held)),
                       0.95, 0.02)  # fmt: skip


def ranks() -> Iterator[Row]:
    """`rank_low`–`rank_high` against the true rank; no reference is published."""
    order = [one.name for one in drivers.relative_weights(*moody(np.random.default_rng(15), 1_000_000, 5), "lmg", draws=100)]
    for n in (200, 1_000):
        held = []
        for seed in range(300):
            for one in drivers.relative_weights(*moody(np.random.default_rng(seed), n, 5), "lmg", seed=seed, draws=200):
                held.append((one.rank_low or 0) <= 1 + order.index(one.name) <= (one.rank_high or 0))
        yield at_least("drivers: rank_low–rank_high", f"5 questions, {n} answers", float(np.mean(held)), 0.95, 0.01)


# --- how long things last -----------------------------------------------------------------------------------------------------------


def staying() -> Iterator[Row]:
    def found(rng: np.random.Generator, n: int, at: list[float]) -> list[Estimate]:
        lasted, seen = rng.exponential(20, n), rng.uniform(0, 60, n)
        return silence.staying(np.minimum(lasted, seen), lasted < seen).share_after(at)

    truth = {at: math.exp(-at / 20) for at in (5.0, 15.0, 30.0)}
    yield from held_one_by_one(found, truth, "silence.staying", "{n} customers, share left after {at:g} of a mean of 20", (50, 300), 2_000)


def patience() -> Iterator[Row]:
    def found(rng: np.random.Generator, n: int, shares: list[float]) -> list[Estimate]:
        holds_on, wait = rng.exponential(360, n), rng.exponential(180, n)
        return tolerance.patience(np.minimum(holds_on, wait), holds_on < wait, shares)

    truth = {share: -360 * math.log(1 - share) for share in (0.1, 0.25, 0.5)}
    yield from held_one_by_one(found, truth, "tolerance.patience", "{n} calls, {at:.0%} hung up", (200, 3_000), 1_000)


# --- correction, effects, waits -----------------------------------------------------------------------------------------------------


def second_opinion() -> Iterator[Row]:
    """The other two intervals of the correction, and how often its warning is a false one."""
    checked, silent, warned = [], [], []
    for seed in range(300):
        contacts, score, truth = contact_centre(seed=seed)
        found = nonresponse.corrected_nps(contacts, score, MARGINS, customer=contacts["customer"])
        checked.append(found.cross_check.low <= nps_of(truth) <= found.cross_check.high)
        warned.append(found.cross_check_differs)
        called = np.full(len(score), np.nan)
        drawn = nonresponse.draw_silent(score, 75, seed=seed)
        called[drawn] = truth[drawn]
        alone = nonresponse.nps_with_callbacks(contacts, score, called, MARGINS, customer=contacts["customer"]).silent
        silent.append(alone.low <= nps_of(truth[np.isnan(score)]) <= alone.high)
    yield at_least("nonresponse: cross_check", "2 000 contacts, 20 % answer by contact data", float(np.mean(checked)), 0.95, 0.025)
    yield at_least("nonresponse: silent, with 75 calls", "2 000 contacts, 20 % answer by contact data", float(np.mean(silent)), 0.95, 0.025)
    yield row("nonresponse: cross_check_differs", "warned though both methods are right", round(float(np.mean(warned)), 4), None, None, holds=None)


def looks() -> Iterator[Row]:
    """The band for those who look every week must hold a true effect at every look, not only none."""
    rng, held, kept = np.random.default_rng(16), 0, []
    for _ in range(400):
        weeks, treated, control = weekly_world(rng, effect=8, after=26)
        seen = [effects.effect_of_change(weeks[:end], treated[:end], control[:end], always_valid=True) for end in range(60, 79, 2)]
        held += all(one.value is None or one.low <= 8 <= one.high for one in seen)  # type: ignore[operator]
    yield at_least("effects, always_valid", "+8 points, at every look from week 8 to 26", held / 400, 0.95, 0.02)
    for _ in range(2_000):
        weeks, treated, control = weekly_world(rng, effect=8)
        once = effects.effect_of_change(weeks, treated, control)
        kept.append(once.low <= 8 <= once.high)  # type: ignore[operator]
    yield at_least("effects.effect_of_change", "+8 points, 52 + 12 weeks, 80 answers a week", float(np.mean(kept)), 0.95, 0.01)


def bends() -> Iterator[Row]:
    """The kink, where there is one, a few answers and many; the reference is the nominal share. 1 000 worlds tell it to ± .014."""
    rng, x = np.random.default_rng(16), np.arange(30.0)
    truth = 1 / (1 + np.exp(2 - 0.15 * np.maximum(x - 15, 0)))
    for n in (200, 2_000):
        found = [tolerance.find_kink(x, rng.binomial(n, truth), np.full(30, float(n))) for _ in range(1_000)]
        held = [(one.low or 0.0) <= 15 <= (one.high or math.inf) for one in found if one.value is not None]
        width = float(np.median([one.high - one.low for one in found if one.low is not None and one.high is not None]))
        of = f"30 places of {n} answers, bend of .15"
        yield at_least("tolerance.find_kink", f"{of} ({len(held)} of 1 000 found)", float(np.mean(held)), 0.95, 0.014)
        yield row("tolerance.find_kink", f"{of}: median width of the interval", round(width, 2), None, None, holds=None)


def waits() -> Iterator[Row]:
    """Where waits of the reference world hurt, few answers and many; published .85/.93 (kink), .83/.95 (smooth), .97/.94 (logarithm)."""
    for kind, published in (("kink", 0.85), ("smooth", 0.83), ("log", 0.97)):
        true = true_wait(kind, world=REFERENCE)
        found = [tolerance.material_wait(*waits_and_csat(kind, 1_000, seed, REFERENCE), seed=seed) for seed in range(200)]
        shown = [one for one in found if one.value is not None]
        share = float(np.mean([(one.low or 0.0) <= true <= (one.high or math.inf) for one in shown]))
        yield at_least("tolerance.material_wait", f"{kind}, 1 000 answers ({len(shown)} of 200 shown)", share, published, 0.03)
    held, points = [], 0
    level = float(np.mean(detractors(REFERENCE.minutes((np.arange(20_000) + 0.5) / 80_000))))
    grid = np.linspace(0.1, 40, 200_000)
    true = 60 * float(grid[np.argmax(detractors(grid) >= level + 0.1)])
    for seed in range(200):
        rng = np.random.default_rng(seed)
        minutes = REFERENCE.minutes(rng.random(10_000))
        one = tolerance.material_wait_of_detractors(60 * minutes, np.where(rng.random(10_000) < detractors(minutes), 4, 9), seed=seed)
        points += one.value is not None
        held += [(one.low or 0.0) <= true <= (one.high or math.inf)] if one.value is not None else []
    yield at_least("tolerance.material_wait_of_detractors", f"10 000 answers ({points} of 200 shown)", float(np.mean(held)), 0.95, 0.03)


def abrupt_waits() -> Iterator[Row]:
    """Satisfaction that falls at once at five minutes, which no smooth curve can follow."""
    for n, reference in ((6_000, 0.85), (20_000, 0.95)):
        rng, held = np.random.default_rng(26), []
        for seed in range(60):
            seconds = rng.exponential(300, n)
            found = tolerance.material_wait(seconds, 1 + rng.binomial(4, (3.3 - 0.6 * (seconds > 300)) / 4), seed=seed)
            held.append(found.value is not None and (found.low or 0) <= 300 <= (found.high or math.inf))
        yield at_least("tolerance.material_wait", f"a step at 5 minutes, {n} answers", float(np.mean(held)), reference, 0.05)


def wait_curves() -> Iterator[Row]:
    """The band of the curve at each of its points, one by one; no reference is published."""
    for kind in ("kink", "smooth", "log", "flat"):
        held: list[bool] = []
        for seed in range(100):
            curve = tolerance.material_wait(*waits_and_csat(kind, 5_000, seed, REFERENCE), seed=seed).curve
            truth = expected_csat(kind, np.array([one.wait_seconds for one in curve]) / 60, REFERENCE)
            held += [one.low <= at <= one.high for one, at in zip(curve, truth, strict=True)]
        yield at_least("tolerance: curve", f"{kind}, 5 000 answers, band at each point", float(np.mean(held)), 0.95, 0.02)


def told_surely() -> Iterator[Row]:
    """`known` rests on 90 % sets for each outcome: of the discontent at most a tenth may be called surely content, and the other way."""
    wrong: dict[int, list[float]] = {0: [], 1: []}
    for seed in range(20):
        contacts, _, truth = contact_centre(n=4_000, seed=seed)
        features, low = contacts.drop(columns="customer"), (truth <= 6).astype(int)
        learned = experience.learn_experience(features[:1_000], low[:1_000], np.arange(1_000), seed=seed)
        found = learned.estimate(features[1_000:], with_reasons=False)
        for outcome in wrong:
            of = low[1_000:] == outcome
            wrong[outcome].append(float(np.mean((found.outcome == 1 - outcome)[of])))
    yield at_most("experience: known", "of the discontent, called surely content (1 000 answers)", float(np.mean(wrong[1])), 0.1, 0.01)
    yield at_most("experience: known", "of the content, called surely discontent (1 000 answers)", float(np.mean(wrong[0])), 0.1, 0.01)


# --- parts --------------------------------------------------------------------------------------------------------------------------


def holding(found: Iterable[Any], truth: float) -> float:
    return float(np.mean([one.low <= truth <= one.high for one in found]))


def held_one_by_one(
    found: Callable[[np.random.Generator, int, list[float]], list[Estimate]],
    truth: dict[float, float], of: str, words: str, sizes: tuple[int, ...], times: int,
) -> Iterator[Row]:  # fmt: skip
    """How often the interval of each figure holds its truth, the figures of a sample asked for together."""
    for n in sizes:
        held = [
            [one.low <= true <= one.high for one, true in zip(found(np.random.default_rng(seed), n, list(truth)), truth.values(), strict=True)]
            for seed in range(times)
        ]
        for at, share in zip(truth, np.mean(held, axis=0), strict=True):
            yield at_least(of, words.format(n=n, at=at), float(share), 0.95, 0.015)


def mean_of(chances: tuple[float, ...]) -> float:
    return float(np.arange(1, 8) @ np.array(chances))


def some_means(rng: np.random.Generator, chances: tuple[float, ...], n: int, times: int) -> Any:
    drawn = rng.choice(np.arange(1, 8), (times, n), p=chances)
    return scores.mean_of(np.full(times, n), drawn.sum(axis=1), (drawn**2).sum(axis=1), lowest=1, highest=7)


def names(k: int) -> list[str]:
    return [str(place) for place in range(k)]


def in_teams(found: Iterable[shrinkage.Ranked], truth: Any) -> list[bool]:
    return [one.low <= truth[int(one.name)] <= one.high for one in found if one.low is not None and one.high is not None]


def moody(rng: np.random.Generator, n: int, k: int) -> tuple[Any, Any]:
    x = 0.8 * rng.normal(size=(n, 1)) + 0.6 * rng.normal(size=(n, k))
    return x, x @ np.linspace(1.0, 0.1, k) + rng.normal(0, 2, n)


def detractors(minutes: Any) -> Any:
    """Their share after a wait, which the simulated answers follow."""
    return 0.15 + 0.5 / (1 + np.exp(-(minutes - 9) / 2))
