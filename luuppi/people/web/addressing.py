"""The organisation that a public address names, remembered for two seconds: each item of the open form would ask for it again."""

import time

from django.db import connection

from luuppi.people.models import Organisation

_SECONDS = 2.0
_MOST = 1_000
_by_slug: dict[str, tuple[float, Organisation]] = {}


def organisation_at(slug: str) -> Organisation | None:
    """The organisation of this slug; a change of it shows within two seconds, and at once within the transaction that makes it."""
    if connection.in_atomic_block:
        return Organisation.objects.filter(slug=slug).first()
    known, now = _by_slug.get(slug), time.monotonic()
    if known and now - known[0] < _SECONDS:
        return known[1]
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is not None:
        if len(_by_slug) > _MOST:
            _by_slug.clear()
        _by_slug[slug] = (now, organisation)
    return organisation


def forget() -> None:
    """For tests, whose database is another one within two seconds."""
    _by_slug.clear()
