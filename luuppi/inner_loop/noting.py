"""Notes among ourselves: the customer never sees them."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.inner_loop.holding import hold, said
from luuppi.inner_loop.models import Case, Message
from luuppi.inner_loop.models.message import NOTE
from luuppi.journal import kinds
from luuppi.journal.recording import record
from luuppi.running.ids import new_id


@transaction.atomic
def write_note(case: Case, *, text: str, by: Any, key: str = "") -> Message:
    """Keep a note in the case, closed ones too. The same key again gives the first note. Raises OutsideYourAuthority, NothingSaid."""
    case = hold(case, by=by, closed_too=True)
    return keep_note(case, text=said(text), by=by, key=key)


def keep_note(case: Case, *, text: str, by: Any, key: str = "") -> Message:
    """The note of an act that has the case in its hands already."""
    defaults = {"direction": NOTE, "text": text, "by": getattr(by, "actor", by), "at": timezone.now()}
    note, is_new = Message.objects.get_or_create(case=case, key=key or f"note-{new_id()}", defaults=defaults)
    if is_new:
        record(kinds.NOTED, organisation=case.organisation, case=case.pk, by=by, message=note.pk)
    return note
