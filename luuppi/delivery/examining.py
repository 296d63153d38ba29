"""What `luuppi doctor` says about mail."""

from urllib.parse import urlsplit

from django.conf import settings

from luuppi.delivery.models import Outgoing
from luuppi.running.examining import Finding, examination

_MEND = "Set LUUPPI_MAIL_URL to smtp://user:password@host:587?tls=1 or smtps://user:password@host, or leave it out: then mail lies in the outbox."


@examination("mail")
def mail() -> Finding:
    """Whether the setting can be read, and whether mail got stuck. Nothing is sent, and no password is shown."""
    try:
        url = urlsplit(settings.MAIL_URL)
        host, port = url.hostname, url.port
    except ValueError as wrong:
        return Finding("mail", False, f"LUUPPI_MAIL_URL cannot be read: {wrong}", _MEND)
    if url.scheme not in ("", "file", "smtp", "smtps"):
        return Finding("mail", False, f"LUUPPI_MAIL_URL begins with {url.scheme}:, which is not a way to send mail", _MEND)
    if url.scheme in ("smtp", "smtps") and not host:
        return Finding("mail", False, "LUUPPI_MAIL_URL names no server", _MEND)
    where = f"by {host}{f':{port}' if port else ''}" if host else f"into {settings.OUTBOX}"
    stuck = Outgoing.objects.filter(state="failed").count()
    if stuck:
        return Finding(
            "mail",
            False,
            f"{where}; {stuck} messages could not be sent and are tried again",
            "See that the mail server answers; the reason stands in the message's problem.",
        )
    return Finding("mail", True, where)
