"""Routing: rules open cases and say whose they are. Nothing is ever unrouted: a last resort always exists.

Runs as a reaction to `received`, after coding, and to `released`; twice without harm: an item that has ever been in a case gets no second
one by itself.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.capture.models.item import sees_customer
from luuppi.errors import NotAllowed
from luuppi.inner_loop.default_rules import rules_of
from luuppi.inner_loop.going_through import note_reading
from luuppi.inner_loop.leaving import leave_who_is_away
from luuppi.inner_loop.models import Case, CaseItem
from luuppi.inner_loop.models.case import OPEN
from luuppi.inner_loop.refusals import ItemHasAnOpenCase, WithdrawnFeedback
from luuppi.inner_loop.rules.matching import Decision, Facts, decide
from luuppi.inner_loop.rules.promise import answer_due_at
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import SYSTEM, record
from luuppi.meaning.models import Coding
from luuppi.meaning.passages import words_of
from luuppi.people.models import Member, Organisation


def open_case_when_needed(events: Sequence[LoopEvent]) -> None:
    """The reaction: open cases for what needs one. The themes, which rules may look at, have been found by the reaction before this one."""
    for organisation, items in _by_organisation(events):
        _route(organisation, items)


@transaction.atomic
def open_case(item: FeedbackItem, *, by: Any) -> Case:
    """A person opens a case for an item, an imported one too; what is about the same matter joins the customer's open case.

    Raises NotAllowed for who cannot see the item with its customer, ItemHasAnOpenCase, WithdrawnFeedback.
    """
    if not (sees_customer(by, item) and by.grants.may("cases.take", item.team.path)):
        raise NotAllowed()
    if item.withdrawn_at or item.erased_at:
        raise WithdrawnFeedback()
    organisation = _hold_organisation(item.organisation_id)
    if known := Case.objects.filter(case_items__item=item.pk, case_items__in_open_case=True).first():
        raise ItemHasAnOpenCase(number=known.number)
    note_reading([item.pk], organisation=organisation, by=by)
    decision = Decision(True, team=item.team_id)
    same = _same_matter(item)
    if same is not None and Case.objects.visible_to(by).filter(pk=same.pk).exists():
        return _join(same, item, decision, timezone.now(), by=by)
    return _open(item, decision, organisation, _next_number(organisation), by=by, now=timezone.now())


def facts_of(item: FeedbackItem, themes: Iterable[str] = ()) -> Facts:
    """What the rules look at. item: with touchpoint and reading loaded."""
    reading = getattr(item, "reading", None)
    return Facts(
        kind=item.kind,
        nps=item.nps,
        csat=item.csat,
        ces=item.ces,
        touchpoint=item.touchpoint.key if item.touchpoint else "",
        language=((reading and reading.language) or item.language)[:2],
        themes=frozenset(themes),
        text=words_of(item),
        wants_contact=item.wants_contact,
        attributes=item.attributes,
        team=item.team_id,
    )


def themes_of(items: Sequence[FeedbackItem]) -> dict[int, set[str]]:
    """Item id → keys of its themes; items without any are left out."""
    found: dict[int, set[str]] = {}
    for item, key in Coding.objects.filter(item__in=[i.pk for i in items]).values_list("item_id", "theme__key"):
        found.setdefault(item, set()).add(key)
    return found


# --- the steps of the reaction --------------------------------------------------------------------------------------------------


def _by_organisation(events: Sequence[LoopEvent]) -> list[tuple[Organisation, list[int]]]:
    found: dict[int, list[int]] = {}
    for event in events:
        if event.item is not None and not event.data.get("imported"):
            found.setdefault(event.organisation_id, []).append(event.item)
    organisations = Organisation.objects.in_bulk(found)
    return [(organisations[pk], items) for pk, items in found.items()]


def _route(organisation: Organisation, item_ids: Sequence[int]) -> None:
    rules = rules_of(organisation)
    items = _without_case(item_ids)
    themes = themes_of(items) if any(rule.conditions.themes for rule in rules) else {}
    decided = [(item, decide(rules, facts_of(item, themes.get(item.pk, ())))) for item in items]
    needed = [(item, decision) for item, decision in decided if decision.opens_case]
    if needed:
        _open_all(organisation, needed)


def _without_case(item_ids: Sequence[int]) -> list[FeedbackItem]:
    """Items that may get a case by themselves: not imported, held, withdrawn or erased, and never in a case."""
    items = FeedbackItem.objects.filter(pk__in=item_ids, withdrawn_at=None, erased_at=None, imported_by=None, progress__held=False, case_items=None)
    return list(items.select_related("touchpoint", "reading").order_by("id"))


@transaction.atomic
def _open_all(organisation: Organisation, needed: Sequence[tuple[FeedbackItem, Decision]]) -> None:
    organisation = _hold_organisation(organisation.pk)
    taken = set(CaseItem.objects.filter(item__in=[item.pk for item, _ in needed]).values_list("item_id", flat=True))
    now, number = timezone.now(), _next_number(organisation)
    named = Member.objects.filter(pk__in={d.owner for _, d in needed if d.owner}, is_active=True).select_related("organisation")
    owners = {member.pk for member in named if not member.is_away(at=now)}
    for item, decision in needed:
        if item.pk in taken:
            continue
        if (same := _same_matter(item)) is not None:
            _join(same, item, decision, now, by=SYSTEM)
            continue
        owner = decision.owner if decision.owner in owners else None
        _open(item, decision, organisation, number, by=SYSTEM, now=now, owner=owner)
        number += 1


def _hold_organisation(pk: int) -> Organisation:
    """Numbers of cases are given one after the other; foreign keys to the organisation do not wait for this."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=pk)


