"""Today, by role: the next best case and my queue; for supervisors what is late; what nobody has gone through yet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from luuppi.capture.models import FeedbackItem
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.models.case import OPEN
from luuppi.inner_loop.queries.queue import LATE, MINE, bounded, cases_of
from luuppi.inner_loop.queries.rows import CaseRow, rows_of
from luuppi.inner_loop.rules.next_best_case import next_best
from luuppi.meaning.cleaning import words_of

# Later stages add their part of Today: name → function(member, request) → markup or "".
PARTS: dict[str, Callable[[Any, Any], str]] = {}

MY_OWN, ASKED, NOBODYS, TOO_LATE = "mine", "asked", "nobodys", "late"
_CANDIDATES, _SHOWN = 50, 5


@dataclass(frozen=True, slots=True)
class Unread:
    """Feedback that nobody has gone through."""

    id: int
    words: str
    language: str
    kind: str
    score: int | None
    score_of: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Today:
    has_cases: bool
    leads: bool
    next: CaseRow | None
    why_next: str  # MY_OWN, ASKED, NOBODYS or TOO_LATE
    mine: list[CaseRow]
    n_mine: int
    n_team: int
    late: list[CaseRow]
    n_late: int
    escalated: list[CaseRow]
    unread: list[Unread]
    n_unread: int
    parts: list[str]


def read_today(request: Any, *, at: datetime) -> Today:
    member = request.member
    has_cases = bool(member.grants.reach("cases.read"))
    leads = bool(member.role_names & {"supervisor", "manager", "admin"})
    parts = [markup for part in PARTS.values() if (markup := part(member, request))]
    if not has_cases:
        return Today(False, False, None, "", [], 0, 0, [], 0, [], [], 0, parts)
    mine = _rows(cases_of(member, MINE, at=at))
    free = _rows(Case.objects.visible_to(member).filter(state=OPEN, owner=None))
    late = _rows(cases_of(member, LATE, at=at), _SHOWN + 1) if leads else []
    escalated = _escalated(member) if leads else []
    chosen, why = _next(mine, free, escalated, late, at)
    unread, n_unread = _unread(member)
    return Today(
        has_cases=True, leads=leads, next=chosen, why_next=why, mine=_without(mine, chosen), n_mine=len(mine), n_team=len(free), late=_without(late, chosen),
        n_late=bounded(cases_of(member, LATE, at=at)) if leads else 0, escalated=_without(escalated, chosen), unread=unread, n_unread=n_unread, parts=parts,
    )  # fmt: skip


def _next(mine: list[CaseRow], free: list[CaseRow], escalated: list[CaseRow], late: list[CaseRow], at: datetime) -> tuple[CaseRow | None, str]:
    """The next best case and why it is: one's own first, then who asks for help, what nobody has taken, and what others are late with."""
    for why, rows in ((MY_OWN, mine), (ASKED, escalated), (NOBODYS, free), (TOO_LATE, late)):
        if (number := next_best([row.turn for row in rows], now=at)) is not None:
            return next(row for row in rows if row.number == number), why
    return None, ""


def _without(rows: list[CaseRow], chosen: CaseRow | None) -> list[CaseRow]:
    return [row for row in rows if chosen is None or row.number != chosen.number][:_SHOWN]


def _rows(cases: Any, limit: int = _CANDIDATES) -> list[CaseRow]:
    return rows_of(cases.order_by("queue_at", "id")[:limit])


def _escalated(member: Any) -> list[CaseRow]:
    """Cases that ask this member to step in: by name, or those of own team that name nobody."""
    asked = Q(escalated_to=member) | Q(escalated_to=None)
    return _rows(Case.objects.visible_to(member).filter(asked, closed_at=None, escalated_at__isnull=False).exclude(owner=member), _SHOWN + 1)


def _unread(member: Any) -> tuple[list[Unread], int]:
    """Oldest first: what waits longest for a pair of eyes. `unheard` leaves out what was imported, held or withdrawn."""
    reach = member.grants.reach("items.with_customer")
    items = FeedbackItem.objects.visible_to(member).filter(progress__organisation=member.organisation_id, progress__unheard=True, progress__read_at=None)
    if not reach.everywhere:
        allowed = Q(pk__in=[])
        for path in reach.paths:
            allowed |= Q(team__path__startswith=path)
        items = items.filter(allowed)
    items = items.exclude(case_items__in_open_case=True)
    found = items.select_related("reading").order_by("progress__item")[:_SHOWN]
    return [_unread_row(item) for item in found], bounded(items)


def _unread_row(item: FeedbackItem) -> Unread:
    reading = getattr(item, "reading", None)
    measure, value = item.score or ("nps", None)
    return Unread(item.pk, words_of(item)[:300], reading.language if reading else item.language, item.kind, value, measure, item.received_at)
