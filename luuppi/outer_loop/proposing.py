"""Proposing improvements, and saying which feedback and which causes stand behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from luuppi.capture.models import FeedbackItem, Touchpoint
from luuppi.journal import kinds
from luuppi.journal.recording import record
from luuppi.outer_loop.authority import may_work_on, need, need_work_on
from luuppi.outer_loop.models import Improvement, ImprovementCause, ImprovementItem, RootCause
from luuppi.outer_loop.refusals import NothingWritten, OutsideYourAuthority, OwnerMayNot, UnknownCauses
from luuppi.outer_loop.tracing import find_items
from luuppi.outer_loop.wording import by_language
from luuppi.people.models import Member, Organisation, Team


@dataclass(frozen=True, slots=True)
class Plan:
    """Who does it, by when, and what it takes. None leaves a field as it is."""

    owner: Member | None = None
    sponsor: Member | None = None
    due_on: date | None = None
    people_needed: str | None = None
    time_needed: str | None = None
    money_eur: int | None = None


@transaction.atomic
def propose_improvement(
    title: str | dict[str, str],
    *,
    type: str,
    by: Any,
    description: str | dict[str, str] = "",
    because_of: Iterable[int] = (),
    root_causes: Iterable[int] = (),
    touchpoint: Touchpoint | None = None,
    plan: Plan | None = None,
    at: datetime | None = None,
) -> Improvement:
    """Anybody of the frontline may propose a change. Without a touchpoint it gets the one that most of its items are of.

    Raises OutsideYourAuthority, NothingWritten, UnknownItems, UnknownCauses, OwnerMayNot.
    """
    need(by, "improvements.propose")
    organisation = Organisation.objects.select_for_update().get(pk=by.organisation.pk)  # one at a time: numbers have no gaps
    titles = by_language(title, organisation)
    if not titles or any(len(words) > 200 for words in titles.values()):
        raise NothingWritten()
    items = find_items(by, because_of)
    touchpoint = touchpoint or _usual_touchpoint(items)
    last = Improvement.objects.filter(organisation=organisation).aggregate(last=Max("number"))["last"] or 0
    improvement = Improvement.objects.create(
        organisation=organisation,
        team=_team_of(by, touchpoint, organisation),
        number=last + 1,
        titles=titles,
        descriptions=by_language(description, organisation),
        type=type,
        touchpoint=touchpoint,
        proposed_by=by.actor,
        proposed_at=at or timezone.now(),
    )
    if plan:
        _write_plan(improvement, plan, by=by)
    link_causes(improvement, root_causes, by=by)
    ImprovementItem.objects.bulk_create([ImprovementItem(improvement=improvement, item_id=item, added_at=improvement.proposed_at) for item in items])
    record(
        kinds.IMPROVEMENT_PROPOSED,
        organisation=organisation,
        by=by,
        improvement=improvement.pk,
        at=at,
        title=improvement.title,
        number=improvement.number,
    )
    return improvement


@transaction.atomic
def add_items(improvement: Improvement, items: Iterable[int], *, by: Any, at: datetime | None = None) -> int:
    """More feedback that stands behind the improvement. Where it is accepted already, the items are *used* from now on.

    Returns how many were not there before. Raises OutsideYourAuthority, UnknownItems.
    """
    need(by, "improvements.propose")
    improvement = Improvement.objects.select_for_update().get(pk=improvement.pk)
    wanted = find_items(by, items)
    known = set(ImprovementItem.objects.filter(improvement=improvement, item__in=wanted).values_list("item_id", flat=True))
    new = [item for item in wanted if item not in known]
    ImprovementItem.objects.bulk_create([ImprovementItem(improvement=improvement, item_id=item, added_at=at or timezone.now()) for item in new])
    if new and improvement.is_accepted:
        record_used(improvement, new, by=by, at=at)
    return len(new)


@transaction.atomic
def link_causes(improvement: Improvement, causes: Iterable[int], *, by: Any) -> None:
    """Raises OutsideYourAuthority, UnknownCauses."""
    need(by, "improvements.propose")
    wanted = list(dict.fromkeys(causes))
    known = set(RootCause.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True))
    for one in wanted:
        if one not in known:
            raise UnknownCauses(id=one)
    ImprovementCause.objects.bulk_create([ImprovementCause(improvement=improvement, cause_id=one) for one in wanted], ignore_conflicts=True)


@transaction.atomic
def change_plan(improvement: Improvement, plan: Plan, *, by: Any) -> Improvement:
    """Who does it, by when, and what it takes. Raises OutsideYourAuthority (money is for executives), OwnerMayNot."""
    improvement = Improvement.objects.select_for_update(of=("self",)).select_related("team", "organisation").get(pk=improvement.pk)
    if not (by.grants.may("improvements.money", improvement.team.path) and plan == Plan(money_eur=plan.money_eur)):
        need_work_on(by, improvement)
    _write_plan(improvement, plan, by=by)
    return improvement


def record_used(improvement: Improvement, items: list[int], *, by: Any, at: datetime | None) -> None:
    """The items stand behind a decided improvement: that is what *used* means."""
    record(
        kinds.USED,
        organisation=improvement.organisation_id,
        by=by,
        items=items,
        improvement=improvement.pk,
        at=at,
        title=improvement.title,
        number=improvement.number,
    )


def _write_plan(improvement: Improvement, plan: Plan, *, by: Any) -> None:
    if plan.money_eur is not None and not by.grants.may("improvements.money", improvement.team.path):
        raise OutsideYourAuthority()
    if plan.owner is not None and not plan.owner.grants.reach("improvements.own"):
        raise OwnerMayNot(name=plan.owner.name)
    if (plan.owner or plan.sponsor) and not (may_work_on(by, improvement) or improvement.state == Improvement.PROPOSED):
        raise OutsideYourAuthority()
    changed = [name for name in Plan.__dataclass_fields__ if getattr(plan, name) is not None]
    for name in changed:
        setattr(improvement, name, getattr(plan, name))
    if changed:
        improvement.save(update_fields=changed)


def _usual_touchpoint(items: list[int]) -> Touchpoint | None:
    of = list(FeedbackItem.objects.filter(pk__in=items[:500], touchpoint__isnull=False).values_list("touchpoint", flat=True))
    return Touchpoint.objects.get(pk=max(set(of), key=of.count)) if of else None


def _team_of(by: Any, touchpoint: Touchpoint | None, organisation: Organisation) -> Team:
    """The touchpoint's team, so that those whose work it is see it as theirs; else the token's, else the root."""
    if touchpoint is not None and touchpoint.team.path.startswith(by.root_path):
        return touchpoint.team
    return Team.objects.filter(organisation=organisation, path__startswith=by.root_path).order_by("path").first()
