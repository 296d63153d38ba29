"""What the customer says about how it went: was it handled, how easy, the new score, will you stay. Once for each closing."""

from django.db import models

from luuppi.inner_loop.models.case import Case


class ConfirmationQuerySet(models.QuerySet):
    def visible_to(self, who) -> "ConfirmationQuerySet":
        return self.filter(case__in=Case.objects.visible_to(who))


class Confirmation(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="confirmations", db_index=False)
    closing = models.PositiveSmallIntegerField()  # which closing it is about; 0 before the first
    item = models.ForeignKey("capture.FeedbackItem", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=64, blank=True)  # of the form: a double click is one
    solved = models.BooleanField()
    at = models.DateTimeField()
    ces = models.SmallIntegerField(null=True)
    new_nps = models.SmallIntegerField(null=True)
    will_stay = models.BooleanField(null=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        db_table = "inner_loop_confirmation"
        constraints = [models.UniqueConstraint(fields=["case", "closing"], name="one_confirmation_a_closing")]

    def __str__(self) -> str:
        return f"{'solved' if self.solved else 'not solved'}: {self.case_id}"
