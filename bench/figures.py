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

from luuppi.insight.question import Filters, Period, Question
from luuppi.insight.service import file
from luuppi.insight.service.asker import Asker, ServiceAway
from luuppi.insight.service.row import COLUMNS, FigureRow
from luuppi.insight.service.sql import sql_for
from luuppi.insight.tests.figures_in_a_process import Service
from luuppi.insight.tests.readers import Reader

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "bench" / "results" / "figures.json"
LARGE, N_ORGANISATIONS, LARGE_SHARE = 1, 20, 0.6
START = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 540
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
        "50 oldest in the hole": Question.for_(LEENA, "hole", limit=50, at=AT),
    }


PROMISED = ("NPS by week, two filters", "loop funnel by touchpoint", "themes over a year")


# --- the data -------------------------------------------------------------------------------------------------------------------


def make_items(connection: duckdb.DuckDBPyConnection, n: int) -> None:
    """n items in the order of the nightly copy, made inside DuckDB from hashes of their number: the same on every run."""
    sizes = [int(n * LARGE_SHARE)] + [int(n * (1 - LARGE_SHARE) / (N_ORGANISATIONS - 1))] * (N_ORGANISATIONS - 1)
    sizes[-1] += n - sum(sizes)
    first = 0
    for organisation, size in enumerate(sizes, 1):
        for start in range(0, size, 1_000_000):
            stop = min(size, start + 1_000_000)
            connection.execute(_ITEMS_SQL, {"organisation": organisation, "size": size, "start": start, "stop": stop, "first": first})
        first += size
    connection.execute("UPDATE state SET cursor = ?", [n])
    connection.execute("CHECKPOINT")


def _dice(number: int, sides: int) -> str:
    return f"CAST(hash(item, {number}) % {sides} AS INTEGER)"


def _later(number: int, share: int) -> str:
    return f"CASE WHEN {_dice(number, 100)} < {share} THEN received_at + to_minutes({_dice(number + 50, 20_000)}) END"


_THEME = f"[{{'theme': CAST({_dice(30, 60)} AS BIGINT), 'polarity': CAST({_dice(31, 3)} - 1 AS TINYINT)}}]"
_THEME_2 = f"[{{'theme': CAST(60 + {_dice(32, 60)} AS BIGINT), 'polarity': CAST({_dice(33, 3)} - 1 AS TINYINT)}}]"
_VALUES = {
    "organisation": "CAST($organisation AS BIGINT)",
    "item": "item",
    "received_at": "received_at",
    "occurred_at": f"received_at - to_minutes({_dice(1, 3000)})",
    "received_day": "CAST(received_at + INTERVAL 2 HOUR AS DATE)",
    "occurred_day": f"CAST(received_at + INTERVAL 2 HOUR - to_minutes({_dice(1, 3000)}) AS DATE)",
    "touchpoint": f"CAST($organisation * 100 + {_dice(2, 12)} AS BIGINT)",
    "team": f"'0001.000' || {_dice(3, 9)} || '.'",
    "channel": f"['web', 'api', 'mail', 'kiosk', 'import'][1 + {_dice(4, 5)}]",
    "kind": f"['survey', 'survey', 'survey', 'complaint', 'praise', 'idea', 'question'][1 + {_dice(5, 7)}]",
    "language": f"['fi', 'sv', 'en'][1 + {_dice(6, 3)}]",
    "nps": f"CASE WHEN {_dice(7, 10)} < 7 THEN {_dice(8, 11)} END",
    "csat": f"CASE WHEN {_dice(9, 10)} < 4 THEN 1 + {_dice(10, 5)} END",
    "ces": f"CASE WHEN {_dice(11, 10)} < 2 THEN 1 + {_dice(12, 7)} END",
    "sentiment": f"{_dice(13, 2000)} / 1000.0 - 1",
    "themes": f"CASE {_dice(14, 5)} WHEN 0 THEN [] WHEN 1 THEN {_THEME} || {_THEME_2} ELSE {_THEME} END",
    "segment": f"['home', 'business', NULL][1 + {_dice(15, 3)}]",
    "value_eur": f"{_dice(16, 90_000)} / 100.0",
    "imported": f"{_dice(17, 10)} = 0",
    "acknowledged_at": _later(18, 80),
    "read_at": _later(19, 75),
    "answered_at": _later(20, 60),
    "solved_at": _later(21, 30),
    "used_at": _later(22, 20),
    "told_at": _later(23, 15),
}
assert list(_VALUES) == list(COLUMNS)
_ITEMS_SQL = (
    f"INSERT INTO items SELECT *, list_transform(themes, lambda coded: coded.theme) FROM (SELECT "
    f"{', '.join(f'CAST({value} AS {COLUMNS[name]}) AS {name}' for name, value in _VALUES.items())} FROM ("
    f"SELECT CAST($first + number AS BIGINT) AS item, TIMESTAMP '{START:%Y-%m-%d}'"
    f" + to_seconds(CAST(number AS DOUBLE) / $size * {DAYS * 86400}) AS received_at"
    " FROM range($start, $stop) AS numbers(number)))"
)


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


