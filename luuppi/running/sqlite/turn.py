"""A place in the kernel's queue for a file lock that can be given up.

`flock` waits without an end or not at all, and who only asks again and again is passed by those who wait. So a thread of its own stands in
the queue for one who has little patience; what it gets after that one has gone it lets go at once.
"""

import fcntl
import os
import threading


def open_lock_file(path: str) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


class Turn:
    """One wait for the lock. Who has given up may come back to the same place as long as it is not over: no second thread for it."""

    def __init__(self, path: str) -> None:
        self.file = open_lock_file(path)
        self._changed = threading.Condition()
        self._is_awaited, self._has_come, self._is_over = True, False, False
        threading.Thread(target=self._stand_in_queue, name="turn to write", daemon=True).start()

    def come_back(self) -> bool:
        """Wait again where one gave up; False when that place is over."""
        with self._changed:
            self._is_awaited = not self._is_over
            return self._is_awaited

    def comes_within(self, seconds: float) -> bool:
        """Whether the lock is held now, by `file`, which is the caller's from here on. Without it the place in the queue stays."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_come, seconds)
            self._is_awaited = False
            return self._has_come

    def _stand_in_queue(self) -> None:
        fcntl.flock(self.file, fcntl.LOCK_EX)
        with self._changed:
            if self._is_awaited:
                self._has_come = True
                self._changed.notify()
            else:
                os.close(self.file)  # and with it the lock
            self._is_over = True
