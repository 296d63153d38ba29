"""Codings that go from one theme to another, and back: where both stand on an item, a person's word wins over the software's."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from luuppi.journal.recording import touch
from luuppi.meaning.models import Coding, Theme

_AT_ONCE = 500
_KEPT = ("item_id", "touchpoint", "polarity", "confidence", "answers", "by", "at")


def move_codings(moving: QuerySet[Coding], *, into: Theme) -> dict[str, Any]:
    """Code with `into` what is coded otherwise, in the caller's transaction. Returns what `move_back` needs.

    moving: codings of one theme. The answer can be kept as JSON: {"items": those that changed their theme, "gone": codings of items that
    had both, "there": what stood with `into` on those of them where it was overwritten}.
    """
    both = list(moving.filter(item__in=Coding.objects.filter(theme=into).values("item")))
    there = {
        coding.item_id: coding
        for some in _in_parts([coding.item_id for coding in both])
        for coding in Coding.objects.filter(theme=into, item__in=some)
    }
    overwritten = []
    for coding in both:
        other = there[coding.item_id]
        if coding.is_by_person and not other.is_by_person:
            overwritten.append(_kept(other))
            other.polarity, other.confidence, other.answers, other.by, other.at = (
                coding.polarity,
                coding.confidence,
                coding.answers,
                coding.by,
                coding.at,
            )
            other.save()
    for some in _in_parts([coding.pk for coding in both]):
        Coding.objects.filter(pk__in=some).delete()
    items = list(moving.values_list("item_id", flat=True))
    for some in _in_parts(items):
        moving.filter(item__in=some).update(theme=into)
    touch([*items, *there])
    return {"items": items, "gone": [_kept(coding) for coding in both], "there": overwritten}


def move_back(moved: dict[str, Any], *, out_of: Theme, into: Theme, until: datetime) -> None:
    """Undo `move_codings`; what was coded after `until` stays as it was said."""
    for some in _in_parts(moved["items"]):
        Coding.objects.filter(theme=out_of, item__in=some, at__lte=until).exclude(item__codings__theme=into).update(theme=into)
    put_back(moved["gone"], theme=into)
    for kept in moved["there"]:
        Coding.objects.filter(theme=out_of, item=kept["item_id"], at__lte=until).update(**_read(kept))
    touch([*moved["items"], *(kept["item_id"] for kept in moved["gone"])])


def put_back(codings: Sequence[dict[str, Any]], *, theme: Theme) -> None:
    rows = [Coding(organisation_id=theme.organisation_id, theme=theme, **_read(kept)) for kept in codings]
    Coding.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_AT_ONCE)


def _kept(coding: Coding) -> dict[str, Any]:
    return {name: getattr(coding, name) for name in _KEPT} | {"at": coding.at.isoformat()}


def _read(kept: dict[str, Any]) -> dict[str, Any]:
    return kept | {"at": parse_datetime(kept["at"])}


def _in_parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """A statement takes only so many values."""
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
