"""Who calls the API: a bearer token of one organisation, with scopes."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from luuppi.errors import NotAllowed
from luuppi.people.models import ApiToken, Member
from luuppi.people.models.tokens import hash_of


class TokenAuth(HttpBearer):
    openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = find_token(token)
        if found is not None:
            request.organisation = found.organisation
        return found


def find_token(secret: str) -> ApiToken | None:
    """The token of this secret; looked up by its hash, so nothing about the secret can be learnt from the time it takes."""
    token = ApiToken.objects.select_related("organisation", "team").filter(secret_hash=hash_of(secret), revoked_at=None).first()
    if token is not None and token.last_used_on != (today := timezone.localdate(timezone=token.organisation.zone)):
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token


class ScopeMissing(NotAllowed):
    code = "scope-missing"
    sentence = "This token lacks the scope %(scope)s. Make one that has it, or ask an administrator."


def require(token: ApiToken, scope: str) -> ApiToken:
    """Raises ScopeMissing. Every operation begins with it."""
    if scope not in token.scopes and "admin" not in token.scopes:
        raise ScopeMissing(scope=scope)
    return token


class UnknownColleague(NotAllowed):
    status, code = 422, "unknown-member"
    sentence = "There is no member %(email)s in this organisation. Give the address of a member."


def acting_as(token: ApiToken, email: str | None) -> ApiToken | Member:
    """Who an act is done by: the member named with "as", else the token itself. Raises UnknownColleague."""
    if not email:
        return token
    known = Member.objects.visible_to(token).select_related("user").filter(user__email=email.strip().lower())
    member = known.first() if email.isprintable() else None  # PostgreSQL would not take it
    if member is None:
        raise UnknownColleague(email=email)
    member.organisation = token.organisation
    return member
