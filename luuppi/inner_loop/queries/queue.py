"""The queues: mine, my team's, waiting for the customer, late, closed. By the moment that is due, page by page without counting all."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from luuppi.capture.models import Touchpoint
from luuppi.errors import NotValid
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.models.case import CLOSED, OPEN, WAITING
from luuppi.inner_loop.queries.merging import first_ids
from luuppi.inner_loop.queries.rows import CaseRow, load, row_of

MINE, TEAM, WAITING_FOR_CUSTOMER, LATE, DONE = "mine", "team", "waiting", "late", "closed"
QUEUES = (MINE, TEAM, WAITING_FOR_CUSTOMER, LATE, DONE)
COUNTED_TO = 99  # beyond it a count says "more than 99", so that no page counts a large table


class BadPlace(NotValid):
    code = "bad-cursor"
    sentence = "This cursor is not one of ours. Leave it out to begin at the start."


@dataclass(frozen=True, slots=True)
class Queue:
    queue: str
    rows: list[CaseRow]
    next: str | None
    n_mine: int
    n_late: int


def read_queue(member: Any, *, queue: str, at: datetime, cursor: str = "", touchpoint: str = "", limit: int = 25) -> Queue:
    """One page of a queue. Raises BadPlace."""
    chosen, latest_first = _wanted(member, queue, at), queue == DONE
    if touchpoint:
        chosen = chosen.filter(touchpoint__in=list(Touchpoint.objects.visible_to(member).filter(key=touchpoint).values_list("pk", flat=True)))
    if cursor:
        chosen = _after(chosen, cursor, latest_first=latest_first)
    ids = first_ids(chosen, member, limit=limit + 1, latest_first=latest_first, of_touchpoint=bool(touchpoint), own=queue == MINE)
    found = load(ids[:limit])
    after = _cursor_of(found[-1]) if len(ids) > limit else None
    return Queue(queue, [row_of(case) for case in found], after, n_to_do(member), n_in(member, LATE, at=at))


def first_of(member: Any, queue: str, *, at: datetime, limit: int) -> list[CaseRow]:
    """The first rows of a queue."""
    return [row_of(case) for case in load(first_ids(_wanted(member, queue, at), member, limit=limit, own=queue == MINE))]


def first_free(member: Any, *, limit: int) -> list[CaseRow]:
    """The first open cases that nobody has taken."""
    return [row_of(case) for case in load(first_ids(Case.objects.filter(state=OPEN, owner=None), member, limit=limit))]


def next_after(member: Any, *, at: datetime) -> int | None:
    """The number of the case to open once one is closed: the most urgent of one's own, else the first that nobody has."""
    rows = first_of(member, MINE, at=at, limit=1) or first_free(member, limit=1)
    return rows[0].number if rows else None


def n_in(member: Any, queue: str, *, at: datetime) -> int:
    """How many are in a queue, at most COUNTED_TO + 1."""
    return len(first_ids(_wanted(member, queue, at), member, limit=COUNTED_TO + 1, own=queue == MINE))


def n_to_do(member: Any) -> int:
    """How many open cases are this member's own, for the rail."""
    own = Case.objects.filter(organisation_id=member.organisation_id, owner=member, state=OPEN)
    return len(own.values_list("pk")[: COUNTED_TO + 1])


def _wanted(member: Any, queue: str, at: datetime) -> QuerySet:
    """The cases of a queue, whoever may see them: `first_ids` leaves those that this member may."""
    return {
        MINE: Case.objects.filter(owner=member, state=OPEN),
        TEAM: Case.objects.filter(state=OPEN),
        WAITING_FOR_CUSTOMER: Case.objects.filter(state=WAITING),
        LATE: Case.objects.breaching(at=at),
        DONE: Case.objects.filter(state=CLOSED),
    }[queue]


def _after(cases: QuerySet, cursor: str, *, latest_first: bool) -> QuerySet:
    """What follows the case of the cursor. Raises BadPlace."""
    at, last = _read_cursor(cursor)
    sign, same = ("lt", "gte") if latest_first else ("gt", "lte")
    return cases.filter(**{f"queue_at__{sign}e": at}).exclude(**{"queue_at": at, f"id__{same}": last})


def _cursor_of(case: Case) -> str:
    return f"{case.queue_at.timestamp():.6f}-{case.pk}"


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    seconds, _dash, last = cursor.rpartition("-")
    try:
        at, number = datetime.fromtimestamp(float(seconds), UTC), int(last)
    except (ValueError, OverflowError, OSError):
        raise BadPlace() from None
    if not 0 <= number < 1 << 63:
        raise BadPlace()
    return at, number
