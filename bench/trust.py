"""The table of trust: every figure of luuppi.measures and luuppi.language beside its reference value: `./run bench trust`.

Each part runs in a process of its own, after the other, at the lowest priority and with one thread. What it has measured is kept as it
goes (bench/results/tmp), so that a run that was stopped still shows what it did. Writes bench/results/trust.json and the table in
docs/trust.md. `--quick` leaves out what takes long, `--collect` measures nothing and writes the table of the last run.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.verdicts import ABSENT, BELOW, FAILS, HOLDS, LEFT_OUT, MEASURED, STOPPED, WITHIN, Row

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "bench" / "results" / "trust.json"
KEPT = ROOT / "bench" / "results" / "tmp"
PAGE = ROOT / "docs" / "trust.md"
BEGIN, END = "<!-- table: written by bench/trust.py -->", "<!-- end of table -->"
PARTS = {
    "trust_numbers_a": "Scores, effects, comparisons, alarms, drivers",
    "trust_numbers_b": "Silence, experience, non-response, waiting, asking, forecasts, staffing",
    "trust_texts_a": "Language, personal data, likeness, themes, coding",
    "trust_texts_b": "Sentiment, rises, advice on replies, urgency",
}
LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "statsmodels")


def measure(part: str, quick: bool) -> bool:
    """Run one part and keep its rows; whether it came to its end."""
    KEPT.mkdir(parents=True, exist_ok=True)
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, "-m", f"bench.{part}", *(["--quick"] if quick else [])]
    with rows_file(part).open("w") as kept:
        ended = subprocess.run(command, cwd=ROOT, env=os.environ | one_thread, stdout=kept).returncode
        if ended == 0:
            kept.write(json.dumps("finished") + "\n")
    return ended == 0


def rows_file(part: str) -> Path:
    return KEPT / f"{part}.jsonl"


def kept_rows(part: str) -> tuple[list[Row], bool]:
    """What the part has measured, and whether it came to its end. A line that was cut off by a stop is left out."""
    path = rows_file(part)
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    said = [json.loads(line) for line in lines if line.endswith("\n")]
    return [one for one in said if isinstance(one, dict)], "finished" in said


def result(quick: bool) -> dict[str, Any]:
    parts = {}
    for part, title in PARTS.items():
        rows, finished = kept_rows(part)
        parts[part] = {"title": title, "finished": finished, "rows": rows}
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
        if not part["finished"]:
            yield "This part was stopped before its end; rows that say “stopped before” were not measured in this run.\n"
        yield from table(part["rows"])


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
    parser.add_argument("--collect", action="store_true", help="measure nothing, write the table of the last run")
    asked = parser.parse_args()
    os.nice(19)
    if not asked.collect:
        for part in PARTS:
            print(f"{PARTS[part]} …", file=sys.stderr, flush=True)
            if not measure(part, asked.quick):
                print(f"{part} ended with an error", file=sys.stderr)
    found = result(asked.quick)
    RESULT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    write_page(found)
    print(json.dumps(found["verdicts"], ensure_ascii=False))
    return 0 if all(part["finished"] for part in found["parts"].values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
