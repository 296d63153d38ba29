"""Starting the web server. The process that looks after its workers needs nothing of Django, which would take it a second and 35 MB."""

import argparse
import os

from luuppi.running import numbers, parent

HELP = "The web server alone (granian). SIGTERM answers what is under way and ends; SIGHUP reloads."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=numbers.port, default=8000)
    parser.add_argument("--workers", type=numbers.whole(1, 64), default=1, help="web processes; more than one pays with PostgreSQL")
    parser.add_argument("--threads", type=numbers.whole(1, 256), default=32)
    parser.add_argument("--follow-parent", action="store_true", help="end when the process that started this one ends")


def serve(*, host: str, port: int, workers: int, threads: int, follow_parent: bool) -> int:
    """Serve until it is asked to end. Returns the exit code."""
    from granian import Granian
    from granian.constants import Interfaces

    if follow_parent:
        parent.follow_parent()
    os.environ |= parent.for_children() | {"LUUPPI_FOLLOW_PARENT": "1"}  # read by luuppi.wsgi in the server's own worker processes
    Granian(
        "luuppi.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=1024,
        backpressure=max(threads * 4, 128),
        workers_kill_timeout=20,
        respawn_failed_workers=True,
        log_enabled=True,
        log_level="error",
        websockets=False,
    ).serve()
    return 0
