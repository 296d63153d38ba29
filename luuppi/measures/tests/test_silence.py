"""Who is quiet in a way that is unusual for them, and who stays."""

import json
import os
import subprocess
import sys
import threading
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luuppi.measures import silence

R, ALPHA, A, B = 0.6, 6.0, 0.9, 1.6


def rhythms(n, seed, weeks=100):
    """n customers of a known rhythm, seen for 20 to `weeks` weeks: (frequency, recency, age, whether still a customer)."""
    rng = np.random.default_rng(seed)
    age = rng.integers(140, weeks * 7, n) / 7
    rate, leaves = rng.gamma(R, 1 / ALPHA, n), rng.beta(A, B, n)
    frequency, recency, at = np.zeros(n), np.zeros(n), np.zeros(n)
    customer, seen = rng.random(n) >= leaves, np.ones(n, dtype=bool)
    while (customer & seen).any():
        at = at + np.maximum(rng.exponential(1 / rate), 1e-3)
        seen &= at <= age
        came = customer & seen
        frequency, recency = frequency + came, np.where(came, at, recency)
        customer &= ~came | (rng.random(n) >= leaves)
    return frequency, recency, age, customer


@pytest.fixture(scope="module")
def learned():
    frequency, recency, age, _ = rhythms(4_000, seed=1)
    return silence.fit_rhythm(frequency, recency, age), frequency, recency, age


# --- reference values -----------------------------------------------------------------------------------------------------------


def cdnow(shared_data):
    events = pd.read_csv(shared_data / "behaviour" / "cdnow_sample.csv.gz")
    moments = pd.to_datetime(events["date"].astype(str))
    day = (moments - pd.Timestamp("1997-01-01")).dt.days
    expected = json.loads((shared_data / "behaviour" / "expected.json").read_text())["cdnow_sample"]
    return events["sample_id"], day.to_numpy(), expected


def day_of(text):
    return (pd.Timestamp(text) - pd.Timestamp("1997-01-01")).days


def test_the_published_customers_have_the_published_rhythm(shared_data):
    customer, day, expected = cdnow(shared_data)
    known = silence.count_events(customer, day, day_of(expected["calibration_end"]))
    rhythm = silence.fit_rhythm(known.frequency, known.recency, known.age)
    reference = expected["MBG_NBD"]
    assert len(known.customer) == expected["n"]
    assert known.frequency.sum() == expected["repeat_transactions"]
    assert rhythm.parameters == pytest.approx([reference[key] for key in ("r", "alpha", "a", "b")], rel=reference.get("tol_rel", 0.005))
    assert rhythm.log_likelihood == pytest.approx(reference["ll"], abs=0.01)


def test_its_promises_come_true_as_in_the_reference(shared_data):
    customer, day, expected = cdnow(shared_data)
    reference = expected["fit_1998-03-31_horizon_13w"]
    tried = silence.backtest(customer, day, day_of("1998-03-31"), within_weeks=13)
    assert tried.judged.base_rate == pytest.approx(reference["active_share"], abs=5e-4)
    assert tried.judged.auc == pytest.approx(reference["MBG"]["auc"], abs=expected["tol_auc"])
    assert tried.judged.brier == pytest.approx(reference["MBG"]["brier"], abs=0.001)
    assert tried.rhythm.parameters == pytest.approx(reference["MBG"]["params"], rel=0.005)


def test_contract_customers_stay_as_long_as_in_the_reference(shared_data):
    customers = pd.read_csv(shared_data / "behaviour" / "telco_churn.csv.gz").query("tenure > 0")
    expected = json.loads((shared_data / "behaviour" / "expected.json").read_text())["telco_churn"]["km_survival"]
    staying = silence.staying(customers["tenure"], customers["Churn"] == "Yes")
    for months in (12, 24, 48, 72):
        assert staying.share_after([months])[0].value == pytest.approx(expected[str(months)], abs=5e-5)


# --- planted truth --------------------------------------------------------------------------------------------------------------


def test_a_planted_rhythm_is_found_again():
    frequency, recency, age, _ = rhythms(30_000, seed=3)
    found = silence.fit_rhythm(frequency, recency, age).parameters
    assert found == pytest.approx((R, ALPHA, A, B), rel=0.12)


