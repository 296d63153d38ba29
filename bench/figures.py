"""The figures service against the same SQL on the bare DuckDB file: `./run bench figures` (`--quick` with 300 000 items).

Ten million items of twenty organisations, one of which has sixty per cent. The bare side is a process of its own that imports duckdb and
nothing of Luuppi, opens a copy of the very file and gets the very SQL. Both sides take turns in shuffled rounds; ratios are medians of rounds.
"""

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from bench.figures_items import DAYS, START, make_file
from luuppi.insight.question import Filters, Period, Question, ScoreRange
from luuppi.insight.service import file
from luuppi.insight.service.asker import SECONDS_TO_ANSWER, Asker, ServiceAway
from luuppi.insight.service.row import FigureRow
from luuppi.insight.service.sql import sql_for
from luuppi.insight.tests.figures_in_a_process import Service
from luuppi.insight.tests.readers import Reader

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "bench" / "results" / "figures.json"
LARGE = 1
AT = START + timedelta(days=DAYS)
MEMORY_MB, THREADS = 2048, 2


LEENA = Reader(LARGE, everywhere=True)


def questions() -> dict[str, Question]:
    filters = Filters(channel=("web",), kind=("survey",))
    year = Period(since=date(2025, 6, 1), until=date(2026, 5, 31))
    return {
        "NPS by week, two filters": Question.for_(LEENA, "nps", by=("week",), filters=filters, at=AT),
        "loop funnel by touchpoint": Question.for_(LEENA, "loop", by=("touchpoint",), at=AT),
        "themes over a year": Question.for_(LEENA, "themes", period=year, at=AT),
        "50 newest of promoters": Question.for_(LEENA, "ids", filters=Filters(score=(ScoreRange("nps", 9, 10),)), limit=50, at=AT),
    }


PROMISED = ("NPS by week, two filters", "loop funnel by touchpoint", "themes over a year")


# --- the bare side --------------------------------------------------------------------------------------------------------------

BARE = """
import duckdb, json, sys, threading, time
con = duckdb.connect(sys.argv[1], read_only=True, config={"threads": int(sys.argv[2]), "memory_limit": sys.argv[3]})
con.execute("SET TimeZone = 'UTC'")
con.execute("SET enable_progress_bar = false")  # it would stand among the answers on standard output
def timed(cursor, sql):
    started = time.perf_counter()
    cursor.execute(sql).fetchall()
    return time.perf_counter() - started
def many(sqls, clients, seconds):
    counts, until = [0] * clients, time.perf_counter() + seconds
    def work(number):
        cursor = con.cursor()
        while time.perf_counter() < until:
            timed(cursor, sqls[(number + counts[number]) % len(sqls)])
            counts[number] += 1
    threads = [threading.Thread(target=work, args=[n]) for n in range(clients)]
    started = time.perf_counter()
    for t in threads: t.start()
    for t in threads: t.join()
    return sum(counts) / (time.perf_counter() - started)
for line in sys.stdin:
    asked = json.loads(line)
    if "clients" in asked:
        answer = many(asked["sqls"], asked["clients"], asked["seconds"])
    else:
        answer = [timed(con, asked["sql"]) for _ in range(asked["times"])]
    print(json.dumps(answer), flush=True)
"""


class Bare:
    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-c", BARE, str(path), str(THREADS), f"{MEMORY_MB}MB"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def do(self, **asked: Any) -> Any:
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)


# --- what is measured -----------------------------------------------------------------------------------------------------------


def one_client(service: Service, bare: Bare, *, rounds: int, times: int) -> dict[str, Any]:
    """Both sides in turn, question by question, so that what else the machine does hits both alike."""
    found: dict[str, dict[str, list[float]]] = {name: {"bare_ms": [], "service_ms": []} for name in questions()}
    for _ in range(rounds):
        for name in random.sample(list(questions()), len(questions())):
            taken: dict[str, list[float]] = {"bare_ms": [], "service_ms": []}
            question = questions()[name]
            sql = sql_for(question)
            for number in range(2 * times):
                if number % 2:
                    taken["bare_ms"] += bare.do(sql=sql, times=1)
                else:
                    taken["service_ms"].append(timed(lambda q=question: service.asker.ask(q)))
            for side, seconds in taken.items():
                found[name][side].append(statistics.median(seconds) * 1000)
    return {name: _compared(values["bare_ms"], values["service_ms"]) for name, values in found.items()}


def _compared(bare: list[float], service: list[float]) -> dict[str, Any]:
    bare_ms, service_ms = statistics.median(bare), statistics.median(service)
    return {
        "bare_ms": round(bare_ms, 2),
        "service_ms": round(service_ms, 2),
        "ratio": round(statistics.median(s / b for s, b in zip(service, bare, strict=True)), 3),
        "more_ms": round(service_ms - bare_ms, 2),
        "holds": service_ms <= 1.25 * bare_ms + 5,
    }


