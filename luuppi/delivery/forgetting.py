"""Mail to an erased person: what waits never leaves, what has left keeps its key and its state alone, and its copy in the outbox goes."""

from collections.abc import Sequence
from email.parser import BytesHeaderParser

from django.conf import settings
from django.db.models import Q

from luuppi.delivery.models import Outgoing
from luuppi.running import todo
from luuppi.running.models import Todo

FORGET = "mail.forget"


def forget_mail(organisation_id: int, refers_to: dict[str, Sequence[int]], addresses: Sequence[str] = ()) -> int:
    """Empty every message to these addresses, and of each purpose those about these things. In the caller's transaction; returns how many.

    The files of the outbox follow in the background.
    """
    wanted = Q(to_address__in=[address for address in addresses if address])
    for purpose, ids in refers_to.items():
        wanted |= Q(purpose=purpose, refers_to__in=list(ids))
    mails = list(Outgoing.objects.select_for_update().filter(wanted, organisation=organisation_id).exclude(to_address=""))
    Todo.objects.filter(kind="mail", key__in=[str(mail.pk) for mail in mails]).delete()
    message_ids = [mail.message_id for mail in mails if mail.message_id]
    for mail in mails:
        mail.state = "gave_up" if mail.state in ("queued", "failed") else mail.state
        mail.key, mail.to_address, mail.subject, mail.text, mail.html, mail.headers = f"forgotten:{mail.pk}", "", "", "", "", {}
        mail.from_name, mail.reply_to, mail.message_id, mail.problem = "", "", "", ""
    fields = ["state", "key", "to_address", "subject", "text", "html", "headers", "from_name", "reply_to", "message_id", "problem"]
    Outgoing.objects.bulk_update(mails, fields, batch_size=50)
    if message_ids:
        todo.add(FORGET, f"{organisation_id}:{mails[0].pk}", {"message_ids": message_ids}, organisation_id=organisation_id)
    return len(mails)


def forget_files(todos: Sequence[todo.Todo]) -> None:
    """The to-do mail.forget: takes the messages out of the outbox, where mail is kept as files."""
    wanted = {message_id for one in todos for message_id in one.payload["message_ids"]}
    for path in settings.OUTBOX.glob("*.eml") if settings.OUTBOX.is_dir() else ():
        with path.open("rb") as file:
            is_theirs = BytesHeaderParser().parse(file).get("Message-ID", "").strip() in wanted
        if is_theirs:
            path.unlink(missing_ok=True)
