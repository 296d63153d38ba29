"""Secrets that open a door: API tokens, invitations, one-time sign-in links. Only their SHA-256 is kept."""

import hashlib
import secrets
from functools import cached_property

from django.db import models

from luuppi.people.models.organisation import Organisation, Team
from luuppi.people.models.staff import Member, User
from luuppi.people.rules.permissions import TokenGrants


def new_secret(prefix: str) -> tuple[str, str]:
    """A secret of 160 random bits, and its hash to keep."""
    secret = f"{prefix}_{secrets.token_urlsafe(20)}"
    return secret, hash_of(secret)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiToken(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tokens")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "people_apitoken"

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        return f"token:{self.pk}"

    @cached_property
    def grants(self) -> TokenGrants:
        return TokenGrants(scopes=frozenset(self.scopes), path=self.root_path)

    @property
    def root_path(self) -> str:
        return self.team.path if self.team_id else ""


class Invitation(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    team = models.ForeignKey(Team, models.CASCADE)
    role = models.CharField(max_length=16)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "people_invitation"

    def __str__(self) -> str:
        return self.email


class SignInLink(models.Model):
    """A link that signs its user in once: printed by the program on the operator's own screen, never mailed."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    loopback_only = models.BooleanField(default=True)

    class Meta:
        db_table = "people_signinlink"

    def __str__(self) -> str:
        return f"{self.user_id}"
