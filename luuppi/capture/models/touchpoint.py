"""Where in the customer's path something happened. A touchpoint belongs to a team; one that an import or the API names first is
made unconfirmed, in the root team, and listed for a person to confirm."""

from django.db import models
from django.utils.translation import get_language


class TouchpointQuerySet(models.QuerySet):
    def visible_to(self, who) -> "TouchpointQuerySet":
        return self.filter(organisation=who.organisation, team__path__startswith=who.root_path)


class Touchpoint(models.Model):
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="touchpoints")
    team = models.ForeignKey("people.Team", models.PROTECT, related_name="touchpoints")
    key = models.CharField(max_length=100)
    names = models.JSONField(default=dict, blank=True)  # {"fi": "Toimitus", "en": "Delivery"}
    confirmed = models.BooleanField(default=True)

    objects = TouchpointQuerySet.as_manager()

    class Meta:
        db_table = "capture_touchpoint"
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="touchpoint_key_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its name in the reader's language, else in the organisation's first one, else its key."""
        return named(self.names, self.key)


def named(names: dict[str, str], otherwise: str) -> str:
    language = (get_language() or "en")[:2]
    return names.get(language) or names.get("en") or next(iter(names.values()), otherwise)
