"""Mail that leaves the house: handed over in the transaction of the change, sent by the worker, once in effect.

The row is noted *sending* before the mail server gets it. A row still *sending* after a crash is shown as perhaps sent, never sent
again by itself. Who must know that a message has left registers for its purpose: `answered` and `told` are recorded then, not before.
"""

import hashlib
import smtplib
from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone

from luuppi.delivery.models import Outgoing
from luuppi.people.models import Organisation
from luuppi.running import todo

WHEN_SENT: dict[str, Callable[[Outgoing], None]] = {}
WHEN_FAILED: dict[str, Callable[[Outgoing], None]] = {}
_LAST_ATTEMPT = 10


def on_delivery(purpose: str, *, sent: Callable[[Outgoing], None], failed: Callable[[Outgoing], None] | None = None) -> None:
    """Say, once at start, who is told when a message of this purpose has left (or never will). Runs in a transaction of its own."""
    WHEN_SENT[purpose] = sent
    if failed:
        WHEN_FAILED[purpose] = failed


def hand_over(
    *,
    key: str,
    purpose: str,
    organisation: Organisation,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    headers: dict[str, str] | None = None,
    from_name: str = "",
    refers_to: int | None = None,
    due_at: datetime | None = None,
) -> Outgoing:
    """Queue one message, in the transaction of the change; the same key again changes nothing. `due_at` leaves time for an undo."""
    message_id = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{settings.BASE_URL.split('://')[-1].split('/')[0].split(':')[0]}>"
    outgoing, made = Outgoing.objects.get_or_create(
        key=key,
        defaults={
            "purpose": purpose,
            "organisation": organisation,
            "to_address": to,
            "subject": " ".join(subject.split())[:250],
            "text": text,
            "html": html,
            "headers": headers or {},
            "from_name": from_name,
            "refers_to": refers_to,
            "message_id": message_id,
        },
    )
    if made:
        todo.add("mail", str(outgoing.pk), {"outgoing": outgoing.pk}, due_at=due_at, organisation_id=organisation.pk)
    return outgoing


@transaction.atomic
def take_back(outgoing: Outgoing) -> bool:
    """Undo within the waiting time: the message never leaves. Returns whether it was still here."""
    if not todo.take_back("mail", str(outgoing.pk)):
        return False
    outgoing.delete()
    return True


def send_mail(todos: Sequence[todo.Todo]) -> None:
    """The worker's part, one message at a time."""
    for one in todos:
        outgoing = Outgoing.objects.select_related("organisation").filter(pk=one.payload["outgoing"]).first()
        if outgoing is None or outgoing.state in ("sent", "gave_up", "perhaps_sent"):
            continue
        if outgoing.state == "sending":
            Outgoing.objects.filter(pk=outgoing.pk).update(state="perhaps_sent", problem="stopped between handing over and noting it")
            continue
        Outgoing.objects.filter(pk=outgoing.pk).update(state="sending")
        try:
            _message(outgoing).send()
        except OSError as error:  # smtplib's errors are OSErrors: away, refused, timed out
            _note_failure(outgoing, one, error)
            raise
        except ValueError as error:  # no envelope can carry this address: nothing has left, and nothing ever will
            _note_failure(outgoing, one, error)
            continue
        _note_sent(outgoing)


def _message(outgoing: Outgoing) -> EmailMultiAlternatives:
    name = " ".join((outgoing.from_name or outgoing.organisation.name).split())
    address = settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(
        outgoing.subject,
        outgoing.text,
        f'"{name.replace(chr(34), "")}" <{address}>',
        [outgoing.to_address],
        reply_to=[outgoing.reply_to] if outgoing.reply_to else None,
        headers={"Message-ID": outgoing.message_id, "Auto-Submitted": "auto-generated", **outgoing.headers},
        connection=get_connection(),
    )
    if outgoing.html:
        message.attach_alternative(outgoing.html, "text/html")
    return message


@transaction.atomic
def _note_sent(outgoing: Outgoing) -> None:
    outgoing.state, outgoing.sent_at, outgoing.problem = "sent", timezone.now(), ""
    outgoing.save(update_fields=["state", "sent_at", "problem"])
    if tell := WHEN_SENT.get(outgoing.purpose):
        tell(outgoing)


@transaction.atomic
def _note_failure(outgoing: Outgoing, one: todo.Todo, error: OSError | ValueError) -> None:
    outgoing.problem = f"{type(error).__name__}: {error}"[:500]
    outgoing.state = "failed"
    if one.attempts >= _LAST_ATTEMPT or _is_refused_for_good(error):
        outgoing.state = "gave_up"
        if tell := WHEN_FAILED.get(outgoing.purpose):
            tell(outgoing)
    outgoing.save(update_fields=["state", "problem"])


def _is_refused_for_good(error: OSError | ValueError) -> bool:
    """The server knows the recipient and says no (5xx): trying again would not help."""
    if isinstance(error, ValueError):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600 and error.smtp_code not in (530, 534, 535)
