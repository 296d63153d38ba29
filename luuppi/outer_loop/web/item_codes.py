"""What a person types for a feedback item, a reference code or an id, turned into ids of items that the person may see."""

from django.db.models import Q

from luuppi.capture.models import FeedbackItem
from luuppi.outer_loop.refusals import UnknownItems
from luuppi.running.ids import id_in, ids_of_reference

_SHORTEST_ID = 15  # digits; what is shorter is read as a reference code


def ids_of_codes(who, codes: list[str]) -> list[int]:
    """One query however many; raises UnknownItems with the first that is nothing."""
    ranges: dict[str, tuple[int, int]] = {}
    for code in codes:
        if len(code) >= _SHORTEST_ID and (number := id_in(code)) is not None:
            ranges[code] = (number, number)
        elif found := ids_of_reference(code):
            ranges[code] = found
        else:
            raise UnknownItems(id=code)
    if not ranges:
        return []
    any_of = Q()
    for low, high in ranges.values():
        any_of |= Q(pk__gte=low, pk__lte=high)
    known = list(FeedbackItem.objects.visible_to(who).not_gone().filter(any_of).values_list("pk", flat=True))
    for code, (low, high) in ranges.items():
        if not any(low <= pk <= high for pk in known):
            raise UnknownItems(id=code)
    return known
