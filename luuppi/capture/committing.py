"""Group commit: doors that take one item hand it to the process's one committer thread and wait for their own result.

The committer takes whatever is waiting (no timer: alone means at once), stores it in one transaction per organisation, and wakes the
waiters. Any error: roll back and go one by one, so that a poisoned item hurts only itself. The answer leaves after the commit.
"""

import os
import queue
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, close_old_connections, connection

from luuppi.capture.drafts import Draft
from luuppi.capture.receiving import Received, receive
from luuppi.people.models import Organisation
from luuppi.running.patience import OF_A_PROGRAM, StoreIsBusy, StoreIsSlow

_MOST_AT_ONCE = 500


def _held() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True)
class _Waiter:
    draft: Draft
    organisation: Organisation
    by: Any
    done: threading.Lock = field(default_factory=_held)  # released when it is done: half the work of an Event
    result: Received | None = None
    error: BaseException | None = None


class _Committer:
    def __init__(self) -> None:
        self.waiting: queue.SimpleQueue[_Waiter] = queue.SimpleQueue()
        self.pid = os.getpid()
        threading.Thread(target=self._run, name="committer", daemon=True).start()

    def _run(self) -> None:
        while True:
            batch = [self.waiting.get()]
            self._let_others_in()
            while len(batch) < _MOST_AT_ONCE and not self.waiting.empty():
                batch.append(self.waiting.get())
            try:
                close_old_connections()
                for group in _by_sender(batch):
                    _commit(group)
            finally:
                for waiter in batch:
                    if waiter.result is None and waiter.error is None:
                        waiter.error = StoreIsBusy(retry_after=2)
                    waiter.done.release()

    def _let_others_in(self) -> None:
        """Threads that stand ready to hand something over do so first, as long as there come more: a larger group costs less for each.

        No timer: alone this takes a few millionths of a second.
        """
        n = -1
        while n < (n := self.waiting.qsize()):
            time.sleep(0)


_lock = threading.Lock()
_committer: _Committer | None = None


def receive_one(draft: Draft, *, organisation: Organisation, by: Any, within: float = OF_A_PROGRAM) -> Received:
    """Store one draft through the committer.

    Raises StoreIsSlow when it was not stored within so many seconds, StoreIsBusy, and what the store raised.
    """
    if connection.in_atomic_block:  # inside somebody's transaction (a test, a larger change) the item belongs to that transaction
        return receive([draft], organisation=organisation, by=by)[0]
    waiter = _Waiter(draft, organisation, by)
    _running().waiting.put(waiter)
    if not waiter.done.acquire(timeout=within):
        raise StoreIsSlow(retry_after=5)
    if waiter.error is not None:
        raise waiter.error
    return waiter.result


def _running() -> _Committer:
    global _committer
    if _committer is None or _committer.pid != os.getpid():
        with _lock:
            if _committer is None or _committer.pid != os.getpid():
                _committer = _Committer()
    return _committer


def _by_sender(batch: list[_Waiter]) -> list[list[_Waiter]]:
    groups: dict[tuple, list[_Waiter]] = {}
    for waiter in batch:
        groups.setdefault((waiter.organisation.pk, getattr(waiter.by, "actor", waiter.by)), []).append(waiter)
    return list(groups.values())


def _commit(group: list[_Waiter]) -> None:
    try:
        results = receive([w.draft for w in group], organisation=group[0].organisation, by=group[0].by)
    except Exception as error:  # the waiter's thread raises it again
        if len(group) == 1:
            group[0].error = StoreIsBusy(retry_after=5) if isinstance(error, DatabaseError) else error
            if isinstance(error, DatabaseError):
                group[0].error.__cause__ = error
                connection.close()
            return
        for waiter in group:
            _commit([waiter])
        return
    for waiter, result in zip(group, results, strict=True):
        waiter.result = result
