"""How mail leaves: by the one setting LUUPPI_MAIL_URL. `file:` writes one .eml each into the outbox; smtp:// and smtps:// send."""

import itertools
import os
import time
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

_count = itertools.count()


def stays_in_the_house() -> bool:
    """Whether mail only becomes files of the outbox: nobody gets it unless somebody here hands it on."""
    return urlsplit(settings.MAIL_URL).scheme in ("file", "")


class MailUrlBackend(BaseEmailBackend):
    def send_messages(self, messages) -> int:
        if stays_in_the_house():
            return sum(_write(message) for message in messages)
        url = urlsplit(settings.MAIL_URL)
        secure = {"use_ssl": url.scheme == "smtps", "use_tls": "tls" in url.query}
        smtp = SmtpBackend(
            host=url.hostname,
            port=url.port or (465 if url.scheme == "smtps" else 25),
            username=unquote(url.username or ""),
            password=unquote(url.password or ""),
            timeout=20,
            **secure,
        )
        return smtp.send_messages(messages) or 0


def _write(message) -> int:
    settings.OUTBOX.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns()}-{os.getpid()}-{next(_count)}.eml"
    part = settings.OUTBOX / f".{name}"
    part.write_bytes(message.message().as_bytes(linesep="\n"))
    part.rename(settings.OUTBOX / name)  # whole or not at all
    return 1
