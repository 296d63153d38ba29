"""/f/{organisation} on a short path: what is the same for every giver is made by Django once, not for each.

The page is kept for two seconds as Django made it, each giver's with a sending token of its own. A sending is checked by the same fields and
stored by the same use case as in `public.feedback_form`; its answer has the headers that Django gave the first time. Whatever is not plain
(a cookie, a language chosen by hand, a form that is not right or looks automatic, a store that is busy) goes to Django whole.
"""

import gzip
import io
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, connection
from django.http import QueryDict
from django.urls import reverse
from pydantic import ValidationError

from luuppi.capture.forms import FeedbackForm
from luuppi.capture.sending import new_sending
from luuppi.capture.tracking_links import token_of
from luuppi.capture.web.public import WAS_SLOW, send_form
from luuppi.people.web.addressing import organisation_at
from luuppi.people.web.language import preferred
from luuppi.running import bodies
from luuppi.running.connections import let_go
from luuppi.running.patience import OF_A_PERSON, StoreIsBusy, StoreIsSlow, within

_SECONDS, _MOST_PAGES, _MOST_BYTES = 2.0, 200, 300_000
_EFFORT = 4  # of compressing: a fifth of a millisecond for the page, within some bytes of the most
_PATH = re.compile(r"/f/([-a-zA-Z0-9_]{1,50})")
_QUERY = re.compile(r"(?:touchpoint=([A-Za-z0-9_.-]{1,100}))?")
_FORM_TYPES = {
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-8",
    "application/x-www-form-urlencoded;charset=utf-8",
}
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
    """A page around the place of its token."""

    headers: Headers
    before: bytes
    after: bytes
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
    content, packed = page.before + new_sending().encode() + page.after, []
    if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        content, packed = gzip.compress(content, _EFFORT, mtime=0), [("Content-Encoding", "gzip")]
    start_response("200 OK", [*page.headers, *packed, ("Content-Length", str(len(content)))])
    return [content]


def _kept(made: "_Answer", now: float) -> _Page | None:
    """The page for all who ask for the same; None when it is no such page."""
    found = _SENDING.findall(made.content)
    if made.status != "200 OK" or "Set-Cookie" in dict(made.headers) or len(found) != 1 or made.content.count(found[0]) != 1:
        return None
    before, after = made.content.split(found[0])
    return _Page([header for header in made.headers if header[0] != "Content-Length"], before, after, now)


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
    try:
        item_id = _stored(body, slug, touchpoint, language)
    except StoreIsSlow as slow:
        item_id, environ[WAS_SLOW] = None, slow  # the giver has waited once, and waits no second time
    if item_id is None:
        return django(environ, start_response)
    start_response("303 See Other", [*headers, ("Location", reverse("thanks", args=[token_of(item_id)])), ("Content-Length", "0")])
    return [b""]


def _stored(body: bytes, slug: str, touchpoint: str, language: str) -> int | None:
    """The item of a plain good sending; None for everything that needs more than that: Django answers it, and stores nothing twice.

    Raises StoreIsSlow.
    """
    try:
        organisation = organisation_at(slug)
        said = FeedbackForm.plainly_said(QueryDict(body))
        if organisation is None or said is None:
            return None
        with within(OF_A_PERSON):
            return send_form(said, organisation=organisation, touchpoint=touchpoint, language=language)
    except StoreIsSlow:
        raise
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
