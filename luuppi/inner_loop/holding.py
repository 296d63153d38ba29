"""How every act on a case begins: take the row, refuse early."""

from typing import Any

from django.utils.formats import number_format

from luuppi.capture.drafts import MAX_TEXT, clean_text
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.refusals import CaseIsClosed, NothingSaid, OutsideYourAuthority, TooLong, WithdrawnFeedback
from luuppi.inner_loop.rules.acting import may_act


def hold(case: Case, *, by: Any, closed_too: bool = False) -> Case:
    """The row of the case, held until the end of the transaction. Raises OutsideYourAuthority, CaseIsClosed."""
    case = Case.objects.locked(case.pk)
    if not may_act(by, case):
        raise OutsideYourAuthority(number=case.number)
    if case.is_closed and not closed_too:
        raise CaseIsClosed(number=case.number)
    return case


def refuse_withdrawn(case: Case) -> None:
    """Who has taken all their words back, or was erased, is not written to. Raises WithdrawnFeedback."""
    if is_withdrawn(case):
        raise WithdrawnFeedback()


def is_withdrawn(case: Case) -> bool:
    return not case.case_items.filter(item__withdrawn_at=None, item__erased_at=None).exists()


def said(text: str) -> str:
    """What a person wrote, without control characters. Raises NothingSaid, TooLong."""
    text = clean_text(text)
    if not text:
        raise NothingSaid()
    if len(text) > MAX_TEXT:
        raise TooLong(n=number_format(len(text), force_grouping=True), most=number_format(MAX_TEXT, force_grouping=True))
    return text
