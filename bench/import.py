"""Import of CSV: rows parsed and mapped, and rows committed with item, event, progress and to-do, beside the bare limit.

The bare reference is csv and executemany into one table of the same columns, in the same file system, in groups of a thousand; it
imports nothing of Luuppi. Run: `python bench/import.py [--rows 50000] [--rounds 3] [--million]`. Writes bench/results/import.json.
"""

import argparse
import csv
import json
import os
import platform
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
HEADER = ["external_id", "occurred_at", "touchpoint", "nps", "text", "language", "customer.external_id", "segment"]
WORDS = ["paketti", "tuli", "myöhässä", "kiitos", "nopea", "toimitus", "puhelin", "vastasi", "heti", "hyvä", "huono", "kauppa", "ei", "toimi", "tilaus", "peruttu"]


def write_file(path: Path, n: int, *, first: int = 0) -> None:
    """n rows, one in a hundred with a score that is none."""
    draw = random.Random(first)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for i in range(first, first + n):
            score = 17 if draw.random() < 0.01 else draw.randint(0, 10)
            day = f"{2024 + i % 2}-{1 + i % 12:02d}-{1 + i % 28:02d}T10:{i % 60:02d}:00Z"
            writer.writerow([f"e{i}", day, draw.choice(["delivery", "web-shop", "phone"]), score, " ".join(draw.choices(WORDS, k=12)), "fi", f"C-{draw.randint(1, max(10, n // 5))}", "home"])


def bare(path: Path, folder: Path) -> float:
    """Rows a second of csv and executemany."""
    database = sqlite3.connect(folder / f"bare-{time.time_ns()}.sqlite3", isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a PRIMARY KEY, b, c, d, e, f, g, h);")
    begun, n = time.perf_counter(), 0
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        group: list[list[str]] = []
        for row in reader:
            group.append(row)
            if len(group) == 1000:
                n += _insert(database, group)
                group = []
        n += _insert(database, group)
    return n / (time.perf_counter() - begun)


def _insert(database: sqlite3.Connection, group: list[list[str]]) -> int:
    database.execute("BEGIN IMMEDIATE")
    database.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)", group)
    database.execute("COMMIT")
    return len(group)


def mapped(path: Path) -> tuple[float, float]:
    """Rows a second parsed and mapped: by the wall clock, and by the processor's own time."""
    from luuppi.capture.importing.definition import automatic
    from luuppi.capture.importing.making import Maker, settle
    from luuppi.capture.importing.reading import look_at

    wall, cpu = time.perf_counter(), time.process_time()
    layout = look_at(path)
    maker = Maker(settle(automatic(layout.columns), path, layout), layout, time_zone="Europe/Helsinki")
    n = sum(1 for _ in maker.drafts(path))
    return n / (time.perf_counter() - wall), n / (time.process_time() - cpu)


def committed(path: Path, organisation) -> tuple[float, float]:
    from luuppi.capture.importing.definition import automatic
    from luuppi.capture.importing.reading import look_at
    from luuppi.capture.importing.running import carry_out
    from luuppi.capture.models import Import

    definition = automatic(look_at(path).columns).model_dump()
    run = Import.objects.create(organisation=organisation, file_name=path.name, by="system", mapping=definition)
    wall, cpu = time.perf_counter(), time.process_time()
    carry_out(run, path=path, bad_path=path.with_suffix(".bad.csv"))
    assert run.state == "done" and run.n_new + run.n_bad == run.n_rows and run.n_bad > 0, (run.state, run.n_new, run.n_bad)
    return run.n_rows / (time.perf_counter() - wall), run.n_rows / (time.process_time() - cpu)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--million", action="store_true", help="one file of a million rows, for the memory it takes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luuppi-bench-") as home:
        os.environ |= {"LUUPPI_HOME": home, "DJANGO_SETTINGS_MODULE": "luuppi.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        from luuppi.people.organising import create_organisation

        call_command("migrate", verbosity=0)
        organisation, folder = create_organisation("bench", name="Bench"), Path(home)
        rounds: dict[str, list[float]] = {}
        for number in range(1 if options.million else options.rounds):
            path = folder / f"file-{number}.csv"
            n = 1_000_000 if options.million else options.rows
            write_file(path, n, first=number * n)
            measures = [("bare", lambda path=path: (bare(path, folder),) * 2), ("mapped", lambda path=path: mapped(path)), ("committed", lambda path=path: committed(path, organisation))]
            random.Random(number).shuffle(measures)
            for name, measure in measures:
                wall, cpu = measure()
                rounds.setdefault(name, []).append(wall)
                rounds.setdefault(f"{name} (processor time)", []).append(cpu)
        report(rounds, options)


def report(rounds: dict[str, list[float]], options: argparse.Namespace) -> None:
    medians = {name: round(statistics.median(values)) for name, values in rounds.items()}
    result = {
        "rows_per_second": medians,
        "ratio_committed_to_bare": round(statistics.median(c / b for c, b in zip(rounds["committed"], rounds["bare"], strict=True)), 3),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "rows": 1_000_000 if options.million else options.rows, "rounds": len(rounds["bare"]), "load": [round(one, 1) for one in os.getloadavg()],
        "machine": f"{platform.machine()}, {os.cpu_count()} cores", "python": platform.python_version(), "sqlite": sqlite3.sqlite_version,
    }  # fmt: skip
    for name, value in medians.items():
        print(f"{name:<32}{value:>10} rows/s")
    print(f"committed / bare {result['ratio_committed_to_bare']}, peak memory {result['peak_memory_mb']} MB, load {result['load']}")
    target = ROOT / "bench" / "results" / ("import-million.json" if options.million else "import.json")
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
