"""The page of one case: the customer's words, the conversation, the customer's story, and what its reader may do."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luuppi.capture.models import Addition, FeedbackItem
from luuppi.capture.models.item import sees_customer
from luuppi.capture.wording import KIND_NAMES
from luuppi.inner_loop.models import Case, Confirmation, Message
from luuppi.inner_loop.models.case import CLOSED, NOT_TOLD_BECAUSE, SILENCE_CLOSES_AFTER
from luuppi.inner_loop.models.message import IN, OUT, QUEUED
from luuppi.inner_loop.queries.rows import who_gave
from luuppi.inner_loop.rules.acting import may_act, may_take
from luuppi.journal.models import LoopEvent
from luuppi.meaning.passages import instead_of_words, words_of
from luuppi.people.models import ApiToken, CustomerAddress, Member, Team
from luuppi.people.rules.permissions import TABLE
from luuppi.ui import writing

# The journey stage says what an event means to members: a function (events, organisation) → things with .at .kind .words.
EVENT_WORDS: list[Callable[[Sequence[LoopEvent], Any], Sequence[Any]]] = []
# Later stages add parts beside the case: name → function(case, member, request) → markup or "".
PARTS: dict[str, Callable[..., str]] = {}

_SAID_BY_MESSAGES = ("noted", "answer_written", "answered", "customer_replied")
_MOST_EVENTS, _MOST_OF_STORY = 200, 8


@dataclass(frozen=True, slots=True)
class ItemWords:
    """One item of the case, in the customer's own words."""

    id: int
    words: str
    instead: str
    language: str
    score: int | None
    score_of: str
    kind: str
    channel: str
    occurred_at: datetime
    line: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the conversation: css is event, cust, ours or note."""

    at: datetime
    css: str
    words: str
    who: str = ""
    language: str = ""
    state: str = ""
    promised_on: date | None = None
    message: int | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One earlier thing of the customer's story."""

    at: datetime
    title: str
    note: str
    item: int | None = None
    case: int | None = None


@dataclass(frozen=True)
class CasePage:
    case: Case
    who: str
    lead: ItemWords
    notes: list[str]
    conversation: list[Entry]
    story: list[Chapter]
    n_more_of_story: int
    contacts: list[tuple[str, str]]
    contact_by: str
    confirmation: Confirmation | None
    is_unconfirmed: bool
    was_told: bool
    is_withdrawn: bool
    may_act: bool
    may_take: bool
    colleagues: list[Member] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def not_told_because(self) -> str:
        if self.case.lead_item.erased_at:
            return _("The customer's details were erased at their wish")
        return str(NOT_TOLD_BECAUSE.get(self.case.not_told_because, ""))


def find_case(who: Any, number: int) -> Case | None:
    """The case of this number, if who asks may see it, with what its page reads."""
    cases = Case.objects.visible_to(who).select_related(
        "organisation", "team", "owner", "customer", "touchpoint", "lead_item__progress", "lead_item__reading"
    )
    return cases.filter(number=number).first()


def read_case_page(case: Case, request: Any) -> CasePage:
    member = request.member
    items = list(FeedbackItem.objects.filter(case_items__case=case).select_related("progress", "reading").order_by("id"))
    messages = list(case.messages.select_related("outgoing").order_by("at", "id"))
    acts = may_act(member, case)
    confirmation = case.confirmations.order_by("-closing").first()
    story, n_more = _story(case, items, member)
    return CasePage(
        case=case,
        who=who_gave(case),
        lead=_words(case.lead_item),
        notes=_notes(case),
        conversation=_conversation(case, items, messages),
        story=story,
        n_more_of_story=n_more,
        contacts=_contacts(case, items),
        contact_by=next((item.contact_by for item in reversed(items) if item.wants_contact), ""),
        confirmation=confirmation if confirmation and confirmation.closing == case.n_closings else None,
        is_unconfirmed=_is_unconfirmed(case, confirmation),
        is_withdrawn=all(item.withdrawn_at for item in items),
        was_told=any(m.direction == OUT for m in messages),
        may_act=acts,
        may_take=case.owner_id is None and not case.is_closed and may_take(member, case),
        colleagues=colleagues_of(case) if acts else [],
        teams=list(Team.objects.visible_to(member).order_by("path")) if acts else [],
        parts=[markup for part in PARTS.values() if (markup := part(case, member, request))],
    )


def _words(item: FeedbackItem) -> ItemWords:
    reading = getattr(item, "reading", None)
    measure, value = item.score or ("nps", None)
    words = words_of(item)
    return ItemWords(
        item.pk,
        words,
        "" if words else instead_of_words(item),
        reading.language if reading else item.language,
        value,
        measure,
        item.kind,
        item.channel,
        item.occurred_at,
        item.progress.line.code,
    )


def _notes(case: Case) -> list[str]:
    """What stands under the five dots: when it happened; under the current one until when."""
    progress = case.lead_item.progress
    notes = [writing.moment(at) if at else "" for at in progress.times.values()]
    code = progress.line.code
    if case.due_at and "n" in code and not notes[code.index("n")]:
        notes[code.index("n")] = _("by {moment}").format(moment=writing.moment(writing.last_minute(case.due_at)))
    return notes


