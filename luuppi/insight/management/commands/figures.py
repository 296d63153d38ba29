import logging
import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from luuppi.insight.service.address import TcpAddress, socket_in
from luuppi.insight.service.file import Limits
from luuppi.insight.service.process import Settings, run
from luuppi.insight.truth import Truth


class Command(BaseCommand):
    help = (
        "The figures service alone: it owns the analytics file and answers questions. Without --host it listens on a private socket in the home; "
        "with it, for several machines, LUUPPI_ANALYTICS_TOKEN is needed. SIGTERM ends it cleanly."
    )

    def add_arguments(self, parser):
        parser.add_argument("--follow-parent", action="store_true", help="end when the process that started this one ends")
        parser.add_argument("--host", default=None, help="listen on this address instead of the socket")
        parser.add_argument("--port", type=int, default=8020)
        parser.add_argument("--memory-mb", type=int, default=None, help="for the engine; without it a quarter of the machine's, at most 4 GB")

    def handle(self, *, follow_parent: bool, host: str | None, port: int, memory_mb: int | None, **options):
        home = Path(settings.HOME)
        if host and not settings.ANALYTICS_TOKEN:
            raise CommandError("A figures service over TCP needs LUUPPI_ANALYTICS_TOKEN: set the same on this machine and on those that ask.")
        code = run(
            Settings(
                folder=home / "figures",
                address=TcpAddress(host, port) if host else socket_in(home),
                token=settings.ANALYTICS_TOKEN or None,
                parent=os.getppid() if follow_parent else None,
                limits=Limits(memory_mb=memory_mb or usual_memory_mb()),
            ),
            Truth(),
        )
        if not code and follow_parent:
            # An ordinary end of the interpreter lets the engine's bindings list on the console what they still hold.
            logging.shutdown()
            os._exit(0)
        if code:
            raise CommandError("A part of the figures service has stopped; the log says which.", returncode=code)


def usual_memory_mb() -> int:
    """A quarter of the machine's memory, between 256 MB and 4 GB."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(256, min(4096, whole // 4))
