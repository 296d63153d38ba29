"""One improvement: why, what customers say, what was decided, who does it, and what it did."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luuppi.capture.models import FeedbackItem, sees_customer
from luuppi.journal.kinds import KINDS
from luuppi.journal.models import LoopEvent
from luuppi.meaning.models import Coding
from luuppi.outer_loop.models import EffectReading, Improvement, RootCause
from luuppi.outer_loop.queries.board import line
from luuppi.outer_loop.queries.effect_words import VERDICTS
from luuppi.outer_loop.queries.names import names_of
from luuppi.outer_loop.refusals import NoSuchImprovement

QUOTES = 3
EVENTS = 20


@dataclass(frozen=True, slots=True)
class Quote:
    """What a customer said, as this reader may see it."""

    item: FeedbackItem
    words: str
    language: str
    name: str


@dataclass(frozen=True, slots=True)
class Happening:
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ImprovementPage:
    improvement: Improvement
    line: str
    notes: list[str]
    now: str
    n_items: int
    quotes: list[Quote]
    causes: list[RootCause]
    reading: EffectReading | None
    happenings: list[Happening]
    proposer: str
    decider: str


def find_improvement(who, number: int | str) -> Improvement:
    """Raises NoSuchImprovement, also for what is no number."""
    if isinstance(number, str):
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise NoSuchImprovement()
        number = int(number)
    found = (
        Improvement.objects.visible_to(who)
        .select_related("organisation", "team", "touchpoint", "owner", "sponsor")
        .filter(number=number)
        .first()
        if number < 1 << 31
        else None
    )
    if found is None:
        raise NoSuchImprovement()
    return found


def read_improvement(who, number: int | str) -> ImprovementPage:
    """Raises NoSuchImprovement."""
    improvement = find_improvement(who, number)
    events = list(LoopEvent.objects.filter(improvement=improvement.pk, item=None).order_by("-id")[:EVENTS])
    names = names_of([improvement.proposed_by, improvement.decided_by, *(event.by for event in events)], improvement.organisation)
    behind = FeedbackItem.objects.visible_to(who).not_gone().filter(improvement_items__improvement=improvement)
    return ImprovementPage(
        improvement=improvement,
        line=line(improvement),
        notes=_notes(improvement, names),
        now=_now(improvement),
        n_items=behind.count(),
        quotes=quotes_of(who, behind),
        causes=list(RootCause.objects.visible_to(who).filter(improvements=improvement).order_by("pk")),
        reading=newest_reading(improvement),
        happenings=[Happening(_words(event, improvement, names), event.at) for event in events],
        proposer=names.get(improvement.proposed_by, ""),
        decider=names.get(improvement.decided_by, ""),
    )


def newest_reading(improvement: Improvement) -> EffectReading | None:
    return improvement.readings.order_by("-is_final", "-read_at").first()


def quotes_of(who, items, *, most: int = QUOTES) -> list[Quote]:
    """The customers' own words among these items, newest first; masked and without a name where who reads may not know who it was."""
    rows = items.exclude(text="").select_related("team", "customer", "reading").order_by("-id")[:most]
    return [quote_of(who, item) for item in rows]


def quotes_that_may_show(who, cause: RootCause, *, most: int = 5) -> list[Quote]:
    """The newest words about the cause's themes that are not its evidence yet, harm first said where it is a problem."""
    wanted = Coding.objects.filter(theme__in=[theme.pk for theme in cause.themes.all()]).exclude(item__in=cause.evidence.values("item"))
    wanted = wanted.filter(polarity__gt=0) if cause.polarity == RootCause.STRENGTH else wanted.filter(polarity__lt=0)
    newest = list(dict.fromkeys(wanted.order_by("-item").values_list("item", flat=True)[: most * 6]))
    return quotes_of(who, FeedbackItem.objects.visible_to(who).not_gone().filter(pk__in=newest), most=most) if newest else []


def quote_of(who, item: FeedbackItem) -> Quote:
    full = sees_customer(who, item)
    reading = getattr(item, "reading", None)
    name = (item.customer.name if item.customer else item.says_to_be.get("name", "")) if full else ""
    return Quote(item, item.text if full else (reading.masked_words if reading else ""), item.language or (reading.language if reading else ""), name)


def _notes(improvement: Improvement, names: dict[str, str]) -> list[str]:
    """What stands under each of the five dots."""
    declined = improvement.state == Improvement.DECLINED
    decided = _("declined it") if declined else _("accepted it")
    notes = [_note(names.get(improvement.proposed_by, ""), improvement.proposed_at)]
    notes.append(
        _note(" ".join(filter(None, (names.get(improvement.decided_by, ""), decided))), improvement.decided_at)
        if improvement.decided_at
        else ""
    )
    notes.append(_note("", improvement.done_at) if improvement.done_at else _note(_("due"), improvement.due_on) if improvement.due_on else "")
    if improvement.touchpoint_id is None and not declined:
        notes.append(_("no touchpoint"))
    elif improvement.measured_at:
        notes.append(_note(str(VERDICTS.get(improvement.verdict, "")), improvement.measured_at))
    else:
        notes.append(_note(_("read on"), improvement.effect_reads_on) if improvement.effect_reads_on and not declined else "")
    notes.append(_note("", improvement.told_at) if improvement.told_at else "")
    return notes


def _now(improvement: Improvement) -> str:
    """The one sentence that a phone shows beside the five dots."""
    if improvement.told_at:
        return _("The givers have been told.")
    return {
        Improvement.PROPOSED: _("It waits for a decision."),
        Improvement.ACCEPTED: _("Accepted. Work has not begun."),
        Improvement.UNDER_WAY: _("The change is being made."),
        Improvement.DONE: _("Done. Tell the givers."),
        Improvement.DECLINED: _("Declined. Tell the givers why."),
    }[improvement.state]


def _note(words: str, at) -> str:
    day = timezone.localtime(at).date() if isinstance(at, datetime) else at
    return ", ".join(filter(None, (words, date_format(day, "SHORT_DATE_FORMAT"))))


def _words(event: LoopEvent, improvement: Improvement, names: dict[str, str]) -> str:
    """What happened, without the title that stands above; kinds of other stages in their own words."""
    kind = event.kind
    if kind == "improvement_decided":
        kind = "accepted" if event.data.get("accepted") else "declined"
    said = str(_WORDS.get(kind) or KINDS[event.kind].staff)
    verdict = VERDICTS.get(event.data.get("verdict", ""), "")
    return said.format_map(
        _Facts(
            event.data
            | {
                "by": names.get(event.by, _("Luuppi")),
                "title": improvement.title,
                "reason": improvement.decision_reason,
                "verdict": verdict,
            }
        )
    )


_WORDS = {
    "improvement_proposed": gettext_lazy("{by} proposed it"),
    "accepted": gettext_lazy("{by} accepted it: {reason}"),
    "declined": gettext_lazy("{by} declined it: {reason}"),
    "improvement_started": gettext_lazy("{by} started it"),
    "improvement_done": gettext_lazy("{by} finished it"),
    "improvement_measured": gettext_lazy("Its effect was read: {verdict}"),
    "telling_started": gettext_lazy("{by} told the givers: {n}"),
    "telling_taken_back": gettext_lazy("{by} took the messages back"),
}


class _Facts(dict):
    def __missing__(self, key: str) -> str:
        return ""
