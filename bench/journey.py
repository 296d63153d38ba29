"""The giver's journey: the form's page and its sending, 32 at once, beside a minimal Django form that commits each request.

Each connection asks for the page, takes the token out of it and sends the form with it; a journey is both. Both sides run on the same web
server with as many threads; the reference (bare_journey.py) writes one row of one table, Luuppi five rows of five.
"""

import itertools
import re
import secrets
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import measuring, scene
from bench.intake import TEXT, THREADS, Server
from bench.measuring import is_whole, median_ratio, quantile, request_bytes

CONNECTIONS = 32
PAGE = b"GET /f/bench HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: fi\r\n\r\n"
_SENDING = re.compile(rb'name="sending" value="([\w-]+)"')
_numbers = itertools.count()


def sent_form(page: bytes) -> bytes:
    """The sending of a form, with the token of its page where it has one."""
    found = _SENDING.search(page)
    said = {"kind": "complaint", "text": TEXT, "email": f"aino{next(_numbers)}@example.com"}
    if found:
        said |= {"sending": found[1].decode(), "website": "", "contact": "email"}
    return request_bytes("/f/bench", urlencode(said).encode(), "application/x-www-form-urlencoded", "Accept-Language: fi\r\n")


def walk(port: int, *, seconds: float, connections: int = CONNECTIONS, after_page: Callable[[bytes], bytes] = sent_form) -> dict[str, float]:
    """Journeys for some seconds. Raises AssertionError when an answer is another than 200 for the page and 303 for the sending."""
    chooser = selectors.DefaultSelector()
    for _ in range(connections):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.sendall(PAGE)
        chooser.register(one, selectors.EVENT_READ, [bytearray(), b"200", time.perf_counter()])
    begun = time.perf_counter()
    took: list[float] = []
    while connections:
        for chosen, _mask in chooser.select(30):
            one, state = chosen.fileobj, chosen.data
            buffer, expected, since = state
            buffer += one.recv(65_536)
            if not is_whole(buffer):
                continue
            assert buffer[9:12] == expected, bytes(buffer[:600])
            answer = bytes(buffer)
            buffer.clear()
            if expected == b"200":
                state[1] = b"303"
                one.sendall(after_page(answer))
                continue
            now = time.perf_counter()
            took.append(now - since)
            if now - begun < seconds:
                state[1:] = [b"200", now]
                one.sendall(PAGE)
            else:
                chooser.unregister(one)
                one.close()
                connections -= 1
    passed = time.perf_counter() - begun
    return {"per_second": round(len(took) / passed, 1), "p50_ms": round(quantile(took, 0.5) * 1000, 2), "p99_ms": round(quantile(took, 0.99) * 1000, 2)}


def measure(folder: Path, *, quick: bool, rounds: int) -> dict[str, Any]:
    home, seconds = folder / "home", 2.0 if quick else 5.0
    scene.make(home)
    ports = measuring.free_port(), measuring.free_port()
    ours = Server([sys.executable, "-m", "luuppi", "web", "--port", str(ports[0]), "--threads", str(THREADS)], scene.environment(home), ports[0])
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(ports[1]), "--blocking-threads", str(THREADS), "--backlog", "1024", "--backpressure", "128"]
    bare = Server([*granian, "--no-ws", "--log-level", "warning", "bench.bare_journey:application"], scene.environment(home, BARE_FILE=str(folder / f"{secrets.token_hex(4)}.sqlite3")), ports[1])
    sides = {"ours": lambda: walk(ours.port, seconds=seconds), "bare": lambda: walk(bare.port, seconds=seconds)}
    try:
        for side in sides.values():
            side()  # the first requests load what is loaded once
        found = measuring.in_rounds(sides, rounds)
    finally:
        ours.end()
        bare.end()
    ratio = median_ratio([one["per_second"] for one in found["ours"]], [one["per_second"] for one in found["bare"]])
    return {"connections": CONNECTIONS, "ratio": ratio, "target": 1.0, "holds": ratio >= 1.0, "rounds": found}


def main() -> int:
    parser = measuring.arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    head = measuring.described(quick=given.quick)
    with tempfile.TemporaryDirectory(prefix="luuppi-bench-") as folder:
        measuring.keep("journey", head | measure(Path(folder), quick=given.quick, rounds=given.rounds))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
