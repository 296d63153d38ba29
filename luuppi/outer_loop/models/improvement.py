"""An improvement: a change to a product, service, process, skill or price, made because of feedback."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from luuppi.capture.models.touchpoint import named


class ImprovementQuerySet(models.QuerySet):
    def visible_to(self, who) -> "ImprovementQuerySet":
        """Everybody of the organisation reads them; a token bound to a team sees those of that branch."""
        if not who.grants.reach("improvements.read"):
            return self.none()
        return self.filter(organisation=who.organisation, team__path__startswith=who.root_path)


class Improvement(models.Model):
    """`titles`, `descriptions`, `decision_reasons` and `done_texts` hold one text per language: {"fi": …, "sv": …, "en": …}."""

    PROPOSED, ACCEPTED, DECLINED, UNDER_WAY, DONE = "proposed", "accepted", "declined", "under_way", "done"
    STATES = [(PROPOSED, _("Proposed")), (ACCEPTED, _("Accepted")), (UNDER_WAY, _("Under way")), (DONE, _("Done")), (DECLINED, _("Declined"))]
    TYPES = [("product", _("Product")), ("service", _("Service")), ("process", _("Process")), ("skill", _("Skill")), ("price", _("Price"))]

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="improvements")
    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    titles = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict, blank=True)
    type = models.CharField(max_length=8, choices=TYPES)
    state = models.CharField(max_length=9, choices=STATES, default=PROPOSED)
    touchpoint = models.ForeignKey("capture.Touchpoint", models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey("people.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    sponsor = models.ForeignKey("people.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    people_needed = models.CharField(max_length=200, blank=True)
    time_needed = models.CharField(max_length=200, blank=True)
    money_eur = models.PositiveIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)

    proposed_by = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reasons = models.JSONField(default=dict, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_texts = models.JSONField(default=dict, blank=True)
    # Fixed at the decision, so that nobody looks until it looks good; the day follows when the change is made.
    read_after_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    effect_reads_on = models.DateField(null=True, blank=True)
    measured_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    causes = models.ManyToManyField("outer_loop.RootCause", through="outer_loop.ImprovementCause", related_name="improvements")

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        db_table = "outer_improvement"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="improvement_number_once"),
            models.CheckConstraint(condition=models.Q(state="proposed") | models.Q(decided_at__isnull=False), name="decided_improvement_says_when"),
            models.CheckConstraint(condition=~models.Q(state="done") | models.Q(done_at__isnull=False), name="done_improvement_says_when"),
        ]
        indexes = [models.Index(fields=["organisation", "state", "-id"], name="improvement_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return named(self.titles, f"#{self.number}")

    @property
    def description(self) -> str:
        return named(self.descriptions, "")

    @property
    def decision_reason(self) -> str:
        return named(self.decision_reasons, "")

    @property
    def is_accepted(self) -> bool:
        return self.state in (self.ACCEPTED, self.UNDER_WAY, self.DONE)

    @property
    def is_settled(self) -> bool:
        return self.state in (self.DECLINED, self.DONE)


class ImprovementItem(models.Model):
    """One item because of which the improvement is made."""

    improvement = models.ForeignKey(Improvement, models.CASCADE, related_name="because_of", db_index=False)
    item = models.ForeignKey("capture.FeedbackItem", models.CASCADE, related_name="improvement_items")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "outer_improvementitem"
        constraints = [models.UniqueConstraint(fields=["improvement", "item"], name="behind_improvement_once")]

    def __str__(self) -> str:
        return f"{self.item_id} behind {self.improvement_id}"


class ImprovementCause(models.Model):
    improvement = models.ForeignKey(Improvement, models.CASCADE, related_name="cause_links", db_index=False)
    cause = models.ForeignKey("outer_loop.RootCause", models.CASCADE, related_name="improvement_links")

    class Meta:
        db_table = "outer_improvementcause"
        constraints = [models.UniqueConstraint(fields=["improvement", "cause"], name="cause_of_improvement_once")]

    def __str__(self) -> str:
        return f"{self.improvement_id} because of {self.cause_id}"
