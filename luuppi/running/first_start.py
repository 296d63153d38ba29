"""What `luuppi serve` makes sure of before it starts anything."""

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandError

from luuppi.people.beginning import FIRST_ADDRESS
from luuppi.people.models import Organisation, User


def refuse_taken_port(host: str, port: int) -> None:
    """Raises CommandError with what to do when somebody listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"{host}:{port} cannot be used ({error.strerror}). End what uses it, or choose another: --port {port + 1}.") from None


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[int]:
    """Hold the home for this process group: as long as the file that is given is open. Raises CommandError when another one runs on it."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(home / "serving", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise CommandError(f"Luuppi already runs on {home}. End it first, or set LUUPPI_HOME to another folder.") from None
    try:
        yield lock
    finally:
        os.close(lock)


def first_administrator() -> User | None:
    """Whom the first link is for: a user without a name, as long as there is no organisation. None once there is one."""
    if Organisation.objects.exists():
        return None
    return User.objects.get_or_create(email=FIRST_ADDRESS, defaults={"password": "!"})[0]
