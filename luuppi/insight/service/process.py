"""The process: it takes the folder, listens at once, and ends cleanly on SIGTERM or with its parent."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from luuppi.insight.service.address import TcpAddress, UnixAddress
from luuppi.insight.service.answering import Answerer, Manners
from luuppi.insight.service.compacting import Copier
from luuppi.insight.service.file import Folder, Limits
from luuppi.insight.service.server import Desk, serve_at
from luuppi.insight.service.source import Source
from luuppi.insight.service.table import Table
from luuppi.insight.service.writer import Writer

log = logging.getLogger("luuppi.insight")

LOOK_EVERY_SECONDS = 0.25
DRAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Settings:
    """folder: for the generations, lock and spill. token: needed over TCP. parent: the process to end with; None lives alone."""

    folder: Path
    address: UnixAddress | TcpAddress
    token: str | None = None
    parent: int | None = None
    limits: Limits = field(default_factory=Limits)
    manners: Manners = field(default_factory=Manners)


def run(settings: Settings, source: Source) -> int:
    """Serve until SIGTERM, SIGINT or the end of the parent. Returns the exit code: 0 ended as asked, 1 a part of it broke.

    The source is used from one thread of its own. Call it in the main thread: it takes the signals.
    """
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    folder = Folder(settings.folder)
    while not folder.take():
        # The service before us is still draining; nothing of its folder may be touched until it has ended.
        if ending.wait(LOOK_EVERY_SECONDS) or _is_orphan(settings.parent):
            return 0
    try:
        return _serve(settings, source, folder, ending)
    finally:
        folder.leave()


def _serve(settings: Settings, source: Source, folder: Folder, ending: threading.Event) -> int:
    table = Table(folder)
    answerer = Answerer(table, settings.manners)
    writer = Writer(table, source, settings.limits)
    copier = Copier(table, writer)
    token = settings.token if isinstance(settings.address, TcpAddress) else None
    server = serve_at(settings.address, Desk(table, answerer, copier, token))
    threads = _start({"writer": writer.run, "copier": copier.run, "watch": answerer.watch.run, "server": server.serve_forever})

    broken = None
    while not ending.wait(LOOK_EVERY_SECONDS):
        if _is_orphan(settings.parent):
            log.info("figures: the parent has ended")
            break
        if broken := next((name for name, thread in threads.items() if not thread.is_alive()), None):
            # A bug ended a thread. Without it figures would grow old in silence; a new process starts with a clear head.
            log.error("figures: the %s has stopped", broken)
            break

    server.is_ending = True
    server.shutdown()
    _drain(answerer)
    writer.end()
    copier.end()
    for name in ("writer", "copier"):
        threads[name].join(DRAIN_SECONDS)
    table.close()
    server.server_close()
    if isinstance(settings.address, UnixAddress):
        settings.address.path.unlink(missing_ok=True)
    return 1 if broken else 0


def _start(parts: dict[str, Callable[[], None]]) -> dict[str, threading.Thread]:
    threads = {name: threading.Thread(target=run_part, name=f"figures {name}", daemon=True) for name, run_part in parts.items()}
    for thread in threads.values():
        thread.start()
    return threads


def _drain(answerer: Answerer) -> None:
    """Let running questions finish; what is still at it after that is interrupted."""
    until = time.monotonic() + DRAIN_SECONDS
    while answerer.n_inside and time.monotonic() < until:
        time.sleep(0.02)
    answerer.watch.interrupt_those(before=float("inf"))


def _is_orphan(parent: int | None) -> bool:
    return parent is not None and os.getppid() != parent
