"""Intake against the bare limit: one item by the API, by the open form, and batches, each answered after the commit.

The bare side (bare_intake.py) imports nothing of Luuppi: a raw WSGI function with a group commit in the same server, and for the batch
sqlite3's own executemany in its own process; both write the same rows into the same tables with synchronous=FULL.
"""

import importlib
import itertools
import json
import os
import secrets
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import measuring, scene
from bench.measuring import ask_many, median_ratio, quantile, request_bytes

CONNECTIONS, THREADS = 64, 32
TARGETS = {"api": 0.40, "form": 0.20, "batch": 0.45}
TEXT = "Paketti tuli kaksi viikkoa myöhässä, eikä kukaan vastannut puhelimeen. Toivon, että asia hoidetaan kuntoon."
BATCH_LINES = 10_000
BARE_BATCH = """
import json, sys, time
from bench.bare_intake import opened, store
connection, lines, first = opened(sys.argv[1]), open(sys.argv[2], "rb").read().splitlines(), time.time_ns() // 1000
started, processor = time.perf_counter(), time.process_time()
for start in range(0, len(lines), 1000):
    store(connection, first + start, [json.loads(line) for line in lines[start : start + 1000]])
print(len(lines) / (time.perf_counter() - started), (time.process_time() - processor) / len(lines) * 1e6)
"""


