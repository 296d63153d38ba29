"""The mails of the inner loop: plain text and its HTML twin, in the customer's language, from a person, with the loop line."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luuppi.capture.models import FeedbackItem
from luuppi.capture.tracking_links import tracking_url
from luuppi.inner_loop.models import Case, Message
from luuppi.inner_loop.queries.words import asked_of
from luuppi.journal.steps import DOTS, STEP_NAMES, Step, loop_line
from luuppi.meaning.passages import words_of
from luuppi.people.models import CustomerAddress, Member
from luuppi.ui.brand import nearest_passing

_LANGUAGES = {code for code, _name in settings.LANGUAGES}
_PLAIN_MARKS = {"d": "[x]", "n": "[>]", "o": "[ ]", "s": "[-]"}


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str
    from_name: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One step of the loop line in a mail."""

    state: str  # d done, n now, o open, s skipped
    name: str
    note: str

    @property
    def plain(self) -> str:
        return _PLAIN_MARKS[self.state]


def address_of(case: Case) -> str | None:
    """Where mail reaches the customer: a known address, else the one that was typed with the feedback. None: only the tracking page."""
    if case.customer_id:
        known = CustomerAddress.objects.filter(customer=case.customer_id, kind=CustomerAddress.EMAIL, bounced_at=None)
        return known.order_by("-verified", "-id").values_list("value", flat=True).first()
    said = (item.says_to_be.get("email") for item in FeedbackItem.objects.filter(case_items__case=case).order_by("-id"))
    return next((address for address in said if address), None)


def language_of(case: Case) -> str:
    """The customer's language: that of what they wrote, else as they are known, else the organisation's."""
    item = FeedbackItem.objects.select_related("reading", "customer").get(pk=case.lead_item_id)
    reading = getattr(item, "reading", None)
    for language in (reading and reading.language, item.language, item.customer and item.customer.language, case.organisation.language):
        if language and language[:2] in _LANGUAGES:
            return language[:2]
    return "en"


def write_letter(case: Case, message: Message | None, *, asks: bool = False) -> Letter:
    """The mail of an answer; of a closing (`asks`): what came of it, and the question that closes the loop. message None: the question alone."""
    item = FeedbackItem.objects.select_related("progress").get(pk=case.lead_item_id)
    with translation.override(language_of(case)), timezone.override(case.organisation.zone):
        by = message.by if message else (case.owner.actor if case.owner else "")
        facts = {
            "organisation": case.organisation, "item": item, "message": message, "asks": asks or (message is not None and message.closes), "outcome": case.outcome_words,
            "signature": signature(by, case), "link": tracking_url(item.pk, counter=item.link_counter), "dots": _dots(item, answered=bool(message)), "words": words_of(item),
            "colour": nearest_passing(case.organisation.colour), "asked": asked_of(item.kind), "promised": message.promised_on and _written(message.promised_on) if message else "",
            "paragraphs": [part.strip() for part in (message.text if message else "").split("\n\n") if part.strip()],
        }  # fmt: skip
        title = asked_of(item.kind) if message is None else _("An answer to your feedback")
        return Letter(
            subject=f"{title} · {item.reference}",
            text=render_to_string("inner_loop/mail/answer.txt", facts | {"title": title}),
            html=render_to_string("inner_loop/mail/answer.html", facts | {"title": title}),
            from_name=_from_name(by, case),
        )


def signature(by: str, case: Case) -> str:
    """Who signs: by name where the member allows it, else the role; always with the organisation."""
    name = _shown_name(by) or _("Customer service")
    return f"{name}, {case.organisation.name}"


def _from_name(by: str, case: Case) -> str:
    name = _shown_name(by)
    return f"{name}, {case.organisation.name}" if name else case.organisation.name


def _shown_name(by: str) -> str:
    kind, _colon, number = by.partition(":")
    if kind != "member":
        return ""
    return Member.objects.filter(pk=number, shows_name=True).values_list("name", flat=True).first() or ""


def _dots(item: FeedbackItem, *, answered: bool) -> list[Dot]:
    """The line as it will be once this mail has left."""
    times: dict[Step, datetime | None] = {step: getattr(item.progress, f"{step}_at") for step in DOTS if step is not Step.RECEIVED}
    if answered:
        times[Step.ANSWERED] = times[Step.ANSWERED] or timezone.now()
    times[Step.RECEIVED] = item.received_at
    code = loop_line(times).code
    return [Dot(code[i], str(STEP_NAMES[step]), _note(code[i], step, times.get(step))) for i, step in enumerate(DOTS)]


def _note(state: str, step: Step, at: datetime | None) -> str:
    if state == "n" and step is Step.SOLVED:
        return _("tell us")
    return _day(at) if at else ""


def _day(at: datetime) -> str:
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return _("today")
    return _written(local.date())


def _written(day: date) -> str:
    return f"{day.day}.{day.month}." if translation.get_language() != "en" else f"{day.day} {day:%B}"
