"""POST /feedback and /feedback/batch: the hot doors, plain WSGI on a short path. Their OpenAPI entries stand in router.py.

One item goes through the group commit; a batch is stored in groups of a thousand while it is read, and its answer streams.
"""

import functools
import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpResponse, QueryDict
from pydantic import ValidationError
from pydantic_core import to_json

from luuppi.api import problems
from luuppi.api.auth import find_token, require
from luuppi.api.description import unknown_parameter
from luuppi.capture.committing import receive_one
from luuppi.capture.drafts import Draft, FeedbackIn
from luuppi.capture.models import FeedbackItem
from luuppi.capture.receiving import BAD, NEW, Received, receive
from luuppi.capture.tracking_links import tracking_url
from luuppi.errors import Refusal
from luuppi.people.models import ApiToken
from luuppi.people.models.tokens import hash_of
from luuppi.running import bodies
from luuppi.running.connections import let_go
from luuppi.running.ids import reference_of

MOST_BYTES = 1_000_000
GROUP = 1_000
MOST_OF_BATCH_KEY = 150  # the number of the line follows
_TOKEN_SECONDS = 2.0  # how long a revoked token may still be believed by a process that just used it
_tokens: dict[str, tuple[float, ApiToken]] = {}


def token_of(authorization: str) -> ApiToken | None:
    """The token of an Authorization header."""
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return None
    digest, now = hash_of(secret.strip()), time.monotonic()
    known = _tokens.get(digest)
    if known and now - known[0] < _TOKEN_SECONDS and not connection.in_atomic_block:
        return known[1]
    if known:
        _tokens[digest] = (now, known[1])  # the others go on with it while this thread asks
    try:
        token = find_token(secret.strip())
    finally:
        let_go()
    if token is None:
        _tokens.pop(digest, None)
        return None
    if len(_tokens) > 1_000:
        _tokens.clear()
    _tokens[digest] = (now, token)
    return token


def parse(raw: bytes) -> FeedbackIn:
    """Raises ValueError with a sentence, pydantic's ValidationError with the places."""
    return FeedbackIn.model_validate_json(raw)


def draft_of(item: FeedbackIn, token: ApiToken, key: str | None) -> Draft:
    return Draft(item, channel=item.channel or "api", source=item.source or token.name, knows_addresses=True, key=key)


def refuse_key(key: str | None, *, most: int) -> HttpResponse | None:
    if key is None or (1 <= len(key) <= most and key.isprintable()):
        return None
    return problems.problem(422, "key-too-long", f"An Idempotency-Key has 1 to {most} printable characters.")


def _whose(token: ApiToken) -> str:
    """Two systems of one organisation may count their sendings alike: a key is its token's own."""
    return f"api:{token.pk}"


def store_one(token: ApiToken, raw: bytes, key: str | None) -> tuple[int, dict[str, Any] | HttpResponse]:
    """Store one item as sent: 201 and the item; 200 when its external id is known, without what was sent. Otherwise the problem."""
    if refused := refuse_key(key, most=170):
        return 422, refused
    try:
        item = parse(raw)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            return 400, problems.not_json()
        return 422, problems.of_validation(error.errors())
    draft = draft_of(item, token, key and f"{_whose(token)}:{key}")
    received = receive_one(draft, organisation=token.organisation, by=token)
    if received.status == BAD:
        return 422, problems.problem(422, received.code, received.problem)
    link = tracking_url(received.item_id) if received.status == NEW or _may_follow(token, received.item_id) else None
    answer = {
        "id": str(received.item_id),
        "reference": reference_of(received.item_id),
        "status": received.status,
        "tracking_url": link,
        "differs": received.differs,
    }
    if received.status == NEW or (key and not received.differs and not item.external_id):
        return 201, item.model_dump(mode="json", exclude_none=True) | {
            "kind": item.settled_kind,
            "channel": draft.channel,
            "source": draft.source,
        } | answer
    return 200, answer


def _may_follow(token: ApiToken, item_id: int) -> bool:
    """Who opens the link speaks as the giver: a team's token is not given that of another team's item for knowing its external id."""
    if not token.root_path:
        return True
    try:
        return FeedbackItem.objects.filter(pk=item_id, team__path__startswith=token.root_path).exists()
    finally:
        let_go()


# --- the WSGI doors -------------------------------------------------------------------------------------------------------------


