"""Waking the worker: a datagram on a Unix socket in the home, so that work begins at once. Losing one costs a second: the worker polls."""

import contextlib
import functools
import os
import socket
from pathlib import Path

from django.conf import settings


def address() -> str:
    """Where the worker listens. Unix addresses are short, so the path is relative to /proc/self/cwd when the home lies deep."""
    path = str(Path(settings.HOME) / "worker.sock")
    return path if len(path) < 100 else os.path.relpath(path)


def wake_worker() -> None:
    with contextlib.suppress(OSError):
        _out().sendto(b"!", address())


@functools.cache
def _out() -> socket.socket:
    """One for the process: a datagram needs no connection, so that it serves all threads and forked children too."""
    out = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    out.setblocking(False)
    return out


class Waiting:
    """The worker's end: `wait(seconds)` returns at a wake-up or after the time."""

    def __init__(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(address())
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address())
        os.chmod(address(), 0o600)

    def wait(self, seconds: float) -> None:
        self.socket.settimeout(seconds)
        with contextlib.suppress(TimeoutError):
            self.socket.recv(16)
            self.socket.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while self.socket.recv(16):
                    pass

    def close(self) -> None:
        self.socket.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(address())
