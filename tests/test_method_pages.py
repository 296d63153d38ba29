"""The examples of every page of docs/methods run as they are printed, and give what stands behind their arrows."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.test_notebook import answers

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "methods"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
PAGES = sorted(page.stem for page in FOLDER.glob("*.md") if page.stem != "notebook" and BLOCK.search(page.read_text()))
WITHOUT_EXAMPLE = {"README", "mutation"}


@cache
def tables():
    """The tables that docs/methods/README.md names, of an invented shop."""
    rng = np.random.default_rng(3)
    frame = answers()
    frame = frame[frame["score"] <= 10].reset_index(drop=True)
    n = len(frame)
    frame["week"] = (frame["date"] - frame["date"].min()).dt.days // 7
    frame["points"] = 100.0 * ((frame["score"] >= 9).astype(int) - (frame["score"] <= 6).astype(int))
    frame["team"] = rng.choice(["chat", "phones", "shop"], n, p=[0.5, 0.45, 0.05])
    frame["customer"] = rng.integers(0, 500, n)
    contacts = pd.DataFrame({
        "date": pd.Timestamp("2025-08-25") + pd.to_timedelta(np.sort(rng.integers(0, 280, 1_500)), unit="D"), "customer": rng.integers(0, 600, 1_500),
        "channel": rng.choice(["phone", "chat"], 1_500, p=[0.8, 0.2]), "reason": rng.choice(["billing", "order"], 1_500),
        "wait_min": rng.exponential(4, 1_500), "resolved": rng.random(1_500) < 0.7,
    })  # fmt: skip
    mood = 7 + 2 * contacts["resolved"] - contacts["wait_min"] / 4 + rng.normal(0, 2, 1_500)
    contacts["score"] = mood.round().clip(0, 10).where(rng.random(1_500) < 0.6)
    days = pd.Timestamp("2025-03-01") + pd.to_timedelta(rng.integers(0, 450, 900) * rng.random(900), unit="D")
    events = pd.DataFrame({"customer": rng.integers(0, 200, 900), "date": [*days[:-1], pd.Timestamp("2026-05-20")]})
    return frame, contacts, events


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.filterwarnings("error")
def test_the_examples_run_as_printed(page):
    names = dict(zip(("frame", "contacts", "events"), (table.copy() for table in tables()), strict=True))
    for block in BLOCK.findall((FOLDER / f"{page}.md").read_text()):
        exec(block, names)
        lines = block.splitlines()
        for number, line in enumerate(lines):
            if "# → " in line:
                code, said = line.split("# → ")
                code = code.strip() or lines[number - 1]  # the answer stands below a long line
                assert repr(eval(code, names)) == said.strip(), code


def test_every_method_has_an_example():
    assert {page.stem for page in FOLDER.glob("*.md")} - {*PAGES, "notebook"} == WITHOUT_EXAMPLE
