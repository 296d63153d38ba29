"""Who has not heard from us: the items in the black hole, oldest first, each with the one next step that gets it out (J3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luuppi.capture.models import FeedbackItem
from luuppi.capture.queries.stream import Filters, narrow
from luuppi.inner_loop.models import Case, CaseItem
from luuppi.journey.queries.rows import Row, row_of
from luuppi.running.ids import first_id_at


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


def items_in_the_hole(who, filters: Filters, *, at: datetime, below: Sequence[str] = ()) -> QuerySet[FeedbackItem]:
    """N days old, nobody answered or told, not imported, held or withdrawn: `Progress.unheard` holds all but the age. Ids rise with
    receipt, so the age is a bound on ids and the list one look-up in the index of unheard items. below: team paths to narrow to; none: everybody's."""
    organisation = who.organisation
    before = first_id_at(at - timedelta(days=organisation.black_hole_days))
    rows = FeedbackItem.objects.visible_to(who).select_related("touchpoint", "team", "customer", "progress", "reading").prefetch_related("codings__theme")
    rows = rows.filter(progress__unheard=True, progress__organisation=organisation, progress__item__lt=before)
    if below:
        rows = rows.filter(reduce(or_, (Q(team__path__startswith=path) for path in below)))
    return narrow(rows, filters, organisation)


def ways_out(items: list[FeedbackItem], who, *, at: datetime) -> list[InTheHole]:
    slug = who.organisation.slug
    links = CaseItem.objects.filter(item__in=[item.pk for item in items]).order_by("in_open_case", "case_id").select_related("case")
    visible = set(Case.objects.visible_to(who).filter(pk__in=[link.case_id for link in links]).values_list("pk", flat=True))
    cases = {link.item_id: link.case for link in links}
    found = []
    for item in items:
        page = reverse("feedback_item", args=[slug, item.pk])
        case = cases.get(item.pk)
        row = row_of(item, who, url=page)
        if row.masked:
            why, step, url = _("belongs to another team"), _("Look at it"), page
        else:
            why, step, url = _way(item, case if case and case.pk in visible else None, has_case=case is not None, page=page, slug=slug)
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
