"""/f/{organisation} on a short path: what is the same for every giver is made by Django once, not for each.

The page is kept for two seconds as Django made it, each giver's with a sending token of its own. A sending is checked by the same fields and
stored by the same use case as in `public.feedback_form`; its answer has the headers that Django gave the first time. Whatever is not plain
(a cookie, a language chosen by hand, a form that is not right or looks automatic, a store that is busy) goes to Django whole.
"""

import io
import re
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, connection
from django.http import QueryDict
from django.urls import reverse
from pydantic import ValidationError

from luuppi.capture.committing import StoreIsBusy
from luuppi.capture.forms import FeedbackForm
from luuppi.capture.sending import new_sending
from luuppi.capture.tracking_links import token_of
from luuppi.capture.web.public import send_form
from luuppi.people.web.addressing import organisation_named
from luuppi.people.web.language import preferred
from luuppi.running import bodies
from luuppi.running.connections import let_go

_SECONDS, _MOST_PAGES, _MOST_BYTES = 2.0, 200, 300_000
_PATH = re.compile(r"/f/([-a-zA-Z0-9_]{1,50})")
_QUERY = re.compile(r"(?:touchpoint=([A-Za-z0-9_.-]{1,100}))?")
_FORM_TYPES = {"application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8", "application/x-www-form-urlencoded;charset=utf-8"}
_SENDING = re.compile(rb'(?<=name="sending" value=")[\w-]{22}(?=")')
Headers = list[tuple[str, str]]
Application = Callable[[dict, Callable], Iterable[bytes]]


def feedback_form(environ: dict, start_response: Callable, django: Application) -> Iterable[bytes]:
    """The form's page and its sendings, as `django` would answer them."""
    place = _PATH.fullmatch(environ["PATH_INFO"])
    query = _QUERY.fullmatch(environ.get("QUERY_STRING", ""))
    if place is None or query is None or environ.get("HTTP_COOKIE"):
        return django(environ, start_response)
    language = preferred(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    if environ["REQUEST_METHOD"] == "GET":
        return _page(environ, start_response, django, key=(place[1], query[1], language))
    if environ["REQUEST_METHOD"] == "POST" and _is_plain_form(environ):
        return _sending(environ, start_response, django, slug=place[1], touchpoint=query[1] or "", language=language)
    return django(environ, start_response)


# --- the page -------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Page:
    """A page around the place of its token: as bytes, and compressed so that a token can be put between."""

    headers: Headers
    before: bytes
    after: bytes
    zipped_before: bytes
    zipped_after: bytes
    check_before: int  # CRC-32 of what stands before the token
    made_at: float


_pages: dict[tuple, _Page] = {}


def _page(environ: dict, start_response: Callable, django: Application, *, key: tuple) -> Iterable[bytes]:
    page, now = _pages.get(key), time.monotonic()
    if page is None or now - page.made_at > _SECONDS:
        if page is not None:
            page.made_at = now  # the others go on with it while this one is made anew
        made = _Answer(django, {**environ, "HTTP_ACCEPT_ENCODING": ""})
        page = _kept(made, now)
        if page is None:
            _pages.pop(key, None)
            return made.give(start_response)
        if len(_pages) >= _MOST_PAGES:
            _pages.clear()
        _pages[key] = page
    sending = new_sending().encode()
    if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        content = _zipped(page, sending)
        start_response("200 OK", [*page.headers, ("Content-Encoding", "gzip"), ("Content-Length", str(len(content)))])
    else:
        content = page.before + sending + page.after
        start_response("200 OK", [*page.headers, ("Content-Length", str(len(content)))])
    return [content]


def _kept(made: "_Answer", now: float) -> _Page | None:
    """The page for all who ask for the same; None when it is no such page."""
    found = _SENDING.findall(made.content)
    if made.status != "200 OK" or "Set-Cookie" in dict(made.headers) or len(found) != 1 or made.content.count(found[0]) != 1:
        return None
    before, after = made.content.split(found[0])
    first = zlib.compressobj(9, zlib.DEFLATED, -15)
    # What comes after the token may refer to what stands before it, at its distance; to the token itself never: no page holds a NUL.
    second = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=(before + b"\0" * len(found[0]))[-32_768:])
    return _Page(
        [header for header in made.headers if header[0] != "Content-Length"], before, after,
        first.compress(before) + first.flush(zlib.Z_FULL_FLUSH), second.compress(after) + second.flush(), zlib.crc32(before), now,
    )  # fmt: skip


def _zipped(page: _Page, sending: bytes) -> bytes:
    """The page as gzip (RFC 1952): the token is a stored block of its own (RFC 1951, 3.2.4) between what was compressed before."""
    n = len(sending)
    stored = b"\0" + n.to_bytes(2, "little") + (n ^ 0xFFFF).to_bytes(2, "little") + sending
    check = zlib.crc32(page.after, zlib.crc32(sending, page.check_before))
    length = len(page.before) + n + len(page.after)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + page.zipped_before + stored + page.zipped_after + check.to_bytes(4, "little") + (length & 0xFFFFFFFF).to_bytes(4, "little")


# --- the sending ----------------------------------------------------------------------------------------------------------------

_thanks_headers: dict[str, Headers] = {}  # language → what Django's answer to a sending carries beside its address


def _is_plain_form(environ: dict) -> bool:
    length = environ.get("CONTENT_LENGTH") or ""
    return environ.get("CONTENT_TYPE", "").lower() in _FORM_TYPES and length.isdigit() and int(length) <= _MOST_BYTES


def _sending(environ: dict, start_response: Callable, django: Application, *, slug: str, touchpoint: str, language: str) -> Iterable[bytes]:
    try:
        body = bodies.whole(environ, most=_MOST_BYTES)
    except bodies.BodyEnded:
        start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return [b""]
    environ = {**environ, "wsgi.input": io.BytesIO(body)}
    if (headers := _thanks_headers.get(language)) is None:
        made = _Answer(django, environ)
        if made.status.startswith("303 ") and "Set-Cookie" not in dict(made.headers):
            _thanks_headers[language] = [header for header in made.headers if header[0] not in ("Location", "Content-Length")]
        return made.give(start_response)
    item_id = _stored(body, slug, touchpoint, language)
    if item_id is None:
        return django(environ, start_response)
    start_response("303 See Other", [*headers, ("Location", reverse("thanks", args=[token_of(item_id)])), ("Content-Length", "0")])
    return [b""]


def _stored(body: bytes, slug: str, touchpoint: str, language: str) -> int | None:
    """The item of a plain good sending; None for everything that needs more than that: Django answers it, and stores nothing twice."""
    try:
        organisation = organisation_named(slug)
        said = FeedbackForm.plainly_said(QueryDict(body))
        if organisation is None or said is None:
            return None
        return send_form(said, organisation=organisation, touchpoint=touchpoint, language=language)
    except (SuspiciousOperation, ValidationError, StoreIsBusy):
        return None
    except DatabaseError:
        connection.close()
        return None
    finally:
        let_go()


class _Answer:
    """What Django answers, whole."""

    def __init__(self, django: Application, environ: dict) -> None:
        self.status, self.headers = "", []
        parts = django(environ, self._begin)
        try:
            self.content = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()

    def _begin(self, status: str, headers: Headers, _wrong: object = None) -> None:
        self.status, self.headers = status, list(headers)

    def give(self, start_response: Callable) -> Iterable[bytes]:
        start_response(self.status, self.headers)
        return [self.content]


def forget() -> None:
    """For tests, whose database is another one within two seconds."""
    _pages.clear()
    _thanks_headers.clear()
