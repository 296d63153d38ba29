"""The organisation's own rules: which feedback opens a case, whose it is and by when it is answered."""

from django.db import models
from django.utils.translation import gettext, gettext_noop

from luuppi.inner_loop.rules.matching import Conditions, RuleValue

BUILT_IN_NAMES = {
    # the rules that a new organisation starts with, by key
    "contact": gettext_noop("Wants to be contacted"),
    "complaint": gettext_noop("Complaints"),
    "detractor": gettext_noop("Bad scores"),
    "question": gettext_noop("Questions"),
}


class RuleQuerySet(models.QuerySet):
    def visible_to(self, who) -> "RuleQuerySet":
        if not who.grants.reach("settings.work"):
            return self.none()
        return self.filter(organisation_id=who.organisation_id)

    def in_order(self) -> "RuleQuerySet":
        return self.order_by("position", "id")


class Rule(models.Model):
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="rules")
    key = models.CharField(max_length=20, blank=True)  # of a rule that every organisation starts with
    name = models.CharField(max_length=120, blank=True)
    position = models.PositiveIntegerField(default=100)  # the first that fits decides
    is_on = models.BooleanField(default=True)
    conditions = models.JSONField(default=dict)
    opens_case = models.BooleanField(default=True)  # False: what fits needs no case
    team = models.ForeignKey("people.Team", models.SET_NULL, null=True, blank=True, related_name="+")
    owner = models.ForeignKey("people.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(default=0)
    promise_hours = models.PositiveIntegerField(null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        db_table = "inner_loop_rule"
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="built_in_rule_once", condition=~models.Q(key=""))]

    def __str__(self) -> str:
        return self.name or gettext(BUILT_IN_NAMES.get(self.key, ""))

    def as_value(self) -> RuleValue:
        """The rule as the pure part of routing reads it."""
        return RuleValue(
            id=self.pk, conditions=Conditions.from_json(self.conditions), opens_case=self.opens_case, team=self.team_id, owner=self.owner_id,
            priority=self.priority, promise_hours=self.promise_hours,
        )  # fmt: skip
