"""Deciding on an improvement: yes or no, always with a reason, and with the day on which its effect will be read."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.journal import kinds
from luuppi.journal.recording import record
from luuppi.outer_loop.authority import need
from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.proposing import record_used
from luuppi.outer_loop.refusals import AlreadyDecided, ReasonNeeded
from luuppi.outer_loop.wording import by_language

READ_AFTER_WEEKS = 12  # the least that is read with care; eight is where a verdict begins (luuppi.measures.effects)


@transaction.atomic
def decide_improvement(
    improvement: Improvement,
    *,
    accepted: bool,
    reason: str | dict[str, str],
    by: Any,
    read_after_weeks: int = READ_AFTER_WEEKS,
    at: datetime | None = None,
) -> Improvement:
    """Accept or decline. Accepting makes every item behind it *used*; the same decision again changes nothing.

    Raises OutsideYourAuthority, ReasonNeeded, AlreadyDecided (when it was decided otherwise).
    """
    improvement = Improvement.objects.select_for_update(of=("self",)).select_related("team", "organisation").get(pk=improvement.pk)
    need(by, "improvements.decide", team_path=improvement.team.path)
    if improvement.state != Improvement.PROPOSED:
        if improvement.is_accepted == accepted:
            return improvement
        raise AlreadyDecided(number=improvement.number)
    reasons = by_language(reason, improvement.organisation)
    if not reasons:
        raise ReasonNeeded()
    improvement.state = Improvement.ACCEPTED if accepted else Improvement.DECLINED
    improvement.decided_at, improvement.decided_by, improvement.decision_reasons = at or timezone.now(), by.actor, reasons
    if accepted:
        improvement.read_after_weeks = read_after_weeks
        improvement.effect_reads_on = reading_day(improvement, improvement.due_on)
    improvement.save()
    # The reason may name a person: the journal keeps that there was one, the words stand on the improvement.
    record(
        kinds.IMPROVEMENT_DECIDED,
        organisation=improvement.organisation_id,
        by=by,
        improvement=improvement.pk,
        at=at,
        title=improvement.title,
        number=improvement.number,
        accepted=accepted,
    )
    if accepted:
        items = list(improvement.because_of.values_list("item_id", flat=True))
        if items:
            record_used(improvement, items, by=by, at=at)
    return improvement


def reading_day(improvement: Improvement, done_on: date | None) -> date | None:
    """The day on which the effect is read, the agreed number of weeks after the change; None while no day of the change is known,
    and without a touchpoint: there is nothing to read then."""
    if done_on is None or improvement.read_after_weeks is None or improvement.touchpoint_id is None:
        return None
    length = timedelta(weeks=improvement.read_after_weeks)
    return done_on + length if date.max - done_on > length else date.max  # "9999-12-31" is how some systems write "some day"
