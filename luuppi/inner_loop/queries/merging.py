"""The first cases that somebody may see, in the order of the queues, quickly also where the reach is a part of the tree.

"Of these teams or one's own", in one condition, fits no index: the databases read the whole queue of the organisation and sort it. So each
team's first cases are looked up by that team's index, and one's own by the owner's, and these few are merged, all in one query.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from luuppi.inner_loop.models import Case
from luuppi.people.models import Team

MOST_SHARES = 40  # of more teams one look-up each costs more than a walk through the queue of all, of which they are a good part then


def first_ids(cases: QuerySet, who: Any, *, limit: int, latest_first: bool = False, of_touchpoint: bool = False, own: bool = False) -> list[int]:
    """The ids of the first `limit` of these cases that `who` may see: exactly those of `visible_to`, by (`queue_at`, id).

    cases: of one state, not ordered. of_touchpoint: they are those of one touchpoint, whose index goes by team, also for who sees all.
    own: they are this member's own, which have an index of their own.
    """
    order = ("-queue_at", "-id") if latest_first else ("queue_at", "id")
    shares = [share.order_by(*order).values("pk")[:limit] for share in _shares(cases, who, of_touchpoint, own)]
    if len(shares) == 1:
        return list(shares[0].values_list("pk", flat=True))
    # Ordered and cut parts cannot stand in a UNION of SQLite, but within IN they can, on both databases.
    first, *further = [Case.objects.filter(pk__in=share).values_list("pk", "queue_at") for share in shares]
    return [pk for pk, _at in first.union(*further).order_by(*order)[:limit]]


def _shares(cases: QuerySet, who: Any, of_touchpoint: bool, own: bool) -> list[QuerySet]:
    reach = who.grants.reach("cases.read")
    cases = cases.filter(organisation_id=who.organisation_id)
    if not reach:
        return [cases.none()]
    sees_all = reach.everywhere or any(path.count(".") == 1 for path in reach.paths)  # the path of the root has one part
    if own or (sees_all and not of_touchpoint):
        return [cases]
    teams = Team.objects.filter(Exists(cases.filter(team=OuterRef("pk"))), organisation_id=who.organisation_id)
    if not sees_all:
        teams = teams.filter(reduce(or_, [Q(path__startswith=path) for path in reach.paths], Q(pk__in=[])))
    found = list(teams.values_list("pk", flat=True))
    others = [Q(owner_id=who.pk)] if who.actor.startswith("member:") and not sees_all else []
    if len(found) > MOST_SHARES:
        return [cases.filter(reduce(or_, others, Q(team__in=found)))]
    return [cases.filter(allowed) for allowed in [*(Q(team=team) for team in found), *others]] or [cases.none()]
