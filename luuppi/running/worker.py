"""The worker: reactions, mail, clocks and jobs from the to-do table, in one thread; heavy work in child processes."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from luuppi.running import children, todo
from luuppi.running.models import Heartbeat
from luuppi.running.waking import Waiting

log = logging.getLogger("luuppi.worker")
_POLL_SECONDS = 1.0
_BEAT_SECONDS = 10.0

# Work that comes by the clock: name → (how often, what). Each is a to-do of its own, so several workers do it once.
CLOCKWORK: dict[str, tuple[timedelta, Callable[[], None]]] = {}


def every(interval: timedelta, name: str, run: Callable[[], None]) -> None:
    """Say, once at start, what happens again and again. It must bear running twice."""
    CLOCKWORK[name] = (interval, run)


def tick(todos) -> None:
    """The to-do behind clockwork: does what its name stands for; one of an earlier version that is gone does nothing."""
    for one in todos:
        name = one.payload["name"]
        if name in CLOCKWORK:
            CLOCKWORK[name][1]()


class Worker:
    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.waiting = Waiting()
        self.children = children.Children()
        self.next_beat = 0.0
        self.planned: dict[str, int] = {}

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self.stopping.is_set():
            try:
                done = self._round()
            except OperationalError as error:  # the database is away or its disk is full: nothing is lost, wait and go on
                log.error("the database does not answer: %s", error)
                connection.close()
                done = 0
                self.stopping.wait(3)
            if not done and not self.stopping.is_set():
                self.waiting.wait(_POLL_SECONDS)
        self.children.drain()
        self.waiting.close()
        connection.close()

    def _round(self) -> int:
        close_old_connections()
        self._plan()
        if time.monotonic() >= self.next_beat:
            self.next_beat = time.monotonic() + _BEAT_SECONDS
            Heartbeat.objects.update_or_create(part="worker", defaults={"at": timezone.now(), "data": {"pid": os.getpid()}})
        here = [kind for kind, work in todo.WORKS.items() if not work.in_child]
        return todo.run_due(kinds=here) + self.children.start_due()

    def _plan(self) -> None:
        for name, (interval, _run) in CLOCKWORK.items():
            slot = int(time.time() // interval.total_seconds())
            if self.planned.get(name) != slot:
                self.planned[name] = slot
                todo.add("clockwork", f"{name}@{slot}", {"name": name})

    def _stop(self, _signal: int, _frame: object) -> None:
        self.stopping.set()