def eight_clients(service: Service, bare: Bare, *, rounds: int, seconds: float) -> dict[str, Any]:
    asked = [questions()[name] for name in PROMISED]
    found: dict[str, list[float]] = {"bare": [], "service": []}
    for _ in range(rounds):
        for side in random.sample(list(found), 2):
            if side == "bare":
                found[side].append(bare.do(sqls=[sql_for(question) for question in asked], clients=8, seconds=seconds))
            else:
                found[side].append(_service_throughput(service, asked, clients=8, seconds=seconds))
    ratio = statistics.median(s / b for s, b in zip(found["service"], found["bare"], strict=True))
    per_second = {f"{side}_per_second": round(statistics.median(values), 2) for side, values in found.items()}
    return {**per_second, "ratio": round(ratio, 3), "holds": ratio >= 0.75}


def _service_throughput(service: Service, asked: list[Question], *, clients: int, seconds: float) -> float:
    counts, until = [0] * clients, time.perf_counter() + seconds

    def work(number: int) -> None:
        while time.perf_counter() < until:
            service.asker.ask(asked[(number + counts[number]) % len(asked)])
            counts[number] += 1

    started = time.perf_counter()
    run_together([lambda n=n: work(n) for n in range(clients)])
    return sum(counts) / (time.perf_counter() - started)


