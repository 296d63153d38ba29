"""Carrying an improvement out: starting and finishing it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.journal import kinds
from luuppi.journal.recording import record
from luuppi.outer_loop.authority import need_work_on
from luuppi.outer_loop.deciding import reading_day
from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.refusals import AlreadyDone, NotAccepted
from luuppi.outer_loop.wording import by_language


@transaction.atomic
def start_improvement(improvement: Improvement, *, by: Any, text: str | dict[str, str] | None = None, at: datetime | None = None) -> Improvement:
    """Work has begun. `text`, per language, is what the givers shall be told when it is done, as far as it is known now; completion may say it
    otherwise. Starting it again changes nothing. Raises OutsideYourAuthority, NotAccepted, AlreadyDone.
    """
    improvement = _take(improvement, by)
    if improvement.state == Improvement.UNDER_WAY:
        return improvement
    if improvement.state == Improvement.DONE:
        raise AlreadyDone(number=improvement.number)
    improvement.state, improvement.started_at = Improvement.UNDER_WAY, at or timezone.now()
    improvement.done_texts |= by_language(text, improvement.organisation)
    improvement.save(update_fields=["state", "started_at", "done_texts"])
    record(
        kinds.IMPROVEMENT_STARTED,
        organisation=improvement.organisation_id,
        by=by,
        improvement=improvement.pk,
        at=at,
        title=improvement.title,
        number=improvement.number,
    )
    return improvement


@transaction.atomic
def complete_improvement(improvement: Improvement, *, by: Any, text: str | dict[str, str] | None = None, at: datetime | None = None) -> Improvement:
    """The change is made. `text`, per language, says to the givers what is different now; a language left out keeps what was said at the
    start. Finishing it again changes nothing.

    Raises OutsideYourAuthority, NotAccepted.
    """
    improvement = _take(improvement, by)
    if improvement.state == Improvement.DONE:
        return improvement
    moment = at or timezone.now()
    improvement.state, improvement.done_at = Improvement.DONE, moment
    improvement.started_at = improvement.started_at or moment
    improvement.done_texts |= by_language(text, improvement.organisation)
    improvement.effect_reads_on = reading_day(improvement, timezone.localdate(moment, improvement.organisation.zone))
    improvement.save()
    record(
        kinds.IMPROVEMENT_DONE,
        organisation=improvement.organisation_id,
        by=by,
        improvement=improvement.pk,
        at=at,
        title=improvement.title,
        number=improvement.number,
    )
    return improvement


def _take(improvement: Improvement, by: Any) -> Improvement:
    improvement = Improvement.objects.select_for_update(of=("self",)).select_related("team", "organisation").get(pk=improvement.pk)
    need_work_on(by, improvement)
    if not improvement.is_accepted:
        raise NotAccepted(number=improvement.number)
    return improvement
