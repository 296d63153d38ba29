"""The codebook of an organisation: what its feedback is about. The software proposes, a person decides."""

from django.db import models

from luuppi.capture.models.touchpoint import named


class ThemeQuerySet(models.QuerySet):
    def visible_to(self, who) -> "ThemeQuerySet":
        return self.filter(organisation=who.organisation) if who.grants.reach("themes.read") else self.none()

    def in_use(self) -> "ThemeQuerySet":
        return self.filter(merged_into=None, retired_at=None)


class Theme(models.Model):
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="themes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    key = models.CharField(max_length=80)
    names = models.JSONField(default=dict)
    description = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        db_table = "meaning_theme"
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="theme_key_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return named(self.names, self.key)


class Coding(models.Model):
    """One theme of one item, found by the software or put by a person. A person's word wins and teaches."""

    item = models.ForeignKey("capture.FeedbackItem", models.CASCADE, related_name="codings", db_index=False)
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="+", db_index=False)
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="codings", db_index=False)
    touchpoint = models.BigIntegerField(null=True)
    polarity = models.SmallIntegerField(default=0)  # −1 · 0 · 1
    confidence = models.FloatField(default=1.0)
    answers = models.JSONField(default=list)  # the questions in whose answers it is; [] when it is said of the whole item
    by = models.CharField(max_length=40, default="system")
    at = models.DateTimeField()

    class Meta:
        db_table = "meaning_coding"
        constraints = [models.UniqueConstraint(fields=["item", "theme"], name="theme_once_an_item")]
        indexes = [
            models.Index(fields=["theme", "item"], name="coding_of_theme"),
            models.Index(fields=["theme", "touchpoint", "item"], name="coding_of_theme_touchpoint"),
            models.Index(fields=["theme", "polarity", "by"], name="coding_counts"),  # the codebook's page counts from it alone
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} of {self.item_id}"

    @property
    def is_by_person(self) -> bool:
        return self.by != "system"


class Codebook(models.Model):
    """What was learnt from coded items, for one language; the newest row is in use."""

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="codebooks")
    language = models.CharField(max_length=8)
    learnt_at = models.DateTimeField()
    n_examples = models.PositiveIntegerField()
    quality = models.JSONField(default=dict)  # cross-validated figures, with n
    model = models.BinaryField()

    class Meta:
        db_table = "meaning_codebook"
        indexes = [models.Index(fields=["organisation", "language", "-learnt_at"], name="newest_codebook")]

    def __str__(self) -> str:
        return f"{self.language} of {self.learnt_at:%Y-%m-%d}"


class ThemeProposal(models.Model):
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="theme_proposals")
    language = models.CharField(max_length=8)
    label = models.CharField(max_length=120)
    words = models.JSONField(default=list)
    examples = models.JSONField(default=list)  # item ids, the most typical first
    items = models.JSONField(default=list)  # item ids, at most 2 000
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="open")  # open · accepted · dismissed · aside (a part of a theme that is out of use)
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, blank=True)
    inside = models.ForeignKey(Theme, models.CASCADE, null=True, blank=True, related_name="parts_proposed")  # the theme that it would be split from
    made_at = models.DateTimeField()

    objects = ThemeQuerySet.as_manager()

    class Meta:
        db_table = "meaning_themeproposal"

    def __str__(self) -> str:
        return self.label
