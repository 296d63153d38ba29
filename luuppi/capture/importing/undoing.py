"""Undo of an import: each item is withdrawn and its external id is free again; what people have worked on stays and is listed."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from luuppi.capture.importing.refusals import NotToUndo
from luuppi.capture.models import FeedbackItem, Import
from luuppi.capture.models.imports import CANCELLED, DONE, FAILED, STOPPED, UNDOING, UNDONE
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import SYSTEM, record
from luuppi.running import todo

_GROUP = 500


@transaction.atomic
def ask_to_undo(run: Import, *, by: Any) -> None:
    """Put the undo into the background. Raises NotToUndo."""
    run = Import.objects.select_for_update().get(pk=run.pk)
    if run.shown_state not in (DONE, CANCELLED, FAILED, STOPPED):
        raise NotToUndo()
    if given_up := run.todo:
        given_up.delete()
    run.state = UNDOING
    run.save(update_fields=["state"])
    todo.add("import.undo", str(run.pk), {"import": run.pk, "by": by.actor}, organisation_id=run.organisation_id)


def undo_waiting(todos: Sequence[todo.Todo]) -> None:
    """The to-do import.undo. May be broken off and begun again."""
    for one in todos:
        run = Import.objects.filter(pk=one.payload["import"], state=UNDOING).first()
        if run is not None:
            undo(run, by=one.payload.get("by", SYSTEM), on_group=lambda one=one: todo.renew([one]))


def undo(run: Import, *, by, on_group=None) -> int:
    """Withdraw the items of the import that nobody has worked on, group by group. Returns how many."""
    n = 0
    while group := list(untouched(run).values_list("pk", flat=True)[:_GROUP]):
        with transaction.atomic():
            FeedbackItem.objects.filter(pk__in=group).update(withdrawn_at=timezone.now())
            record(kinds.WITHDRAWN, organisation=run.organisation_id, items=group, by=by, undone_import=run.pk)
        n += len(group)
        if on_group:
            on_group()
    run.state, run.finished_at = UNDONE, timezone.now()
    run.found["undone"] = run.found.get("undone", 0) + n
    run.save(update_fields=["state", "finished_at", "found"])
    return n


def untouched(run: Import) -> QuerySet[FeedbackItem]:
    return FeedbackItem.objects.filter(~Exists(_worked_on()), imported_by=run, withdrawn_at=None).order_by("pk")


def worked_on(run: Import) -> QuerySet[FeedbackItem]:
    """The items that stay: a member has done something with them."""
    return FeedbackItem.objects.filter(Exists(_worked_on()), imported_by=run, withdrawn_at=None).order_by("pk")


def _worked_on() -> QuerySet[LoopEvent]:
    # The arrival itself is written in the name of the member who imported.
    return LoopEvent.objects.filter(item=OuterRef("pk"), by__startswith="member:").exclude(kind=kinds.RECEIVED.key)
