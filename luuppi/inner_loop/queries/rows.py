"""One case as a list shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from luuppi.inner_loop.models import Case
from luuppi.inner_loop.models.case import NOT_SOLVED, OPEN, WAITING
from luuppi.inner_loop.rules.next_best_case import Waiting
from luuppi.meaning.passages import instead_of_words, words_of

_SHOWN = 300  # letters of the words; the page of the case shows them all


@dataclass(frozen=True, slots=True)
class CaseRow:
    number: int
    words: str
    instead: str  # of words, where there are none: why
    language: str
    score: int | None
    score_of: str
    who: str
    touchpoint: str
    owner: str
    state: str
    line: str
    due_at: datetime | None
    promise: timedelta
    closed_at: datetime | None
    outcome: str
    occurred_at: datetime
    wants_contact: bool
    help_wanted: bool  # a colleague asks for help
    not_solved: bool  # the customer says that it is not solved, and has not been answered since
    opened_again: bool
    priority: int

    @property
    def turn(self) -> Waiting:
        return Waiting(self.number, self.due_at or self.occurred_at, self.priority, self.wants_contact)

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING


def rows_of(cases: QuerySet) -> list[CaseRow]:
    """The rows of these cases, in their order. First the ids, in the order of an index; then what a row shows, for these alone: with all
    joins in one query the databases sort the whole queue."""
    return [row_of(case) for case in load(list(cases.values_list("pk", flat=True)))]


def load(ids: Sequence[int]) -> list[Case]:
    """The cases with what `row_of` reads, in the order of the ids."""
    parts = ("organisation", "customer", "owner", "team", "touchpoint", "lead_item__progress", "lead_item__reading")
    found = Case.objects.select_related(*parts).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def row_of(case: Case) -> CaseRow:
    item = case.lead_item
    reading = getattr(item, "reading", None)
    measure, value = item.score or ("nps", None)
    escalated = case.escalated_at is not None and not case.is_closed
    return CaseRow(
        number=case.number,
        words=(words := words_of(item)[:_SHOWN]),
        instead="" if words else instead_of_words(item),
        language=reading.language if reading else item.language,
        score=value,
        score_of=measure,
        who=who_gave(case),
        touchpoint=case.touchpoint.name if case.touchpoint else "",
        owner=case.owner.name if case.owner else "",
        state=case.state,
        line=item.progress.line.code,
        due_at=case.due_at,
        promise=case.promise,
        closed_at=case.closed_at,
        outcome=case.outcome_words,
        occurred_at=item.occurred_at,
        wants_contact=case.wants_contact,
        help_wanted=escalated and case.escalated_because != NOT_SOLVED,
        not_solved=escalated and case.escalated_because == NOT_SOLVED,
        opened_again=case.state == OPEN and case.reopened_count > 0,
        priority=case.priority,
    )


def who_gave(case: Case) -> str:
    """The customer by name, else as they say to be, else what is known."""
    if case.customer:
        return case.customer.name or _("Customer %(id)s") % {"id": case.customer.external_id or case.customer.pk}
    said = case.lead_item.says_to_be
    return said.get("name") or said.get("email") or said.get("phone") or _("Anonymous customer")
