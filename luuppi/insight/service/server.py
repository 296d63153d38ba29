"""HTTP on a Unix socket that only its owner may open, or over TCP with a token. JSON in, JSON out; never SQL.

POST /question  a Question as `to_wire` writes it → columns, rows, more, cursor, as_of
GET  /state     what the service is doing
POST /copy      copy the table into the next generation now (erased rows leave the disk)
POST /rebuild   make the next generation anew from the truth; questions read the old one meanwhile
"""

import hmac
import json
import logging
import os
import socket
import socketserver
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from luuppi.insight.question import Question
from luuppi.insight.service.address import TcpAddress, UnixAddress
from luuppi.insight.service.answering import Answerer, Busy
from luuppi.insight.service.compacting import Copier
from luuppi.insight.service.table import NotServing, Table

log = logging.getLogger("luuppi.insight")

LARGEST_QUESTION_BYTES = 256 * 1024
IDLE_SECONDS = 120
MOST_CONNECTIONS = 512


@dataclass(frozen=True, slots=True)
class Desk:
    """What a request handler needs."""

    table: Table
    answerer: Answerer
    copier: Copier
    token: str | None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wbufsize = -1  # head and body leave in one write
    disable_nagle_algorithm = False
    server: "_Server"

    def setup(self) -> None:
        # The option exists for TCP only; on a Unix socket setting it is an error.
        self.disable_nagle_algorithm = self.request.family != getattr(socket, "AF_UNIX", None)
        super().setup()

    def do_POST(self) -> None:
        arrived = time.monotonic()
        body = self._body()
        if body is None or not self._may_ask():
            return
        if self.path == "/question":
            self._answer(body, arrived)
        elif self.path == "/copy":
            self.server.desk.copier.asked.set()
            self._send(202, {"state": "copying"})
        elif self.path == "/rebuild":
            self.server.desk.copier.writer.rebuild.set()
            self.server.desk.table.wanted.set()
            self._send(202, {"state": "rebuilding beside"})
        else:
            self._send(404, {"problem": "no such address"})

    def do_GET(self) -> None:
        # A body that a GET brings along would be read as the next request of the connection.
        self.close_connection = "Content-Length" in self.headers or self.close_connection
        if not self._may_ask():
            return
        if self.path == "/state":
            self._send(200, state_of(self.server.desk.table))
        else:
            self._send(404, {"problem": "no such address"})

    def _answer(self, body: bytes, arrived: float) -> None:
        try:
            question = Question.from_wire(json.loads(body))
        except (ValueError, RecursionError) as wrong:
            self._send(400, {"problem": str(wrong)[:500]})
            return
        try:
            answer = self.server.desk.answerer.answer(question, arrived=arrived)
        except NotServing as not_now:
            self._send(503, {"problem": str(not_now), "state": not_now.state}, retry_after=not_now.retry_after)
        except Busy as busy:
            self._send(503, {"problem": str(busy), "state": "busy"}, retry_after=1)
        else:
            self._send(200, answer)

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_QUESTION_BYTES:
            self.close_connection = True
            problem = f"a body of at most {LARGEST_QUESTION_BYTES} bytes with Content-Length is needed"
            self._send(413 if length.isdecimal() else 411, {"problem": problem})
            return None
        return self.rfile.read(int(length))

    def _may_ask(self) -> bool:
        token = self.server.desk.token
        if token is None:
            return True
        sent = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if hmac.compare_digest(sent.encode(), token.encode()):
            return True
        self._send(401, {"problem": "the token is missing or wrong (LUUPPI_ANALYTICS_TOKEN)"})
        return False

    def _send(self, status: int, content: dict[str, Any], *, retry_after: int | None = None) -> None:
        body = json.dumps(content, separators=(",", ":")).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        if self.server.is_ending:
            self.close_connection = True
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            # The asker went away. Nobody is left to tell.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        log.debug(format, *args)


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    is_ending = False
    desk: Desk
    n_connections = 0

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return self.n_connections < MOST_CONNECTIONS

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self.n_connections += 1
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.n_connections -= 1


class _UnixServer(_Server):
    address_family = getattr(socket, "AF_UNIX", socket.AF_INET)
    allow_reuse_address = False


def serve_at(address: UnixAddress | TcpAddress, desk: Desk) -> _Server:
    """A server that listens already; `serve_forever` runs it. Over TCP a token is needed. Raises OSError, ValueError."""
    if isinstance(address, TcpAddress):
        if not desk.token:
            raise ValueError("A figures service over TCP needs LUUPPI_ANALYTICS_TOKEN.")
        server: _Server = _Server((address.host, address.port), Handler)
    else:
        server = _listen_privately(address, _UnixServer)
    server.desk = desk
    return server


def _listen_privately(address: UnixAddress, make: Callable[..., _Server]) -> _Server:
    address.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Whoever holds the folder's lock owns the socket: what lies here is left over from a process that died.
    address.path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        return make(str(address.path), Handler)
    finally:
        os.umask(before)


def state_of(table: Table) -> dict[str, Any]:
    generation = table.generation
    return {
        "state": table.state,
        "generation": generation.path.name if generation else None,
        "as_of": table.caught_up_at.isoformat() if table.caught_up_at else None,
        "process": os.getpid(),
    }
