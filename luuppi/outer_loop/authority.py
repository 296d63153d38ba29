"""Whether somebody may do an act of the outer loop; the table is people/rules/permissions.py."""

from typing import Any

from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.refusals import OutsideYourAuthority
from luuppi.people.models import Member


def need(who: Any, act: str, *, team_path: str | None = None) -> None:
    """Raises OutsideYourAuthority."""
    if not who.grants.may(act, team_path):
        raise OutsideYourAuthority()


def may_work_on(who: Any, improvement: Improvement) -> bool:
    """Who decides may also start and finish; so may the one who owns it, with a role that may own."""
    path = improvement.team.path
    if who.grants.may("improvements.decide", path):
        return True
    return who.grants.may("improvements.own", path) and (not isinstance(who, Member) or improvement.owner_id in (None, who.pk))


def need_work_on(who: Any, improvement: Improvement) -> None:
    """Raises OutsideYourAuthority."""
    if not may_work_on(who, improvement):
        raise OutsideYourAuthority()
