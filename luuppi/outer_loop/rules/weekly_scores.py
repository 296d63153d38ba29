"""Answers counted by day become the weekly series that an effect is read from; weeks are counted from the day of the change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

TRIGGER_WEEKS = 8  # a change is proposed after a bad spell: these weeks would look mended by themselves
FEWEST_A_WEEK = 3  # an untouched touchpoint with fewer answers adds more noise than it takes away


@dataclass(frozen=True, slots=True)
class DayCount:
    """The NPS answers of one touchpoint on one local day."""

    touchpoint: int
    day: date
    promoters: int
    detractors: int
    n: int


@dataclass(frozen=True, slots=True)
class WeeklyScores:
    """weeks: whole numbers, 0 the first with the change; treated, n_answers: one a week; control: a row a week, a column for each
    untouched touchpoint in `controls`. A figure is NPS points, None where nobody answered."""

    weeks: list[int] = field(default_factory=list)
    treated: list[float | None] = field(default_factory=list)
    n_answers: list[int] = field(default_factory=list)
    control: list[list[float | None]] = field(default_factory=list)
    controls: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Block:
    """Four weeks from `week` on, counted from the change: (promoters, detractors, answers) of the touchpoint and of the untouched ones together."""

    week: int
    treated: tuple[int, int, int]
    control: tuple[int, int, int]


def weekly_scores(counts: Iterable[DayCount], *, treated: int, untouched: Sequence[int], changed_on: date, until: date) -> WeeklyScores:
    """The series up to `until`, this day not included; a week that is not over by then is left out. No answers: no weeks."""
    sums: dict[tuple[int, int], list[int]] = {}
    for count in counts:
        week = (count.day - changed_on).days // 7
        if changed_on + timedelta(weeks=week + 1) > until:
            continue
        mine = sums.setdefault((count.touchpoint, week), [0, 0])
        mine[0] += count.promoters - count.detractors
        mine[1] += count.n
    if not sums:
        return WeeklyScores()
    first, last = min(week for _, week in sums), max(week for _, week in sums)
    weeks = list(range(first, last + 1))
    controls = [one for one in untouched if sum(sums.get((one, week), [0, 0])[1] for week in weeks) >= FEWEST_A_WEEK * len(weeks)]
    return WeeklyScores(
        weeks=weeks,
        treated=[_points(sums.get((treated, week))) for week in weeks],
        n_answers=[sums.get((treated, week), [0, 0])[1] for week in weeks],
        control=[[_points(sums.get((one, week))) for one in controls] for week in weeks],
        controls=controls,
    )


def chart_blocks(counts: Iterable[DayCount], *, treated: int, untouched: Sequence[int], changed_on: date, until: date) -> list[Block]:
    """Whole blocks of four weeks, oldest first; one ends at the change, so that none holds both sides, and the last may be shorter."""
    sums: dict[int, list[list[int]]] = {}
    for count in counts:
        if count.day >= until or count.touchpoint not in (treated, *untouched):
            continue
        mine = sums.setdefault((count.day - changed_on).days // 28 * 4, [[0, 0, 0], [0, 0, 0]])[count.touchpoint != treated]
        for i, n in enumerate((count.promoters, count.detractors, count.n)):
            mine[i] += n
    return [Block(week, tuple(sums[week][0]), tuple(sums[week][1])) for week in range(min(sums), max(sums) + 1, 4) if week in sums] if sums else []


def weeks_left_out(*, proposed_on: date, started_on: date, changed_on: date) -> list[int]:
    """Weeks that are no fair "before": those whose figures led to the proposal, and those in which the change was being made."""
    first_bad, last_bad = ((day - changed_on).days // 7 for day in (proposed_on - timedelta(weeks=TRIGGER_WEEKS), proposed_on - timedelta(days=1)))
    started = (started_on - changed_on).days // 7
    return sorted(week for week in {*range(first_bad, last_bad + 1), *range(started, 0)} if week < 0)


def _points(summed: list[int] | None) -> float | None:
    return 100 * summed[0] / summed[1] if summed and summed[1] else None
