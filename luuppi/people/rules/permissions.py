"""Who may do what, as a table, and what reads it.

A cell says how far a role reaches: ALL of the organisation, its TEAM and below, only its OWN cases, or nothing (absent).
The test of this file holds the table cell by cell.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

ROLES = ("frontline", "supervisor", "manager", "executive", "analyst", "admin")
OWN, TEAM, ALL = "own", "team", "all"

TABLE: dict[str, dict[str, str]] = {
    "items.with_customer": {"frontline": TEAM, "supervisor": TEAM, "manager": TEAM, "admin": ALL},
    "items.masked": dict.fromkeys(ROLES, ALL),
    "items.write": {"frontline": ALL, "supervisor": ALL, "manager": ALL, "admin": ALL},  # recording what a customer said
    "cases.read": {"frontline": TEAM, "supervisor": TEAM, "manager": TEAM, "admin": ALL},
    "cases.act": {"frontline": OWN, "supervisor": TEAM, "manager": TEAM, "admin": ALL},
    "cases.take": {"frontline": TEAM, "supervisor": TEAM, "manager": TEAM, "admin": ALL},  # a case that nobody owns yet
    "members.away": {"frontline": OWN, "supervisor": TEAM, "manager": TEAM, "admin": ALL},  # who is away, and their cases to their teams
    "themes.read": dict.fromkeys(ROLES, ALL),
    "themes.propose": {"frontline": ALL, "supervisor": ALL, "manager": ALL, "analyst": ALL, "admin": ALL},
    "themes.decide": {"manager": ALL, "analyst": ALL, "admin": ALL},
    "improvements.read": dict.fromkeys(ROLES, ALL),
    "improvements.propose": {"frontline": ALL, "supervisor": ALL, "manager": ALL, "admin": ALL},
    "improvements.own": {"supervisor": ALL, "manager": ALL, "admin": ALL},
    "improvements.decide": {"manager": ALL, "executive": ALL, "admin": ALL},
    "improvements.tell": {"manager": ALL, "admin": ALL},
    "improvements.money": {"executive": ALL, "admin": ALL},
    "improvements.measure": {"analyst": ALL, "admin": ALL},
    "figures.read": dict.fromkeys(ROLES, ALL),
    "settings.work": {"manager": TEAM, "analyst": ALL, "admin": ALL},  # import, export, surveys, rules
    "settings.people": {"admin": ALL},  # members, tokens, authority
    "customers.erase": {"admin": ALL},
}


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody reaches with one act: everywhere, under some team paths, or to own cases alone."""

    everywhere: bool = False
    paths: tuple[str, ...] = ()
    own: bool = False

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.paths) or self.own

    def covers(self, path: str | None, *, is_own: bool = False) -> bool:
        """Whether a thing on this team path is within reach; `is_own` when it belongs to who asks."""
        if self.everywhere or (self.own and is_own):
            return True
        return path is not None and any(path.startswith(mine) for mine in self.paths)


@dataclass(frozen=True)
class Grants:
    """What somebody with these (role, team path) pairs may do."""

    roles: tuple[tuple[str, str], ...]

    @cached_property
    def _reaches(self) -> dict[str, Reach]:
        return {act: self._compute(act) for act in TABLE}

    def _compute(self, act: str) -> Reach:
        cells = [(TABLE[act].get(role), path) for role, path in self.roles]
        return Reach(
            everywhere=any(cell == ALL for cell, _ in cells),
            paths=_widest(path for cell, path in cells if cell == TEAM),
            own=any(cell == OWN for cell, _ in cells),
        )

    def reach(self, act: str) -> Reach:
        """Raises KeyError for an act that the table does not know."""
        return self._reaches[act]

    def may(self, act: str, path: str | None = None, *, is_own: bool = False) -> bool:
        """Whether the act is allowed on a thing of this team path; without a path: anywhere at all."""
        reach = self.reach(act)
        return bool(reach) if path is None and not is_own else reach.covers(path, is_own=is_own)


def _widest(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths without those that lie below another of them."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(path.startswith(above) for above in kept):
            kept.append(path)
    return tuple(kept)


# --- API tokens -----------------------------------------------------------------------------------------------------------------

SCOPES = (
    "feedback:write",
    "feedback:read",
    "customers:read",
    "customers:erase",
    "cases:read",
    "cases:write",
    "improvements:write",
    "figures:read",
    "surveys:write",
    "admin",
)
DEFAULT_SCOPES = tuple(scope for scope in SCOPES if scope not in ("admin", "customers:erase"))
_SCOPE_OF_ACT = {
    "items.with_customer": "customers:read",
    "items.masked": "feedback:read",
    "items.write": "feedback:write",
    "cases.read": "cases:read",
    "cases.act": "cases:write",
    "cases.take": "cases:write",
    "themes.read": "feedback:read",
    "themes.propose": "improvements:write",
    "themes.decide": "improvements:write",
    "improvements.read": "feedback:read",
    "improvements.propose": "improvements:write",
    "improvements.own": "improvements:write",
    "improvements.decide": "improvements:write",
    "improvements.tell": "improvements:write",
    "improvements.money": "improvements:write",
    "improvements.measure": "improvements:write",
    "figures.read": "figures:read",
    "settings.work": "surveys:write",
    "settings.people": "admin",
    "members.away": "admin",
    "customers.erase": "customers:erase",
}
_IMPLIED_BY = {"improvements.read": "improvements:write"}  # who makes one is told what came of it


@dataclass(frozen=True)
class TokenGrants:
    """What a token with these scopes may do: everywhere, or under its team's path."""

    scopes: frozenset[str]
    path: str = ""

    def reach(self, act: str) -> Reach:
        if not {_SCOPE_OF_ACT[act], _IMPLIED_BY.get(act), "admin"} & self.scopes:
            return Reach()
        return Reach(paths=(self.path,)) if self.path else Reach(everywhere=True)

    def may(self, act: str, path: str | None = None, *, is_own: bool = False) -> bool:
        reach = self.reach(act)
        return bool(reach) if path is None else reach.covers(path)
