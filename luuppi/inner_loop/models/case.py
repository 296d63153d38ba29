"""The case: the work of answering one customer about one matter. It holds items, messages, and one owner at a time."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

OPEN, WAITING, CLOSED = "open", "waiting", "closed"
STATES = {OPEN: pgettext_lazy("case", "Open"), WAITING: _("Waiting for the customer"), CLOSED: pgettext_lazy("case", "Closed")}
NORMAL, HIGH, URGENT = 0, 1, 2
PRIORITIES = {NORMAL: pgettext_lazy("priority", "Normal"), HIGH: pgettext_lazy("priority", "High"), URGENT: pgettext_lazy("priority", "Urgent")}
SOLVED, PARTLY, CANNOT_BE_CHANGED, NOT_OURS = "solved", "partly", "cannot_be_changed", "not_ours"
OUTCOMES = {
    SOLVED: pgettext_lazy("outcome", "Solved"),
    PARTLY: pgettext_lazy("outcome", "Solved in part"),
    CANNOT_BE_CHANGED: pgettext_lazy("outcome", "Cannot be changed"),
    NOT_OURS: pgettext_lazy("outcome", "Not ours to solve"),
}
NOT_TOLD_BECAUSE = {
    "anonymous": _("The customer cannot be reached"),
    "opted_out": _("The customer wants no messages"),
    "abusive": _("The message was abusive"),
}
ASKED, NOT_SOLVED = "asked", "not-solved"  # why those above look at a case: a colleague asks for help, or the customer says no
SILENCE_CLOSES_AFTER = timedelta(days=14)


class CaseQuerySet(models.QuerySet):
    def visible_to(self, who, *, act: str = "cases.read") -> "CaseQuerySet":
        """Cases of own team and below, and one's own wherever they lie; for a token its scope for the act and its team decide."""
        reach = who.grants.reach(act)
        cases = self.filter(organisation_id=who.organisation_id)
        if reach.everywhere:
            return cases
        allowed = Q(pk__in=[])
        for path in reach.paths:
            allowed |= Q(team__path__startswith=path)
        if reach and who.actor.startswith("member:"):
            allowed |= Q(owner_id=who.pk)
        return cases.filter(allowed)

    def not_closed(self) -> "CaseQuerySet":
        return self.filter(state__in=(OPEN, WAITING))

    def breaching(self, *, at: datetime) -> "CaseQuerySet":
        """Open cases whose promise to the customer has passed."""
        return self.filter(state=OPEN, queue_at__lte=at)

    def locked(self, pk: int) -> "Case":
        """The row of this case, held until the end of the transaction. Raises Case.DoesNotExist."""
        return self.select_for_update(of=("self",)).select_related("organisation", "team", "owner").get(pk=pk)


class Case(models.Model):
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="cases", db_index=False)
    number = models.PositiveIntegerField()
    team = models.ForeignKey("people.Team", models.PROTECT, related_name="cases", db_index=False)
    customer = models.ForeignKey("people.Customer", models.SET_NULL, null=True, related_name="cases", db_index=False)
    touchpoint = models.ForeignKey("capture.Touchpoint", models.PROTECT, null=True, related_name="+", db_index=False)
    lead_item = models.ForeignKey("capture.FeedbackItem", models.CASCADE, related_name="+", db_index=False)  # the one it was opened for
    owner = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="cases", db_index=False)
    first_owner = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+", db_index=False)
    rule = models.ForeignKey("inner_loop.Rule", models.SET_NULL, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=8, default=OPEN)
    priority = models.PositiveSmallIntegerField(default=NORMAL)
    wants_contact = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=40)
    promise_hours = models.PositiveIntegerField()  # of the first human answer, and of each later one
    answer_due_at = models.DateTimeField(null=True)  # NULL: the clock stands, because we have answered
    promised_on = models.DateField(null=True)  # a day that was promised to the customer ("it is with you on Friday")
    queue_at = models.DateTimeField()  # the order of lists: open by the next moment due, waiting by since when, closed by when
    first_answered_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey("people.Member", models.SET_NULL, null=True, related_name="+", db_index=False)
    escalated_because = models.CharField(max_length=12, blank=True, default="", db_default="")  # ASKED or NOT_SOLVED, read while escalated_at is set
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    not_told_because = models.CharField(max_length=12, blank=True)
    n_closings = models.PositiveSmallIntegerField(default=0)
    reopened_count = models.PositiveSmallIntegerField(default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        db_table = "inner_loop_case"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="case_number_once"),
            models.CheckConstraint(
                name="closed_case_has_outcome",
                condition=(Q(state=CLOSED) & Q(closed_at__isnull=False) & ~Q(outcome="")) | (~Q(state=CLOSED) & Q(closed_at=None) & Q(outcome="")),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "queue_at", "id"], name="case_queue"),
            models.Index(fields=["owner", "state", "queue_at", "id"], name="case_queue_of_owner"),
            models.Index(fields=["team", "state", "queue_at", "id"], name="case_queue_of_team"),
            models.Index(fields=["touchpoint", "team", "state", "queue_at", "id"], name="case_queue_of_touchpoint"),
            models.Index(fields=["organisation", "id"], name="case_escalated", condition=Q(escalated_at__isnull=False, closed_at=None)),
            models.Index(fields=["customer", "id"], name="case_of_customer", condition=Q(customer__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def is_visible_to(self, who) -> bool:
        """As `visible_to`, for a case that is here already with its team."""
        reach = who.grants.reach("cases.read")
        is_own = bool(reach) and who.actor.startswith("member:") and self.owner_id == who.pk
        return self.organisation_id == who.organisation_id and (is_own or reach.covers(self.team.path))

    @property
    def is_closed(self) -> bool:
        return self.state == CLOSED

    @property
    def due_at(self) -> datetime | None:
        """The next moment that we have promised; None while we wait for the customer or are done."""
        return self.queue_at if self.state == OPEN else None

    @property
    def promise(self) -> timedelta:
        return timedelta(hours=self.promise_hours)

    @property
    def outcome_words(self) -> str:
        return str(OUTCOMES.get(self.outcome, ""))

    @property
    def item_ids(self) -> list[int]:
        """Its items, the first one first."""
        return list(self.case_items.order_by("item_id").values_list("item_id", flat=True))


class CaseItem(models.Model):
    """One item of a case. An item can have been in several cases, one after the other, never in two open ones."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="case_items", db_index=False)
    item = models.ForeignKey("capture.FeedbackItem", models.CASCADE, related_name="case_items", db_index=False)
    in_open_case = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "inner_loop_caseitem"
        constraints = [
            models.UniqueConstraint(fields=["item", "case"], name="item_once_in_a_case"),
            models.UniqueConstraint(fields=["item"], name="item_in_one_open_case", condition=Q(in_open_case=True)),
        ]
        indexes = [models.Index(fields=["case", "item"], name="item_of_case")]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.case_id}"
