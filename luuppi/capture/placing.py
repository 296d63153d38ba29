"""Touchpoints: naming them, giving them to a team, and confirming those that an import or a system named first."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from luuppi.capture.models import Touchpoint
from luuppi.errors import NotAllowed, NotValid
from luuppi.people.models import Team


class TouchpointTaken(NotValid):
    code = "touchpoint-taken"
    sentence = _("There is already a touchpoint %(key)s. Choose another short name.")


@transaction.atomic
def create_touchpoint(*, key: str, names: dict[str, str], team: Team, by: Any) -> Touchpoint:
    """A confirmed touchpoint of the team. Raises NotAllowed, TouchpointTaken."""
    _check(by, team)
    if Touchpoint.objects.filter(organisation=team.organisation_id, key=key).exists():
        raise TouchpointTaken(key=key)
    try:
        with transaction.atomic():
            return Touchpoint.objects.create(organisation_id=team.organisation_id, key=key, names=names, team=team)
    except IntegrityError:  # somebody else made it at the same moment
        raise TouchpointTaken(key=key) from None


@transaction.atomic
def change_touchpoint(touchpoint: Touchpoint, *, names: dict[str, str], team: Team, by: Any) -> Touchpoint:
    """Name it and give it to a team; it is confirmed thereby. Feedback that came before stays with its team. Raises NotAllowed."""
    touchpoint = Touchpoint.objects.select_for_update(of=("self",)).select_related("team").get(pk=touchpoint.pk)
    _check(by, touchpoint.team)
    _check(by, team)
    touchpoint.names, touchpoint.team, touchpoint.confirmed = names, team, True
    touchpoint.save(update_fields=["names", "team", "confirmed"])
    return touchpoint


def _check(by: Any, team: Team) -> None:
    if team.organisation_id != by.organisation_id or not by.grants.may("settings.work", team.path):
        raise NotAllowed()
