"""A root cause: why something is as it is, for problems and for strengths, with the very items that show it."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class RootCauseQuerySet(models.QuerySet):
    def visible_to(self, who) -> "RootCauseQuerySet":
        """Causes are the organisation's common knowledge; the items behind one are reached through their own `visible_to`."""
        return self.filter(organisation=who.organisation) if who.grants.reach("themes.read") else self.none()


@dataclass(frozen=True, slots=True)
class Said:
    """A cause's words for one reader. `…_lang`: the language they stand in, "" where it is the reader's own."""

    title: str
    title_lang: str
    whys: list[str]
    whys_lang: str


class RootCause(models.Model):
    """`titles` and `whys` hold them by language: {"fi": …}; what a language lacks is shown as it was written first, in `language`."""

    PROBLEM, STRENGTH = "problem", "strength"
    POLARITIES = [(PROBLEM, _("Problem")), (STRENGTH, _("Strength"))]

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="root_causes")
    language = models.CharField(max_length=2)
    titles = models.JSONField(default=dict)
    polarity = models.CharField(max_length=8, choices=POLARITIES, default=PROBLEM)
    whys = models.JSONField(default=dict)  # lists of sentences, each the answer to "why" of the one before
    themes = models.ManyToManyField("meaning.Theme", related_name="root_causes", blank=True)
    by = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    objects = RootCauseQuerySet.as_manager()

    class Meta:
        db_table = "outer_rootcause"
        indexes = [models.Index(fields=["organisation", "-id"], name="rootcause_of_organisation")]

    def __str__(self) -> str:
        return self.said.title

    @property
    def said(self) -> Said:
        """In the language that is active where it was given, else as it was written first, else in any."""
        reader = (get_language() or "en")[:2]
        titled, reasoned = (next((one for one in (reader, self.language, *texts) if texts.get(one)), reader) for texts in (self.titles, self.whys))
        return Said(
            title=self.titles.get(titled, ""),
            title_lang="" if titled == reader else titled,
            whys=self.whys.get(reasoned, []),
            whys_lang="" if reasoned == reader else reasoned,
        )


class CauseEvidence(models.Model):
    """One item that shows the cause."""

    cause = models.ForeignKey(RootCause, models.CASCADE, related_name="evidence", db_index=False)
    item = models.ForeignKey("capture.FeedbackItem", models.CASCADE, related_name="+")

    class Meta:
        db_table = "outer_causeevidence"
        constraints = [models.UniqueConstraint(fields=["cause", "item"], name="evidence_once")]

    def __str__(self) -> str:
        return f"{self.item_id} shows {self.cause_id}"
