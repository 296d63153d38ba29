"""The page for whoever begins with an empty notebook runs as it stands, and finds what was planted."""

import re
import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "notebook.md"
SAID = {
    "late": ["the parcel was late", "a delay of a week again", "late once more"],
    "staff": ["friendly staff", "the staff helped at once", "so friendly on the phone"],
    "price": ["the price went up", "too expensive for me", "expensive shipping"],
    "": ["ordered two coats", "bought for my mother"],
}


def answers(n=800, seed=7):
    """Forty weeks of answers: late parcels cost most, deliveries are seldom late from 2 March on."""
    rng = np.random.default_rng(seed)
    days = rng.integers(0, 280, n)
    date = pd.Timestamp("2025-08-25") + pd.to_timedelta(days, unit="D")
    touchpoint = rng.choice(["delivery", "shop", "phone"], n)
    mended = (touchpoint == "delivery") & (date >= "2026-03-02")
    about = np.where(rng.random(n) < np.where(mended, 0.02, 0.35), "late", rng.choice(["staff", "price", ""], n))
    mood = rng.normal(0, 1, n)
    score = np.clip(np.round(8 + pd.Series(about).map({"late": -5, "staff": 1, "price": -1, "": 0}) + mood), 0, 10)
    marks = {name: np.clip(np.round(3.5 + pull * mood + rng.normal(0, 0.7, n)), 1, 5) for name, pull in (("food", 0.9), ("signs", 0.3), ("staff", 0.1))}
    frame = pd.DataFrame({"date": date, "touchpoint": touchpoint, "score": score, "text": [str(rng.choice(SAID[one])) for one in about], **marks})
    frame.loc[::50, "score"], frame.loc[::40, "food"], frame.loc[::45, "text"] = 11, 0, None
    return frame


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("week,score,team\n1,9,a\n", "the columns text are missing among week, score, team .text may be called .*palaute"),
        ("week,score,text,team\n", "no row has week, score and text"),
        ("week,score,text,team\n1,9,ok,a\n2,11,ok,a\n", "line 3: score is 11, no whole number 0–10"),
        ("week,score,text,team\n2026-01-01,9,ok,a\nsoon-ish,9,ok,a\n", "line 3: week is soon-ish, no whole number"),
        ("week,score,text\n" + "1,3,ok\n" * 100, "all scores lie within 1–5"),
        ("", "No columns to parse"),
    ],
)
def test_the_tour_says_what_is_wrong_with_a_file(tmp_path, rows, said):
    tour = runpy.run_path(str(PAGE.parents[1] / "tour.py"))
    (tmp_path / "feedback.csv").write_text(rows)
    with pytest.raises(SystemExit, match=said):
        tour["read"](tmp_path / "feedback.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_tour_reads_a_file_as_a_spreadsheet_writes_it(tmp_path, encoding):
    tour = runpy.run_path(str(PAGE.parents[1] / "tour.py"))
    first, second = ("5.1.2026", "13.1.2026 8.15") if encoding == "cp1252" else ("2026-01-05", "2026-01-13T08:15")
    rows = f"Päivä;Arvosana;Palaute;Kesto\n{first};9,0;Kävi hyvin, kiitos;1,5\n{second}; 3 ;Jäi odottamaan;\n;;;\n"
    (tmp_path / "palaute.csv").write_text(rows, encoding=encoding)
    frame = tour["read"](tmp_path / "palaute.csv")
    assert frame[["week", "score", "text", "team"]].to_numpy().tolist() == [[0, 9, "Kävi hyvin, kiitos", "all"], [1, 3, "Jäi odottamaan", "all"]]


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    answers().to_csv(tmp_path / "answers.csv", index=False)
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL):
        exec(block, names)
    return names


def test_the_page_runs_from_top_to_bottom_and_finds_what_was_planted(notebook):
    assert notebook["by_question"][0].name == "food"
    assert 700 < notebook["by_question"][0].n == notebook["whole"].sum() < len(notebook["frame"]) < 800
    costs = notebook["by_theme"][0]
    assert (costs.name, costs.high < 0) == ("late", True)
    assert notebook["book"].quality.macro_f1 > 0.9
    assert notebook["effect"].verdict == "better"
    assert {theme.label for theme in notebook["proposal"].themes}