def _next_number(organisation: Organisation) -> int:
    return (Case.objects.filter(organisation=organisation).aggregate(last=Max("number"))["last"] or 1000) + 1


def _open(
    item: FeedbackItem, decision: Decision, organisation: Organisation, number: int, *, by: Any, now: datetime, owner: int | None = None
) -> Case:
    hours = decision.promise_hours if decision.promise_hours is not None else organisation.answer_promise_days * 24
    # The customer has waited since the feedback arrived, also while the worker was away; a person who opens a case later promises from now.
    due_at = answer_due_at(item.received_at if by == SYSTEM else now, hours, organisation.zone)
    case = Case.objects.create(
        organisation=organisation,
        number=number,
        team_id=decision.team,
        customer_id=item.customer_id,
        touchpoint_id=item.touchpoint_id,
        lead_item=item,
        owner_id=owner,
        first_owner_id=owner,
        rule_id=decision.rule,
        state=OPEN,
        priority=decision.priority,
        wants_contact=item.wants_contact,
        opened_at=now,
        opened_by=getattr(by, "actor", by),
        promise_hours=hours,
        answer_due_at=due_at,
        queue_at=due_at,
    )
    CaseItem.objects.create(case=case, item=item, added_at=now)
    routed = {"to": f"member:{owner}"} if owner else {}
    record(kinds.CASE_OPENED, organisation=organisation, items=[item.pk], case=case.pk, by=by, team=decision.team, rule=decision.rule, **routed)
    return case


def _same_matter(item: FeedbackItem) -> Case | None:
    """The open case of the same customer about the same touchpoint: one case, many items."""
    if item.customer_id is None:
        return None
    return Case.objects.not_closed().filter(customer=item.customer_id, touchpoint=item.touchpoint_id).order_by("id").first()


def _join(found: Case, item: FeedbackItem, decision: Decision, now: datetime, *, by: Any) -> Case:
    """The customer has said more about the same matter: the case is ours again, and due no later than a new one would be."""
    case = Case.objects.locked(found.pk)
    due_at = answer_due_at(
        item.received_at if by == SYSTEM else now,
        decision.promise_hours if decision.promise_hours is not None else case.promise_hours,
        case.organisation.zone,
    )
    CaseItem.objects.create(case=case, item=item, added_at=now)
    case.priority = max(case.priority, decision.priority)
    case.wants_contact = case.wants_contact or item.wants_contact
    case.queue_at = case.answer_due_at = min(due_at, case.queue_at) if case.state == OPEN else due_at
    case.state = OPEN
    case.save(update_fields=["priority", "wants_contact", "queue_at", "answer_due_at", "state"])
    record(
        kinds.CASE_OPENED,
        organisation=case.organisation,
        items=[item.pk],
        case=case.pk,
        by=by,
        team=case.team_id,
        rule=decision.rule,
        joined=True,
    )
    leave_who_is_away(case)
    return case
