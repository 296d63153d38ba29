"""The first thing that happens to every item: its language is found, personal data is blocked out in a copy, its words become findable."""

import re
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import touch
from luuppi.language import detecting, masking
from luuppi.meaning.models import Reading
from luuppi.meaning.passages import LONGEST, SPOKEN, mask_parts, parts_of, words_of
from luuppi.meaning.searching import index, stems_of_both

_NAME_PART = re.compile(r"[^\W\d_]+")


def clean_items(events: Sequence[LoopEvent]) -> None:
    """Reaction to *received*, in batches; running it twice writes the same."""
    clean([event.item for event in events if event.item is not None])


@transaction.atomic
def clean(item_ids: Sequence[int]) -> None:
    items = list(FeedbackItem.objects.filter(pk__in=item_ids).select_related("organisation", "customer"))
    readings = [read(item) for item in items]
    fields = ["language", "language_confidence", "masked_text", "parts", "has_personal_data", "stems", "read_at"]
    Reading.objects.bulk_create(readings, update_conflicts=True, unique_fields=["item"], update_fields=fields, batch_size=200)
    index(readings)
    touch([item.pk for item in items])


def read(item: FeedbackItem) -> Reading:
    """What the software finds in one item, from its words alone.

    In the masked copy names that are only likely are hidden as well: it is read inside by those who may not know the customer, where a word too
    many hidden costs little. It is no leave to publish: before anything is public, a person looks at it.
    """
    hint = _hint(item)
    words = words_of(item)
    guess = detecting.detect_language(words, hint=hint)
    language = guess.language or ("" if guess.confidence else hint)
    spans = [*masking.find_personal_data(words, language=language or hint), *_own_names(item, words)] if words else []
    masked_text, parts = mask_parts(words, spans, parts_of(item, words))
    return Reading(
        item=item,
        language=language,
        language_confidence=guess.confidence,
        masked_text=masked_text,
        parts=parts,
        has_personal_data=bool(spans),
        stems=stems_in(item, language, masked_text),
        read_at=timezone.now(),
    )


def _own_names(item: FeedbackItem, words: str) -> list[masking.Span]:
    """Where the giver's own name stands, with its endings: by what we know them, nobody who may not know them should.

    A short part is a name only with its capital, since it is a common word as often.
    """
    said = f"{item.customer.name if item.customer else ''} {item.says_to_be.get('name') or ''}"
    parts = {part for part in _NAME_PART.findall(said) if len(part) > 2}
    if not parts:
        return []
    # With their endings: Virtanen is Virtasen too, Virtasalmi Virtasalmen.
    forms = (
        parts
        | {f"{part[:-3]}se" for part in parts if part.lower().endswith("nen")}
        | {part[:-1] for part in parts if len(part) > 5 and part[-1] in "aeioäö"}
    )
    found = re.finditer(rf"(?<!\w)({'|'.join(map(re.escape, sorted(forms, key=len, reverse=True)))})\w{{0,4}}(?!\w)", words, re.IGNORECASE)
    return [masking.Span(*one.span(), "name", False) for one in found if len(one[1]) > 4 or one[1][0].isupper()]


def stems_in(item: FeedbackItem, language: str, masked: str) -> str:
    """The stems by which an item is found. language: as found in it; empty where none was. masked: its masked copy."""
    return stems_of_both(words_of(item)[:LONGEST], masked, language or _hint(item))


def _hint(item: FeedbackItem) -> str:
    said = item.language[:2] or item.organisation.language
    return said if said in SPOKEN else "en"
