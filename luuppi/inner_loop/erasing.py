"""The cases of a person who is erased: what was said in them goes, that there was one and how it went stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from luuppi.inner_loop.closing import shut
from luuppi.inner_loop.models import Case, Message
from luuppi.inner_loop.models.case import CANNOT_BE_CHANGED


@dataclass(frozen=True, slots=True)
class EmptiedCases:
    """What mail refers to: the ids of the cases and of the messages that went."""

    cases: list[int]
    messages: list[int]


def empty_cases(items: Sequence[int], *, by: Any) -> EmptiedCases:
    """Close the open cases of these items and remove every message and note. In the caller's transaction; running it again changes nothing."""
    ids = sorted(set(Case.objects.filter(case_items__item__in=items).values_list("pk", flat=True)))
    for pk in ids:
        case = Case.objects.locked(pk)
        if not case.is_closed:
            shut(case, by=by, outcome=CANNOT_BE_CHANGED, not_told_because="opted_out")
    Case.objects.filter(pk__in=ids).update(customer=None)
    messages = Message.objects.filter(case__in=ids)
    gone = list(messages.values_list("pk", flat=True))
    messages.delete()
    return EmptiedCases(ids, gone)
