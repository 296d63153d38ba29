"""Coding items with the themes of the organisation's codebook, which learns from what people coded and accepted."""

import logging
import pickle
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import touch
from luuppi.meaning.models import Codebook, Coding, Reading, Theme, ThemeProposal
from luuppi.running import todo

log = logging.getLogger("luuppi.meaning")
SPOKEN = ("fi", "sv", "en")
FEWEST_EXAMPLES = 20
ENOUGH_BY_PEOPLE = 16  # texts of a theme that people have coded one by one; as many as a group teaches well
MOST_BACKGROUND = 20_000
LONGEST = 20_000  # characters of a text; more say nothing new about its theme
SURE_ENOUGH = 0.6  # below it a feeling found in words is not shown


# --- Learning ---------------------------------------------------------------------------------------------------------------------


def ask_for_learning(organisation: Any) -> None:
    """Have the codebook learnt anew from what people coded and accepted; asking often learns once. In the transaction of the change."""
    todo.add("themes.learn", f"organisation-{organisation.pk}", {"organisation": organisation.pk}, organisation_id=organisation.pk)


def learn_codebooks(todos: Sequence[todo.Todo]) -> None:
    """The job, in a child process: learn each language, then code everything again that no person has coded."""
    for one in todos:
        for language in SPOKEN:
            if learn_in_language(one.payload["organisation"], language) is not None:
                recode(one.payload["organisation"], language)


def learn_in_language(organisation: int, language: str) -> Codebook | None:
    """A new codebook row with its cross-validated quality; None with fewer than 20 examples or a single theme-less heap."""
    from luuppi.language import coding

    examples = read_examples(organisation, language)
    if len(examples) < FEWEST_EXAMPLES or not any(examples.values()):
        return None
    texts = _texts_of(examples)
    known = [item for item in examples if texts.get(item)]
    background = list(_readings(organisation, language).exclude(item__in=known[:500]).order_by("-item_id").values_list("masked_text", flat=True)[:MOST_BACKGROUND])
    learnt = coding.learn_codebook([texts[item] for item in known], [examples[item] for item in known], language=language, background=[text[:LONGEST] for text in background])
    return Codebook.objects.create(
        organisation_id=organisation, language=language, learnt_at=timezone.now(), n_examples=len(known), quality=asdict(learnt.quality), model=pickle.dumps(learnt)
    )


def read_examples(organisation: int, language: str) -> dict[int, set[int]]:
    """item → its themes. Where a person coded an item, only that counts; an accepted group teaches a theme until people have coded enough of it.

    Who accepts a group says nothing about the other themes of its texts, so its silence must not outweigh what people say text by text.
    """
    in_use = set(Theme.objects.filter(organisation=organisation).in_use().values_list("pk", flat=True))
    by_people: dict[int, set[int]] = {item: set() for item in _items_sorted_by_people(organisation, language)}
    rows = Coding.objects.filter(organisation=organisation, item__reading__language=language).exclude(by="system")
    for item, theme in rows.values_list("item_id", "theme_id"):
        if theme in in_use:
            by_people.setdefault(item, set()).add(theme)
    n_by_people = Counter(theme for themes in by_people.values() for theme in themes)
    examples: dict[int, set[int]] = {}
    accepted = ThemeProposal.objects.filter(organisation=organisation, language=language, state="accepted", theme__in=in_use)
    for items, theme in accepted.values_list("items", "theme"):
        if n_by_people[theme] < ENOUGH_BY_PEOPLE:
            for item in items:
                examples.setdefault(item, set()).add(theme)
    return examples | by_people


def _items_sorted_by_people(organisation: int, language: str) -> list[int]:
    """Items a person sorted, also those of which the person said that no theme fits."""
    events = LoopEvent.objects.filter(organisation=organisation, kind="coding_corrected", item__in=_readings(organisation, language).values("item_id"))
    return list(events.values_list("item", flat=True).distinct())


def _readings(organisation: int, language: str):
    return Reading.objects.filter(item__organisation=organisation, language=language, item__withdrawn_at=None).exclude(masked_text="")


def _texts_of(items: Iterable[int]) -> dict[int, str]:
    ids, found = list(items), {}
    for start in range(0, len(ids), 500):
        rows = Reading.objects.filter(item__in=ids[start : start + 500], item__withdrawn_at=None).exclude(masked_text="")
        found.update((item, text[:LONGEST]) for item, text in rows.values_list("item_id", "masked_text"))
    return found


