"""An organisation and its teams. Every row of Luuppi hangs on an organisation; most hang on a team as well."""

from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

SLUG = RegexValidator(r"^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$", _("Use 3–50 lowercase letters, digits and hyphens, for example lumi-verkkokauppa."))


class Organisation(models.Model):
    slug = models.CharField(max_length=50, unique=True, validators=[SLUG])
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="Europe/Helsinki")
    language = models.CharField(max_length=8, default="fi")
    colour = models.CharField(max_length=7, default="#0f5063")
    contact_email = models.EmailField(blank=True)
    black_hole_days = models.PositiveSmallIntegerField(default=14)
    answer_promise_days = models.PositiveSmallIntegerField(default=2)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "people_organisation"

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def root_team(self) -> "Team":
        return self.teams.get(parent=None)


class TeamQuerySet(models.QuerySet):
    def visible_to(self, who) -> "TeamQuerySet":
        """Everybody of the organisation sees its tree; a token bound to a team sees that branch."""
        return self.filter(organisation=who.organisation, path__startswith=who.root_path)

    def below(self, path: str) -> "TeamQuerySet":
        """The team with this path and all under it."""
        return self.filter(path__startswith=path)


class Team(models.Model):
    """A team in the tree. `path` is materialised ("0001.0004."), so that "my team and below" is one prefix condition."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="teams")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    key = models.CharField(max_length=50)
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=200)

    objects = TeamQuerySet.as_manager()

    class Meta:
        db_table = "people_team"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="team_key_once"),
            models.UniqueConstraint(fields=["organisation", "path"], name="team_path_once"),
            models.UniqueConstraint(fields=["organisation"], condition=models.Q(parent=None), name="one_root_team"),
        ]

    def __str__(self) -> str:
        return self.name