def measure(n: int, folder: Path, *, quick: bool, keep: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    # Eight clients on a machine that has other work may need longer than the usual ten seconds; they are to be measured, not refused.
    service = Service(folder / "service", memory_mb=MEMORY_MB, threads=THREADS, manners={"seconds": 120.0})
    service.asker.seconds_to_answer = 150.0
    service.figures.mkdir()
    generation = service.figures / "figures-000001.duckdb"
    say(f"making {n:,} items …")
    made = timed(lambda: _make(generation, n))
    (service.figures / "current").write_text(generation.name)
    service.truth.put(_changed_row(random.Random(0)))
    service.truth.database.execute("UPDATE items SET version = ?", [n])
    shutil.copy(generation, folder / "bare.duckdb")
    bare = Bare(folder / "bare.duckdb")
    result: dict[str, Any] = {"items": n, "made_in_s": round(made, 1), "file_mb": generation.stat().st_size // 2**20}
    result["load_before"] = os.getloadavg()
    parts: dict[str, Callable[[], Any]] = {
        "one_client": lambda: one_client(service, bare, rounds=5, times=5 if quick else 9),
        "eight_clients": lambda: eight_clients(service, bare, rounds=5, seconds=1.5 if quick else 4),
        "beside_changes": lambda: beside_changes(service, seconds=10 if quick else 60, per_second=200, compact=False),
        "at_compaction": lambda: beside_changes(service, seconds=0, per_second=200, compact=True),
        "memory_mb_at_work": lambda: _memory_mb(service),
        "after_kill": lambda: after_kills(service, times=3 if quick else 7),
    }
    try:
        service.start()
        service.ask(next(iter(questions().values())))
        result["memory_mb_at_start"] = _memory_mb(service)
        for name, part in parts.items():
            say(f"{name} …")
            result[name] = part()
            keep(result | {"load_after": os.getloadavg()})
    finally:
        bare.end()
        if service.process:
            service.kill()
    return result


def _make(path: Path, n: int) -> None:
    connection = file.open_file(path, file.Limits(memory_mb=MEMORY_MB, threads=THREADS), make=True)
    make_items(connection, n)
    connection.close()


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="300 000 items and short rounds")
    parser.add_argument("--items", type=int, default=None)
    given = parser.parse_args(arguments)
    n = given.items or (300_000 if given.quick else 10_000_000)
    with tempfile.TemporaryDirectory(prefix="luuppi-bench-") as folder:
        head = described(given.quick)
        result = head | measure(n, Path(folder), quick=given.quick, keep=lambda parts: keep_result(head | parts))
    print(json.dumps(result, indent=1))
    return 0


def keep_result(result: dict[str, Any]) -> None:
    """Each part as soon as it is measured: a long run that is broken off has not been for nothing."""
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n")


def described(quick: bool) -> dict[str, Any]:
    machine: dict[str, Any] = {"processors": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    machine["duckdb"] = duckdb.__version__
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), "quick": quick, "machine": machine}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
