"""What the tracking page shows: the one thing that matters now, the five steps with their dates, the conversation, the whole history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import get_language

from luuppi.capture.models import Addition, FeedbackItem
from luuppi.inner_loop.models import Case, Confirmation, Message
from luuppi.inner_loop.models.message import IN, OUT, THERE
from luuppi.inner_loop.queries.words import asked_of
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import CUSTOMER
from luuppi.journal.steps import DOTS, Step, loop_line
from luuppi.journey.models import ErasureRequest
from luuppi.journey.wording import Told, for_customer
from luuppi.people.models import Member
from luuppi.telling.news import News, news_of

WITHDRAWAL_DAYS = 7


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the conversation. `by` is empty for the giver's own words."""

    text: str
    at: datetime
    by: str
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class StepShown:
    step: Step
    letter: str
    at: datetime | None


@dataclass(frozen=True)
class Tracking:
    """Everything of the page. `now` is one of erased, withdrawn, taken_back, news, answered, solved, not_solved, opened_again, closed, late,
    waiting, read."""

    item: FeedbackItem
    now: str
    steps: list[StepShown]
    code: str
    conversation: list[Said]
    latest_answer: Said | None
    history: list[Told]
    case: Case | None
    news: News | None
    earlier_news: list[News]
    due_at: datetime | None
    asks_solved: bool
    question: str  # that the giver is asked then
    may_be_in_order: bool  # the giver wrote after an answer: it waits for us, and a yes would end it
    can_be_taken_back_until: datetime | None
    confirmed: Confirmation | None
    erasure: ErasureRequest | None

    @property
    def takes_words(self) -> bool:
        return self.now not in ("erased", "withdrawn", "taken_back")


def read_tracking(item: FeedbackItem, *, at: datetime) -> Tracking:
    """The page of one item (with its organisation and progress) as its giver sees it at this moment."""
    case = Case.objects.filter(case_items__item=item.pk).order_by("-case_items__in_open_case", "-id").first()
    conversation = _conversation(item, case)
    answers = [said for said in conversation if said.by]
    progress = item.progress
    all_news = news_of(item, language=get_language() or "en")
    news = all_news[0] if all_news else None
    confirmed = case.confirmations.order_by("-closing").first() if case else None
    events = LoopEvent.objects.filter(item=item.pk).order_by("id")[:300]
    times = progress.times
    code = loop_line(times).code
    due_at = case.answer_due_at if case and not case.is_closed else None
    now = _now(item, case, news, answers, conversation, confirmed, due_at, at)
    open_to_a_yes = bool(case and answers and progress.solved_at is None)
    return Tracking(
        item=item,
        now=now,
        steps=[StepShown(step, letter, times[step]) for step, letter in zip(DOTS, code, strict=True)],
        code=code,
        conversation=conversation,
        latest_answer=answers[-1] if answers else None,
        history=for_customer(list(events), item.organisation),
        case=case,
        news=news,
        earlier_news=all_news[1:],
        due_at=due_at,
        asks_solved=open_to_a_yes and now in ("news", "answered", "closed"),
        may_be_in_order=open_to_a_yes and now == "waiting",
        question=asked_of(item.kind),
        can_be_taken_back_until=item.withdrawn_at + timedelta(days=WITHDRAWAL_DAYS) if item.withdrawn_at else None,
        confirmed=confirmed,
        erasure=ErasureRequest.objects.filter(item=item.pk).first(),
    )


def is_taken_back_by_us(item: FeedbackItem) -> bool:
    """Whether the organisation withdrew it, by undoing the import in which it came, and not its giver."""
    last = LoopEvent.objects.filter(item=item.pk, kind=kinds.WITHDRAWN.key).order_by("-id").first() if item.withdrawn_at else None
    return last is not None and last.by != CUSTOMER


def _now(item, case, news, answers, conversation, confirmed, due_at, at) -> str:
    if item.erased_at:
        return "erased"
    if item.withdrawn_at:
        return "taken_back" if is_taken_back_by_us(item) else "withdrawn"
    if news is not None:
        return "news"
    is_open = case is not None and not case.is_closed
    if item.progress.solved_at and not is_open:
        return "solved"
    said_no = confirmed is not None and not confirmed.solved and is_open and all(answer.at <= confirmed.at for answer in answers)
    if answers and conversation[-1].by and not said_no:
        return "answered" if is_open else "closed"
    if due_at and due_at < at:
        return "late"
    if is_open:
        return "not_solved" if said_no else "opened_again" if case.reopened_count and not answers else "waiting"
    return "read" if item.progress.read_at else "waiting"


def _conversation(item: FeedbackItem, case: Case | None) -> list[Said]:
    """Additions and replies of the giver, and our answers that are there; notes are ours alone. A case of several items of the same
    customer shows what was written on this item's page and all answers."""
    said = [Said(a.text, a.at, "") for a in Addition.objects.filter(item=item)]
    if case is not None:
        shown = [m for m in case.messages.order_by("id") if (m.direction == OUT and m.state in THERE) or (m.direction == IN and m.item_id == item.pk)]
        names = _names(shown, item.organisation)
        said += [Said(m.text, m.at, names[m.by] if m.direction == OUT else "", m.promised_on) for m in shown]
    return sorted(said, key=lambda one: one.at)


def _names(messages: list[Message], organisation) -> dict[str, str]:
    """How each writer is shown: by name when the person allows, else as the organisation."""
    ids = [int(m.by.split(":")[1]) for m in messages if m.by.startswith("member:")]
    allowed = {f"member:{m.pk}": m.name for m in Member.objects.filter(pk__in=ids, shows_name=True)}
    return {m.by: allowed.get(m.by, organisation.name) for m in messages}
