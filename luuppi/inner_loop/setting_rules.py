"""Making, changing and removing the organisation's rules."""

from typing import Any

from django.db import transaction

from luuppi.errors import NotAllowed
from luuppi.inner_loop.models import Rule
from luuppi.inner_loop.refusals import RuleStays
from luuppi.inner_loop.rules.matching import Conditions
from luuppi.people.models import Member, Team


def may_set(who: Any, team: Team | None) -> bool:
    """A manager sets rules of own team and below; one without a team works on everybody's feedback and needs the root."""
    path = team.path if team else who.organisation.root_team.path
    return who.grants.may("settings.work", path)


@transaction.atomic
def save_rule(
    rule: Rule | None, *, by: Any, name: str, conditions: Conditions, position: int = 500, is_on: bool = True, opens_case: bool = True,
    team: Team | None = None, owner: Member | None = None, priority: int = 0, promise_hours: int | None = None,
) -> Rule:  # fmt: skip
    """A new rule, or other facts for a rule; cases that are open stay as they are. Raises NotAllowed."""
    if rule is not None:
        rule = Rule.objects.select_for_update(of=("self",)).select_related("team").get(pk=rule.pk)
    if not may_set(by, team) or (rule is not None and not may_set(by, rule.team)):
        raise NotAllowed()
    rule = rule or Rule(organisation=by.organisation)
    rule.name, rule.conditions, rule.position, rule.is_on, rule.opens_case = name, conditions.to_json(), position, is_on, opens_case
    rule.team, rule.owner, rule.priority, rule.promise_hours = team, owner, priority, promise_hours
    rule.save()
    return rule


@transaction.atomic
def remove_rule(rule: Rule, *, by: Any) -> None:
    """Raises NotAllowed, RuleStays for one that every organisation has."""
    if not may_set(by, rule.team):
        raise NotAllowed()
    if rule.key:
        raise RuleStays()
    rule.delete()
