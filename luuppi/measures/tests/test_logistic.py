"""The small regression and the curve of lasting that others stand on, against the libraries that everybody knows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from statsmodels.duration.survfunc import SurvfuncRight

from luuppi.measures.kaplan_meier import quantile, share_lasting, survival
from luuppi.measures.logistic import Dense, OneHot, chance, fit_logistic, log_odds


def words(n, seed):
    rng = np.random.default_rng(seed)
    levels = [rng.integers(0, k, n) for k in (2, 3, 5)]
    levels = [np.unique(level, return_inverse=True)[1] for level in levels]
    columns = np.column_stack([(level == k).astype(float) for level in levels for k in range(level.max() + 1)])
    return levels, columns, (rng.random(n) < chance(-0.5 + levels[0] - 0.3 * levels[2])).astype(float)


def test_it_finds_what_scikit_learn_finds():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 6))
    y = (rng.random(500) < chance(x[:, 0] - 0.5)).astype(float)
    theirs = LogisticRegression(C=0.3, tol=1e-10, max_iter=1000).fit(x, y)
    ours = fit_logistic(Dense.of(x), y, ridge=1 / 0.3)
    assert ours == pytest.approx([theirs.intercept_[0], *theirs.coef_[0]], abs=1e-4)


def test_levels_are_the_same_as_their_columns():
    levels, columns, y = words(400, 1)
    one_hot, dense = OneHot.of(levels, 400), Dense.of(columns)
    b, weight = np.arange(one_hot.n_columns()) / 10, np.linspace(0.1, 2, 400)
    assert one_hot.times(b) == pytest.approx(dense.times(b))
    assert one_hot.sums(weight) == pytest.approx(dense.sums(weight))
    assert one_hot.squares(weight) == pytest.approx(dense.squares(weight))
    matrix = dense.squares(weight) / 100
    assert one_hot.forms(matrix) == pytest.approx(np.einsum("ij,jk,ik->i", dense.x, matrix, dense.x))
    assert fit_logistic(one_hot, y, ridge=1.0) == pytest.approx(fit_logistic(dense, y, ridge=1.0), abs=1e-6)
    chosen = np.arange(400) % 3 == 0
    assert one_hot.rows(chosen).times(b) == pytest.approx(dense.x[chosen] @ b)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 1.0, 0.5]))
def test_separated_collinear_and_one_class_data_stay_finite(seed, share):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(30, 3)) * 10.0 ** rng.integers(-3, 4)
    x = np.column_stack([x, x[:, 0], np.zeros(30)])
    y = (x[:, 0] > 0).astype(float) if share == 0.5 else np.full(30, share)
    b = fit_logistic(Dense.of(x), y, ridge=1.0)
    assert np.isfinite(b).all()
    assert b[1] == pytest.approx(b[4], abs=1e-6)
    assert b[5] == 0


def test_without_rows_all_is_zero():
    assert fit_logistic(Dense.of(np.zeros((0, 2))), np.zeros(0), ridge=1.0).tolist() == [0, 0, 0]


def test_odds_and_chances_are_two_sides():
    p = np.array([1e-6, 0.2, 0.5, 0.999])
    assert chance(log_odds(p)) == pytest.approx(p)
    assert np.isfinite(chance(np.array([-1e300, 1e300]))).all()


def test_the_curve_of_lasting_is_that_of_statsmodels():
    rng = np.random.default_rng(2)
    lasts, followed = np.ceil(rng.exponential(10, 300)), np.ceil(rng.exponential(15, 300))
    ended = lasts <= followed
    ours, theirs = survival(np.minimum(lasts, followed), ended), SurvfuncRight(np.minimum(lasts, followed), ended.astype(int))
    assert ours.times == pytest.approx(theirs.surv_times)
    assert ours.lasting == pytest.approx(theirs.surv_prob)
    low, high = theirs.quantile_ci(0.5, method="cloglog")
    found = quantile(ours, 0.5)
    assert (found.value, found.low, found.high) == pytest.approx((theirs.quantile(0.5), low, high), abs=1.01)
    assert share_lasting(ours, 0).value == 1
