"""Measuring what an improvement did: weekly NPS of its touchpoint against the touchpoints that nothing was done to.

Read on the day that was agreed when it was decided, once. Until then it says that it is too early, and when it will be known.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from luuppi.capture.models import FeedbackItem, Touchpoint
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import SYSTEM, record
from luuppi.outer_loop.authority import need
from luuppi.outer_loop.models import EffectReading, Improvement
from luuppi.outer_loop.refusals import NotReadYet
from luuppi.outer_loop.rules.weekly_scores import Block, DayCount, chart_blocks, weekly_scores, weeks_left_out
from luuppi.running import todo

WEEKS_BACK = 104
FEWEST_DRAWN = 30  # answers of a block; fewer make a line that jumps


def plan_effect_measurement(events: Sequence[LoopEvent]) -> None:
    """Reaction to *improvement done*: a first reading, which says when it will be known. Twice plans once."""
    for event in events:
        todo.add("effects.read", f"improvement-{event.improvement}", {"improvement": event.improvement}, organisation_id=event.organisation_id)


def plan_readings() -> None:
    """By the clock, daily: the improvements that are done and not read yet."""
    for pk, organisation in Improvement.objects.filter(state=Improvement.DONE, measured_at=None, touchpoint__isnull=False).values_list(
        "pk", "organisation_id"
    ):
        todo.add("effects.read", f"improvement-{pk}", {"improvement": pk}, organisation_id=organisation)


def read_effects(todos: Sequence[todo.Todo]) -> None:
    """The job, in a child process: statistics need memory that the worker does not keep."""
    for one in todos:
        improvement = Improvement.objects.filter(pk=one.payload["improvement"], state=Improvement.DONE).first()
        if improvement is not None:
            measure_effect(improvement, by=SYSTEM)


def ask_for_reading(improvement: Improvement, *, by: Any) -> None:
    """Have the effect read anew, after answers came in late. Raises OutsideYourAuthority, NotReadYet."""
    need(by, "improvements.measure", team_path=improvement.team.path)
    if improvement.state != Improvement.DONE:
        raise NotReadYet(number=improvement.number)
    with transaction.atomic():
        todo.add("effects.read", f"improvement-{improvement.pk}", {"improvement": improvement.pk}, organisation_id=improvement.organisation_id)


def measure_effect(improvement: Improvement, *, by: Any, on: date | None = None, at: datetime | None = None) -> EffectReading:
    """Read the effect with the answers up to `on` (today). On the agreed day or later the reading is final and the journal says so once."""
    zone = improvement.organisation.zone
    on = on or timezone.localdate(at, zone)
    reading, why_silent, controls, series = _read(improvement, on)
    is_final = improvement.effect_reads_on is not None and on >= improvement.effect_reads_on
    with transaction.atomic():
        improvement = Improvement.objects.select_for_update().get(pk=improvement.pk)
        kept, _made = EffectReading.objects.update_or_create(
            improvement=improvement,
            is_final=is_final,
            defaults={
                "read_at": at or timezone.now(),
                "value": reading.value,
                "low": reading.low,
                "high": reading.high,
                "n": reading.n,
                "verdict": reading.verdict or "",
                "smallest_visible": reading.smallest_visible,
                "why_silent": why_silent,
                "controls": controls,
                "series": series,
            },
        )
        if is_final and improvement.measured_at is None:
            improvement.measured_at = at or timezone.now()
            record(
                kinds.IMPROVEMENT_MEASURED,
                organisation=improvement.organisation_id,
                by=by,
                improvement=improvement.pk,
                at=at,
                title=improvement.title,
                number=improvement.number,
                verdict=kept.verdict,
            )
        improvement.verdict = kept.verdict
        improvement.save(update_fields=["verdict", "measured_at"])
    return kept


def _read(improvement: Improvement, on: date):
    """The effect, why it is silent, the keys of the touchpoints it was compared with, and the series of the chart."""
    from luuppi.measures import effects

    if improvement.touchpoint_id is None:
        return effects.Effect(None, None, None, 0, None, None, "no_control"), "no_touchpoint", [], []
    zone = improvement.organisation.zone
    changed_on = timezone.localdate(improvement.done_at, zone)
    others = untouched_touchpoints(improvement)
    counts = count_days(improvement.organisation, [improvement.touchpoint_id, *others], since=changed_on - timedelta(weeks=WEEKS_BACK), until=on)
    weekly = weekly_scores(counts, treated=improvement.touchpoint_id, untouched=list(others), changed_on=changed_on, until=on)
    blocks = chart_blocks(counts, treated=improvement.touchpoint_id, untouched=weekly.controls, changed_on=changed_on, until=on)
    left_out = weeks_left_out(
        proposed_on=timezone.localdate(improvement.proposed_at, zone),
        started_on=timezone.localdate(improvement.started_at, zone),
        changed_on=changed_on,
    )
    given = (
        weekly.weeks,
        weekly.treated,
        weekly.control if weekly.controls else None,
        weekly.n_answers,
        [week for week in left_out if week in set(weekly.weeks)],
    )
    effect = effects.effect_of_change(*given, read_at=max(improvement.read_after_weeks or 0, effects.WEEKS_AFTER))
    return effect, effect.why_silent or "", [others[one] for one in weekly.controls], _chart(blocks)


def untouched_touchpoints(improvement: Improvement) -> dict[int, str]:
    """id → key of the touchpoints that no other improvement changed in the time that is compared."""
    since = improvement.done_at - timedelta(weeks=WEEKS_BACK)
    changed = Improvement.objects.filter(
        organisation=improvement.organisation_id, done_at__gte=since, touchpoint__isnull=False
    ).values_list("touchpoint", flat=True)
    rows = Touchpoint.objects.filter(organisation=improvement.organisation_id).exclude(pk__in=[improvement.touchpoint_id, *changed])
    return dict(rows.order_by("pk").values_list("pk", "key"))


def count_days(organisation: Any, touchpoints: Sequence[int], *, since: date, until: date) -> list[DayCount]:
    """NPS answers by touchpoint and local day, in one aggregated query; held and withdrawn ones are not answers."""
    zone = organisation.zone
    rows = (
        FeedbackItem.objects.filter(
            organisation=organisation, touchpoint__in=touchpoints, nps__isnull=False, withdrawn_at=None, progress__held=False,
            occurred_at__gte=datetime.combine(since, time.min, tzinfo=zone), occurred_at__lt=datetime.combine(until, time.min, tzinfo=zone),
        )
        .annotate(day=TruncDate("occurred_at", tzinfo=zone))
        .values("touchpoint", "day")
        .annotate(promoters=Count("pk", filter=Q(nps__gte=9)), detractors=Count("pk", filter=Q(nps__lte=6)), n=Count("pk"))
        .order_by("touchpoint", "day")
    )  # fmt: skip
    return [DayCount(row["touchpoint"], row["day"], row["promoters"], row["detractors"], row["n"]) for row in rows]


def _chart(blocks: Sequence[Block]) -> list[dict]:
    """The blocks as the page draws them: NPS with its interval where at least thirty answered."""
    from luuppi.measures.scores import nps_of

    drawn = []
    for block in blocks:
        figures = {}
        for name, (promoters, detractors, n) in (("treated", block.treated), ("control", block.control)):
            found = nps_of(promoters, n - promoters - detractors, detractors) if n >= FEWEST_DRAWN else None
            figures[name] = found and {"value": found.value, "low": found.low, "high": found.high, "n": n}
        drawn.append({"week": block.week, **figures})
    return drawn
