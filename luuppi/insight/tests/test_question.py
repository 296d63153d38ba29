"""The Question: who may ask what, what crosses the wire, and that it is the same SQL for both engines."""

import ast
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from luuppi.insight.question import ITEMS, MEASURES, After, Filters, Period, Question, ScoreRange, StepFilter, usual_day_of
from luuppi.insight.service.address import LONGEST_SOCKET_PATH, TcpAddress, UnixAddress, address_from, socket_in
from luuppi.insight.service.compacting import is_due
from luuppi.insight.service.sql import sql_for
from luuppi.insight.tests.readers import Reader

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
LEENA = Reader(1, everywhere=True)
FILTERS = Filters(
    kind=("complaint",), channel=("it's",), touchpoint=(3,), team=("0001.",), theme=(7,), language=("fi",), segment=("home",),
    score=(ScoreRange("nps", 0, 6),), step=(StepFilter("answered"), StepFilter("told", reached=False)),
)  # fmt: skip


def asked(measure="nps", who=LEENA, **more):
    return Question.for_(who, measure, at=AT, **more)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_question_comes_over_the_wire_as_it_was(measure):
    more = {"after": After(AT, 9)} if measure == ITEMS else {"by": ("week",)}
    question = asked(measure, Reader(1, "0001.0002."), filters=FILTERS, period=Period(date(2026, 1, 1), None), **more)
    assert Question.from_wire(json.loads(json.dumps(question.to_wire()))) == question


def test_organisation_and_scope_are_those_of_who_asks():
    assert (asked().organisation, asked().scope) == (1, None)
    assert asked(who=Reader(2, "0001.0002.")).scope == ("0001.0002.",)
    assert asked(who=Reader(2)).scope == ()
    with pytest.raises(TypeError):
        Question.for_(LEENA, "nps", organisation=2)
    with pytest.raises(TypeError):
        Question.for_(LEENA, "nps", scope=None)


def test_nobody_makes_a_question_past_its_door():
    """Every `Question(…)` of the program stands in question.py; all others go through `for_` or, in the service, `from_wire`."""
    root = Path(__file__).resolve().parents[2]
    found = []
    for path in root.rglob("*.py"):
        if path.name != "question.py" and "tests" not in path.parts:
            calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
            found += [path for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Question" and "insight" in path.parts]
    assert found == []


def test_scores_are_counted_when_it_happened_and_the_loop_when_it_reached_us():
    assert {measure: usual_day_of(measure) for measure in MEASURES} == {
        "nps": "occurred", "csat": "occurred", "ces": "occurred", "themes": "occurred", "counts": "received",
        "loop": "received", "ids": "received",
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"by": ("secret",)}, {"by": ("week", "week")}, {"by": ("week", "month", "team")}, {"limit": 1001}, {"hole_days": -1}, {"after": After(AT, 1)},
     {"at": datetime(2026, 1, 1)}],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_name(wrong):
    given = {"at": AT} | wrong
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Question.for_(LEENA, "nps", **given)


@pytest.mark.parametrize(("measure", "wrong"), [("ids", {"by": ("week",)}), ("themes", {"by": ("theme",)})])
def test_groupings_that_make_no_sense_are_refused(measure, wrong):
    with pytest.raises(ValueError, match="by"):
        asked(measure, **wrong)


@pytest.mark.parametrize("wrong", [("nps", 0, 11), ("csat", 0, 5), ("ces", 5, 4), ("five", 1, 2), ("nps", True, 5), ("nps", "0", 6)])
def test_a_score_outside_its_scale_is_refused(wrong):
    with pytest.raises(ValueError, match="score"):
        ScoreRange(*wrong)


SPARK_SPELLS = {
    "STARTS_WITH(": "STARTSWITH(",
    "CROSS JOIN UNNEST(themes) AS coding(coded)": "LATERAL VIEW EXPLODE(themes) coding AS coded",
    "it''s": "it\\'s",
    " NULLS LAST": "",
}


@pytest.mark.parametrize("measure", MEASURES)
def test_spark_gets_the_same_statement(measure):
    """The same tree, spelled for Spark: no word of the one engine alone is left over."""
    more = {"after": After(AT, 9)} if measure == ITEMS else {"by": ("week", "touchpoint")}
    question = asked(measure, Reader(1, "0001."), filters=FILTERS, period=Period(date(2026, 1, 1), date(2026, 2, 1)), **more)
    duckdb, spark = sql_for(question), sql_for(question, "spark")
    for ours, theirs in SPARK_SPELLS.items():
        duckdb, spark = duckdb.replace(ours, theirs), spark.replace(ours, theirs)
    assert duckdb == spark
    assert "FILTER(WHERE" in spark or measure in ("counts", ITEMS)


def test_a_value_never_becomes_sql():
    nasty = "x' OR 1=1 --"
    sql = sql_for(asked(filters=Filters(segment=(nasty,), channel=(nasty,))))
    assert sql.count("'x'' OR 1=1 --'") == 2
    assert "organisation = 1 AND" in sql


def test_the_socket_lies_in_the_home_or_where_its_path_fits(tmp_path):
    assert socket_in(tmp_path) == UnixAddress(tmp_path / "figures" / "socket")
    far = tmp_path / ("a" * 60) / ("b" * 60)
    assert len(str(socket_in(far).path)) < LONGEST_SOCKET_PATH
    assert socket_in(far) == socket_in(far) != socket_in(far / "c")


def test_the_setting_names_a_place(tmp_path):
    assert address_from("", tmp_path) == socket_in(tmp_path)
    assert address_from("http://10.0.0.5:8020", tmp_path) == TcpAddress("10.0.0.5", 8020)
    for wrong in ("10.0.0.5:8020", "ftp://x:1", "http://x", "sc://host:15002"):
        with pytest.raises(ValueError, match="LUUPPI_ANALYTICS_URL"):
            address_from(wrong, tmp_path)


@pytest.mark.parametrize(
    ("made", "n_changed", "at", "due"),
    [
        ("2026-09-01T12:00", 5, "2026-09-02T01:59", False),
        ("2026-09-01T12:00", 5, "2026-09-02T02:00", True),
        ("2026-09-02T02:05", 5, "2026-09-02T23:00", False),
        ("2026-09-01T12:00", 0, "2026-09-05T12:00", False),
        ("2026-09-01T12:00", 1, "2026-09-05T12:00", True),
    ],
)
def test_a_copy_is_due_once_a_night_when_something_changed(made, n_changed, at, due):
    made, at = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (made, at))
    assert is_due(made, n_changed, at=at) is due
