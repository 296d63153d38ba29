"""Reading bodies of any length. Under the web server only `read(size)` gives all of a body; its lines and iteration stop early."""

import io
import tempfile
from collections.abc import Iterator

CHUNK = 65_536
_IN_MEMORY = 2_500_000
MOST_GATHERED = 5_000_000  # twice what any page or operation takes


class BodyTooLarge(ValueError):
    """More than the door takes."""


class BodyEnded(ValueError):
    """The sender stopped before the body was whole."""


def chunks(environ: dict) -> Iterator[bytes]:
    """The body piece by piece, with or without a Content-Length. Raises BodyEnded when fewer bytes came than were announced."""
    source = environ["wsgi.input"]
    announced = environ.get("CONTENT_LENGTH") or None
    left = int(announced) if announced is not None and announced.isdigit() else None
    while left is None or left > 0:
        piece = source.read(CHUNK if left is None else min(CHUNK, left))
        if not piece:
            break
        if left is not None:
            left -= len(piece)
        yield piece
    if left:
        raise BodyEnded("the body ended before its announced length")


def lines(environ: dict, *, longest: int) -> Iterator[bytes]:
    """The lines of a body, without their ends; empty ones are left out. Raises BodyTooLarge for a line longer than `longest` bytes."""
    kept = b""
    for piece in chunks(environ):
        kept += piece
        *whole, kept = kept.split(b"\n")
        for line in whole:
            if line.strip():
                yield line.rstrip(b"\r")
        if len(kept) > longest:
            raise BodyTooLarge(f"a line is longer than {longest} bytes")
    if kept.strip():
        yield kept.rstrip(b"\r")


def whole(environ: dict, *, most: int) -> bytes:
    """The whole body. Raises BodyTooLarge, BodyEnded."""
    kept = bytearray()
    for piece in chunks(environ):
        kept += piece
        if len(kept) > most:
            raise BodyTooLarge(f"the body is larger than {most} bytes")
    return bytes(kept)


def with_length(environ: dict) -> dict:
    """The environ, with a chunked body gathered and measured so that Django can read it. Raises BodyTooLarge: files come with a length, and
    a stranger must not fill the disk before anybody asks who it is.
    """
    if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower() or environ.get("CONTENT_LENGTH"):
        return environ
    gathered = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 closed with the request
    for piece in chunks(environ):
        if gathered.tell() + len(piece) > MOST_GATHERED:
            raise BodyTooLarge(f"the body is larger than {MOST_GATHERED} bytes")
        gathered.write(piece)
    size = gathered.tell()
    gathered.seek(0)
    return environ | {"wsgi.input": gathered if size else io.BytesIO(), "CONTENT_LENGTH": str(size)}
