"""Today, by role: the next best case and my queue; for supervisors what is late; what nobody has gone through yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from luuppi.capture.models import FeedbackItem
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.queries.queue import COUNTED_TO, LATE, MINE, first_free, first_of, n_in
from luuppi.inner_loop.queries.rows import CaseRow, rows_of
from luuppi.inner_loop.queries.unread import waiting_for_eyes
from luuppi.inner_loop.rules.next_best_case import next_best
from luuppi.meaning.passages import instead_of_words, words_of

MY_OWN, SAID_NO, HELP, NOBODYS, TOO_LATE = "mine", "said_no", "help", "nobodys", "late"
_CANDIDATES, _SHOWN = 50, 5


@dataclass(frozen=True, slots=True)
class Unread:
    """Feedback that nobody has gone through."""

    id: int
    words: str
    instead: str
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
    why_next: str  # MY_OWN, SAID_NO, HELP, NOBODYS or TOO_LATE
    mine: list[CaseRow]
    n_mine: int
    n_team: int
    late: list[CaseRow]
    n_late: int
    said_no: list[CaseRow]  # others' cases whose customer says that it is not solved
    help_wanted: list[CaseRow]
    unread: list[Unread]
    n_unread: int

    @property
    def has_more_of_mine(self) -> bool:
        """Whether there may be more than were looked at to choose the next: `n_mine` is then the least."""
        return self.n_mine >= _CANDIDATES

    @property
    def has_more_of_team(self) -> bool:
        return self.n_team >= _CANDIDATES


def read_today(member: Any, *, at: datetime, case_leads: bool = True) -> Today:
    """case_leads: whether a case is the page's next step; without it `next` is None and the case stands in its list like the others."""
    has_cases = bool(member.grants.reach("cases.read"))
    leads = bool(member.role_names & {"supervisor", "manager", "admin"})
    if not has_cases:
        return Today(False, False, None, "", [], 0, 0, [], 0, [], [], [], 0)
    mine = first_of(member, MINE, at=at, limit=_CANDIDATES)
    free = first_free(member, limit=_CANDIDATES)
    late = first_of(member, LATE, at=at, limit=_SHOWN + 1) if leads else []
    escalated = _escalated(member) if leads else []
    chosen, why = _next(mine, free, escalated, late, at) if case_leads else (None, "")
    unread, n_unread = _unread(member)
    return Today(
        has_cases=True,
        leads=leads,
        next=chosen,
        why_next=why,
        mine=_without(mine, chosen),
        n_mine=len(mine),
        n_team=len(free),
        late=_without(late, chosen),
        n_late=n_in(member, LATE, at=at) if leads else 0,
        said_no=_without([row for row in escalated if row.not_solved], chosen),
        help_wanted=_without([row for row in escalated if row.help_wanted], chosen),
        unread=unread,
        n_unread=n_unread,
    )


def _next(mine: list[CaseRow], free: list[CaseRow], escalated: list[CaseRow], late: list[CaseRow], at: datetime) -> tuple[CaseRow | None, str]:
    """The next best case and why it is: one's own first, then whom it was not solved for or who asks for help, what nobody has taken, and
    what others are late with.
    """
    for why, rows in ((MY_OWN, mine), (HELP, escalated), (NOBODYS, free), (TOO_LATE, late)):
        if (number := next_best([row.turn for row in rows], now=at)) is not None:
            chosen = next(row for row in rows if row.number == number)
            return chosen, SAID_NO if why == HELP and chosen.not_solved else why
    return None, ""


def _without(rows: list[CaseRow], chosen: CaseRow | None) -> list[CaseRow]:
    return [row for row in rows if chosen is None or row.number != chosen.number][:_SHOWN]


def _escalated(member: Any) -> list[CaseRow]:
    """Cases that ask this member to step in, by a colleague or a customer's no: by name, or those of own team that name nobody."""
    asked = Q(escalated_to=member) | Q(escalated_to=None)
    cases = Case.objects.visible_to(member).filter(asked, closed_at=None, escalated_at__isnull=False).exclude(owner=member)
    return rows_of(cases.order_by("queue_at", "id")[: _SHOWN + 1])


def _unread(member: Any) -> tuple[list[Unread], int]:
    """Oldest first: what waits longest for a pair of eyes; and how many, at most COUNTED_TO + 1. What a row shows is read for these few."""
    ids = list(waiting_for_eyes(member).order_by("item").values_list("item", flat=True)[: COUNTED_TO + 1])
    found = FeedbackItem.objects.visible_to(member).filter(pk__in=ids[:_SHOWN]).select_related("reading").order_by("pk")
    return [_unread_row(item) for item in found], len(ids)


def _unread_row(item: FeedbackItem) -> Unread:
    reading = getattr(item, "reading", None)
    measure, value = item.score or ("nps", None)
    words = words_of(item)[:300]
    return Unread(
        item.pk,
        words,
        "" if words else instead_of_words(item),
        reading.language if reading else item.language,
        item.kind,
        value,
        measure,
        item.received_at,
    )
