"""What a decision about the codebook changed, kept for a day so that it can be taken back."""

from django.db import models

from luuppi.meaning.models.codebook import ThemeQuerySet


class ThemeChange(models.Model):
    ACCEPTED, DISMISSED, MERGED = "accepted", "dismissed", "merged"

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="+")
    act = models.CharField(max_length=10)
    proposal = models.ForeignKey("meaning.ThemeProposal", models.CASCADE, null=True, related_name="+")  # accepted or dismissed
    theme = models.ForeignKey("meaning.Theme", models.CASCADE, null=True, related_name="+")  # that took the proposal in, or that was merged away
    before = models.JSONField(default=dict)  # as luuppi.meaning.undoing reads it
    by = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        db_table = "meaning_themechange"

    def __str__(self) -> str:
        return f"{self.act} {self.proposal_id or self.theme_id}"
