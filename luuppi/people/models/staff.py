"""Users sign in; members are what they are in one organisation; roles say what a member does in a team and below."""

from datetime import datetime
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luuppi.people.models.organisation import Organisation, Team
from luuppi.people.rules.permissions import ROLES, Grants


class UserManager(BaseUserManager):
    def create_user(self, email: str, name: str = "", password: str | None = None) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password) if password else user.set_unusable_password()
        user.save()
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    single_keys = models.BooleanField(default=True)  # WCAG 2.1.4: single-key shortcuts can be switched off
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
        db_table = "people_user"

    def __str__(self) -> str:
        return self.name or self.email

    # Django's permission doors: nobody has any. What a person may do stands in people/rules/permissions.py.
    is_staff = is_superuser = False

    def has_perm(self, perm, obj=None) -> bool:
        return False

    def has_perms(self, perms, obj=None) -> bool:
        return False

    def has_module_perms(self, app_label) -> bool:
        return False


class MemberQuerySet(models.QuerySet):
    def visible_to(self, who) -> "MemberQuerySet":
        """Colleagues know each other: names of all active members of the organisation."""
        return self.filter(organisation=who.organisation, is_active=True)

    def absences_set_by(self, who) -> "MemberQuerySet":
        """Those whose absence `who` may set: of own teams and below, and oneself."""
        reach = who.grants.reach("members.away")
        below = Q(pk=who.pk) if reach.own or reach.paths else Q(pk__in=())
        for path in reach.paths:
            below |= Q(roles__team__path__startswith=path)
        here = self.visible_to(who)
        return here if reach.everywhere else here.filter(below).distinct()


class Member(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    name = models.CharField(max_length=120)
    shows_name = models.BooleanField(default=False)  # customers see the role, and the name only when the person allows
    is_active = models.BooleanField(default=True)
    away_until = models.DateField(null=True)  # the last day of an absence, in the organisation's zone
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        db_table = "people_member"
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_each")]

    def __str__(self) -> str:
        return self.name

    @property
    def email(self) -> str:
        return self.user.email

    def is_away(self, *, at: datetime) -> bool:
        return self.away_until is not None and at.astimezone(self.organisation.zone).date() <= self.away_until

    @property
    def actor(self) -> str:
        """How the journal names this member."""
        return f"member:{self.pk}"

    @cached_property
    def _roles(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.roles.values_list("role", "team__path").order_by("team__path", "role"))

    @property
    def role_names(self) -> set[str]:
        return {role for role, _path in self._roles}

    @cached_property
    def grants(self) -> Grants:
        return Grants(roles=self._roles)

    root_path = ""  # a member sees the whole tree of the organisation


class MemberRole(models.Model):
    member = models.ForeignKey(Member, models.CASCADE, related_name="roles")
    team = models.ForeignKey(Team, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=16, choices=[(role, _(role)) for role in ROLES])

    class Meta:
        db_table = "people_memberrole"
        constraints = [models.UniqueConstraint(fields=["member", "team", "role"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.member}: {self.role}"
