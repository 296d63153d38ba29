"""Starting the figures service. It answers from its file while Django is still being set up, which takes three times as long as all the rest:
after a crash figures are there again within a second.
"""

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from luuppi.insight.service.address import TcpAddress, socket_in
from luuppi.insight.service.file import Limits
from luuppi.insight.service.process import Settings, run
from luuppi.insight.service.source import Changes, Everything, Source
from luuppi.running import numbers
from luuppi.running.parent import whose_child

HELP = (
    "The figures service alone: it owns the analytics file and answers questions. Without --host it listens on a private socket in the home; "
    "with it, for several machines, LUUPPI_ANALYTICS_TOKEN is needed. SIGTERM ends it cleanly."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--follow-parent", action="store_true", help="end when the process that started this one ends")
    parser.add_argument("--host", default=None, help="listen on this address instead of the socket")
    parser.add_argument("--port", type=numbers.port, default=8020)
    parser.add_argument(
        "--memory-mb",
        type=numbers.whole(64, 1_000_000),
        default=None,
        help="for the engine; without it a quarter of the machine's, at most 4 GB",
    )


def serve(*, follow_parent: bool, host: str | None, port: int, memory_mb: int | None) -> int:
    """Serve until it is asked to end. Returns the exit code."""
    home = Path(settings.HOME)
    if host and not settings.ANALYTICS_TOKEN:
        print("A figures service over TCP needs LUUPPI_ANALYTICS_TOKEN: set the same on this machine and on those that ask.", file=sys.stderr)
        return 1
    code = run(
        Settings(
            folder=home / "figures",
            address=TcpAddress(host, port) if host else socket_in(home),
            token=settings.ANALYTICS_TOKEN or None,
            parent=whose_child() if follow_parent else None,
            limits=Limits(memory_mb=memory_mb or usual_memory_mb()),
        ),
        LateTruth(),
    )
    if code:
        print("A part of the figures service has stopped; the log says which.", file=sys.stderr)
    elif follow_parent:
        # An ordinary end of the interpreter lets the engine's bindings list on the console what they still hold.
        logging.shutdown()
        os._exit(0)
    return code


class LateTruth:
    """The truth, as soon as it is asked for: Django is set up then, in the thread that reads it."""

    def __init__(self) -> None:
        self._truth: Source | None = None

    def changes_after(self, cursor: int, limit: int) -> Changes:
        return self._there().changes_after(cursor, limit)

    def everything(self) -> Everything:
        return self._there().everything()

    def _there(self) -> Any:
        if self._truth is None:
            import django

            django.setup()
            from luuppi.insight.truth import Truth

            self._truth = Truth()
        return self._truth


def usual_memory_mb() -> int:
    """A quarter of the machine's memory, between 256 MB and 4 GB."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(256, min(4096, whole // 4))
