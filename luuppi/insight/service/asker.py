"""The other end of the wire: a connection to the figures service, and its answers as values."""

import http.client
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from luuppi.insight.question import Question
from luuppi.insight.service.address import TcpAddress, UnixAddress

SECONDS_TO_CONNECT = 2.0
SECONDS_TO_ANSWER = 15.0
RETRY_AFTER_SECONDS = 2

_DAYS = ("day", "week", "month")
_MOMENTS = ("received_at",)


class ServiceAway(Exception):
    """No answer now. state: away, starting, rebuilding, waiting or busy; retry_after in seconds."""

    def __init__(self, state: str, retry_after: int) -> None:
        super().__init__(f"the figures service is {state}")
        self.state, self.retry_after = state, retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    """rows: one tuple for each group or item, in the order of `columns`; days as date, moments as aware datetime.

    more: there were more rows than the question's limit. cursor: up to which change of the truth this counts. as_of: when the service
    last knew that it held everything; None where it has not caught up yet.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool
    cursor: int
    as_of: datetime | None

    def records(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Asker:
    """Keeps one open connection for each thread. address: where the service listens; token: for TCP."""

    def __init__(self, address: UnixAddress | TcpAddress, token: str | None = None) -> None:
        self.address, self.token = address, token
        self.seconds_to_answer = SECONDS_TO_ANSWER
        self._kept = threading.local()

    def ask(self, question: Question, *, within: float | None = None) -> Answer:
        """within: seconds that the answer may take, when not the usual ones.

        Raises ServiceAway. A question or token that the service refuses is a fault of ours or of the settings: RuntimeError.
        """
        status, content = self.send("POST", "/question", question.to_wire(), within=within)
        if status != 200:
            raise RuntimeError(f"the figures service refused the question ({status}): {content.get('problem')}")
        return _answer_from(content)

    def send(self, method: str, path: str, content: dict[str, Any] | None = None, *, within: float | None = None) -> tuple[int, dict[str, Any]]:
        """One request. Raises ServiceAway."""
        body = None if method == "GET" else json.dumps(content or {}, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        kept = getattr(self._kept, "connection", None)
        try:
            response = self._exchange(kept, method, path, body, headers, within) if kept else None
        except TimeoutError as late:
            # It is there and works on it: asking once more would only double the work.
            self._drop()
            raise ServiceAway("busy", RETRY_AFTER_SECONDS) from late
        except (http.client.HTTPException, OSError):
            # A kept connection may have been closed by a service that was restarted; questions change nothing, so asking again is safe.
            self._drop()
            response = None
        try:
            response = response or self._exchange(self._connect(), method, path, body, headers, within)
            answer = json.loads(response.read())
        except (http.client.HTTPException, OSError, ValueError) as away:
            self._drop()
            raise ServiceAway("away", RETRY_AFTER_SECONDS) from away
        if response.status == 503:
            retry_after = int(response.headers.get("Retry-After", RETRY_AFTER_SECONDS))
            raise ServiceAway(answer.get("state", "away"), retry_after)
        return response.status, answer

    def _exchange(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str], within: float | None
    ) -> http.client.HTTPResponse:
        if connection.sock is not None:
            connection.sock.settimeout(within or self.seconds_to_answer)
        connection.request(method, path, body=body, headers=headers)
        return connection.getresponse()

    def _connect(self) -> http.client.HTTPConnection:
        if isinstance(self.address, UnixAddress):
            connection: http.client.HTTPConnection = _UnixConnection(self.address.path)
        else:
            connection = http.client.HTTPConnection(self.address.host, self.address.port, timeout=SECONDS_TO_CONNECT)
        connection.connect()
        self._kept.connection = connection
        return connection

    def _drop(self) -> None:
        if connection := getattr(self._kept, "connection", None):
            connection.close()
            self._kept.connection = None


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("figures", timeout=SECONDS_TO_CONNECT)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS_TO_CONNECT)
        self.sock.connect(str(self.path))


def _answer_from(content: dict[str, Any]) -> Answer:
    columns = tuple(content["columns"])
    read = [date.fromisoformat if name in _DAYS else _aware if name in _MOMENTS else None for name in columns]
    rows = tuple(tuple(_value(how, value) for how, value in zip(read, row, strict=True)) for row in content["rows"])
    as_of = datetime.fromisoformat(content["as_of"]) if content["as_of"] else None
    return Answer(columns=columns, rows=rows, more=content["more"], cursor=content["cursor"], as_of=as_of)


def _value(how: Callable[[str], Any] | None, value: Any) -> Any:
    return value if how is None or value is None else how(value)


def _aware(moment: str) -> datetime:
    return datetime.fromisoformat(moment + "+00:00")
