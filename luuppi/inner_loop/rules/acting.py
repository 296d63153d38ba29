"""Whether somebody may act on a case: the table of people/rules/permissions.py, read for one case."""

from typing import Any


def may_act(who: Any, case: Any) -> bool:
    """Its owner, those above its team, or, while nobody owns it, whoever may take it. case: with its team loaded."""
    is_own = case.owner_id is not None and who.actor == f"member:{case.owner_id}"
    if who.grants.may("cases.act", case.team.path, is_own=is_own):
        return True
    return case.owner_id is None and may_take(who, case)


def may_take(who: Any, case: Any) -> bool:
    """Whether who asks may become the owner of a case that nobody has."""
    return who.grants.may("cases.take", case.team.path)


def may_have_cases(member: Any) -> bool:
    """Whether a case can be given to this member: frontline, supervisors, managers and administrators."""
    return bool(member.grants.reach("cases.act"))