def test_what_is_promised_happens_in_each_tenth():
    rng = np.random.default_rng(4)
    frequency, recency, age, still = rhythms(30_000, seed=4)
    rhythm = silence.fit_rhythm(frequency, recency, age)
    promised = rhythm.chance_of_contact(frequency, recency, age, within_weeks=13)
    # The rate of a customer, given their past and that they are still one, is a gamma again.
    rate = rng.gamma(R + frequency, 1 / (ALPHA + age))
    came = still & (rng.random(len(age)) < 1 - np.exp(-13 * rate))
    for part in np.array_split(np.argsort(promised), 10):
        assert promised[part].mean() == pytest.approx(came[part].mean(), abs=0.03)


def test_those_who_never_leave_are_seldom_reported_quiet_and_leavers_are():
    frequency, recency, age, still = rhythms(20_000, seed=5)
    rhythm = silence.fit_rhythm(frequency, recency, age)
    found = silence.find_quiet(rhythm, frequency, recency, age)
    assert len(found) > 500
    assert 1 - np.mean([still[quiet.position] for quiet in found]) > 0.75
    assert all(quiet.now < 0.5 * quiet.usual and quiet.n_events >= 3 for quiet in found)


def test_the_share_that_stays_is_held_by_its_interval_as_often_as_promised():
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(300):
        lasts, followed = rng.exponential(20, 200), rng.uniform(5, 40, 200)
        estimate = silence.staying(np.minimum(lasts, followed), lasts <= followed).share_after([15])[0]
        held += estimate.low <= np.exp(-15 / 20) <= estimate.high
    assert 0.92 <= held / 300 <= 0.98


# --- properties -----------------------------------------------------------------------------------------------------------------


def test_the_order_of_customers_and_their_doubling_change_nothing(learned):
    rhythm, frequency, recency, age = learned
    order = np.random.default_rng(0).permutation(len(age))
    again = silence.fit_rhythm(np.tile(frequency[order], 2), np.tile(recency[order], 2), np.tile(age[order], 2))
    assert again.parameters == pytest.approx(rhythm.parameters, rel=1e-3)
    assert again.log_likelihood == pytest.approx(2 * rhythm.log_likelihood, rel=1e-9)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 400), st.floats(0.2, 300), st.floats(0, 500), st.floats(0.1, 60))
def test_chances_are_chances_and_fall_with_silence(learned, frequency, recency, silent, weeks):
    rhythm = learned[0]
    recency = recency if frequency else 0.0
    ages = [recency + silent, recency + silent + 5]
    now, later = rhythm.chance_of_contact([frequency] * 2, [recency] * 2, ages, weeks)
    usual = rhythm.usual_chance([frequency], [recency], [ages[0]], weeks)[0]
    assert 0 <= later <= now <= usual <= 1
    assert rhythm.chance_of_contact([frequency], [recency], ages[:1], weeks + 1)[0] >= now


def test_several_contacts_of_a_day_are_one():
    counted = silence.count_events(["Aino", "Aino", "Aino", "Eero", "Eero"], [0, 0.4, 14, 7, 90], until_day=70)
    assert counted.frequency.tolist() == [1, 0]
    assert counted.recency.tolist() == [2, 0]
    assert counted.age.tolist() == [10, 9]


def test_a_silence_is_told_once(learned):
    rhythm, frequency, recency, age = learned
    first = silence.find_quiet(rhythm, frequency, recency, age)
    told = np.zeros(len(age), dtype=bool)
    told[[quiet.position for quiet in first]] = True
    assert silence.find_quiet(rhythm, frequency, recency, age, told_already=told) == []
    assert [quiet.now / quiet.usual for quiet in first] == sorted(quiet.now / quiet.usual for quiet in first)


def test_threads_get_the_same_answer(learned):
    rhythm, frequency, recency, age = learned
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(silence.fit_rhythm(frequency, recency, age))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [rhythm] * 3


# --- bad input ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "recency", "age", "named"),
    [
        ([], [], [], "frequency: is empty"),
        ([0, 0], [0, 0], [3, 4], "nobody has made contact twice"),
        ([1, -1], [1, 0], [3, 4], "frequency: position 1 is -1"),
        ([1.5], [1], [3], "frequency: position 0"),
        ([1], [float("nan")], [3], "recency: position 0"),
        ([1], [1], [float("inf")], "age: position 0"),
        ([1], [5], [3], "recency: is larger than age, at position 0"),
        ([0, 1], [2, 1], [3, 3], "frequency is 0, at position 0"),
        ([2], [0], [3], "recency: is 0 for a customer who has come back"),
        ([1, 2], [1], [3, 3], "equal"),
        (["often"], [1], [3], "frequency"),
    ],
)
def test_a_wrong_rhythm_is_refused_by_name(frequency, recency, age, named):
    with pytest.raises(ValueError, match=named):
        silence.fit_rhythm(frequency, recency, age)


