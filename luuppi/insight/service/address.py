"""Where the figures service is: a Unix socket in the home for the process group, or host and port for several machines."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LONGEST_SOCKET_PATH = 100
"""The kernel's limit is 108 bytes on Linux and 104 on macOS, the closing zero included."""


@dataclass(frozen=True, slots=True)
class UnixAddress:
    path: Path


@dataclass(frozen=True, slots=True)
class TcpAddress:
    host: str
    port: int


def socket_in(home: Path) -> UnixAddress:
    """The socket of the process group whose home this is. Where the path would be too long, one in the folder for temporary files."""
    path = home.resolve() / "figures" / "socket"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        name = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
        path = Path(tempfile.gettempdir()) / f"luuppi-{os.getuid()}-{name}" / "socket"
    return UnixAddress(path)


def address_from(url: str | None, home: Path) -> UnixAddress | TcpAddress:
    """LUUPPI_ANALYTICS_URL as an address. Nothing given: the socket in the home. Raises ValueError for what is not understood."""
    if not url:
        return socket_in(home)
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname and parts.port:
        return TcpAddress(parts.hostname, parts.port)
    if parts.scheme == "unix" and parts.path:
        return UnixAddress(Path(parts.path))
    raise ValueError(f"LUUPPI_ANALYTICS_URL is http://host:port or left out, not {url!r}.")
