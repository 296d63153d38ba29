"""The same seed gives the same answer in every run, thread and Python that Luuppi supports.

tests/same_answers.json was written with Python 3.11 (`OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m tests.test_same_answers` writes it anew after a wanted change); numbers
must agree to six digits, texts and choices wholly.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from luuppi.language.tests.doors import DOORS as TEXTS
from luuppi.measures.tests.doors import DOORS as NUMBERS
from tests.same_answers import digest, flat

WRITTEN = Path(__file__).with_suffix(".json").with_name("same_answers.json")
DOORS = {**{f"measures: {name}": door for name, door in NUMBERS.items()}, **{f"language: {name}": door for name, door in TEXTS.items()}}
SEED = 20


@pytest.mark.parametrize("name", DOORS)
def test_the_answer_is_the_one_that_was_written_down(name):
    found, written = digest(DOORS[name](SEED)), json.loads(WRITTEN.read_text())[name]
    assert (found["values"], found["letters"]) == (written["values"], written["letters"])
    assert found["first"] == pytest.approx(written["first"], rel=1e-6, abs=1e-9)
    assert found["sum of sizes"] == pytest.approx(written["sum of sizes"], rel=1e-6)


@pytest.mark.parametrize("name", DOORS)
def test_eight_threads_get_what_one_gets(name):
    seeds = [SEED, SEED, SEED + 1, SEED + 1] * 2
    alone = {seed: flat(DOORS[name](seed)) for seed in set(seeds)}
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda seed: flat(DOORS[name](seed)), seeds)) == [alone[seed] for seed in seeds]


if __name__ == "__main__":
    WRITTEN.write_text(json.dumps({name: digest(door(SEED)) for name, door in DOORS.items()}, indent=1) + "\n")
