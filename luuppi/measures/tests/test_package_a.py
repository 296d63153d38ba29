"""The package is light to import, keeps no state and may be used from several threads."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from luuppi.measures import change, drivers, effects, scores, shrinkage

MODULES = "scores, shrinkage, change, drivers, effects"


def in_a_new_python(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_importing_loads_no_heavy_library():
    loaded = in_a_new_python(f"import sys; from luuppi.measures import {MODULES}; print(*sys.modules)").split()
    assert not {"pandas", "scipy", "sklearn", "statsmodels", "django", "matplotlib"} & set(loaded)


def test_importing_takes_under_three_tenths_of_a_second():
    program = f"import time; a = time.process_time(); from luuppi.measures import {MODULES}; print(time.process_time() - a)"
    assert min(float(in_a_new_python(program)) for _ in range(3)) < 0.3


def everything(seed):
    rng = np.random.default_rng(seed)
    weeks = np.arange(-20, 12)
    answers = rng.integers(20, 60, 60)
    return (
        scores.nps(rng.integers(0, 11, 50)),
        scores.ces(rng.integers(1, 8, 50)),
        effects.effect_of_change(weeks, rng.normal(size=32), rng.normal(size=(32, 2))),
        shrinkage.rank_groups(["a", "b", "c"], rng.normal(20, 20, 3), [6000] * 3, [50] * 3),
        change.watch_unit(answers, rng.binomial(answers, 0.3)),
        drivers.relative_weights(rng.normal(size=(60, 4)), rng.normal(size=60), draws=100),
        drivers.theme_points(rng.integers(0, 2, (60, 4)), rng.integers(0, 11, 60), draws=100),
    )


def test_threads_get_what_one_thread_gets():
    alone = [everything(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(everything, range(8))) == alone


@pytest.mark.filterwarnings("error")
def test_nothing_warns():
    assert len(everything(99)) == 7
    scores.nps_of([0, 1], [0, 0], [0, 0])
    found = [
        *shrinkage.rank_groups(["a", "b"], [1e50, -1e50], [1e-50, 0], [30, 30]),
        effects.effect_of_change(np.arange(-20, 12), np.full(32, 1e60), np.linspace(-1e60, 1e60, 32)),
        effects.effect_of_change(np.arange(-20, 12), np.full(32, 1e60), np.linspace(-1e60, 1e60, 32), always_valid=True),
        *drivers.relative_weights(np.full((40, 3), 1e60), np.linspace(-1e60, 1e60, 40), draws=100),
    ]
    assert not any(np.isnan(number) for one in found for number in (one.value, one.low, one.high) if number is not None)
