"""A touchpoint that wanders by itself is rarely taken for one that was changed, and steady ones are judged as sharply as before."""

import numpy as np
import pytest
from scipy.linalg import null_space
from scipy.stats import t as student

from luuppi.measures import wandering
from luuppi.measures.effects import effect_of_change


def wandering_world(rng, *, answers, alike=0.95, size=4.0, before=104, after=26, controls=3):
    """Weekly NPS of touchpoints that each wander by `size` points, weeks alike by `alike`; nothing was done to any."""
    weeks = np.arange(-before, after)
    own = rng.normal(0, size, (len(weeks), controls + 1))
    for week in range(1, len(weeks)):
        own[week] = alike * own[week - 1] + np.sqrt(1 - alike**2) * own[week]
    figures = own + rng.normal(0, np.sqrt(6100 / answers), own.shape)
    return weeks, figures[:, 0], figures[:, 1:]


def called(found):
    return found.verdict in ("better", "worse")


def test_wandering_is_rarely_an_effect():
    """Blocks taken as unrelated called 36 of 100 such worlds an effect."""
    rng = np.random.default_rng(7)
    assert sum(called(effect_of_change(*wandering_world(rng, answers=300))) for _ in range(60)) / 60 <= 0.18


def test_steady_touchpoints_keep_their_interval():
    rng, grown = np.random.default_rng(8), []
    for _ in range(100):
        at, gaps, others = np.arange(16.0), rng.normal(0, 1, 16), rng.normal(0, 1, (16, 3))
        others -= others.mean(axis=1, keepdims=True)
        grown.append(wandering.widening(at, gaps, 13, others, np.ones(3), degrees=14, confidence=0.95))
    assert np.mean([one == 1.0 for one in grown]) > 0.85
    assert np.mean(grown) < 1.05


def test_a_lone_control_needs_stronger_reason_and_a_long_row_gives_it():
    at = np.arange(20.0)
    bent = np.sin(at / 3.0)
    of_one, none = np.zeros((20, 0)), np.zeros(0)
    grown = wandering.widening(at, bent, 15, of_one, none, degrees=18, confidence=0.95)
    assert grown > 1.3
    jumpy = (-1.0) ** at
    assert wandering.widening(at, jumpy, 15, of_one, none, degrees=18, confidence=0.95) == 1.0


def test_what_the_controls_do_tells_how_touchpoints_wander():
    rng = np.random.default_rng(3)
    at, gaps = np.arange(16.0), rng.normal(0, 1, 16)
    bent = np.column_stack([np.sin(at / 3 + turn) for turn in (0, 2, 4)]) + rng.normal(0, 0.3, (16, 3))
    alone = wandering.widening(at, gaps, 13, np.zeros((16, 0)), np.zeros(0), degrees=14, confidence=0.95)
    beside = wandering.widening(at, gaps, 13, wandering.contrasts(bent), np.ones(3), degrees=14, confidence=0.95)
    assert alone == 1.0 < beside


def test_the_evidence_is_the_likelihood_of_what_the_design_leaves():
    """Restricted likelihood, written out: the density of the row's part that no level and no step can explain, its size free."""
    rng = np.random.default_rng(4)
    row, design = rng.normal(0, 1, 9), np.column_stack([np.ones(9), np.arange(9) >= 6])
    wide = np.array([size * alike ** np.abs(np.subtract.outer(np.arange(9), np.arange(9))) for alike, size in ((0.5, 0.0), (0.5, 1.0), (0.9, 3.0))])
    left = null_space(design.T)

    def plainly(covariance):
        inner = left.T @ (np.eye(9) + covariance) @ left
        rest = left.T @ row
        return -0.5 * (np.linalg.slogdet(inner)[1] + 7 * np.log(rest @ np.linalg.solve(inner, rest)))

    assert wandering._evidence(row, design, wide) == pytest.approx([plainly(one) - plainly(wide[0]) for one in wide])
    assert (wandering._evidence(np.full(9, 2.0), design, wide) == 0).all()


