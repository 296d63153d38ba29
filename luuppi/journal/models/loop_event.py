"""The append-only journal: one row for each thing that happened. No personal text in it, so erasing a person does not touch it."""

from django.db import models

from luuppi.running.ids import new_id


class LoopEvent(models.Model):
    id = models.BigIntegerField(primary_key=True, default=new_id)
    organisation = models.ForeignKey("people.Organisation", models.DO_NOTHING, related_name="+", db_index=False)
    item = models.BigIntegerField(null=True)
    case = models.BigIntegerField(null=True)
    improvement = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)  # member:7 · token:3 · customer · system
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "journal_loopevent"
        indexes = [
            models.Index(fields=["item", "id"], name="event_of_item"),
            models.Index(fields=["case", "id"], name="event_of_case", condition=models.Q(case__isnull=False)),
            models.Index(fields=["improvement", "id"], name="event_of_improvement", condition=models.Q(improvement__isnull=False)),
            models.Index(fields=["organisation", "id"], name="event_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class JournalUnlock(models.Model):
    """While a row stands here in the same transaction, the triggers let rows of the journal be deleted: erasure of a whole
    organisation, reset between tests."""

    reason = models.CharField(max_length=80)

    class Meta:
        db_table = "journal_unlock"

    def __str__(self) -> str:
        return self.reason
