"""A person's word about what an item is about: it wins over the software's, and teaches it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.journal import kinds
from luuppi.journal.recording import record, touch
from luuppi.meaning.models import Coding, Theme
from luuppi.meaning.passages import questions_of
from luuppi.meaning.refusals import NotByThisRole, UnknownAnswer, UnknownTheme
from luuppi.running import todo

LEARN_AFTER = timedelta(minutes=10)  # corrections come in bunches: learn once after them


@dataclass(frozen=True, slots=True)
class ThemeOfItem:
    """polarity: −1 complains, 0 neither, 1 praises. answers: the questions in whose answers it is; none named: somewhere in the item."""

    theme: int
    polarity: int
    answers: tuple[str, ...] = ()


@transaction.atomic
def correct_themes(item: FeedbackItem, themes: Sequence[ThemeOfItem], *, by: Any) -> None:
    """Say which themes the item is about; an empty list says that none fits. The same again changes nothing.

    Raises NotByThisRole, UnknownTheme, UnknownAnswer.
    """
    if not by.grants.may("themes.propose"):
        raise NotByThisRole()
    wanted = {one.theme: (one.polarity, sorted(set(one.answers))) for one in themes}
    asked = questions_of(item)
    for _, answers in wanted.values():
        if unknown := [question for question in answers if question not in asked]:
            raise UnknownAnswer(question=unknown[0])
    known = set(Theme.objects.visible_to(by).in_use().filter(pk__in=list(wanted)).values_list("pk", flat=True))
    for theme in wanted:
        if theme not in known:
            raise UnknownTheme(id=theme)
    FeedbackItem.objects.select_for_update().get(pk=item.pk)
    now = {coding.theme_id: coding for coding in Coding.objects.filter(item=item)}
    if (
        wanted
        and {theme: (coding.polarity, sorted(coding.answers)) for theme, coding in now.items()} == wanted
        and all(coding.is_by_person for coding in now.values())
    ):
        return
    Coding.objects.filter(item=item).delete()
    Coding.objects.bulk_create(
        [
            Coding(
                item=item,
                organisation_id=item.organisation_id,
                theme_id=theme,
                touchpoint=item.touchpoint_id,
                polarity=polarity,
                answers=answers,
                by=by.actor,
                at=timezone.now(),
            )
            for theme, (polarity, answers) in wanted.items()
        ]
    )
    record(kinds.CODING_CORRECTED, organisation=item.organisation_id, by=by, items=[item.pk], themes=sorted(wanted))
    touch([item.pk])
    todo.add_anew(
        "themes.learn",
        f"organisation-{item.organisation_id}",
        {"organisation": item.organisation_id},
        due_at=timezone.now() + LEARN_AFTER,
        organisation_id=item.organisation_id,
    )
