"""Where an item belongs: touchpoints and teams by key, remembered for moments, since intake asks the same of every item.

What is remembered lives with the organisation's object (and the object at most two seconds), never across a larger transaction: there
its own changes must be seen.
"""

import time

from django.db import connection

from luuppi.capture.models import Touchpoint
from luuppi.people.models import Organisation, Team

_SECONDS = 2.0
_MOST = 1_000


def root_team(organisation: Organisation) -> int:
    if (known := organisation.__dict__.get("_root_team_id")) is None:
        known = organisation.__dict__["_root_team_id"] = Team.objects.values_list("pk", flat=True).get(organisation=organisation, parent=None)
    return known


def touchpoints(organisation: Organisation, keys: set[str]) -> dict[str, tuple[int, int]]:
    """Touchpoint key → (its id, its team's id), of those that exist."""
    if not keys:
        return {}
    if connection.in_atomic_block and connection.savepoint_ids:  # within somebody's larger transaction
        return _read(organisation, keys)
    at, known = organisation.__dict__.get("_touchpoints", (0.0, {}))
    if time.monotonic() - at > _SECONDS or len(known) > _MOST:
        at, known = organisation.__dict__["_touchpoints"] = (time.monotonic(), {})
    if missing := keys - known.keys():
        known.update(_read(organisation, missing))
    return {key: known[key] for key in keys if key in known}


def touchpoints_made(organisation: Organisation, keys: set[str]) -> dict[str, tuple[int, int]]:
    """As `touchpoints`; one not known yet is made unconfirmed in the root team."""
    found = touchpoints(organisation, keys)
    if missing := keys - found.keys():
        root = root_team(organisation)
        Touchpoint.objects.bulk_create(
            [Touchpoint(organisation=organisation, team_id=root, key=key, confirmed=False) for key in sorted(missing)],
            ignore_conflicts=True,
        )
        found |= _read(organisation, missing)
    return found


def _read(organisation: Organisation, keys: set[str]) -> dict[str, tuple[int, int]]:
    rows = Touchpoint.objects.filter(organisation=organisation, key__in=keys).values_list("key", "pk", "team_id")
    return {key: (pk, team) for key, pk, team in rows}
