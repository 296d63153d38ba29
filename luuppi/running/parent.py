"""A part of the process group never outlives its parent: left alone it would hold the port and the lock."""

import os
import signal
import threading
import time

_GRACE_SECONDS = 20


def follow_parent() -> None:
    """From now on this process ends when its parent does: first as if by SIGTERM, then for good."""
    parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), name="parent-watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    os._exit(1)
