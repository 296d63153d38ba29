"""The part that foretells is light to import, safe from threads, and stays silent or finite on extreme input."""

import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from luuppi.measures import arrivals, asking, experience, nonresponse, silence, staffing, tolerance
from luuppi.measures.tests.contact_centre import MARGINS, contact_centre
from luuppi.measures.tests.waiting import waits_and_csat
from luuppi.measures.tests.weekly import weekly_counts

MODULES = "silence, experience, nonresponse, tolerance, asking, arrivals, staffing"


def in_a_new_python(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_importing_is_light():
    program = f"import sys, time; a = time.process_time(); from luuppi.measures import {MODULES}; b = time.process_time() - a"
    found = [in_a_new_python(f"{program}; print(b, *sys.modules)").split() for _ in range(2)]
    assert min(float(one[0]) for one in found) < 0.3
    assert not {"pandas", "scipy", "sklearn", "statsmodels", "django", "matplotlib"} & set(found[0])


def everything(seed):
    contacts, score, truth = contact_centre(n=900, seed=seed)
    rhythm = silence.fit_rhythm([0, 1, 3, 2, 0], [0, 2, 9, 4, 0], [10, 10, 11, 12, 3])
    learned = experience.learn_experience(contacts.drop(columns="customer"), truth <= 6, np.arange(900), seed=seed)
    return (
        rhythm,
        learned.estimate(contacts[:3]).reasons,
        nonresponse.corrected_nps(contacts, score, MARGINS, seed=seed).cross_check,
        tolerance.material_wait(*waits_and_csat("kink", 800, seed), seed=seed),
        arrivals.forecast(weekly_counts("wild", 60, seed)),
        asking.decide(["a", "b"], [0.0, 1.0], [0, 0], [1, 1], seed=seed),
    )


def test_threads_get_what_one_thread_gets():
    alone = [everything(seed) for seed in range(3)]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(everything, range(3))) == alone


@pytest.mark.filterwarnings("error")
def test_extreme_numbers_neither_warn_nor_give_what_cannot_be_defended():
    huge = [1e60, 1e-60, 0.0, 5.0] * 200
    frame = pd.DataFrame({"a": huge, "b": [1e60, -1e60] * 400, "word": ["", "x"] * 400})
    outcome = [0, 1, 1, 0] * 200
    learned = experience.learn_experience(frame, outcome, np.arange(800.0))
    assert np.isfinite(learned.estimate(frame).probability).all()
    scores = [float("nan"), 10.0, 0.0, 7.0] * 200
    found = nonresponse.corrected_nps(frame.assign(c=range(800)), scores, ["a", "b", ("word", "c")])
    assert all(math.isfinite(number) for number in (found.value, found.low, found.high, found.cross_check.value, found.effective_n))
    rhythm = silence.fit_rhythm([1, 10**6, 0], [1e-6, 1e6, 0], [1e9, 1e6, 0])
    assert np.isfinite(rhythm.chance_of_contact([10**9, 0], [1e-9, 0], [1e30, 0])).all()
    waits = tolerance.material_wait(huge, [1, 5, 5, 4] * 200)
    assert waits.value is None or math.isfinite(waits.value)
    assert math.isfinite(arrivals.forecast([0, 10**15] * 10)[0].value)
    assert math.isfinite(staffing.erlang_a(1e6, 100, 3, 1e-6).abandoned_share)
    assert asking.value_of_asking([1.0], [0.5], 1e60, 1e59)[0] > 0
