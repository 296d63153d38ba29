"""Files that were imported, and the saved mappings by which their columns became fields."""

from django.db import models


class ImportQuerySet(models.QuerySet):
    def visible_to(self, who) -> "ImportQuerySet":
        if not who.grants.reach("settings.work"):
            return self.none()
        return self.filter(organisation=who.organisation)


class Mapping(models.Model):
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="mappings")
    name = models.CharField(max_length=80)
    definition = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = ImportQuerySet.as_manager()

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
    state = models.CharField(max_length=10, default="previewed")  # previewed · waiting · running · done · failed · cancelled · undone
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

    objects = ImportQuerySet.as_manager()

    class Meta:
        db_table = "capture_import"

    def __str__(self) -> str:
        return self.file_name
