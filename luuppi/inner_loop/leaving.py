"""A colleague leaves, is away or serves customers no more: the cases in their hands go to the queues of their teams; rules name them no more."""

from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext

from luuppi.inner_loop.models import Case, Rule
from luuppi.journal import kinds
from luuppi.journal.recording import SYSTEM, record
from luuppi.people.models import Member
from luuppi.people.staffing import InHand


def release_cases(member: Member, *, by: Any, reason: str) -> None:
    """Each open case lies in its team's queue, at the time at which it is due, and tells whose it was. In the transaction of the leaving."""
    for pk in Case.objects.not_closed().filter(owner=member).order_by("pk").values_list("pk", flat=True):
        release_case(Case.objects.locked(pk), by=by, reason=reason)
    Case.objects.not_closed().filter(escalated_to=member).update(escalated_to=None)  # everybody above sees it then


def release_case(case: Case, *, by: Any, reason: str) -> None:
    """The held case has no owner any more."""
    earlier, case.owner = case.owner, None
    case.save(update_fields=["owner"])
    record(
        kinds.HANDED_OFF,
        organisation=case.organisation,
        items=case.item_ids,
        case=case.pk,
        by=by,
        to=f"team:{case.team_id}",
        earlier=earlier.actor,
        reason=reason,
    )


def leave_who_is_away(case: Case) -> None:
    """The held case is ours again while its owner is away: it waits for nobody, but lies in the queue of its team."""
    if case.owner is not None and case.owner.is_away(at=timezone.now()):
        release_case(case, by=SYSTEM, reason="away")


def release_rules(member: Member, *, by: Any, reason: str) -> None:
    """What such a rule fits goes to the team."""
    Rule.objects.filter(owner=member).update(owner=None)


CASES = InHand(
    count=lambda member: Case.objects.not_closed().filter(owner=member).count(),
    sentence=lambda n: ngettext("%(n)s open case goes to the queue of its team.", "%(n)s open cases go to the queues of their teams.", n) % {"n": n},
    release=release_cases,
    needs="cases.act",
)
RULES = InHand(
    count=lambda member: Rule.objects.filter(owner=member).count(),
    sentence=lambda n: (
        ngettext(
            "%(n)s rule that gives cases to this person gives them to the team.",
            "%(n)s rules that give cases to this person give them to the team.",
            n,
        )
        % {"n": n}
    ),
    release=release_rules,
    needs="cases.act",
    waits=True,
)
