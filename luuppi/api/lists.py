"""Lists of the API: {"items": […], "next": cursor | null}, newest first by id, never by offset."""

import base64
import binascii

from django.db.models import QuerySet

from luuppi.errors import NotValid


class BadCursor(NotValid):
    code = "bad-cursor"
    sentence = "This cursor is not one of ours. Leave it out to begin at the start."


def page(rows: QuerySet, *, cursor: str | None, limit: int, newest_first: bool = True, field: str = "id") -> tuple[list, str | None]:
    """One page of rows by their id, and the cursor of the next page (None on the last). Raises BadCursor."""
    if cursor:
        rows = rows.filter(**{f"{field}__lt" if newest_first else f"{field}__gt": read_cursor(cursor)})
    found = list(rows.order_by(f"-{field}" if newest_first else field)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return found, make_cursor(getattr(found[-1], field)) if more else None


def make_cursor(last_id: int) -> str:
    return base64.urlsafe_b64encode(str(last_id).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> int:
    """Raises BadCursor."""
    try:
        number = int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii"))
    except (binascii.Error, ValueError):
        raise BadCursor() from None
    if not 0 <= number < 1 << 63:
        raise BadCursor()
    return number
