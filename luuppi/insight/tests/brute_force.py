"""The same questions answered in plain Python over a list of rows: slow, obvious, and made without looking at the SQL."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from luuppi.insight.question import Question
from luuppi.insight.service.row import FigureRow

HELSINKI = ZoneInfo("Europe/Helsinki")
KINDS = ("survey", "complaint", "praise", "idea", "question")
TEAMS = ("0001.", "0001.0002.", "0001.0002.0005.", "0001.0003.", "0010.", None)


def random_rows(n: int, *, seed: int, organisations: int = 3, first: int = 1) -> list[FigureRow]:
    """n items of several organisations over about half a year, with every column empty now and then."""
    dice = random.Random(seed)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    return [_random_row(dice, first + number, start, organisations) for number in range(n)]


def _random_row(dice: random.Random, item: int, start: datetime, organisations: int) -> FigureRow:
    # A coarse clock gives items of the same moment: the page's second key must order them.
    received_at = start + timedelta(minutes=10 * dice.randrange(180 * 24 * 6))
    occurred_at = received_at - timedelta(hours=dice.choice((0, 0, 0, 1, 5, 30)))

    def maybe(value: Any, share: float = 0.6) -> Any:
        return value if dice.random() < share else None

    def later() -> datetime | None:
        return maybe(received_at + timedelta(hours=dice.randrange(400)), 0.5)

    return FigureRow(
        organisation=dice.randrange(1, organisations + 1),
        item=item,
        received_at=received_at,
        occurred_at=occurred_at,
        received_day=received_at.astimezone(HELSINKI).date(),
        occurred_day=occurred_at.astimezone(HELSINKI).date(),
        touchpoint=maybe(dice.randrange(1, 5), 0.9),
        team=dice.choice(TEAMS),
        channel=dice.choice(("web", "api", "mail", "it's odd")),
        kind=dice.choice(KINDS),
        language=maybe(dice.choice(("fi", "sv", "en"))),
        nps=maybe(dice.randrange(11)),
        csat=maybe(dice.randrange(1, 6)),
        ces=maybe(dice.randrange(1, 8)),
        sentiment=maybe(dice.uniform(-1, 1)),
        themes=tuple((theme, dice.choice((-1, 0, 1))) for theme in dice.sample((11, 12, 13, 14), dice.choice((0, 0, 1, 2, 3)))),
        segment=maybe(dice.choice(("home", "business"))),
        value_eur=maybe(dice.randrange(1000) / 4),
        imported=dice.random() < 0.2,
        erased=dice.random() < 0.1,
        acknowledged_at=later(),
        read_at=later(),
        answered_at=later(),
        solved_at=later(),
        used_at=later(),
        told_at=later(),
    )


def answer(rows: list[FigureRow], question: Question) -> list[tuple[Any, ...]]:
    """The rows of the answer, in its order, before any limit."""
    counted = [row for row in rows if _counts(row, question)]
    if question.measure == "ids":
        return _page(counted, question)
    groups: dict[tuple[Any, ...], list[tuple[FigureRow, int | None]]] = defaultdict(list)
    by_theme = question.measure == "themes" or "theme" in question.by
    names = (*question.by, "theme") if question.measure == "themes" else question.by
    for row in counted:
        for theme, polarity in row.themes if by_theme else ((None, None),):
            groups[tuple(_key(row, name, theme, question) for name in names)].append((row, polarity))
    if not names and not groups:
        groups[()] = []
    found = [(*key, *_figures(group, question)) for key, group in groups.items()]
    if question.measure == "themes":
        at = len(question.by)
        return sorted(found, key=lambda row: (_sortable(row[:at]), -row[at + 1], row[at]))
    return sorted(found, key=lambda row: _sortable(row[: len(names)]))


def _counts(row: FigureRow, question: Question) -> bool:
    filters, day = question.filters, row.received_day if question.period.of == "received" else row.occurred_day
    if row.organisation != question.organisation:
        return False
    if question.scope is not None and not _is_below(row.team, question.scope):
        return False
    if filters.team and not _is_below(row.team, filters.team):
        return False
    for name in ("kind", "channel", "language", "segment", "touchpoint"):
        if (wanted := getattr(filters, name)) and getattr(row, name) not in wanted:
            return False
    if filters.theme and not {theme for theme, _ in row.themes} & set(filters.theme):
        return False
    if filters.score and not any((value := getattr(row, s.scale)) is not None and s.low <= value <= s.high for s in filters.score):
        return False
    if any(_has(row, s.step) != s.reached for s in filters.step):
        return False
    if (question.period.since and day < question.period.since) or (question.period.until and day > question.period.until):
        return False
    if question.measure in ("nps", "csat", "ces"):
        return getattr(row, question.measure) is not None
    return not (row.imported and (question.measure == "loop" or filters.loop))


def _has(row: FigureRow, step: str) -> bool:
    return getattr(row, f"{step}_at") is not None


def _is_below(team: str | None, paths: tuple[str, ...]) -> bool:
    return team is not None and any(team.startswith(path) for path in paths)


def _is_old(row: FigureRow, question: Question) -> bool:
    return not (row.imported or row.erased) and question.at - row.received_at >= timedelta(days=question.hole_days)


def _is_in_hole(row: FigureRow, question: Question) -> bool:
    gone_through = row.kind == "praise" and row.read_at
    return _is_old(row, question) and not gone_through and row.answered_at is None and row.told_at is None


def _key(row: FigureRow, name: str, theme: int | None, question: Question) -> Any:
    day = row.received_day if question.period.of == "received" else row.occurred_day
    special = {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1), "theme": theme}
    return special[name] if name in special else getattr(row, name)


def _figures(group: list[tuple[FigureRow, int | None]], question: Question) -> Iterator[int]:
    rows = [row for row, _ in group]
    if question.measure == "loop":
        yield len(rows)
        for step in ("acknowledged", "read", "answered", "solved", "used", "told"):
            yield sum(getattr(row, f"{step}_at") is not None for row in rows)
        yield sum(_is_old(row, question) for row in rows)
        yield sum(_is_in_hole(row, question) for row in rows)
        return
    yield len(rows)
    if question.measure == "nps":
        yield sum(row.nps >= 9 for row in rows)
        yield sum(row.nps in (7, 8) for row in rows)
        yield sum(row.nps <= 6 for row in rows)
    elif question.measure in ("csat", "ces"):
        counts = Counter(getattr(row, question.measure) for row in rows)
        yield from (counts[score] for score in range(1, 6 if question.measure == "csat" else 8))
    elif question.measure == "themes":
        counts = Counter(polarity for _, polarity in group)
        yield from (counts[polarity] for polarity in (-1, 0, 1))


def _page(rows: list[FigureRow], question: Question) -> list[tuple[Any, ...]]:
    pairs = sorted(((row.received_at, row.item) for row in rows), reverse=True)
    if question.after:
        after = (question.after.received_at, question.after.item)
        pairs = [pair for pair in pairs if pair < after]
    return [(item, moment) for moment, item in pairs]


def _sortable(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Empty values last, as the answer has them."""
    return tuple((value is None, value if value is not None else 0) for value in key)
