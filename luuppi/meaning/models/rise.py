"""What is said more often than before, as the last night's look found it; each look replaces the one before."""

from urllib.parse import urlencode

from django.db import models
from django.db.models import Q


class RiseQuerySet(models.QuerySet):
    def visible_to(self, who) -> "RiseQuerySet":
        """Rises are found over the words of all teams, so a token that is bound to one team sees none."""
        return self.filter(organisation=who.organisation) if who.grants.reach("themes.read") and not who.root_path else self.none()

    def in_use(self) -> "RiseQuerySet":
        """Without those of themes that were merged or retired since."""
        return self.filter(Q(theme=None) | Q(theme__merged_into=None, theme__retired_at=None))


class Rise(models.Model):
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="rises")
    language = models.CharField(max_length=8)
    week = models.DateField()  # the Monday of the week in which it was first seen
    theme = models.ForeignKey("meaning.Theme", models.CASCADE, null=True, related_name="rises")  # NULL: words that no theme explains
    words = models.JSONField(default=list)  # at most five, the clearest first
    times = models.FloatField()  # its share of the texts over the share before
    n = models.PositiveIntegerField()  # texts of these weeks that hold it
    weeks = models.PositiveSmallIntegerField()  # looked at together, 1 or 4; `week` is the last of them
    examples = models.JSONField(default=list)  # item ids, the newest first
    found_at = models.DateTimeField()

    objects = RiseQuerySet.as_manager()

    class Meta:
        db_table = "meaning_rise"

    def __str__(self) -> str:
        return " ".join(self.words) or str(self.theme_id)

    @property
    def said(self) -> str:
        return ", ".join(self.words)

    @property
    def found_by(self) -> str:
        """The filter of the stream that lists it."""
        return "?" + urlencode({"theme": self.theme.key} if self.theme else {"q": self.words[0] if self.words else ""})
