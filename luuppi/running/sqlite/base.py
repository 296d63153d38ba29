"""One writer at a time, first come first served.

SQLite's own waiting sleeps and retries, so under load some writers starve for seconds. A file lock around each transaction lets the
kernel wake the next writer at once, and the kernel frees it when a process dies. Committer, worker, import and pages all go through
`transaction.atomic`, so all of them share it. Whoever answers somebody waits no longer than that one has patience (running/patience.py).
"""

import fcntl
import functools
import os

from django.db.backends.sqlite3 import base

from luuppi.running import patience
from luuppi.running.sqlite.turn import Turn, open_lock_file


class Cursor(base.SQLiteCursorWrapper):
    """Django's cursor, which remembers how a statement looks with question marks: intake asks the same of long statements each time."""

    def convert_query(self, query, *, param_names=None):
        return super().convert_query(query, param_names=param_names) if param_names is not None else _with_question_marks(query)


@functools.lru_cache(1_000)
def _with_question_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(base.DatabaseWrapper):
    _lock_file: int | None = None
    _holds_lock = False
    _turn: Turn | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_lock()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._free_lock()
            raise

    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)

    def _commit(self):
        try:
            return super()._commit()
        finally:
            self._free_lock_outside_transaction()

    def _rollback(self):
        try:
            return super()._rollback()
        finally:
            self._free_lock_outside_transaction()

    def _close(self):
        self._free_lock()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None
        return super()._close()

    def _free_lock_outside_transaction(self) -> None:
        # A COMMIT can fail and leave the transaction open (a full disk): then the lock stays until the rollback.
        if self.connection is None or not self.connection.in_transaction:
            self._free_lock()

    def _take_lock(self) -> None:
        if self._holds_lock or self.is_in_memory_db():
            return
        if self._lock_file is None:
            self._lock_file = open_lock_file(self._lock_path)
        if (seconds := patience.left()) is None:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX)
        else:
            self._take_lock_within(seconds)
        self._holds_lock = True

    def _take_lock_within(self, seconds: float) -> None:
        if self._turn is None or not self._turn.come_back():
            try:
                return fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._turn = Turn(self._lock_path)
        if not self._turn.comes_within(seconds):
            raise patience.StoreIsSlow(retry_after=5)
        os.close(self._lock_file)
        self._lock_file, self._turn = self._turn.file, None

    @property
    def _lock_path(self) -> str:
        return f"{self.settings_dict['NAME']}-writer"

    def _free_lock(self) -> None:
        if self._holds_lock:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)
            self._holds_lock = False
