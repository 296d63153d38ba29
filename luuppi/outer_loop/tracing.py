"""Tracing feedback to its causes: five times why, with the very items that show it; of problems and of strengths."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.capture.drafts import clean_text
from luuppi.capture.models import FeedbackItem
from luuppi.language.detecting import detect_language
from luuppi.meaning.models import Theme
from luuppi.outer_loop.authority import need
from luuppi.outer_loop.models import CauseEvidence, RootCause
from luuppi.outer_loop.refusals import NothingWritten, UnknownItems, UnknownThemes
from luuppi.outer_loop.wording import by_language
from luuppi.people.models import Organisation


@transaction.atomic
def name_root_cause(
    title: str | Mapping[str, str],
    *,
    by: Any,
    polarity: str = RootCause.PROBLEM,
    whys: Sequence[str] | Mapping[str, Sequence[str]] = (),
    evidence: Iterable[int] = (),
    themes: Iterable[int] = (),
    at: datetime | None = None,
) -> RootCause:
    """Say why something is as it is. evidence: ids of items; themes: ids of themes in use.

    title, whys: by language, {"fi": …}, the first being the one it was written in; or in the one language that they are in, which is found.
    Raises OutsideYourAuthority, NothingWritten, UnknownItems, UnknownThemes.
    """
    need(by, "themes.propose")
    found = _language_of(title, whys, by.organisation.language[:2])
    titles = _titles(title if isinstance(title, Mapping) else {found: title}, by.organisation)
    chosen = find_themes(by, themes)
    cause = RootCause.objects.create(
        organisation=by.organisation,
        language=found,
        titles=titles,
        polarity=polarity,
        whys=_whys(whys if isinstance(whys, Mapping) else {found: whys}),
        by=by.actor,
        created_at=at or timezone.now(),
    )
    cause.themes.set(chosen)
    add_evidence(cause, evidence, by=by)
    return cause


@transaction.atomic
def word_root_cause(cause: RootCause, *, titles: Mapping[str, str], whys: Mapping[str, Sequence[str]] | None, by: Any) -> RootCause:
    """The cause in these words; a language that is left empty is shown as it was written first. whys: None leaves them as they are.

    Raises OutsideYourAuthority, NothingWritten.
    """
    need(by, "themes.propose")
    cause = RootCause.objects.select_for_update().get(pk=cause.pk)
    cause.titles = _titles(titles, by.organisation)
    cause.whys = cause.whys if whys is None else _whys(whys)
    if cause.language not in cause.titles:
        cause.language = next(iter(cause.titles))
    cause.save(update_fields=["language", "titles", "whys"])
    return cause


@transaction.atomic
def add_evidence(cause: RootCause, items: Iterable[int], *, by: Any) -> RootCause:
    """Items that show the cause; one that is there already stays. Raises OutsideYourAuthority, UnknownItems."""
    need(by, "themes.propose")
    ids = find_items(by, items)
    CauseEvidence.objects.bulk_create([CauseEvidence(cause=cause, item_id=item) for item in ids], ignore_conflicts=True)
    return cause


def _language_of(title: str | Mapping[str, str], whys: Any, otherwise: str) -> str:
    if isinstance(title, Mapping):
        return next((language[:2] for language, words in title.items() if words), otherwise)
    return detect_language(". ".join([title, *whys] if not isinstance(whys, Mapping) else [title]), hint=otherwise).language or otherwise


def _titles(given: Mapping[str, str], organisation: Organisation) -> dict[str, str]:
    """Raises NothingWritten where none has words, or one has too many."""
    titles = by_language(dict(given), organisation)
    if not titles or any(len(words) > 200 for words in titles.values()):
        raise NothingWritten()
    return titles


def _whys(given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    cleaned = {language[:2]: [clean for why in whys if (clean := clean_text(why))] for language, whys in given.items()}
    return {language: whys for language, whys in cleaned.items() if whys}


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
