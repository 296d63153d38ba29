"""A root cause: why something is as it is, for problems and for strengths, with the very items that show it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RootCauseQuerySet(models.QuerySet):
    def visible_to(self, who) -> "RootCauseQuerySet":
        """Causes are the organisation's common knowledge; the items behind one are reached through their own `visible_to`."""
        return self.filter(organisation=who.organisation) if who.grants.reach("themes.read") else self.none()


class RootCause(models.Model):
    PROBLEM, STRENGTH = "problem", "strength"
    POLARITIES = [(PROBLEM, _("Problem")), (STRENGTH, _("Strength"))]

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="root_causes")
    title = models.CharField(max_length=200)
    polarity = models.CharField(max_length=8, choices=POLARITIES, default=PROBLEM)
    whys = models.JSONField(default=list)  # sentences, each the answer to "why" of the one before
    themes = models.ManyToManyField("meaning.Theme", related_name="root_causes", blank=True)
    by = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    objects = RootCauseQuerySet.as_manager()

    class Meta:
        db_table = "outer_rootcause"
        indexes = [models.Index(fields=["organisation", "-id"], name="rootcause_of_organisation")]

    def __str__(self) -> str:
        return self.title


class CauseEvidence(models.Model):
    """One item that shows the cause."""

    cause = models.ForeignKey(RootCause, models.CASCADE, related_name="evidence", db_index=False)
    item = models.ForeignKey("capture.FeedbackItem", models.CASCADE, related_name="+")

    class Meta:
        db_table = "outer_causeevidence"
        constraints = [models.UniqueConstraint(fields=["cause", "item"], name="evidence_once")]

    def __str__(self) -> str:
        return f"{self.item_id} shows {self.cause_id}"