def test_few_customers_or_weeks_may_only_be_ordered():
    frequency, recency, age, _ = rhythms(450, seed=7)
    assert silence.fit_rhythm(frequency, recency, age).speaking.level == "silent"
    frequency, recency, age, _ = rhythms(1_000, seed=7)
    assert silence.fit_rhythm(frequency, recency, age).speaking.level == "cautious"


def test_identical_customers_give_chances_and_no_warning():
    rhythm = silence.fit_rhythm([3] * 50, [9.0] * 50, [10.0] * 50)
    chance = rhythm.chance_of_contact([3], [9.0], [10.0])
    assert 0 < chance[0] < 1
    assert len(rhythm.chance_of_contact([], [], [])) == 0


def test_nobody_and_no_leaver_stay_without_figures_that_cannot_be_defended():
    nobody = silence.staying([], [])
    assert nobody.share_after([1])[0].value is None
    all_stay = silence.staying([5, 6, 7], [0, 0, 0])
    assert all_stay.share_after([6])[0].value == 1
    assert all_stay.share_after([8])[0].value is None
    assert all_stay.chance_of_staying(1, 9) is None
    all_left = silence.staying([5, 5, 7], [1, 1, 1]).share_after([7])[0]
    assert (all_left.value, all_left.low) == (0, 0)
    with pytest.raises(ValueError, match="lasted: position 0"):
        silence.staying([-1], [0])


def test_a_backtest_without_the_weeks_to_judge_is_refused():
    with pytest.raises(ValueError, match="cut_day"):
        silence.backtest(["Aino", "Aino", "Eero"], [0, 30, 40], cut_day=35, within_weeks=13)


def test_a_hundred_thousand_customers_are_learned_in_a_second():
    frequency, recency, age, _ = rhythms(100_000, seed=8)
    started = time.process_time()
    rhythm = silence.fit_rhythm(frequency, recency, age)
    rhythm.chance_of_contact(frequency, recency, age)
    assert time.process_time() - started < 2.0


# --- the search for the best parameters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("leaves", [0.0, 0.5])
def test_customers_who_are_all_alike_are_learned_at_the_wall(leaves):
    """Without any spread the likelihood rises for ever towards endless parameters; these stop at the wall, and the chances are right."""
    rng = np.random.default_rng(0)
    age = np.full(2_000, 100.0)
    frequency = np.minimum(rng.poisson(20, 2_000), rng.geometric(leaves, 2_000) - 1 if leaves else 10_000).astype(float)
    recency = np.where(frequency > 0, age * (frequency + 0.5) / 21.5, 0).clip(max=99.0)
    rhythm = silence.fit_rhythm(frequency, recency, age)
    assert np.isfinite(rhythm.parameters).all() and np.isfinite(rhythm.log_likelihood)
    assert max(rhythm.parameters) == pytest.approx(np.exp(9.0)) or min(rhythm.parameters) == pytest.approx(np.exp(-7.0))
    chance = rhythm.chance_of_contact(frequency, recency, age)
    assert ((chance >= 0) & (chance <= 1)).all()


def test_learning_a_rhythm_starts_no_thread():
    """On long vectors `@` would, and so would the usual search; the time of other threads is what the process took beyond this one."""
    program = (
        "import time, numpy as np; from luuppi.measures import silence; rng = np.random.default_rng(0); n = 20_000; age = rng.uniform(20, 60, n)\n"
        "x = rng.poisson(3, n); t = np.where(x > 0, age * rng.uniform(0.1, 1, n), 0)\n"
        "silence.fit_rhythm(x[:99], t[:99], age[:99]); time.sleep(0.3); a, b = time.process_time(), time.thread_time()\n"
        "silence.fit_rhythm(x, t, age); print((time.process_time() - a) / (time.thread_time() - b))"
    )
    two = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "2")
    assert float(subprocess.run([sys.executable, "-c", program], env=two, capture_output=True, text=True, check=True).stdout) < 1.1
