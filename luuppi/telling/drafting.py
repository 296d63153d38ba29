"""The draft of what the givers will be told, made when an improvement is done or declined; a person edits and sends it."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.journal.models import LoopEvent
from luuppi.outer_loop.authority import need
from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.wording import by_language
from luuppi.telling.models import Telling
from luuppi.telling.refusals import NothingToTell, TextWasSent

NAMES = {"fi": "suomi", "sv": "svenska", "en": "English"}


def draft_message_to_givers(events: Sequence[LoopEvent]) -> None:
    """Reaction to *done* and to *decided*: twice drafts once, and an acceptance drafts nothing."""
    for event in events:
        improvement = Improvement.objects.filter(pk=event.improvement).first()
        if improvement is not None and improvement.is_settled:
            draft_telling(improvement)


@transaction.atomic
def draft_telling(improvement: Improvement) -> Telling:
    """The draft of this improvement; the one that is there already stays as people wrote it. Raises NothingToTell."""
    improvement = Improvement.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=improvement.pk)
    if not improvement.is_settled:
        raise NothingToTell(number=improvement.number)
    texts = improvement.done_texts if improvement.state == Improvement.DONE else improvement.decision_reasons
    cause = improvement.causes.order_by("pk").first()
    telling, _made = Telling.objects.get_or_create(
        improvement=improvement,
        defaults={
            "organisation": improvement.organisation, "drafted_at": timezone.now(), "texts": texts or improvement.titles,
            "you_said": cause.titles if cause else {},
        },
    )  # fmt: skip
    return telling


@transaction.atomic
def edit_draft(telling: Telling, *, texts: dict[str, str], you_said: dict[str, str], is_public: bool, by: Any) -> Telling:
    """Write what will be told. A text that givers have got already may be left out, and stays.

    Raises OutsideYourAuthority, TextWasSent.
    """
    telling = Telling.objects.select_for_update(of=("self",)).select_related("improvement__team", "organisation").get(pk=telling.pk)
    need(by, "improvements.tell", team_path=telling.improvement.team.path)
    telling.texts = with_what_was_sent(telling, by_language(texts, telling.organisation))
    telling.you_said, telling.is_public = by_language(you_said, telling.organisation), is_public
    telling.save(update_fields=["texts", "you_said", "is_public"])
    return telling


def with_what_was_sent(telling: Telling, texts: dict[str, str]) -> dict[str, str]:
    """These texts and those that givers have got: what was said to one giver and stands on the public page is not said otherwise to the next.

    Raises TextWasSent.
    """
    sent = {language: telling.texts[language] for language in telling.sent_languages if language in telling.texts}
    changed = sorted(language for language, words in sent.items() if texts.get(language, words) != words)
    if changed:
        raise TextWasSent(language=NAMES[changed[0]])
    return texts | sent
