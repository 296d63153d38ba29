"""Pages of a list by the values of its last row, never by offset: as quick on the last page as on the first."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

ROWS = 50
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """rows: of this page. first, further: addresses of the first page and of the next one, empty where this is it."""

    rows: list[Row]
    first: str
    further: str


def page_of(request: HttpRequest, rows: QuerySet[Row], *order: str, limit: int = ROWS) -> Page[Row]:
    """The page of `?cursor=`, in this order ("-pk" descends). order: fields without NULL that are together unique. A cursor that is not
    ours begins at the start."""
    last = _read(request.GET.get("cursor", ""), rows, order)
    found = list((rows.filter(_after(order, last)) if last else rows).order_by(*order)[: limit + 1])
    words = request.GET.copy()
    words.pop("cursor", None)
    first = f"?{words.urlencode()}"
    if len(found) > limit:
        words["cursor"] = _write([getattr(found[limit - 1], field.lstrip("-")) for field in order])
    return Page(found[:limit], first if last else "", f"?{words.urlencode()}" if "cursor" in words else "")


def _after(order: Sequence[str], last: Sequence[Any]) -> Q:
    """Rows that follow one with these values: later in the first field, or the same there and later in the next."""
    after, same = Q(), Q()
    for field, value in zip(order, last, strict=True):
        name = field.lstrip("-")
        after |= same & Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return after


def _write(values: list[Any]) -> str:
    return urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str, rows: QuerySet, order: Sequence[str]) -> list[Any] | None:
    """The values of the last row of the page before; None where the cursor is absent or no cursor of this list."""
    try:
        said = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        return None
    kinds = [type(rows.model._meta.pk if field.lstrip("-") == "pk" else rows.model._meta.get_field(field.lstrip("-"))).__name__ for field in order]
    fits = isinstance(said, list) and len(said) == len(order) and all(_fits(kind, value) for kind, value in zip(kinds, said, strict=True))
    return said if fits else None


def _fits(kind: str, value: Any) -> bool:
    if kind == "BooleanField":
        return isinstance(value, bool)
    if kind in ("CharField", "SlugField"):
        return isinstance(value, str) and "\0" not in value and value.isprintable()
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63
