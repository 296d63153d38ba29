"""Writing to a giver: in which language, to which address, and the loop line as a mail draws it. What the mails of every stage share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from luuppi.capture.models import FeedbackItem
from luuppi.journal.steps import DOTS, STEP_NAMES, Step, loop_line
from luuppi.people.models import CustomerAddress

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
_PLAIN_MARKS = {"d": "[x]", "n": "[>]", "o": "[ ]", "s": "[-]"}
_AT_ONCE = 500


def language_of(item: FeedbackItem) -> str:
    """The giver's language: that of what they wrote, else as the form said, else as they are known, else the organisation's.

    item: with its reading, customer and organisation.
    """
    reading = getattr(item, "reading", None)
    return first_of_ours(reading and reading.language, item.language, item.customer and item.customer.language, item.organisation.language)


def first_of_ours(*languages: str | None) -> str:
    """The first that Luuppi writes in, as two letters; English where none is."""
    return next((language[:2] for language in languages if language and language[:2] in LANGUAGES), "en")


def address_of(item: FeedbackItem) -> str:
    """Where mail reaches the giver: a known address of the customer, else the one typed with the feedback; "" where there is none."""
    if item.customer_id:
        return known_addresses([item.customer_id]).get(item.customer_id, "")
    return item.says_to_be.get("email", "")


def known_addresses(customers: Sequence[int]) -> dict[int, str]:
    """Customer id → where mail reaches them: verified before merely known, newest first, never one that bounced. Without one: left out."""
    found: dict[int, str] = {}
    for start in range(0, len(customers), _AT_ONCE):
        rows = CustomerAddress.objects.filter(customer__in=customers[start : start + _AT_ONCE], kind=CustomerAddress.EMAIL, bounced_at=None)
        found.update(rows.order_by("verified", "id").values_list("customer", "value"))
    return found


@dataclass(frozen=True, slots=True)
class Dot:
    """One step of the loop line in a mail. state: d done, n now, o open, s skipped."""

    state: str
    name: str
    note: str = ""

    @property
    def plain(self) -> str:
        return _PLAIN_MARKS[self.state]


def dots(times: dict[Step, datetime | None]) -> list[Dot]:
    """The five dots, named in the language that is active. times: as in Progress.times; a stage adds its own notes."""
    return [Dot(letter, str(STEP_NAMES[step])) for letter, step in zip(loop_line(times).code, DOTS, strict=True)]
