"""The table of trust: every figure of luuppi.measures and luuppi.language beside its reference value: `./run bench trust`.

Each measure runs in a process of its own, one after the other, at the lowest priority and with one thread. What it found is kept
(bench/results/tmp) with a print of the code that made it: a run that was stopped goes on where it was, and the next run measures only
what rests on changed code. Writes bench/results/trust.json and the table in docs/trust.md.

`--quick` leaves out what takes long, `--anew` measures all again, `--collect` measures nothing, `--part NAME` one part only.
"""

import argparse
import hashlib
import importlib
import inspect
import json
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.verdicts import ABSENT, BELOW, FAILS, HOLDS, LEFT_OUT, MEASURED, STOPPED, WITHIN, Planned, Row, plain, without

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "bench" / "results" / "trust.json"
KEPT = ROOT / "bench" / "results" / "tmp"
PAGE = ROOT / "docs" / "trust.md"
BEGIN, END = "<!-- table: written by bench/trust.py -->", "<!-- end of table -->"
PARTS = {
    "trust_numbers_a": "Scores, effects, comparisons, alarms, drivers",
    "trust_numbers_b": "Silence, experience, non-response, waiting, asking, forecasts, staffing",
    "trust_intervals": "Every interval, one by one",
    "trust_texts_a": "Language, personal data, likeness, themes, coding",
    "trust_texts_b": "Sentiment, rises, advice on replies, urgency",
}
LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "statsmodels")
LIMIT_SECONDS = 3 * 3600


def planned(part: str) -> list[Planned]:
    return importlib.import_module(f"bench.{part}").planned()  # type: ignore[no-any-return]


# --- one measure ----------------------------------------------------------------------------------------------------------------


def measure(part: str, one: Planned) -> bool:
    """Run one measure in a process of its own, which keeps what it finds; whether it came to its end."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, "-m", "bench.trust", "--one", part, one.name]
    return subprocess.run(command, cwd=ROOT, env=os.environ | one_thread, timeout=LIMIT_SECONDS).returncode == 0


def measure_here(part: str, name: str) -> None:
    """Measure and keep: rows, seconds of the processor, and which code they rest on."""
    one = next(one for one in planned(part) if one.name == name)
    started = time.process_time()
    rows = list(one.measure(*(one.arguments or ())))
    kept = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu_seconds": round(time.process_time() - started, 1),
        "rests_on": prints(sorted(files_in_use())) | {"measure": own_print(part, one)},
        "rows": rows,
    }
    path = kept_file(part, one)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".new").write_text(json.dumps(kept, ensure_ascii=False, default=plain))
    path.with_suffix(".new").replace(path)


def kept_file(part: str, one: Planned) -> Path:
    return KEPT / part / f"{one.name}.json"


def kept(part: str, one: Planned) -> dict[str, Any] | None:
    """What the measure found last; `same_code`: whether what it rests on is still the same."""
    path = kept_file(part, one)
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text())
    rests_on = found["rests_on"]
    now = prints([name for name in rests_on if name != "measure"]) | {"measure": own_print(part, one)}
    return found | {"same_code": now == rests_on}


def is_fresh(part: str, one: Planned) -> bool:
    found = kept(part, one)
    return found is not None and bool(found["same_code"])


def files_in_use() -> set[str]:
    """Modules of Luuppi in this process, and the word lists and rules beside those of the language library."""
    paths = {Path(module.__file__) for name, module in sys.modules.items() if name.startswith("luuppi.") and module.__file__}
    if "luuppi.language.checking" in sys.modules:
        folder = ROOT / "luuppi" / "language"
        paths |= {path for path in folder.rglob("*") if path.suffix in {".json", ".jsonl", ".toml", ".tsv", ".txt"}}
    return {str(path.relative_to(ROOT)) for path in paths}


def prints(names: list[str]) -> dict[str, str]:
    return {name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] if (path := ROOT / name).exists() else "" for name in names}


def own_print(part: str, one: Planned) -> str:
    """Of the part's file without its other measures: these may change without this one being measured again."""
    source = Path(inspect.getsourcefile(one.measure) or "").read_text()
    for other in planned(part):
        if other.measure.__code__ is not one.measure.__code__:
            source = source.replace(inspect.getsource(other.measure), "")
    return hashlib.sha256(source.encode()).hexdigest()[:16]


