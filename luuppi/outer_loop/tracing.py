"""Tracing feedback to its causes: five times why, with the very items that show it; of problems and of strengths."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.capture.drafts import clean_text
from luuppi.capture.models import FeedbackItem
from luuppi.meaning.models import Theme
from luuppi.outer_loop.authority import need
from luuppi.outer_loop.models import CauseEvidence, RootCause
from luuppi.outer_loop.refusals import NothingWritten, UnknownItems, UnknownThemes


@transaction.atomic
def name_root_cause(
    title: str,
    *,
    by: Any,
    polarity: str = RootCause.PROBLEM,
    whys: Sequence[str] = (),
    evidence: Iterable[int] = (),
    themes: Iterable[int] = (),
    at: datetime | None = None,
) -> RootCause:
    """Say why something is as it is. evidence: ids of items; themes: ids of themes in use.

    Raises OutsideYourAuthority, NothingWritten, UnknownItems, UnknownThemes.
    """
    need(by, "themes.propose")
    title = clean_text(title)
    if not 0 < len(title) <= 200:
        raise NothingWritten()
    chosen = find_themes(by, themes)
    cause = RootCause.objects.create(
        organisation=by.organisation,
        title=title,
        polarity=polarity,
        whys=[clean for why in whys if (clean := clean_text(why))],
        by=by.actor,
        created_at=at or timezone.now(),
    )
    cause.themes.set(chosen)
    add_evidence(cause, evidence, by=by)
    return cause


@transaction.atomic
def add_evidence(cause: RootCause, items: Iterable[int], *, by: Any) -> RootCause:
    """Items that show the cause; one that is there already stays. Raises OutsideYourAuthority, UnknownItems."""
    need(by, "themes.propose")
    ids = find_items(by, items)
    CauseEvidence.objects.bulk_create([CauseEvidence(cause=cause, item_id=item) for item in ids], ignore_conflicts=True)
    return cause


def find_items(who: Any, ids: Iterable[int]) -> list[int]:
    """The ids, once each, all of them visible to who asks. Raises UnknownItems with the first that is not."""
    wanted = list(dict.fromkeys(ids))
    known: set[int] = set()
    for start in range(0, len(wanted), 500):
        known.update(FeedbackItem.objects.visible_to(who).not_gone().filter(pk__in=wanted[start : start + 500]).values_list("pk", flat=True))
    for one in wanted:
        if one not in known:
            raise UnknownItems(id=one)
    return wanted


def find_themes(who: Any, ids: Iterable[int]) -> list[Theme]:
    """Raises UnknownThemes with the first that is not a theme in use."""
    wanted = list(dict.fromkeys(ids))
    found = Theme.objects.visible_to(who).in_use().in_bulk(wanted)
    for one in wanted:
        if one not in found:
            raise UnknownThemes(id=one)
    return [found[one] for one in wanted]