# --- Coding -----------------------------------------------------------------------------------------------------------------------


def code_items(events: Sequence[LoopEvent]) -> None:
    """Reaction to *received*, after cleaning, in batches: without a codebook nothing is coded, and running it twice writes the same."""
    code([event.item for event in events if event.item is not None])


def code(item_ids: Sequence[int]) -> int:
    """Code these items with the newest codebook of their language, leaving alone those that a person has sorted. Returns how many got a theme."""
    readings = list(Reading.objects.filter(item__in=item_ids).exclude(masked_text="").select_related("item"))
    n_coded = 0
    for organisation, language in {(reading.item.organisation_id, reading.language) for reading in readings}:
        book = newest_codebook(organisation, language)
        if book is not None:
            n_coded += _code_with(book, [r for r in readings if (r.item.organisation_id, r.language) == (organisation, language)])
    return n_coded


def recode(organisation: int, language: str, batch: int = 1_000) -> int:
    """Code everything of the language again. Returns how many items have a theme now."""
    last, n_coded = 0, 0
    while ids := list(_readings(organisation, language).filter(item__gt=last).order_by("item_id").values_list("item_id", flat=True)[:batch]):
        last = ids[-1]
        n_coded += code(ids)
    return n_coded


def newest_codebook(organisation: int, language: str) -> Any:
    """The learnt coder in use, None while there is none; kept in memory until a newer one is learnt."""
    newest = Codebook.objects.filter(organisation=organisation, language=language).order_by("-learnt_at").values_list("pk", flat=True).first()
    return _load(newest) if newest is not None else None


@lru_cache(maxsize=8)
def _load(pk: int) -> Any:
    """None for one that this version cannot read: it is thrown away and learnt again, and items wait unsorted until then."""
    kept = Codebook.objects.select_related("organisation").get(pk=pk)
    try:
        # Made by learn_in_language and read from our own database: nobody else writes there.
        return pickle.loads(kept.model)  # noqa: S301
    except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, EOFError) as error:
        log.warning("codebook %s was learnt by another version (%s); it is learnt again", pk, error)
        ask_for_learning(kept.organisation)
        return None


@transaction.atomic
def _code_with(book: Any, readings: Sequence[Reading]) -> int:
    by_people = set(Coding.objects.filter(item__in=[r.item_id for r in readings]).exclude(by="system").values_list("item_id", flat=True))
    by_people.update(LoopEvent.objects.filter(item__in=[r.item_id for r in readings], kind="coding_corrected").values_list("item", flat=True))
    readings = [r for r in readings if r.item_id not in by_people]
    if not readings:
        return 0
    in_use = set(Theme.objects.filter(organisation=readings[0].item.organisation_id).in_use().values_list("pk", flat=True))
    polarity, now = polarities_of([r.item for r in readings]), timezone.now()
    rows = [
        Coding(
            item_id=reading.item_id, organisation_id=reading.item.organisation_id, theme_id=coded.theme, touchpoint=reading.item.touchpoint_id, polarity=polarity[reading.item_id],
            confidence=round(coded.confidence, 4), at=now,
        )
        for reading, found in zip(readings, book.code([r.masked_text[:LONGEST] for r in readings]), strict=True)
        for coded in found
        if coded.theme in in_use
    ]  # fmt: skip
    Coding.objects.filter(item__in=[r.item_id for r in readings], by="system").delete()
    Coding.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    touch([r.item_id for r in readings])
    return len({row.item_id for row in rows})


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
        model = _feelings(language)
        mine = [item for item in items if getattr(item, "reading", None) and item.reading.language == language and item.reading.masked_text]
        if model is None or not mine:
            continue
        for item, judged in zip(mine, model.judge([item.reading.masked_text[:LONGEST] for item in mine]), strict=True):
            if judged.confidence >= SURE_ENOUGH:
                found[item.pk] = (judged.polarity > 0) - (judged.polarity < 0)
    return found


@lru_cache(maxsize=3)
def _feelings(language: str) -> Any:
    from importlib.util import find_spec

    if find_spec("luuppi.language.sentiment") is None:
        return None
    from luuppi.language import sentiment

    return sentiment.learn_sentiment(language=language)
