"""What a finding of personal data is, and how overlapping findings become one."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from luuppi.language.checking import listed

KINDS = ("identity_code", "iban", "card", "email", "phone", "plate", "address", "name")


@dataclass(frozen=True, order=True)
class Span:
    """text[start:end] is personal data of `kind`. certain: may be masked without a person; names never are."""

    start: int
    end: int
    kind: str
    certain: bool


def without_overlaps(found: Iterable[Span]) -> list[Span]:
    """Each letter belongs to one finding: the certain before the uncertain, then in the order of KINDS. Sorted by place."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda span: (not span.certain, KINDS.index(span.kind), span.start, -span.end)):
        # What is kept does not overlap, so only the two neighbours of the place can.
        place = bisect(kept, span.start, key=lambda other: other.start)
        if (place == 0 or kept[place - 1].end <= span.start) and (place == len(kept) or span.end <= kept[place].start):
            kept.insert(place, span)
    return kept


def checked_spans(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans in order of place. Raises ValueError naming the index of one that is outside the text or of no known kind."""
    given = listed(spans, "spans", "findings")
    for index, span in enumerate(given):
        if not isinstance(span, Span):
            raise ValueError(f"spans[{index}]: expected a Span as find_personal_data gives it, got {type(span).__name__}")
        if not 0 <= span.start < span.end <= len(text):
            raise ValueError(f"spans[{index}]: {span.start}–{span.end} is outside the text of {len(text)} characters")
        if span.kind not in KINDS:
            raise ValueError(f"spans[{index}]: unknown kind {span.kind!r}")
    return sorted(given)