# --- the table ------------------------------------------------------------------------------------------------------------------


def result(quick: bool) -> dict[str, Any]:
    parts = {part: {"title": title, **rows_of(part, quick)} for part, title in PARTS.items()}
    machine = {"processors": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "machine": machine,
        "versions": {name: version(name) for name in LIBRARIES},
        "load": [round(one, 1) for one in os.getloadavg()],
        "verdicts": dict(Counter(row["verdict"] for part in parts.values() for row in part["rows"])),
        "parts": parts,
    }


def rows_of(part: str, quick: bool) -> dict[str, Any]:
    """The rows of a part, its processor seconds, and what was not measured with the code as it is."""
    rows: list[Row] = []
    seconds, finished, older = 0.0, True, []
    for one in planned(part):
        found = kept(part, one)
        if one.arguments is None:
            rows.append(without(one.of, one.measure.__name__.replace("_", " "), ABSENT))
        elif found:
            rows += found["rows"]
            seconds += found["cpu_seconds"]
            older += [] if found["same_code"] else [one.name]
        else:
            left_out = quick and one.long
            finished &= left_out
            rows.append(without(one.of, one.measure.__name__.replace("_", " "), LEFT_OUT if left_out else STOPPED))
    return {"finished": finished and not older, "before_the_last_change_of_code": older, "cpu_seconds": round(seconds), "rows": rows}


def as_page(found: dict[str, Any]) -> Iterable[str]:
    """The generated part of docs/trust.md."""
    counted = found["verdicts"]
    order = (HOLDS, WITHIN, BELOW, FAILS, MEASURED, ABSENT, LEFT_OUT, STOPPED)
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    yield f"Measured {found['at'][:10]} with Python {found['machine']['python']}, {versions}" + (", short form." if found["quick"] else ".")
    yield "In all: " + "; ".join(f"{verdict} {counted[verdict]}" for verdict in order if counted.get(verdict)) + "."
    worse = [row for part in found["parts"].values() for row in part["rows"] if row["verdict"] in (BELOW, FAILS)]
    if worse:
        yield "\n### What does not reach its reference\n"
        yield from table(worse)
    for part in found["parts"].values():
        yield f"\n### {part['title']}\n"
        if part["before_the_last_change_of_code"]:
            yield f"Measured before the last change of code that they rest on: {', '.join(part['before_the_last_change_of_code'])}.\n"
        yield from table(part["rows"])
        yield f"\nMeasured in {part['cpu_seconds'] / 60:.0f} minutes of one processor core."


def table(rows: list[Row]) -> Iterable[str]:
    yield "| Set | Figure | Measured | Reference | Verdict |"
    yield "| --- | --- | --- | --- | --- |"
    for row in rows:
        cells = (row["set"], row["figure"], shown(row["measured"]), reference(row), row["verdict"])
        yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def reference(row: Row) -> str:
    if row["reference"] is None:
        return "–"
    bound = row["tolerance"] if isinstance(row["tolerance"], str) else ""
    value = shown(row["reference"])
    if bound.startswith(("at least", "at most")):
        words, _, within = bound.partition(",")
        return f"{words} {value}" + (f" ({within.strip()})" if within else "")
    return f"{value} ({bound})" if bound else value


def shown(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def write_page(found: dict[str, Any]) -> None:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(as_page(found)) + f"\n\n{END}{after}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out what takes long")
    parser.add_argument("--anew", action="store_true", help="measure all again, also what is kept")
    parser.add_argument("--collect", action="store_true", help="measure nothing, write the table of what is kept")
    parser.add_argument("--part", choices=PARTS, help="measure this part only")
    parser.add_argument("--one", nargs=2, metavar=("PART", "NAME"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        measure_here(*asked.one)
        return 0
    os.nice(19)
    for part in [asked.part] if asked.part else PARTS:
        for one in [] if asked.collect else planned(part):
            if one.arguments is None or (asked.quick and one.long) or (not asked.anew and is_fresh(part, one)):
                continue
            print(f"{part}: {one.name} …", file=sys.stderr, flush=True)
            if not measure(part, one):
                print(f"{one.name} ended with an error", file=sys.stderr)
    found = result(asked.quick)
    RESULT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    write_page(found)
    print(json.dumps(found["verdicts"], ensure_ascii=False))
    return 0 if all(part["finished"] for part in found["parts"].values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