class Server:
    """Granian with an application, in a process group of its own."""

    def __init__(self, command: list[str], env: dict[str, str], port: int) -> None:
        self.port = port
        self.process = subprocess.Popen(command, env=env, cwd=scene.ROOT, start_new_session=True, stdout=subprocess.DEVNULL)
        measuring.wait_for_port(port)

    def end(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def load(self, requests: Iterator[bytes], *, connections: int, seconds: float, expected: bytes) -> dict[str, float]:
        before, started = measuring.processor_seconds(self.process.pid), time.perf_counter()
        n, latencies = ask_many(self.port, requests, connections=connections, seconds=seconds, expected=expected)
        took, cpu = time.perf_counter() - started, measuring.processor_seconds(self.process.pid) - before
        return {
            "per_second": round(n / took, 1), "cpu_us": round(cpu / n * 1e6),
            "p50_ms": round(quantile(latencies, 0.5) * 1000, 2), "p99_ms": round(quantile(latencies, 0.99) * 1000, 2),
        }  # fmt: skip


def body() -> bytes:
    return json.dumps({"kind": "complaint", "text": TEXT, "language": "fi", "touchpoint": "touchpoint-1", "scores": {"nps": 3}}).encode()


def api_requests(token: str) -> Iterator[bytes]:
    run = secrets.token_hex(4)
    for number in itertools.count():
        yield request_bytes("/api/v1/feedback", body(), "application/json", f"Authorization: Bearer {token}\r\nIdempotency-Key: {run}-{number}\r\n")


def form_requests() -> Iterator[bytes]:
    run = secrets.token_hex(8)
    for number in itertools.count():
        said = {"sending": f"{run}-{number:08}", "website": "", "kind": "complaint", "text": TEXT, "contact": "email", "email": f"aino{number}@example.com"}
        yield request_bytes("/f/bench?touchpoint=touchpoint-1", urlencode(said).encode(), "application/x-www-form-urlencoded")


def bare_file(home: Path, folder: Path) -> Path:
    """An empty database with the tables and indexes of Luuppi's own, copied as SQL."""
    made = folder / "bare.sqlite3"
    with sqlite3.connect(home / "luuppi.sqlite3") as ours, sqlite3.connect(made) as bare:
        for table in ("capture_feedbackitem", "journal_loopevent", "journal_progress", "running_todo"):
            for (sql,) in ours.execute("SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC", [table]):
                bare.execute(sql)
    return made


def batch_by_http(server: Server, token: str, lines: bytes) -> dict[str, float]:
    address = f"http://127.0.0.1:{server.port}/api/v1/feedback/batch"
    asked = urllib.request.Request(address, data=lines, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"})
    before, started = measuring.processor_seconds(server.process.pid), time.perf_counter()
    with urllib.request.urlopen(asked, timeout=120) as answer:
        said = answer.read()
    took, cpu = time.perf_counter() - started, measuring.processor_seconds(server.process.pid) - before
    assert said.count(b'"new"') == BATCH_LINES, said[:500]
    return {"per_second": round(BATCH_LINES / took), "cpu_us": round(cpu / BATCH_LINES * 1e6, 1)}


def bare_batch(path: Path, lines: Path) -> dict[str, float]:
    made = subprocess.run([sys.executable, "-c", BARE_BATCH, str(path), str(lines)], check=True, capture_output=True, text=True, cwd=scene.ROOT)
    per_second, cpu_us = map(float, made.stdout.split())
    return {"per_second": round(per_second), "cpu_us": round(cpu_us, 1)}


def compared(found: dict[str, list[dict]], ours: str, bare: str, target: float) -> dict[str, Any]:
    ratio = median_ratio([r["per_second"] for r in found[ours]], [r["per_second"] for r in found[bare]])
    middle = {side: {name: statistics.median(r[name] for r in found[side]) for name in found[side][0]} for side in (ours, bare)}
    cpu = median_ratio([r["cpu_us"] for r in found[bare]], [r["cpu_us"] for r in found[ours]])
    return {"ratio": ratio, "ratio_by_processor": cpu, "target": target, "holds": ratio >= target, "ours": middle[ours], "bare": middle[bare]}


def measure(folder: Path, *, quick: bool, rounds: int) -> dict[str, Any]:
    home, seconds = folder / "home", 1.5 if quick else 6.0
    token = scene.make(home)
    bare_path, lines = bare_file(home, folder), folder / "lines.ndjson"
    bare_twin = Path(shutil.copy(bare_path, folder / "bare-batch.sqlite3"))
    lines.write_bytes(b"\n".join([body()] * BATCH_LINES))
    ports = measuring.free_port(), measuring.free_port()
    ours = Server([sys.executable, "-m", "luuppi", "web", "--port", str(ports[0])], scene.environment(home), ports[0])
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(ports[1]), "--blocking-threads", str(THREADS), "--backlog", "1024", "--backpressure", "128"]
    bare = Server([*granian, "--no-ws", "--log-level", "warning", "bench.bare_intake:application"], scene.environment(home, BARE_FILE=str(bare_path)), ports[1])
    sides = {
        "api": lambda s=seconds, c=CONNECTIONS: ours.load(api_requests(token), connections=c, seconds=s, expected=b"201"),
        "form": lambda: ours.load(form_requests(), connections=CONNECTIONS, seconds=seconds, expected=b"303"),
        "bare": lambda s=seconds, c=CONNECTIONS: bare.load(itertools.repeat(request_bytes("/", body(), "application/json")), connections=c, seconds=s, expected=b"201"),
        "batch": lambda: batch_by_http(ours, token, lines.read_bytes()),
        "bare_batch": lambda: bare_batch(bare_twin, lines),
    }
    try:
        for side in ("api", "form", "bare"):
            sides[side]()  # the first requests load what is loaded once
        found = measuring.in_rounds(sides, rounds)
        alone = measuring.in_rounds({"alone": lambda: sides["api"](1.0, 1), "bare_alone": lambda: sides["bare"](1.0, 1)}, 3 if quick else 5)
        importing = while_importing(ours, token, folder, seconds=seconds)
    finally:
        ours.end()
        bare.end()
    return judged(found, alone) | importing


def while_importing(ours: Server, token: str, folder: Path, *, seconds: float) -> dict[str, Any]:
    """The API under the same load while a file is imported from the command line, in three stretches; how fast both are."""
    path = folder / "rows.csv"
    importlib.import_module("bench.import").write_file(path, 400_000)
    command = [sys.executable, "-m", "luuppi", "import", "feedback", str(path), "--organisation", "bench"]
    with (folder / "said").open("w+") as said:
        running = subprocess.Popen(command, env=scene.environment(folder / "home"), cwd=scene.ROOT, stdout=subprocess.DEVNULL, stderr=said)
        try:
            measuring.wait_until(lambda: "rows/s" in (folder / "said").read_text(), 60)
            found = [ours.load(api_requests(token), connections=CONNECTIONS, seconds=seconds, expected=b"201") for _ in range(3)]
            assert running.poll() is None, "the file was too short: it ended while the API was measured"
            told = (folder / "said").read_text().splitlines()[-1]
        finally:
            running.kill()
            running.wait()
    spread = statistics.median(r["p99_ms"] / r["p50_ms"] for r in found)
    return {"api_p99_by_p50_while_importing": {"value": round(spread, 2), "target": 8, "holds": spread <= 8, "import": told, "rounds": found}}


def judged(found: dict[str, list[dict]], alone: dict[str, list[dict]]) -> dict[str, Any]:
    result: dict[str, Any] = {name: compared(found, name, "bare_batch" if name == "batch" else "bare", target) for name, target in TARGETS.items()}
    spread = statistics.median(r["p99_ms"] / r["p50_ms"] for r in found["api"])
    result["api_p99_by_p50"] = {"value": round(spread, 2), "target": 8, "holds": spread <= 8}
    best = min(r["p50_ms"] for r in alone["alone"])
    result["alone"] = {"p50_ms": statistics.median(r["p50_ms"] for r in alone["alone"]), "best_p50_ms": best, "target_ms": 3, "holds": best <= 3, "bare_p50_ms": statistics.median(r["p50_ms"] for r in alone["bare_alone"])}
    return result | {"rounds": found}


def main() -> int:
    parser = measuring.arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    head = measuring.described(quick=given.quick)
    with tempfile.TemporaryDirectory(prefix="luuppi-bench-") as folder:
        measuring.keep("intake", head | measure(Path(folder), quick=given.quick, rounds=given.rounds))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