def test_the_variance_of_the_difference_is_that_of_drawn_rows():
    rng = np.random.default_rng(5)
    covariance = 2.0 * 0.8 ** np.abs(np.subtract.outer(np.arange(14), np.arange(14)))
    drawn = rng.multivariate_normal(np.zeros(14), np.eye(14) + covariance, 40_000)
    first, second = drawn[:, :10], drawn[:, 10:]
    within = (first.var(axis=1) * 10 + second.var(axis=1) * 4) / 12
    ratio = (second.mean(axis=1) - first.mean(axis=1)).var() / (within.mean() * (1 / 10 + 1 / 4))
    assert wandering._variance_ratio(covariance[None], 10)[0] == pytest.approx(ratio, rel=0.03)
    assert wandering._variance_ratio(np.zeros((1, 14, 14)), 10)[0] == pytest.approx(1.0)


def test_the_averaged_interval_leaves_out_what_it_says():
    belief, ratio = np.array([0.5, 0.3, 0.2]), np.array([1.0, 2.0, 4.0])
    grown = wandering._averaged(belief, ratio, 10, 0.9)
    outside = belief @ (2 * student.sf(student.ppf(0.95, 10) * grown / np.sqrt(ratio), 10))
    assert outside == pytest.approx(0.1, abs=1e-6)
    assert wandering._averaged(np.array([0.0, 1.0]), np.array([1.0, 4.0]), 10, 0.95) == pytest.approx(2.0)


def test_the_order_and_the_unit_of_the_controls_do_not_matter():
    rng = np.random.default_rng(9)
    weeks, treated, control = wandering_world(rng, answers=300, before=52, after=12, controls=4)
    found = effect_of_change(weeks, treated, control)
    turned = effect_of_change(weeks, treated, control[:, [2, 0, 3, 1]])
    tenfold = effect_of_change(weeks, 10 * treated, 10 * control)
    assert (turned.low, turned.high) == pytest.approx((found.low, found.high))
    assert (tenfold.low, tenfold.high) == pytest.approx((10 * found.low, 10 * found.high))


def test_wandering_is_as_large_beside_the_noise_of_each_row_as_that_noise_lets_it(monkeypatch):
    """Sizes in units of the changed touchpoint's own noise; a tenth to ten times, and 1 of a row that does not move from week to week."""
    from luuppi.measures import effects

    given = []
    monkeypatch.setattr(effects, "widening", lambda *_row, **_more: given.append(_row[4]) or 1.0)
    rng, weeks = np.random.default_rng(11), np.arange(-40, 16)
    noise = rng.normal(0, 1, (56, 4)) * [2.0, 1.0, 3.0, 0.2]
    effect_of_change(weeks, noise[:, 0], noise[:, 1:])
    controls = noise[:40, 1:]
    gap, apart = noise[:40, 0] - controls.mean(axis=1), controls - controls.mean(axis=1, keepdims=True)
    own = (np.diff(gap) ** 2).mean() / 2 / (1 + 1 / 3)
    assert given[0] == pytest.approx(own / ((np.diff(apart, axis=0) ** 2).mean(axis=0) / 2 / (1 - 1 / 3)))
    effect_of_change(weeks, 100 * noise[:, 0], noise[:, 1:])
    effect_of_change(weeks, noise[:, :2].mean(axis=1) / 50, noise[:, 1:3] * 0 + np.arange(56)[:, None] / 100 + noise[:, [1]] / 50)
    effect_of_change(weeks, noise[:, 0] / 50, 20 * noise[:, [1, 1]] * [1, -1])
    assert (given[1] == 10.0).all() and (given[2] == 1.0).all() and (given[3] == 0.1).all()


def test_ten_thousand_weeks_and_many_controls_are_worked_through():
    rng = np.random.default_rng(10)
    weeks = np.arange(-9_000, 1_000)
    found = effect_of_change(weeks, rng.normal(0, 1, 10_000), rng.normal(0, 1, (10_000, 8)))
    assert found.low < found.value < found.high < found.low + 1
