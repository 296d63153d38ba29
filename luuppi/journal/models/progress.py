"""One row an item: when it reached each step. Follows from the journal alone (`luuppi rebuild` makes it anew)."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from luuppi.journal.steps import DOTS, KEPT_STEPS, LoopLine, Step, loop_line


class Progress(models.Model):
    item = models.OneToOneField("capture.FeedbackItem", models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="progress")
    organisation = models.ForeignKey("people.Organisation", models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    team = models.ForeignKey("people.Team", models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    touchpoint = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=10)
    received_at = models.DateTimeField()
    imported = models.BooleanField(default=False)
    held = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    erased = models.BooleanField(default=False, db_default=False)
    acknowledged_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    unheard = models.BooleanField(default=False)  # nobody has answered or told the giver: in the black hole once it is N days old
    version = models.BigIntegerField(default=0)  # SQLite: one rising counter; PostgreSQL: the transaction that changed it

    class Meta:
        db_table = "journal_progress"
        indexes = [
            models.Index(fields=["version"], name="progress_version"),
            # With what the black hole and Today narrow by, so that a look for what is rare or not there reads this index alone.
            models.Index(
                fields=["organisation", "item", "team", "touchpoint", "kind", "read_at"], name="progress_hole", condition=Q(unheard=True)
            ),
            models.Index(fields=["organisation", "item"], name="progress_unread", condition=Q(read_at=None)),
            *[
                models.Index(fields=["organisation", "item"], name=f"progress_{step}", condition=Q(**{f"{step}_at__isnull": False}))
                for step in KEPT_STEPS
                if step is not Step.ACKNOWLEDGED
            ],
        ]

    def __str__(self) -> str:
        return f"progress of {self.item_id}"

    @property
    def times(self) -> dict[Step, datetime | None]:
        """When each of the five dots was reached, in their order."""
        return {step: getattr(self, f"{step}_at") for step in DOTS}

    @property
    def line(self) -> LoopLine:
        return loop_line(self.times)


def is_unheard(progress: Progress) -> bool:
    """Whether it lies in the black hole once it is old enough: not imported, held or withdrawn, neither answered nor told; praise is out
    once gone through. Nobody can tell an erased giver anything."""
    if progress.imported or progress.held or progress.withdrawn or progress.erased or progress.answered_at or progress.told_at:
        return False
    return not (progress.kind == "praise" and progress.read_at)


class VersionCounter(models.Model):
    """The rising counter behind `Progress.version` on SQLite: one row."""

    value = models.BigIntegerField(default=0)

    class Meta:
        db_table = "journal_versioncounter"

    def __str__(self) -> str:
        return str(self.value)
