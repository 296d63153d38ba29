"""What is still to do in the background, and what keeps the parts of an installation alive."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from luuppi.running.ids import new_id


class Todo(models.Model):
    id = models.BigIntegerField(primary_key=True, default=new_id)
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, null=True, db_constraint=False, db_index=False, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    payload = models.JSONField(default=dict)
    last_error = models.TextField(blank=True, default="")
    parked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "running_todo"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="todo_once")]
        indexes = [models.Index(fields=["due_at"], name="todo_due", condition=models.Q(parked_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Heartbeat(models.Model):
    """When a part of the process group was last heard of: what /readyz, `luuppi doctor` and the page of background work look at."""

    SILENT = timedelta(seconds=45)  # four beats missed

    part = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "running_heartbeat"

    def __str__(self) -> str:
        return self.part

    @property
    def is_alive(self) -> bool:
        return timezone.now() - self.at < self.SILENT
