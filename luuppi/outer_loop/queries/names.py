"""Who did something, in words: the journal keeps `member:7`, people read a name."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from luuppi.people.models import ApiToken, Member


def names_of(actors: Iterable[str], organisation) -> dict[str, str]:
    """actor → name; in two queries however many there are."""
    by_kind: dict[str, set[int]] = {"member": set(), "token": set()}
    for actor in actors:
        kind, _colon, number = actor.partition(":")
        if kind in by_kind and number.isdigit():
            by_kind[kind].add(int(number))
    found = (
        {f"member:{m.pk}": m.name for m in Member.objects.filter(organisation=organisation, pk__in=by_kind["member"])}
        if by_kind["member"]
        else {}
    )
    if by_kind["token"]:
        found |= {f"token:{t.pk}": t.name for t in ApiToken.objects.filter(organisation=organisation, pk__in=by_kind["token"])}
    return found | {"system": _("Luuppi")}
