"""Every door of luuppi.measures called once on seeded data: for the tests that hold all of them to the same promise, and the bench."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from luuppi.measures import (
    adjusting,
    arrivals,
    asking,
    change,
    drivers,
    effects,
    experience,
    nonresponse,
    scores,
    shrinkage,
    silence,
    staffing,
    tolerance,
)
from luuppi.measures.tests.contact_centre import MARGINS, contact_centre
from luuppi.measures.tests.waiting import waits_and_csat
from luuppi.measures.tests.weekly import weekly_counts


def _scores(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    many, few = scores.nps(rng.integers(0, 11, 500)), scores.nps(rng.integers(2, 11, 300))
    return (
        many, scores.csat(rng.integers(1, 6, 200)), scores.ces(rng.integers(1, 8, 50)), scores.difference(many, few),
        scores.mean(rng.integers(0, 101, 40), lowest=0, highest=100), scores.sample_size_for(change=7), scores.visible_change(300, 500),
    )  # fmt: skip


def _teams(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    names = [f"team {i}" for i in range(12)]
    return shrinkage.rank_groups(names, rng.normal(20, 20, 12), rng.uniform(5_000, 7_000, 12), rng.integers(3, 90, 12))


def _alarms(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    n = rng.poisson(30, 78)
    return change.watch_unit(n, rng.binomial(n, np.where(np.arange(78) < 52, 0.2, 0.4)))


def _drivers(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(400, 5)) + rng.normal(size=(400, 1))
    y = x @ [1.0, 0.5, 0.2, 0.0, -0.3] + rng.normal(size=400)
    flags = rng.integers(0, 2, (400, 4))
    nps_scores = np.clip(7 + flags @ [-3, 2, 0, 1] + rng.integers(-2, 3, 400), 0, 10)
    return (
        drivers.relative_weights(x, y, "lmg", draws=200), drivers.relative_weights(x, y, "johnson", draws=200),
        drivers.theme_points(flags, nps_scores, draws=200),
    )  # fmt: skip


def _effect(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    weeks = np.arange(-40, 20)
    figures = rng.normal(20, 9, (60, 4)) + rng.normal(0, 4, (60, 1))
    treated = figures[:, 0] + 12 * (weeks >= 0)
    answers = rng.integers(30, 90, 60)
    return (
        effects.effect_of_change(weeks, treated, figures[:, 1:], answers, trigger_weeks=range(-6, 0)),
        effects.effect_of_change(weeks, treated, figures[:, 1:], answers, always_valid=True),
        effects.blocks_of_change(weeks, treated, figures[:, 1:], answers),
    )


def _adjusting(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    foreseen = rng.normal(0, 40, 300)
    return adjusting.adjusted_for_mix(20 + foreseen + rng.normal(0, 60, 300), foreseen, np.arange(300) < 200)


def _silence(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    customer, day = rng.integers(0, 600, 3_000), rng.integers(0, 500, 3_000) * rng.random(3_000)
    tried = silence.backtest(customer, day, 350)
    counted = silence.count_events(customer, day, 400)
    quiet = silence.find_quiet(tried.rhythm, counted.frequency, counted.recency, counted.age)
    return tried.rhythm, tried.judged, quiet[:20], silence.staying(rng.exponential(20, 300), rng.random(300) < 0.5).share_after([5, 12, 24])


def _experience(seed: int) -> Any:
    contacts, _, truth = contact_centre(n=1_500, seed=seed)
    learned = experience.learn_experience(contacts.drop(columns="customer"), truth <= 6, np.arange(1_500), seed=seed)
    estimate = learned.estimate(contacts[:200])
    return learned.kind, estimate.probability, estimate.reasons[:5], experience.find_drift(estimate.probability, truth[:200] <= 6)


def _nonresponse(seed: int) -> Any:
    contacts, score, truth = contact_centre(n=2_000, seed=seed)
    called = np.full(2_000, np.nan)
    drawn = nonresponse.draw_silent(score, 100, seed)
    called[drawn] = truth[drawn]
    return (
        nonresponse.corrected_nps(contacts, score, MARGINS, customer=contacts["customer"], seed=seed),
        nonresponse.nps_with_callbacks(contacts, score, called, MARGINS, customer=contacts["customer"], seed=seed), drawn,
    )  # fmt: skip


def _asking(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    value = asking.value_of_asking(0.25, rng.random(50), worth=20, cost=6)
    chosen = asking.decide([f"{i}" for i in range(50)], value, rng.integers(0, 3, 50), np.ones(50), seed=seed)
    now = datetime(2026, 5, 4, tzinfo=UTC)
    peace = asking.peace_from_asking(now, [now - timedelta(days=9)], has_open_case=False, opted_out=False)
    return value, chosen, asking.weighted_nps(rng.integers(0, 11, 80), rng.uniform(0.1, 1, 80)), peace


def _tolerance(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    age = np.arange(20, 45)
    births = rng.integers(2_000, 9_000, 25)
    bent = rng.binomial(births, 0.001 * np.exp(0.25 * np.maximum(age - 32, 0)))
    return (
        tolerance.material_wait(*waits_and_csat("kink", 3_000, seed), seed=seed), tolerance.find_kink(age, bent, births),
        tolerance.patience(rng.exponential(120, 400), rng.random(400) < 0.3),
    )  # fmt: skip


def _ahead(seed: int) -> Any:
    counts = weekly_counts("wandering", 60, seed)
    return (
        arrivals.forecast(counts), arrivals.try_forecast(counts), staffing.erlang_a(5, 3, 16, 2), staffing.erlang_c(5, 3, 18),
        staffing.service_level(5, 3, 18, 20), staffing.people_needed(5, 3),
    )  # fmt: skip


DOORS: dict[str, Callable[[int], Any]] = {
    "scores": _scores, "shrinkage": _teams, "change": _alarms, "drivers": _drivers, "effects": _effect, "adjusting": _adjusting, "silence": _silence,
    "experience": _experience, "nonresponse": _nonresponse, "asking": _asking, "tolerance": _tolerance, "arrivals and staffing": _ahead,
}  # fmt: skip
