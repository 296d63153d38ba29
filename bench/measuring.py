"""What the measurements share: shuffled rounds, a small HTTP client, the processor and memory of a group of processes, results as JSON.

The machine is rarely alone, so both sides of a comparison run in turn within each round, the order drawn anew, and the ratio is the
median over the rounds of the ratio within a round.
"""

import argparse
import json
import os
import platform
import random
import selectors
import socket
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"
_TICKS = os.sysconf("SC_CLK_TCK")


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def arguments(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="short rounds, about a minute in all")
    return parser


def described(*, quick: bool) -> dict[str, Any]:
    """When, on what and beside how much other work this was measured."""
    versions = {name: version(name) for name in ("django", "granian", "pydantic")} | {"sqlite": sqlite3.sqlite_version}
    machine = {"processors": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), "quick": quick, "machine": machine, "versions": versions, "load_before": os.getloadavg()}


def keep(name: str, result: dict[str, Any]) -> None:
    """Write and print the result, with the load at the end."""
    result = result | {"load_after": os.getloadavg()}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


def in_rounds(sides: dict[str, Callable[[], Any]], rounds: int, *, loud: bool = True) -> dict[str, list[Any]]:
    """Each side once a round, the order drawn anew each time; side → what it gave, round by round."""
    found: dict[str, list[Any]] = {name: [] for name in sides}
    for number in range(rounds):
        for name in random.sample(list(sides), len(sides)):
            found[name].append(sides[name]())
            if loud:
                say(f"  round {number + 1}: {name} {found[name][-1]}")
    return found


def median_ratio(ours: list[float], bare: list[float]) -> float:
    return round(statistics.median(o / b for o, b in zip(ours, bare, strict=True)), 3)


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# --- processes ------------------------------------------------------------------------------------------------------------------


def group_of(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, to_do = [], [pid]
    while to_do:
        found.append(one := to_do.pop())
        to_do += children.get(one, [])
    return found


def processor_seconds(pid: int) -> float:
    """Processor time of the process and its descendants so far."""
    total = 0
    for one in group_of(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def memory_mb(pid: int) -> dict[str, float]:
    """Command line → proportional share of memory (PSS) in MB, of the process and its descendants."""
    found: dict[str, float] = {}
    for one in group_of(pid):
        try:
            words = Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0")
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        name = " ".join(word.decode() for word in words[1:5] if word)[-60:]
        found[f"{one} {name}"] = round(int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024, 1)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, seconds: float = 60) -> None:
    """Raises TimeoutError when nothing listens there in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    """Raises TimeoutError when it does not hold in time."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError("it did not happen in time")
        time.sleep(0.1)


# --- a small client -------------------------------------------------------------------------------------------------------------


def ask_many(port: int, requests: Iterator[bytes], *, connections: int, seconds: float, expected: bytes) -> tuple[int, list[float]]:
    """Send requests over kept-alive connections, one at a time on each, for some seconds; (how many answered, their seconds).

    expected: the status each answer must have. Raises AssertionError otherwise: a refusal must not pass for a fast answer.
    """
    chooser = selectors.DefaultSelector()
    started: dict[int, float] = {}
    for _ in range(connections):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        chooser.register(one, selectors.EVENT_READ, bytearray())
        started[one.fileno()] = time.perf_counter()
        one.sendall(next(requests))
    latencies: list[float] = []
    until, open_ones = time.perf_counter() + seconds, connections
    while open_ones:
        for chosen, _mask in chooser.select(30):
            one, buffer = chosen.fileobj, chosen.data
            buffer += one.recv(65_536)
            if not is_whole(buffer):
                continue
            now = time.perf_counter()
            assert buffer[9:12] == expected, bytes(buffer[:600])
            latencies.append(now - started[chosen.fd])
            buffer.clear()
            if now < until:
                started[chosen.fd] = now
                one.sendall(next(requests))
            else:
                chooser.unregister(one)
                one.close()
                open_ones -= 1
    return len(latencies), latencies


def is_whole(buffer: bytearray) -> bool:
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(buffer[:end]).lower()
    at = head.find(b"content-length:")
    if at >= 0:
        return len(buffer) >= end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])
    return buffer.endswith(b"0\r\n\r\n")


def request_bytes(path: str, body: bytes, content_type: str, more: str = "") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body
