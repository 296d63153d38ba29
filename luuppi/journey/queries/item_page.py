"""The page of one item for a member: the words, the journey, the facts, what has happened, and the one next step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from luuppi.capture.models import FeedbackItem, sees_customer
from luuppi.capture.wording import CHANNEL_NAMES, KIND_NAMES
from luuppi.inner_loop.models import Case
from luuppi.journal.models import LoopEvent
from luuppi.journey.queries.rows import name_of_giver, words_for
from luuppi.journey.wording import Told, for_staff
from luuppi.meaning.passages import instead_of_words
from luuppi.ui import writing

# Parts that other stages show on an item's page: name → function(item, member, request) → markup or "".
PARTS: dict[str, Callable] = {}


@dataclass(frozen=True)
class ItemPage:
    item: FeedbackItem
    full: bool
    title: str
    kind_name: str
    words: str
    instead: str  # of words, where there are none to show: why
    language: str
    score: int | None
    score_of: str
    notes: list[str]
    answers: list[dict]
    additions: list
    facts: list[tuple[str, str]]
    history: list[Told]
    case_number: int | None
    may_open_case: bool
    may_go_through: bool
    may_erase: bool
    parts: list[str]


def read_item_page(item: FeedbackItem, request) -> ItemPage:
    """The item must come with touchpoint, team, customer, progress and reading loaded."""
    member = request.member
    full = sees_customer(member, item)
    reading = getattr(item, "reading", None)
    case = Case.objects.visible_to(member).filter(case_items__item=item.pk).order_by("-case_items__in_open_case", "-id").first()
    in_open_case = Case.objects.not_closed().filter(case_items__item=item.pk, organisation_id=item.organisation_id).exists()
    score = item.score or ("nps", None)
    progress = item.progress
    events = list(LoopEvent.objects.filter(item=item.pk).order_by("-id")[:100])
    return ItemPage(
        item=item,
        full=full,
        title=name_of_giver(item) if full else _("A customer of %(team)s") % {"team": item.team.name},
        kind_name=str(KIND_NAMES[item.kind]),
        words=(words := words_for(item, full)),
        instead="" if words else instead_of_words(item),
        language=reading.language if reading else item.language,
        score=score[1],
        score_of=score[0],
        notes=[_note(at) for at in progress.times.values()],
        answers=[a for a in item.answers if a.get("value") and a["value"] != words] if full else [],
        additions=list(item.additions.order_by("at")) if full else [],
        facts=_facts(item, full),
        history=for_staff(events, item.organisation),
        case_number=case.number if case else None,
        may_open_case=full and not in_open_case and not item.withdrawn_at and not item.erased_at and member.grants.may("cases.take", item.team.path),
        may_go_through=full and progress.read_at is None,
        may_erase=not item.erased_at and member.grants.reach("customers.erase").everywhere,
        parts=[markup for part in PARTS.values() if (markup := part(item, member, request))],
    )


def _note(at: datetime | None) -> str:
    return writing.moment(at) if at else ""


def _facts(item: FeedbackItem, full: bool) -> list[tuple[str, str]]:
    facts = [(_("Team"), item.team.name), (_("Channel"), str(CHANNEL_NAMES[item.channel])), (_("Happened"), writing.exact(item.occurred_at))]
    facts += [(name.upper(), str(value)) for name in ("nps", "csat", "ces") if (value := getattr(item, name)) is not None]
    if full and item.source != item.channel:  # "form" of the open form says nothing that the channel has not said
        facts.append((_("Source"), item.source))
    if full:
        facts += [(_("Says they are"), str(value)) for value in item.says_to_be.values()]
        facts += [(str(name), str(value)) for name, value in list(item.attributes.items())[:12] if value not in (None, "")]
    return facts
