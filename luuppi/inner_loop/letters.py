"""The mails of the inner loop: plain text and its HTML twin, in the customer's language, from a person, with the loop line."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luuppi.capture import correspondence
from luuppi.capture.correspondence import Dot, dots, known_addresses
from luuppi.capture.models import FeedbackItem
from luuppi.capture.tracking_links import tracking_url
from luuppi.inner_loop.models import Case, Message
from luuppi.inner_loop.queries.words import asked_of
from luuppi.journal.steps import DOTS, Step
from luuppi.meaning.passages import words_of
from luuppi.people.models import Member
from luuppi.ui.brand import nearest_passing


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str
    from_name: str


def address_of(case: Case) -> str | None:
    """Where mail reaches the customer: a known address, else the newest that was typed with the feedback. None: only the tracking page."""
    if case.customer_id:
        return known_addresses([case.customer_id]).get(case.customer_id)
    said = (item.says_to_be.get("email") for item in FeedbackItem.objects.filter(case_items__case=case).order_by("-id"))
    return next((address for address in said if address), None)


def language_of(case: Case) -> str:
    """The language of the giver whose feedback the case was opened for."""
    return correspondence.language_of(FeedbackItem.objects.select_related("reading", "customer", "organisation").get(pk=case.lead_item_id))


def write_letter(case: Case, message: Message | None, *, asks: bool = False) -> Letter:
    """The mail of an answer; of a closing (`asks`): what came of it, and the question that closes the loop. message None: the question alone."""
    item = FeedbackItem.objects.select_related("progress").get(pk=case.lead_item_id)
    with translation.override(language_of(case)), timezone.override(case.organisation.zone):
        by = message.by if message else (case.owner.actor if case.owner else "")
        facts = {
            "organisation": case.organisation,
            "item": item,
            "message": message,
            "asks": asks or (message is not None and message.closes),
            "outcome": case.outcome_words,
            "signature": signature(by, case),
            "link": tracking_url(item.pk, counter=item.link_counter),
            "dots": _dots(item, answered=bool(message)),
            "words": words_of(item),
            "colour": nearest_passing(case.organisation.colour),
            "asked": asked_of(item.kind),
            "promised": message.promised_on and _written(message.promised_on) if message else "",
            "paragraphs": [part.strip() for part in (message.text if message else "").split("\n\n") if part.strip()],
        }
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
    times = item.progress.times
    if answered:
        times[Step.ANSWERED] = times[Step.ANSWERED] or timezone.now()
    return [replace(dot, note=_note(dot.state, step, times[step])) for dot, step in zip(dots(times), DOTS, strict=True)]


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
    """With the year where it is another: at the end of December "5.1." may be a promise or a day long gone."""
    year = str(day.year) if day.year != timezone.localdate().year else ""
    return f"{day.day}.{day.month}.{year}" if translation.get_language() != "en" else f"{day.day} {day:%B} {year}".rstrip()
