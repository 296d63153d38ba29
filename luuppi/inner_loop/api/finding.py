"""Whom the body of a request names: a member by address, a team by key, as far as the token sees."""

from luuppi.inner_loop.refusals import UnknownMember, UnknownTeam
from luuppi.people.models import ApiToken, Member, Team


def find_member(token: ApiToken, email: str) -> Member:
    """Raises UnknownMember."""
    found = Member.objects.visible_to(token).select_related("user").filter(user__email=email.lower()).first()
    if found is None:
        raise UnknownMember(email=email)
    return found


def find_team(token: ApiToken, key: str) -> Team:
    """Raises UnknownTeam."""
    found = Team.objects.visible_to(token).filter(key=key).first()
    if found is None:
        raise UnknownTeam(team=key)
    return found