def _door(run: Callable) -> Callable:
    """Check the token, turn refusals into problems. Who uses the database in this thread lets go of its connection itself: one item does not."""

    @functools.wraps(run)
    def door(environ, start_response):
        try:
            token = token_of(environ.get("HTTP_AUTHORIZATION", ""))
            if token is None:
                return _send(start_response, problems.unauthorised())
            require(token, "feedback:write")
            if asked := environ.get("QUERY_STRING"):
                return _send(start_response, unknown_parameter(QueryDict(asked)))
            return run(environ, start_response, token)
        except Refusal as refusal:
            return _send(start_response, problems.of_refusal(refusal))
        except bodies.BodyTooLarge as error:
            return _send(start_response, problems.problem(413, "too-large", f"{error}. Send less at a time."))
        except bodies.BodyEnded as error:
            return _send(start_response, problems.problem(400, "body-ended", f"{error}. Nothing was stored. Send it again."))
        except DatabaseError:
            logging.getLogger("luuppi").exception("the store refused what came by %s", environ["PATH_INFO"])
            connection.close()
            return _send(
                start_response,
                problems.problem(
                    503, "busy", "Saving failed just now, and nothing was stored. Send the same again.", headers={"Retry-After": "5"}
                ),
            )

    return door


@_door
def one(environ, start_response, token):
    status, answer = store_one(token, bodies.whole(environ, most=MOST_BYTES), environ.get("HTTP_IDEMPOTENCY_KEY"))
    if isinstance(answer, HttpResponse):
        return _send(start_response, answer)
    return _send_bytes(start_response, status, "application/json", to_json(answer))


@_door
def batch(environ, start_response, token):
    key = environ.get("HTTP_IDEMPOTENCY_KEY")
    if refused := refuse_key(key, most=MOST_OF_BATCH_KEY):
        return _send(start_response, refused)
    answers = batch_answers(token, bodies.lines(environ, longest=MOST_BYTES), key)
    try:
        first = next(answers, b"")  # what is wrong with the whole is known before the answer begins
    except (bodies.BodyTooLarge, bodies.BodyEnded):
        let_go()
        raise
    start_response("200 OK", [("Content-Type", "application/x-ndjson"), *_SAFE])
    return _rest(first, answers)


DOORS = {"/api/v1/feedback": one, "/api/v1/feedback/batch": batch}


def batch_answers(token: ApiToken, lines: Iterator[bytes], key: str | None) -> Iterator[bytes]:
    """One answer line for each line, in order. With a key, key + line number is the line's identity, so lines may be sent again."""
    group: list[tuple[int, bytes]] = []
    for number, line in enumerate(lines, 1):
        group.append((number, line))
        if len(group) == GROUP:
            yield _store_group(token, group, key)
            group = []
    if group:
        yield _store_group(token, group, key)


def _store_group(token: ApiToken, group: list[tuple[int, bytes]], key: str | None) -> bytes:
    results: dict[int, Received] = {}
    drafts: list[tuple[int, Draft]] = []
    for number, line in group:
        try:
            drafts.append((number, draft_of(parse(line), token, key and f"{_whose(token)}:{key}:{number}")))
        except ValidationError as error:
            results[number] = Received(BAD, problem=_in_words(error))
    for (number, _draft), received in zip(drafts, receive([d for _n, d in drafts], organisation=token.organisation, by=token), strict=True):
        results[number] = received
    return b"".join(_line(number, results[number]) for number, _raw in group)


def _line(number: int, received: Received) -> bytes:
    if received.status == NEW:  # the usual line, without an encoder's work
        return b'{"line": %d, "status": "new", "id": "%d", "differs": [], "problem": null}\n' % (number, received.item_id)
    answer = {
        "line": number,
        "status": received.status,
        "id": str(received.item_id) if received.item_id else None,
        "differs": received.differs,
        "problem": received.problem or None,
    }
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"


def _in_words(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(place) or 'item'}: {detail}" for place, detail in problems.places(error.errors())[:5])


def _rest(first: bytes, answers: Iterator[bytes]) -> Iterator[bytes]:
    """The answer so far and to come. What goes wrong in mid-stream is said in a last line, since the status has left already."""
    yield first
    try:
        yield from answers
    except (bodies.BodyTooLarge, bodies.BodyEnded, DatabaseError) as error:
        yield (
            json.dumps(
                {
                    "line": None,
                    "status": BAD,
                    "id": None,
                    "differs": [],
                    "problem": f"Stopped here: {error}. Send the lines without an answer again.",
                }
            ).encode()
            + b"\n"
        )
    finally:
        let_go()


_SAFE = [("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")]
_REASONS = {
    200: "OK",
    201: "Created",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    413: "Content Too Large",
    422: "Unprocessable Content",
    503: "Service Unavailable",
}


def _send(start_response, response: HttpResponse):
    start_response(f"{response.status_code} {_REASONS.get(response.status_code, 'Refused')}", [*response.headers.items(), *_SAFE])
    return [response.content]


def _send_bytes(start_response, status: int, content_type: str, content: bytes):
    start_response(f"{status} {_REASONS[status]}", [("Content-Type", content_type), ("Content-Length", str(len(content))), *_SAFE])
    return [content]
