"""A reading of what an improvement did: one until the agreed day, which says too early, and the final one."""

from django.db import models


class EffectReading(models.Model):
    """Figures are NPS points: the change of the gap between the touchpoint and the untouched ones. `series` is what the chart shows."""

    improvement = models.ForeignKey("outer_loop.Improvement", models.CASCADE, related_name="readings")
    read_at = models.DateTimeField()
    is_final = models.BooleanField(default=False)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=20, blank=True)  # better · worse · no_visible_effect · too_early · "" none can be given
    smallest_visible = models.FloatField(null=True)
    why_silent = models.CharField(max_length=30, blank=True)
    controls = models.JSONField(default=list)  # keys of the untouched touchpoints it was compared with
    # [{"week", "treated", "control"}] in blocks of four weeks, oldest first; a side is None or value, low, high, n.
    series = models.JSONField(default=list)

    class Meta:
        db_table = "outer_effectreading"
        constraints = [models.UniqueConstraint(fields=["improvement", "is_final"], name="one_final_reading_one_before")]

    def __str__(self) -> str:
        return f"{self.verdict or self.why_silent} of {self.improvement_id}"
