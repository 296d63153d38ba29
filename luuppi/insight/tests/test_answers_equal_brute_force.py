"""Every measure, grouping and filter answers what plain Python answers over the same rows."""

import random
from datetime import UTC, date, datetime

import pytest

from luuppi.insight.question import GROUPINGS, ITEMS, MEASURES, After, Filters, Period, Question, ScoreRange, StepFilter
from luuppi.insight.service import file
from luuppi.insight.service.answering import Answerer, Manners
from luuppi.insight.service.asker import _answer_from
from luuppi.insight.service.source import Changes
from luuppi.insight.service.table import Generation, Table
from luuppi.insight.service.writer import bring_in
from luuppi.insight.tests.brute_force import TEAMS, answer, random_rows
from luuppi.insight.tests.readers import Reader

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
ROWS = random_rows(3000, seed=1)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    folder = file.Folder(tmp_path_factory.mktemp("figures"))
    path = folder.next()
    connection = file.open_file(path, file.Limits(memory_mb=256, threads=2), make=True)
    bring_in(connection, Changes(ROWS, [], 1))
    table = Table(folder)
    table.serve(Generation(path, connection))
    yield Answerer(table, Manners())
    table.close()


def sari(*teams: str, everything: bool = False) -> Reader:
    """A reader of organisation 2 whose figures reach over the teams given."""
    return Reader(2, *teams, everywhere=everything)


def random_question(dice: random.Random) -> Question:
    measure = dice.choice(MEASURES)

    def some(*values, share=0.2):
        return tuple(dice.sample(values, dice.choice((1, 1, 2)))) if dice.random() < share else ()

    filters = Filters(
        kind=some("survey", "complaint", "praise"),
        channel=some("web", "it's odd"),
        touchpoint=some(1, 2, 3),
        team=some("0001.", "0001.0002.", "0010."),
        theme=some(11, 12, 13),
        language=some("fi", "sv"),
        segment=some("home", "business"),
        score=some(ScoreRange("nps", 0, 6), ScoreRange("csat", 4, 5)),
        step=some(StepFilter("read"), StepFilter("told", reached=False), StepFilter("received")),
    )
    by = () if measure == ITEMS else tuple(dice.sample(GROUPINGS, dice.choice((0, 1, 1, 2))))
    if measure == "themes":
        by = tuple(name for name in by if name != "theme")
    period = Period(
        since=dice.choice((None, date(2026, 4, 10))), until=dice.choice((None, date(2026, 7, 31))), of=dice.choice(("occurred", "received"))
    )
    scope = dice.choice((None, None, ("0001.0002.",), ("0001.", "0010."), ()))
    after = After(dice.choice(ROWS).received_at, dice.randrange(3000)) if measure == ITEMS and dice.random() < 0.5 else None
    reader = sari(everything=True) if scope is None else sari(*scope)
    return Question.for_(reader, measure, filters=filters, by=by, period=period, at=AT, hole_days=dice.choice((0, 14, 60)), after=after)


@pytest.mark.parametrize("seed", range(10))
def test_random_questions(answerer, seed):
    dice = random.Random(seed)
    n_with_rows = 0
    for _ in range(30):
        question = random_question(dice)
        expected = answer(ROWS, question)
        got = _answer_from(answerer.answer(question, arrived=float("inf")))
        assert list(got.rows) == expected[: question.limit], question
        assert got.more == (len(expected) > question.limit)
        n_with_rows += bool(expected)
    assert n_with_rows > 15, "too few questions found anything: the test would prove little"


def test_pages_of_items_hold_each_once_newest_first(answerer):
    asked = {"at": AT, "limit": 7}
    seen, after = [], None
    while True:
        page = _answer_from(answerer.answer(Question.for_(sari("0001.0002."), ITEMS, after=after, **asked), arrived=float("inf")))
        seen += page.rows
        if not page.more:
            break
        after = After(page.rows[-1][1], page.rows[-1][0])
    assert seen == answer(ROWS, Question.for_(sari("0001.0002."), ITEMS, at=AT))
    assert len(seen) > 50


@pytest.mark.parametrize("measure", MEASURES)
def test_a_scope_never_shows_another_team_or_organisation(answerer, measure):
    """Olof's organisation and the teams beside must not move a figure, whatever is filtered for."""
    beside = [row for row in ROWS if row.organisation != 2 or not (row.team or "").startswith("0001.0002.")]
    inside = [row for row in ROWS if row.organisation == 2 and (row.team or "").startswith("0001.0002.")]
    assert beside and inside
    for filters in (Filters(), *(Filters(team=(team,)) for team in TEAMS if team)):
        question = Question.for_(sari("0001.0002."), measure, filters=filters, at=AT)
        got = _answer_from(answerer.answer(question, arrived=float("inf")))
        assert list(got.rows) == answer(inside, question)


def test_a_team_path_is_a_whole_path(answerer):
    """0001. must not open 00010. or 0010."""
    for path in ("0001", "", "%", "0001.%"):
        with pytest.raises(ValueError, match="scope"):
            Question.for_(sari(path), "nps")


def test_an_empty_scope_sees_nothing(answerer):
    got = answerer.answer(Question.for_(sari(), "counts"), arrived=float("inf"))
    assert got["rows"] == [[0]]


def test_more_rows_than_the_limit_are_told(answerer):
    question = Question.for_(sari(everything=True), "counts", by=("day",), limit=10)
    got = answerer.answer(question, arrived=float("inf"))
    assert len(got["rows"]) == 10 and got["more"] is True
