"""Who has not heard from us: the items in the black hole, oldest first, each with the one next step that gets it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luuppi.api.lists import make_cursor, read_cursor
from luuppi.capture.models import FeedbackItem, Touchpoint
from luuppi.capture.queries.stream import Filters, hole_ends_at
from luuppi.inner_loop.models import Case, CaseItem
from luuppi.journal.models import Progress
from luuppi.journey.queries.rows import Row, row_of
from luuppi.people.models import Team

_MOST_LISTED = 2_000


@dataclass(frozen=True)
class InTheHole:
    """A row with its way out."""

    row: Row
    age_days: int
    why: str
    next_step: str
    next_url: str

    def __getattr__(self, name: str):
        return getattr(self.row, name)

    @property
    def age_words(self) -> str:
        return ngettext("%(n)s day", "%(n)s days", self.age_days) % {"n": self.age_days}


def read_hole(
    who, filters: Filters, *, at: datetime, below: Sequence[str] = (), cursor: str | None, limit: int
) -> tuple[list[FeedbackItem], str | None]:
    """One page of the hole, oldest first, and the cursor of the next (None on the last).

    N days old, nobody answered or told, not imported, held or withdrawn: `Progress.unheard` holds all but the age, and ids rise with
    receipt, so the age is a bound on ids. The ids come from the index of unheard items alone, then what a row shows for these few.
    filters: touchpoint, team and kind. below: team paths to narrow to; none: everybody's. Raises BadCursor.
    """
    unheard = Progress.objects.filter(unheard=True, item__lt=hole_ends_at(who.organisation, at))
    ways: list[QuerySet] = []
    for paths in filter(None, (below, _path_of(filters.team, who), [who.root_path] if who.root_path else [])):
        teams = _teams_below(paths, who)
        unheard = unheard.filter(team__in=teams)
        ways.append(FeedbackItem.objects.filter(team__in=teams))
    if filters.touchpoint:
        touchpoints = list(Touchpoint.objects.visible_to(who).filter(key=filters.touchpoint).values_list("pk", flat=True))
        unheard = unheard.filter(touchpoint__in=touchpoints)
        ways.append(FeedbackItem.objects.filter(organisation=who.organisation, touchpoint__in=touchpoints))
    # Where a team or touchpoint has few items, the unheard ones are found from these: a walk through the hole of all finds them late or never.
    few = next((found for way in ways if (found := _few(way)) is not None), None)
    unheard = unheard.filter(organisation=who.organisation) if few is None else unheard.filter(item__in=few)
    if filters.kind:
        unheard = unheard.filter(kind=filters.kind)
    if cursor:
        unheard = unheard.filter(item__gt=read_cursor(cursor))
    ids = list(unheard.order_by("item").values_list("item", flat=True)[: limit + 1])
    shown = (
        FeedbackItem.objects.visible_to(who)
        .select_related("touchpoint", "team", "customer", "progress", "reading")
        .prefetch_related("codings__theme")
    )
    return list(shown.filter(pk__in=ids[:limit]).order_by("pk")), make_cursor(ids[limit - 1]) if len(ids) > limit else None


def _few(items: QuerySet) -> list[int] | None:
    found = list(items.order_by().values_list("pk", flat=True)[: _MOST_LISTED + 1])
    return None if len(found) > _MOST_LISTED else found


def _path_of(key: str | None, who) -> list[str]:
    """The path of the team with this key; of an unknown one a path that nothing lies below."""
    return (list(Team.objects.filter(organisation=who.organisation, key=key).values_list("path", flat=True)) or ["none."]) if key else []


def _teams_below(paths: Sequence[str], who) -> list[int]:
    teams = Team.objects.filter(reduce(or_, (Q(path__startswith=path) for path in paths)), organisation=who.organisation)
    return list(teams.values_list("pk", flat=True))


def ways_out(items: list[FeedbackItem], who, *, at: datetime) -> list[InTheHole]:
    slug = who.organisation.slug
    links = CaseItem.objects.filter(item__in=[item.pk for item in items]).order_by("in_open_case", "case_id").select_related("case__team")
    cases = {link.item_id: link.case for link in links}
    found = []
    for item in items:
        page = reverse("feedback_item", args=[slug, item.pk])
        case = cases.get(item.pk)
        row = row_of(item, who, url=page)
        if row.masked:
            why, step, url = _("belongs to another team"), _("Look at it"), page
        else:
            why, step, url = _way(item, case if case and case.is_visible_to(who) else None, has_case=case is not None, page=page, slug=slug)
        found.append(InTheHole(row, (at - item.received_at).days, why, step, url))
    return found


def _way(item: FeedbackItem, case: Case | None, *, has_case: bool, page: str, slug: str) -> tuple[str, str, str]:
    """Why it is still in the hole, the step that gets it out, and where that step is taken."""
    if case is not None:
        url = reverse("case", args=[slug, case.number])
        if case.owner_id is None:
            return _("in the team's queue, nobody has it"), _("Take it"), url
        if case.is_closed:
            return _("the case was closed without an answer that left"), _("Answer"), url
        return _("somebody has it, not answered yet"), _("Answer"), url
    if has_case:
        return _("a case of another team"), _("Look at it"), page
    if item.progress.used_at:
        return _("stands behind an improvement"), _("Tell what came of it"), page
    if item.kind == "praise":
        return _("praise that nobody has gone through"), _("Go through it"), page
    if item.wants_contact:
        return _("wished to be contacted"), _("Answer"), page
    return (_("gone through, not answered"), _("Answer"), page) if item.progress.read_at else (_("nobody has read it"), _("Read it"), page)
