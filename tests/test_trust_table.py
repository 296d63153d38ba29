"""The table of trust says honestly how a figure compares, and shows what a stopped run had measured."""

import json

import pytest

from bench import trust
from bench.verdicts import ABSENT, BELOW, FAILS, HOLDS, LEFT_OUT, MEASURED, STOPPED, WITHIN, Planned, at_least, at_most, near, row


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (at_least("s", "f", 0.95, 0.95, 0.02), HOLDS),
        (at_least("s", "f", 0.94, 0.95, 0.02), WITHIN),
        (at_least("s", "f", 0.92, 0.95, 0.02), BELOW),
        (at_least("s", "f", 0.9499, 0.95), BELOW),
        (at_least("s", "f", None, 0.95), FAILS),
        (at_most("s", "f", 0.05, 0.05), HOLDS),
        (at_most("s", "f", 0.06, 0.05, 0.01), WITHIN),
        (at_most("s", "f", 0.07, 0.05, 0.01), BELOW),
        (near("s", "f", 5.1, 5.0, 0.2), HOLDS),
        (near("s", "f", 5.3, 5.0, 0.2), FAILS),
        (near("s", "f", None, 5.0, 0.2), FAILS),
        (row("s", "f", [1, 2], 3, "inside", holds=False), FAILS),
        (row("s", "f", 1, None, None, holds=None), MEASURED),
    ],
)
def test_each_row_says_how_the_figure_compares(found, verdict):
    assert found["verdict"] == verdict


def short():
    yield at_least("here", "f | g", 1.0, 1.0)


def long():
    yield at_least("here", "f", 2.0, 1.0)


def test_a_stopped_run_a_missing_set_and_a_short_run_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(trust, "KEPT", tmp_path)
    monkeypatch.setattr(trust, "PARTS", {"p": "Title"})
    monkeypatch.setattr(trust, "planned", lambda part: [Planned("a", short, ()), Planned("b", short, None), Planned("c", long, (), long=True)])
    assert [one["verdict"] for one in trust.result(quick=False)["parts"]["p"]["rows"]] == [STOPPED, ABSENT, STOPPED]

    trust.measure_here("p", "short_a")
    assert [one["verdict"] for one in trust.result(quick=True)["parts"]["p"]["rows"]] == [HOLDS, ABSENT, LEFT_OUT]
    unfinished = trust.result(quick=False)
    assert not unfinished["parts"]["p"]["finished"]
    page = "\n".join(trust.as_page(unfinished))
    assert "| here | f / g | 1 | at least 1 | holds |" in page and "stopped before" in page


def test_what_rests_on_changed_code_is_measured_again(tmp_path, monkeypatch):
    monkeypatch.setattr(trust, "KEPT", tmp_path)
    monkeypatch.setattr(trust, "planned", lambda part: [one])
    one = Planned("a", short, ())
    trust.measure_here("p", one.name)
    assert trust.is_fresh("p", one)
    path = trust.kept_file("p", one)
    found = json.loads(path.read_text())
    found["rests_on"]["luuppi/measures/scores.py"] = "another"
    path.write_text(json.dumps(found))
    assert not trust.is_fresh("p", one)
    monkeypatch.setattr(trust, "PARTS", {"p": "Title"})
    assert "Measured before the last change of code that they rest on: short_a." in "\n".join(trust.as_page(trust.result(quick=False)))


@pytest.mark.parametrize("part", trust.PARTS)
def test_measures_have_names_of_their_own(part):
    names = [one.name for one in trust.planned(part)]
    assert len(set(names)) == len(names) and len(names) > 5
