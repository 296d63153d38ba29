"""The queues: mine, my team's, waiting for the customer, late, closed. By the moment that is due, page by page without counting all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, QuerySet

from luuppi.errors import NotValid
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.models.case import CLOSED, OPEN, WAITING
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
    cases = Case.objects.visible_to(member)
    chosen = cases_of(member, queue, at=at)
    if touchpoint:
        chosen = chosen.filter(touchpoint__key=touchpoint)
    found, after = page(chosen, cursor=cursor, limit=limit, latest_first=queue == DONE)
    n_mine = bounded(cases.filter(owner=member, state=OPEN))
    return Queue(queue, [row_of(case) for case in found], after, n_mine, bounded(cases.breaching(at=at)))


def cases_of(member: Any, queue: str, *, at: datetime) -> QuerySet:
    cases = Case.objects.visible_to(member)
    chosen = {
        MINE: cases.filter(owner=member, state=OPEN),
        TEAM: cases.filter(state=OPEN),
        WAITING_FOR_CUSTOMER: cases.filter(state=WAITING),
        LATE: cases.breaching(at=at),
        DONE: cases.filter(state=CLOSED),
    }
    return chosen[queue]


def n_to_do(member: Any) -> int:
    """How many open cases are this member's own, for the rail."""
    return bounded(Case.objects.filter(organisation_id=member.organisation_id, owner=member, state=OPEN))


def page(cases: QuerySet, *, cursor: str, limit: int, latest_first: bool = False) -> tuple[list[Case], str | None]:
    """Some cases in the order of `queue_at`, and the cursor of what follows (None at the end). Raises BadPlace."""
    sign = "lt" if latest_first else "gt"
    if cursor:
        at, last = _read_cursor(cursor)
        cases = cases.filter(**{f"queue_at__{sign}e": at}).exclude(**{"queue_at": at, f"id__{'gte' if latest_first else 'lte'}": last})
    order = (F("queue_at").desc(), F("id").desc()) if latest_first else (F("queue_at").asc(), F("id").asc())
    ids = list(cases.order_by(*order).values_list("pk", flat=True)[: limit + 1])
    found = load(ids[:limit])
    return found, _cursor_of(found[-1]) if len(ids) > limit else None


def bounded(cases: QuerySet | Iterable) -> int:
    """How many, at most COUNTED_TO + 1."""
    return len(cases.order_by().values_list("pk")[: COUNTED_TO + 1])


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