def beside_changes(service: Service, *, seconds: float, per_second: int, compact: bool) -> dict[str, Any]:
    """Two readers, a prober of the cursor and a writer of changes, for some time; with `compact` two generations are made meanwhile."""
    end = threading.Event()
    made: list[tuple[int, float]] = []
    seen: list[tuple[int, float]] = []
    errors: list[str] = []
    latency: dict[str, list[float]] = {name: [] for name in PROMISED}

    def change() -> None:
        dice = random.Random(7)
        while not end.is_set():
            started = time.monotonic()
            rows = [_changed_row(dice) for _ in range(max(1, per_second // 20))]
            made.append((service.truth.put(*rows), time.monotonic()))
            end.wait(max(0.0, 0.05 - (time.monotonic() - started)))

    def read() -> None:
        asker, number = Asker(service.asker.address), 0
        while not end.is_set():
            name = PROMISED[number % len(PROMISED)]
            number += 1
            try:
                latency[name].append(timed(lambda n=name: asker.ask(questions()[n])) * 1000)
            except ServiceAway as away:
                errors.append(str(away))

    def probe() -> None:
        asker = Asker(service.asker.address)
        cheap = Question.for_(LEENA, "counts", filters=Filters(touchpoint=(-1,)), period=Period(since=date(2030, 1, 1)), at=AT)
        while not end.is_set():
            try:
                seen.append((asker.ask(cheap).cursor, time.monotonic()))
            except ServiceAway as away:
                errors.append(str(away))
            time.sleep(0.02)

    threads = [threading.Thread(target=work) for work in (change, read, read, probe)]
    for thread in threads:
        thread.start()
    compactions = [_compact(service) for _ in range(2)] if compact else []
    end.wait(seconds if not compact else 3)
    end.set()
    for thread in threads:
        thread.join()
    stale = sorted(_staleness(made, seen))
    result = {
        "errors": dict(Counter(errors)),
        "changes": len(made) * max(1, per_second // 20),
        "staleness_s": {"p50": round(_quantile(stale, 0.5), 2), "p95": round(_quantile(stale, 0.95), 2), "most": round(stale[-1], 2)},
        "service_ms": {name: round(statistics.median(values), 1) for name, values in latency.items() if values},
        "answers": sum(len(values) for values in latency.values()),
    }
    limit = 5.0 if compact else 1.0
    return result | {"compaction_s": compactions, "holds": not errors and _quantile(stale, 0.95) <= limit}


def _changed_row(dice: random.Random) -> FigureRow:
    """A new item or, half the time, a step of a known one."""
    moment = AT - timedelta(seconds=dice.randrange(86400 * 30))
    known = dice.random() < 0.5
    item = dice.randrange(1, 150_000) if known else 10**12 + dice.randrange(10**11)
    return FigureRow(LARGE, item, moment, moment, moment.date(), moment.date(), 101, "0001.0002.", "web", "survey", answered_at=moment)


def _staleness(made: list[tuple[int, float]], seen: list[tuple[int, float]]) -> list[float]:
    """Seconds from the commit of each change to the first answer that counts it. Changes of the last moment, seen by nobody, are left out."""
    found, at = [], 0
    for version, committed in made:
        while at < len(seen) and seen[at][0] < version:
            at += 1
        if at == len(seen):
            break
        found.append(max(0.0, seen[at][1] - committed))
    return found


def _compact(service: Service) -> float:
    started, generation = time.monotonic(), service.state()["generation"]
    service.asker.send("POST", "/copy")
    while service.state()["generation"] == generation:
        time.sleep(0.1)
    return round(time.monotonic() - started, 1)


def after_kills(service: Service, *, times: int) -> dict[str, Any]:
    seconds = []
    question = Question.for_(LEENA, "counts", by=("month",), at=AT)
    for _ in range(times):
        service.kill()
        service.start()
        seconds.append(timed(lambda: service.ask(question)))
    return {"p50_s": round(statistics.median(seconds), 2), "most_s": round(max(seconds), 2), "holds": statistics.median(seconds) <= 1.0}


# --- small parts ----------------------------------------------------------------------------------------------------------------


def timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def run_together(works: list[Callable[[], None]]) -> None:
    """All at the same time; raises what any of them raised: a client that gave up must not pass for a fast one."""
    with ThreadPoolExecutor(len(works)) as pool:
        for work in [pool.submit(work) for work in works]:
            work.result()


def _quantile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


def _memory_mb(service: Service) -> int:
    status = Path(f"/proc/{service.process.pid}/status")
    if not status.exists():
        return 0
    return int(next(line for line in status.read_text().splitlines() if line.startswith("VmRSS")).split()[1]) // 1024


PARTS: dict[str, Callable[["Scene", bool], Any]] = {
    "one_client": lambda on, quick: one_client(on.service, on.bare, rounds=5, times=5 if quick else 9),
    "eight_clients": lambda on, quick: eight_clients(on.service, on.bare, rounds=5, seconds=1.5 if quick else 4),
    "beside_changes": lambda on, quick: beside_changes(on.service, seconds=10 if quick else 60, per_second=200, compact=False),
    "at_compaction": lambda on, quick: beside_changes(on.service, seconds=0, per_second=200, compact=True),
    "after_kill": lambda on, quick: after_kills(on.service, times=3 if quick else 7),
}


class Scene:
    """The service and the bare side, each with its own copy of the same file."""

    def __init__(self, kept: Path, folder: Path, n: int, *, is_patient: bool) -> None:
        # Eight clients on a machine that has other work may need longer than the usual ten seconds; they are to be measured, not refused.
        self.service = Service(folder / "service", memory_mb=MEMORY_MB, threads=THREADS, manners={"seconds": 120.0} if is_patient else {})
        self.service.asker.seconds_to_answer = 150.0 if is_patient else SECONDS_TO_ANSWER
        self.service.figures.mkdir()
        generation = self.service.figures / "figures-000001.duckdb"
        shutil.copy(kept, generation)
        shutil.copy(kept, folder / "bare.duckdb")
        (self.service.figures / "current").write_text(generation.name)
        self.service.truth.put(_changed_row(random.Random(0)))
        self.service.truth.database.execute("UPDATE items SET version = ?", [n])
        self.bare = Bare(folder / "bare.duckdb")

    def __enter__(self) -> "Scene":
        self.service.start()
        self.service.ask(next(iter(questions().values())))
        return self

    def __exit__(self, *_: object) -> None:
        self.bare.end()
        self.service.kill()


def measure(kept: Path, n: int, names: list[str], *, quick: bool, keep: Callable[[dict[str, Any]], None]) -> None:
    """Each part on a fresh copy of the file, kept as soon as it is measured: a long run that is broken off has not been for nothing."""
    for name in names:
        with (
            tempfile.TemporaryDirectory(prefix="luuppi-bench-", dir=kept.parent) as folder,
            Scene(kept, Path(folder), n, is_patient=name == "eight_clients") as on,
        ):
            load, at_start = os.getloadavg(), _memory_mb(on.service)
            say(f"{name} …")
            found = PARTS[name](on, quick)
            memory = {"at_start": at_start, "at_work": _memory_mb(on.service)}
            keep({name: found | {"memory_mb": memory, "at": _now(), "load_before": load, "load_after": os.getloadavg()}})


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="300 000 items and short rounds")
    parser.add_argument("--items", type=int, default=None)
    parser.add_argument(
        "--keep", type=Path, default=None, metavar="FOLDER", help="make the items there once, and use them again the next time"
    )
    parser.add_argument(
        "--part", choices=PARTS, action="append", help="measure this part alone and leave the others in the result as they are"
    )
    given = parser.parse_args(arguments)
    n = given.items or (300_000 if given.quick else 10_000_000)
    with tempfile.TemporaryDirectory(prefix="luuppi-bench-") as folder:
        kept = (given.keep or Path(folder)) / f"items-{n}.duckdb"
        if not kept.exists():
            say(f"making {n:,} items …")
            kept.parent.mkdir(parents=True, exist_ok=True)
            make_file(kept, n, file.Limits(memory_mb=MEMORY_MB, threads=THREADS))
        head = described(given.quick) | {"items": n, "file_mb": kept.stat().st_size // 2**20}
        measure(kept, n, given.part or list(PARTS), quick=given.quick, keep=lambda part: keep_result(head | part, fresh=not given.part))
    print(RESULT.read_text())
    return 0


_written: dict[str, Any] = {}


def keep_result(found: dict[str, Any], *, fresh: bool) -> None:
    """Put a part into the result; `fresh` begins it anew with the first part of this run."""
    if not _written and not fresh and RESULT.exists():
        _written.update(json.loads(RESULT.read_text()))
    _written.update(found)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(_written, indent=1) + "\n")


def described(quick: bool) -> dict[str, Any]:
    machine: dict[str, Any] = {"processors": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    machine["duckdb"] = duckdb.__version__
    return {"at": _now(), "quick": quick, "machine": machine}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
