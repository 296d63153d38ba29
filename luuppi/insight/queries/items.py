"""The items behind a score, page by page: those that happened on the days of its filters, as its reader may see them.

Lists go by receipt, which an index of the database serves; scores are counted by the day when it happened, which only the figures
service knows how to page (an imported year happened long before it was received).
"""

from luuppi.api.lists import BadCursor, make_cursor, read_cursor
from luuppi.capture.models import FeedbackItem
from luuppi.capture.queries.stream import Filters as AddressFilters
from luuppi.capture.queries.stream import read_items
from luuppi.insight.queries.counts import read_ids
from luuppi.insight.queries.filters import understand
from luuppi.people.models import Member


def read_items_behind(who: Member, address: AddressFilters, *, cursor: str | None, limit: int) -> tuple[list[FeedbackItem], str | None]:
    """One page, newest receipt first, and the cursor of the next (None on the last).

    Raises FiguresAreRebuilding, FiguresAreBusy, FilterNotUnderstood, BadCursor.
    """
    asked = understand(address, who.organisation)
    pairs = read_ids(who, asked, day_of="occurred", limit=limit, after=_after(who, cursor))
    ids = [item for item, _ in pairs[:limit]]
    # An item that vanished within the last second is missing here, and nothing else takes its place.
    found = {item.pk: item for item in read_items(who, AddressFilters()).filter(pk__in=ids)}
    return [found[item] for item in ids if item in found], make_cursor(ids[-1]) if len(pairs) > limit else None


def _after(who: Member, cursor: str | None):
    if not cursor:
        return None
    item = FeedbackItem.objects.visible_to(who).filter(pk=read_cursor(cursor)).values_list("received_at", "pk").first()
    if item is None:
        raise BadCursor()
    return item
