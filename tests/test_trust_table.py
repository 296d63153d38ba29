"""The table of trust says honestly how a figure compares, and shows what a stopped run had measured."""

import pytest

from bench import trust
from bench.verdicts import ABSENT, BELOW, FAILS, HOLDS, LEFT_OUT, MEASURED, WITHIN, at_least, at_most, measure_all, near, row


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


def test_a_missing_set_and_a_short_run_are_said():
    def short():
        yield at_least("here", "f", 1.0, 1.0)

    def long():
        yield at_least("here", "f", 2.0, 1.0)

    rows = list(measure_all([("a", short, ()), ("b", short, None), ("c", long, ())], long=[long], quick=True))
    assert [(one["set"], one["verdict"]) for one in rows] == [("here", HOLDS), ("b", ABSENT), ("c", LEFT_OUT)]


def test_a_part_that_was_stopped_shows_what_it_had_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(trust, "KEPT", tmp_path)
    part = next(iter(trust.PARTS))
    trust.rows_file(part).write_text('{"set": "s", "figure": "a | b", "measured": 0.5, "reference": 0.6, "tolerance": "at least", "verdict": "below the reference"}\n{"set": "s", "fig')
    rows, finished = trust.kept_rows(part)
    assert len(rows) == 1 and not finished
    page = "\n".join(trust.as_page(trust.result(quick=False)))
    assert "| s | a / b | 0.5 | at least 0.6 | below the reference |" in page and "stopped before its end" in page
