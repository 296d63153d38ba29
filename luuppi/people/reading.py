"""Finding an organisation or a team by the name that a person typed."""

from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotFound
from luuppi.people.models import Organisation, Team


class NoSuchOrganisation(NotFound):
    code = "no-such-organisation"
    sentence = _("There is no organisation %(slug)s. Make it: luuppi organisation create %(slug)s --name …")


class NoSuchTeam(NotFound):
    code = "no-such-team"
    sentence = _("There is no team %(key)s in this organisation.")


def organisation_named(slug: str) -> Organisation:
    """Raises NoSuchOrganisation."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise NoSuchOrganisation(slug=slug)
    return found


def team_named(organisation: Organisation, key: str | None) -> Team:
    """The team of this key, the root team for None. Raises NoSuchTeam."""
    if not key:
        return organisation.root_team
    found = Team.objects.filter(organisation=organisation, key=key).first()
    if found is None:
        raise NoSuchTeam(key=key)
    return found
