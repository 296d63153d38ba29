"""Every night: which themes, and which words that nobody has a theme for, are said more often than before."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from luuppi.meaning.models import Coding, Reading, Rise, Theme
from luuppi.meaning.passages import SPOKEN
from luuppi.people.models import Organisation
from luuppi.running import todo

FIND = "themes.rises"
WEEKS_READ = 26  # a quarter to compare with, and the quarter that is looked through
WEEKS_TOLD = 4
MOST_TEXTS = 50_000
N_EXAMPLES = 3
_DAY_BEGINS = date(1970, 1, 5)  # a Monday


def plan_looking() -> None:
    """By the clock, daily: every organisation whose feedback has words."""
    for pk in Organisation.objects.values_list("pk", flat=True):
        todo.add(FIND, f"organisation-{pk}", {"organisation": pk}, organisation_id=pk)


def find_rises(todos: Sequence[todo.Todo]) -> None:
    """The job, in a child process: what was found last night gives way to what is found now."""
    for one in todos:
        organisation = Organisation.objects.get(pk=one.payload["organisation"])
        for language in SPOKEN:
            find_in_language(organisation, language)


def find_in_language(organisation: Organisation, language: str, *, now: datetime | None = None) -> list[Rise]:
    """The rises of the last four weeks, by the local weeks in which things happened. [] with fewer than five weeks of texts."""
    from luuppi.language import rising

    now = now or timezone.now()
    read = Reading.objects.filter(
        item__organisation=organisation,
        language=language,
        item__withdrawn_at=None,
        item__progress__held=False,
        item__occurred_at__gte=now - timedelta(weeks=WEEKS_READ),
    )
    rows = list(read.exclude(masked_text="").order_by("-item_id").values_list("item_id", "masked_text", "item__occurred_at")[:MOST_TEXTS])
    themes = _themes_of(organisation, rows[-1][0] if rows else 0)
    weeks = [_week(at.astimezone(organisation.zone).date()) for _, _, at in rows]
    this_week = _week(now.astimezone(organisation.zone).date())
    found = rising.find_rises(weeks, [text for _, text, _ in rows], [themes.get(item, set()) for item, _, _ in rows], language=language)
    rises = [
        Rise(
            organisation=organisation,
            language=language,
            week=_DAY_BEGINS + timedelta(weeks=one.week),
            theme_id=one.theme,
            words=list(one.words),
            times=round(one.times, 3),
            n=one.n,
            weeks=one.window,
            examples=_examples(one, rows, weeks, themes),
            found_at=now,
        )
        for one in found
        if this_week - WEEKS_TOLD < one.week <= this_week
    ]
    with transaction.atomic():
        Rise.objects.filter(organisation=organisation, language=language).delete()
        Rise.objects.bulk_create(rises)
    return rises


def _themes_of(organisation: Organisation, first: int) -> dict[int, set[int]]:
    """item → its themes in use, of the items from `first` on."""
    in_use = set(Theme.objects.filter(organisation=organisation).in_use().values_list("pk", flat=True))
    found: dict[int, set[int]] = {}
    for item, theme in Coding.objects.filter(organisation=organisation, item__gte=first).values_list("item_id", "theme_id"):
        if theme in in_use:
            found.setdefault(item, set()).add(theme)
    return found


def _examples(one, rows: Sequence[tuple], weeks: Sequence[int], themes: dict[int, set[int]]) -> list[int]:
    """Items of these weeks that hold the theme, or most of the words (in any form: their beginnings are looked for)."""
    inside = [place for place, week in enumerate(weeks) if one.week - one.window < week <= one.week]
    if one.theme is not None:
        return [rows[place][0] for place in inside if one.theme in themes.get(rows[place][0], ())][:N_EXAMPLES]
    beginnings = [word[: max(4, len(word) - 2)] for word in one.words]
    held = {place: sum(beginning in rows[place][1].lower() for beginning in beginnings) for place in inside}
    return [rows[place][0] for place in sorted((place for place in inside if held[place]), key=lambda place: -held[place])[:N_EXAMPLES]]


def _week(day: date) -> int:
    return (day - _DAY_BEGINS).days // 7