# --- the conversation -----------------------------------------------------------------------------------------------------------


def _conversation(case: Case, items: Sequence[FeedbackItem], messages: Sequence[Message]) -> list[Entry]:
    names = _names(message.by for message in messages)
    customer = who_gave(case)
    entries = [_entry(message, names, customer) for message in messages]
    entries += [Entry(item.received_at, "cust", words_of(item), customer, _words(item).language) for item in items if item.pk != case.lead_item_id]
    additions = Addition.objects.filter(item__in=[item.pk for item in items])
    entries += [Entry(addition.at, "cust", addition.text, customer) for addition in additions]
    entries += _events(case)
    return sorted(entries, key=lambda entry: entry.at)


def _entry(message: Message, names: dict[str, str], customer: str) -> Entry:
    if message.direction == IN:
        return Entry(message.at, "cust", message.text, customer, message=message.pk)
    if message.direction == OUT:
        state = "perhaps_sent" if message.perhaps_sent else message.state
        if state == QUEUED and message.outgoing and message.outgoing.state == "failed":
            state = "delayed"
        return Entry(message.at, "ours", message.text, names.get(message.by, ""), "", state, message.promised_on, message.pk)
    return Entry(message.at, "note", message.text, names.get(message.by, ""), message=message.pk)


def _events(case: Case) -> list[Entry]:
    events = LoopEvent.objects.filter(case=case.pk).exclude(kind__in=_SAID_BY_MESSAGES).order_by("-id")[:_MOST_EVENTS]
    once = list({(event.kind, event.at, event.by): event for event in reversed(events)}.values())  # one act writes an event for each item
    return [Entry(told.at, "event", told.words, state=told.kind) for say in EVENT_WORDS for told in say(once, case.organisation)]


def _names(actors: Iterable[str]) -> dict[str, str]:
    actors = set(actors)
    ids = lambda kind: [int(actor.split(":")[1]) for actor in actors if actor.startswith(f"{kind}:")]  # noqa: E731
    names = {f"member:{pk}": name for pk, name in Member.objects.filter(pk__in=ids("member")).values_list("pk", "name")}
    return names | {f"token:{pk}": name for pk, name in ApiToken.objects.filter(pk__in=ids("token")).values_list("pk", "name")}


# --- the customer ---------------------------------------------------------------------------------------------------------------


def _story(case: Case, items: Sequence[FeedbackItem], member: Any) -> tuple[list[Chapter], int]:
    """Earlier feedback and cases of the customer, newest first; and how many more there are that this reader may not see."""
    if case.customer_id is None:
        return [], 0
    mine = {item.pk for item in items}
    others = FeedbackItem.objects.filter(customer=case.customer_id).select_related("team").order_by("-id")[: _MOST_OF_STORY * 3]
    others = [item for item in others if item.pk not in mine]
    seen = [item for item in others if sees_customer(member, item)]
    cases = Case.objects.visible_to(member).filter(customer=case.customer_id).exclude(pk=case.pk).order_by("-id")[:_MOST_OF_STORY]
    chapters = [Chapter(item.occurred_at, _title_of(item), words_of(item)[:90], item=item.pk) for item in seen]
    chapters += [
        Chapter(c.opened_at, _("Case {number}").format(number=c.number), c.outcome_words or pgettext("case", "open"), case=c.number)
        for c in cases
    ]
    chapters.sort(key=lambda chapter: chapter.at, reverse=True)
    return chapters[:_MOST_OF_STORY], len(others) - len(seen)


def _title_of(item: FeedbackItem) -> str:
    name = str(KIND_NAMES[item.kind])
    return f"{name}, {item.score[0].upper()} {item.score[1]}" if item.score else name


def _contacts(case: Case, items: Sequence[FeedbackItem]) -> list[tuple[str, str]]:
    """(email | phone, address), known ones first, else those that were typed."""
    if case.customer_id:
        return list(CustomerAddress.objects.filter(customer=case.customer_id, bounced_at=None).order_by("kind", "-id").values_list("kind", "value"))
    typed = [(kind, item.says_to_be[kind]) for item in items for kind in ("email", "phone") if item.says_to_be.get(kind)]
    return list(dict.fromkeys(typed))


def _is_unconfirmed(case: Case, confirmation: Confirmation | None) -> bool:
    """Closed, and the customer has said nothing for a fortnight: shown as such, and not counted as solved."""
    said = confirmation is not None and confirmation.closing == case.n_closings
    return case.state == CLOSED and not said and case.closed_at < timezone.now() - SILENCE_CLOSES_AFTER


def colleagues_of(case: Case) -> list[Member]:
    """Who can have the case: everybody of the organisation who works with cases, its owner apart."""
    roles = TABLE["cases.act"]
    return list(
        Member.objects.filter(organisation=case.organisation_id, is_active=True, roles__role__in=roles)
        .select_related("organisation")
        .exclude(pk=case.owner_id)
        .distinct()
        .order_by("name", "pk")
    )
