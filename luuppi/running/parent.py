"""A part of the process group never outlives its parent: left alone it would hold the port and the lock."""

import os
import signal
import threading
import time

_GRACE_SECONDS = 20
_SAID = "LUUPPI_PARENT"


def for_children() -> dict[str, str]:
    """The environment in which a part is started: it says whose child it is, since a parent may die before the child can look."""
    return os.environ | {_SAID: str(os.getpid())}


def whose_child() -> int:
    """The process that started this one, also when it is gone already; where nobody said, the parent that there is."""
    said = os.environ.get(_SAID, "")
    return int(said) if said.isdecimal() else os.getppid()


def follow_parent() -> None:
    """From now on this process ends when its parent does: first as if by SIGTERM, then for good."""
    threading.Thread(target=_watch, args=(whose_child(),), name="parent-watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    os._exit(1)
