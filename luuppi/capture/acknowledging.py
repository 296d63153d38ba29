"""The mail that confirms an arrival: to who waits for an answer, at most once a day to an address, without a word of the sender's.

An address in a form may be anybody's. So the mail repeats nothing that was typed, not even a name, and a second item of the same day
brings no second mail: the form cannot be used to write to strangers.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luuppi.capture.correspondence import Dot, dots, known_addresses, language_of
from luuppi.capture.models import FeedbackItem
from luuppi.capture.tracking_links import tracking_url
from luuppi.delivery import mailing
from luuppi.delivery.models import Outgoing
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent, Progress
from luuppi.journal.recording import SYSTEM, record
from luuppi.running import todo
from luuppi.ui.brand import nearest_passing

# Who wants no messages: a function of (organisation id, addresses) → those of them. A later stage keeps that list, and fills this in.
WANT_NONE: list[Callable[[int, Collection[str]], set[str]]] = []
CHANNELS = ("form", "staff", "survey", "email")
WAITS_FOR_ANSWER = ("complaint", "question")
# A form that looks automatic is held in a transaction after the one that stores it, and a giver may withdraw at once.
TIME_TO_SETTLE = timedelta(seconds=15)


def plan_acknowledgements(events: Sequence[LoopEvent]) -> None:
    """Reaction to *received* and *released*: leaves a to-do for each item whose giver waits for an answer. Running it twice leaves the same."""
    ids = [event.item for event in events if event.item is not None]
    items = FeedbackItem.objects.filter(pk__in=ids, channel__in=CHANNELS, imported_by=None).only("pk", "organisation_id", "kind", "wants_contact")
    due_at = timezone.now() + TIME_TO_SETTLE
    waiting = [item for item in items if item.wants_contact or item.kind in WAITS_FOR_ANSWER]
    todo.add_many([todo.NewTodo("acknowledge", str(item.pk), {"item": item.pk}, due_at, item.organisation_id) for item in waiting])


@transaction.atomic
def acknowledge(todos: Sequence[todo.Todo]) -> None:
    """The worker's part: a mail for each item that is neither held nor withdrawn and whose giver has an address and wants messages."""
    rows = FeedbackItem.objects.filter(
        pk__in=[one.payload["item"] for one in todos], withdrawn_at=None, erased_at=None, progress__held=False, progress__imported=False
    )
    items = list(rows.select_related("organisation", "customer", "reading", "progress").order_by("id"))
    known = known_addresses([item.customer_id for item in items if item.customer_id])
    to_write = [
        (item, address)
        for item in items
        if not _has_stopped(item) and (address := known.get(item.customer_id) or item.says_to_be.get("email"))
    ]
    stopped = {
        organisation: _stopped(organisation, [a for i, a in to_write if i.organisation_id == organisation])
        for organisation in {i.organisation_id for i, _a in to_write}
    }
    for item, address in to_write:
        if address not in stopped[item.organisation_id]:
            _send(item, address)


def when_sent(outgoing: Outgoing) -> None:
    """The mail has left: *acknowledged*, unless the page had confirmed it already."""
    unconfirmed = Progress.objects.select_for_update().filter(pk=outgoing.refers_to, acknowledged_at=None)
    if unconfirmed.exists():
        record(kinds.ACKNOWLEDGED, organisation=outgoing.organisation_id, items=[outgoing.refers_to], by=SYSTEM)


def _has_stopped(item: FeedbackItem) -> bool:
    return item.customer is not None and item.customer.stopped_telling_at is not None


def _stopped(organisation_id: int, addresses: Collection[str]) -> set[str]:
    return {address for find in WANT_NONE for address in find(organisation_id, addresses)}


def _send(item: FeedbackItem, address: str) -> None:
    organisation = item.organisation
    with translation.override(language_of(item)), timezone.override(organisation.zone):
        title = _("Your feedback has arrived")
        facts = {
            "organisation": organisation, "item": item, "title": title, "link": tracking_url(item.pk, counter=item.link_counter), "dots": _dots(item),
            "days": organisation.answer_promise_days, "colour": nearest_passing(organisation.colour),
        }  # fmt: skip
        mailing.hand_over(
            key=_key(organisation.pk, address),
            purpose="acknowledgement",
            organisation=organisation,
            to=address,
            refers_to=item.pk,
            subject=f"{title} · {item.reference}",
            text=render_to_string("capture/mail/arrived.txt", facts),
            html=render_to_string("capture/mail/arrived.html", facts),
            headers={"Auto-Submitted": "auto-replied"},
        )


def _key(organisation_id: int, address: str) -> str:
    """One for an organisation, an address and a day of the organisation's time zone (which must be active)."""
    hashed = hashlib.sha256(address.strip().lower().encode()).hexdigest()[:32]
    return f"acknowledgement:{organisation_id}:{hashed}:{timezone.localdate()}"


def _dots(item: FeedbackItem) -> list[Dot]:
    first, *others = dots(item.progress.times)
    return [replace(first, note=_("today") if _is_today(item) else ""), *others]


def _is_today(item: FeedbackItem) -> bool:
    return timezone.localtime(item.received_at).date() == timezone.localdate()
