"""Coding items with the themes of the organisation's codebook: each answer by itself, the item with what any of them is about."""

import logging
import pickle
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import touch
from luuppi.meaning.models import Codebook, Coding, Reading, Theme
from luuppi.meaning.passages import LONGEST, SPOKEN, passages_in
from luuppi.running import todo

log = logging.getLogger("luuppi.meaning")
SURE_ENOUGH = 0.6  # below it a feeling found in words is not shown


def ask_for_learning(organisation: Any) -> None:
    """Have the codebook learnt anew from what people coded and accepted; asking often learns once. In the transaction of the change."""
    todo.add_anew("themes.learn", f"organisation-{organisation.pk}", {"organisation": organisation.pk}, organisation_id=organisation.pk)


def readings_in(organisation: int, language: str):
    """The readings with words, of items that are not withdrawn."""
    return Reading.objects.filter(item__organisation=organisation, language=language, item__withdrawn_at=None).exclude(masked_text="")


# --- Coding -----------------------------------------------------------------------------------------------------------------------


def code_items(events: Sequence[LoopEvent]) -> None:
    """Reaction to *received*, after cleaning, in batches: without a codebook nothing is coded, and running it twice writes the same."""
    code([event.item for event in events if event.item is not None])


def code(item_ids: Sequence[int]) -> int:
    """Code these items with the newest codebook of their language, leaving alone those that a person has sorted. Returns how many got a theme."""
    readings = list(Reading.objects.filter(item__in=item_ids).exclude(masked_text="").select_related("item"))
    n_coded = 0
    for organisation, language in {(reading.item.organisation_id, reading.language) for reading in readings}:
        learnt = _newest(organisation, language)
        if learnt is not None:
            n_coded += _code_with(*learnt, [r for r in readings if (r.item.organisation_id, r.language) == (organisation, language)])
    return n_coded


def recode(organisation: int, language: str, batch: int = 1_000) -> int:
    """Code everything of the language again. Returns how many items have a theme now."""
    last, n_coded = 0, 0
    while ids := list(readings_in(organisation, language).filter(item__gt=last).order_by("item_id").values_list("item_id", flat=True)[:batch]):
        last = ids[-1]
        n_coded += code(ids)
    return n_coded


def newest_codebook(organisation: int, language: str) -> Any:
    """The learnt coder in use, None while there is none; kept in memory until a newer one is learnt."""
    learnt = _newest(organisation, language)
    return learnt[0] if learnt is not None else None


def _newest(organisation: int, language: str) -> tuple[Any, int | None] | None:
    newest = Codebook.objects.filter(organisation=organisation, language=language).order_by("-learnt_at").values_list("pk", "learnt_at").first()
    return _load(*newest) if newest is not None else None


@lru_cache(maxsize=8)
def _load(pk: int, _learnt_at: datetime) -> tuple[Any, int | None] | None:
    """The coder, and how many themes an item may have (None: learnt before that was kept). Known by when it was learnt too: a number may
    come again, after a restore. None for one that this version cannot read: it is thrown away and learnt again, and items wait unsorted
    until then.
    """
    kept = Codebook.objects.select_related("organisation").get(pk=pk)
    try:
        # Made by learn_in_language and read from our own database: nobody else writes there.
        book = pickle.loads(kept.model)  # noqa: S301
        book.questions, book.strangers  # noqa: B018 what books of other versions lack
        return book, kept.quality.get("most_themes")
    except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, EOFError) as error:
        log.warning("codebook %s was learnt by another version (%s); it is learnt again", pk, error)
        ask_for_learning(kept.organisation)
        return None


@transaction.atomic
def _code_with(book: Any, most: int | None, readings: Sequence[Reading]) -> int:
    by_people = set(Coding.objects.filter(item__in=[r.item_id for r in readings]).exclude(by="system").values_list("item_id", flat=True))
    by_people.update(LoopEvent.objects.filter(item__in=[r.item_id for r in readings], kind="coding_corrected").values_list("item", flat=True))
    readings = [r for r in readings if r.item_id not in by_people]
    if not readings:
        return 0
    themes = Theme.objects.filter(organisation=readings[0].item.organisation_id)
    in_use, retired = (set(some.values_list("pk", flat=True)) for some in (themes.in_use(), themes.exclude(retired_at=None)))
    polarity, now = polarities_of([r.item for r in readings]), timezone.now()
    rows = [
        Coding(
            item_id=reading.item_id,
            organisation_id=reading.item.organisation_id,
            theme_id=theme,
            touchpoint=reading.item.touchpoint_id,
            polarity=polarity[reading.item_id],
            confidence=round(confidence, 4),
            answers=answers,
            at=now,
        )
        for reading, found in zip(readings, _found_in(book, most, readings), strict=True)
        for theme, (confidence, answers) in found.items()
        if theme in in_use
    ]
    # What was coded with a theme before it was retired stays.
    Coding.objects.filter(item__in=[r.item_id for r in readings], by="system").exclude(theme__in=retired).delete()
    Coding.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    touch([r.item_id for r in readings])
    return len({row.item_id for row in rows})


def _found_in(book: Any, most: int | None, readings: Sequence[Reading]) -> list[dict[int, tuple[float, list[str]]]]:
    """For each reading its themes with the highest confidence in any of its passages, and the questions in whose answers they are.

    The surest `most` of them: a coder that few examples taught is in doubt between many, and who reads would take each doubt for a theme.
    """
    passages = [(place, passage) for place, reading in enumerate(readings) for passage in passages_in(reading.masked_text, reading.parts, LONGEST)]
    coded = book.code([passage.text for _, passage in passages], [passage.question for _, passage in passages])
    found: list[dict[int, tuple[float, list[str]]]] = [{} for _ in readings]
    for (place, passage), themes in zip(passages, coded, strict=True):
        for one in themes:
            confidence, answers = found[place].get(one.theme, (0.0, []))
            found[place][one.theme] = (
                max(confidence, one.confidence),
                [*answers, passage.question] if passage.question and passage.question not in answers else answers,
            )
    return [dict(sorted(themes.items(), key=lambda one: -one[1][0])[:most]) for themes in found]


# --- Polarity ---------------------------------------------------------------------------------------------------------------------


def polarities_of(items: Sequence[FeedbackItem]) -> dict[int, int]:
    """Whether each item praises (1), complains (−1) or neither: by its score, else its kind, else the feeling in its words."""
    known = {item.pk: polarity for item in items if (polarity := _by_score(item)) is not None}
    rest = [item for item in items if item.pk not in known]
    return known | _by_words(rest)


def _by_score(item: FeedbackItem) -> int | None:
    for name, bad, good in (("nps", 6, 9), ("csat", 2, 4), ("ces", 3, 6)):
        value = getattr(item, name)
        if value is not None:
            return -1 if value <= bad else 1 if value >= good else 0
    return {"complaint": -1, "praise": 1}.get(item.kind)


def _by_words(items: Sequence[FeedbackItem]) -> dict[int, int]:
    found = dict.fromkeys((item.pk for item in items), 0)
    for language in SPOKEN:
        mine = [item for item in items if getattr(item, "reading", None) and item.reading.language == language and item.reading.masked_text]
        if not mine:
            continue
        for item, judged in zip(mine, _feelings(language).judge([item.reading.masked_text[:LONGEST] for item in mine]), strict=True):
            if judged.confidence >= SURE_ENOUGH:
                found[item.pk] = (judged.polarity > 0) - (judged.polarity < 0)
    return found


@lru_cache(maxsize=3)
def _feelings(language: str) -> Any:
    from luuppi.language import sentiment

    return sentiment.learn_sentiment(language=language)
