"""Files that were imported, and the saved mappings by which their columns became fields."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from luuppi.running.models import Todo

ROOT_PATH = "0001."  # of every organisation's first team
PREVIEWED, TRYING, WAITING, RUNNING = "previewed", "trying", "waiting", "running"
DONE, FAILED, CANCELLED, UNDOING, UNDONE = "done", "failed", "cancelled", "undoing", "undone"
STOPPED = "stopped"  # shown, never kept: a run of the command line not heard of since its lease, or one of a page that was given up
UNDER_WAY = (TRYING, WAITING, RUNNING, UNDOING)
WORKS = {TRYING: "import.try", WAITING: "import.run", RUNNING: "import.run", UNDOING: "import.undo"}  # state → the kind of to-do that brings it on


class MappingQuerySet(models.QuerySet):
    def visible_to(self, who) -> "MappingQuerySet":
        """Mappings of the organisation, for who may work with its settings."""
        if not who.grants.reach("settings.work"):
            return self.none()
        return self.filter(organisation=who.organisation)


class ImportQuerySet(models.QuerySet):
    def visible_to(self, who) -> "ImportQuerySet":
        """All imports of the organisation; whoever reaches only some teams sees those they made themselves."""
        reach = who.grants.reach("settings.work")
        if not reach:
            return self.none()
        runs = self.filter(organisation=who.organisation)
        return runs if reach.covers(ROOT_PATH) else runs.filter(by=who.actor)


class Mapping(models.Model):
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="mappings")
    name = models.CharField(max_length=80)
    definition = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = MappingQuerySet.as_manager()

    class Meta:
        db_table = "capture_mapping"
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="mapping_name_once")]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One run of a file. Its items point here, so that the whole can be undone."""

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=200)
    stored_as = models.CharField(max_length=200, blank=True)  # the uploaded file below the home, until the run is over
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=PREVIEWED)
    by = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    n_rows = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    n_same = models.PositiveIntegerField(default=0)
    n_bad = models.PositiveIntegerField(default=0)
    bytes_done = models.BigIntegerField(default=0)
    bytes_total = models.BigIntegerField(default=0)
    problem = models.TextField(blank=True)
    found = models.JSONField(default=dict)  # what the file is, what was noted, what a dry run counted
    # How far the run is: {"made": drafts passed, "bad_bytes": end of the file of bad rows, "until": its lease}.
    checkpoint = models.JSONField(default=dict)
    wants_cancel = models.BooleanField(default=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        db_table = "capture_import"

    def __str__(self) -> str:
        return self.file_name

    @property
    def shown_state(self) -> str:
        """The state, or STOPPED: a run that was asked for on a page stops when its to-do was given up, one of the command line has none."""
        if self.state in WORKS and (todo := self.todo) is not None:
            return STOPPED if todo.parked_at else self.state
        if self.state != RUNNING or self.stored_as:
            return self.state
        until = parse_datetime(self.checkpoint.get("until", "")) or self.created_at + timedelta(hours=1)
        return STOPPED if until < timezone.now() else RUNNING

    @property
    def todo(self) -> Todo | None:
        """What is to do for it in the background; None when nothing is."""
        kind = WORKS.get(self.state)
        return Todo.objects.filter(kind=kind, key=str(self.pk)).first() if kind else None

    @property
    def is_under_way(self) -> bool:
        return self.shown_state in UNDER_WAY

    @property
    def share_done(self) -> float:
        """How far a run is, 0–1, by the bytes of the file."""
        return min(1.0, self.bytes_done / self.bytes_total) if self.bytes_total else 0.0
