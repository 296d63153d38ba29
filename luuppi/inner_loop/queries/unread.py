"""What nobody has gone through and no case has taken up: it waits for a pair of eyes. Today counts it, the stream lists it."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from luuppi.capture.models import FeedbackItem
from luuppi.inner_loop.models import CaseItem
from luuppi.journal.models import Progress
from luuppi.people.models import Team


def waiting_for_eyes(who: Any) -> QuerySet[Progress]:
    """Of the teams whose customers `who` sees. `unheard` leaves out what was imported, held or withdrawn; all of it is in one index."""
    reach = who.grants.reach("items.with_customer")
    waiting = Progress.objects.filter(organisation=who.organisation_id, unheard=True, read_at=None)
    if not reach.everywhere:
        allowed = reduce(or_, [Q(path__startswith=path) for path in reach.paths], Q(pk__in=[]))
        waiting = waiting.filter(team__in=list(Team.objects.filter(allowed, organisation=who.organisation_id).values_list("pk", flat=True)))
    return waiting.filter(~Exists(CaseItem.objects.filter(item=OuterRef("item"), in_open_case=True)))


def only_unread(rows: QuerySet[FeedbackItem], who: Any) -> QuerySet[FeedbackItem]:
    """The stream's filter `unread=yes`."""
    return rows.filter(pk__in=waiting_for_eyes(who).values("item"))
