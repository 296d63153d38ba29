"""What the speed benches share: each figure in a process of its own, beside a plain way of doing the same in the same run.

A figure is told in processor seconds, which other work on the machine moves little; of several rounds, taken in turn, the best counts.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measuring import described, in_rounds, keep, say

ROOT = Path(__file__).resolve().parent.parent
NUMERIC_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Work = Callable[[], dict[str, float]]


@dataclass(frozen=True)
class Figure:
    """ours: measures our door. plain: the same in plain scikit-learn, scipy or numpy (None: there is no such thing).

    value: what is told of a measurement. limit: at most, or with `more` at least; None is told only.
    """

    name: str
    ours: Work
    plain: Work | None
    value: Callable[[dict[str, float]], float]
    limit: float | None
    more: bool = False
    rounds: int = 2


def timed(work: Callable[[], object], n: int, **said: float) -> dict[str, float]:
    """Processor and wall seconds of the work on n texts or rows."""
    wall, started = time.perf_counter(), time.process_time()
    work()
    return {"seconds": time.process_time() - started, "wall": time.perf_counter() - wall, "n": n, **said}


def seconds(measured: dict[str, float]) -> float:
    return measured["seconds"]


def per_second(measured: dict[str, float]) -> float:
    return measured["n"] / measured["seconds"]


def milliseconds_each(measured: dict[str, float]) -> float:
    return 1000 * measured["seconds"] / measured["n"]


def peak_mb(measured: dict[str, float]) -> float:
    return measured["peak_mb"]


def in_own_process(module: str, name: str, threads: int = 1) -> dict[str, float]:
    """What the function `name` of bench.`module` measures, with its peak of memory."""
    env = os.environ | dict.fromkeys(NUMERIC_THREADS, str(threads))
    command = [sys.executable, "-m", f"bench.{module}", "--measure", name]
    output = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(json.loads(output.splitlines()[-1]))


def run(module: str, figures: Sequence[Figure], works: dict[str, Any], description: str | None) -> int:
    """The command of a speed bench: all its figures, or with --measure one function in this process."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="one round of each")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--only", default="", help="only figures whose name holds this; nothing is written")
    asked = parser.parse_args()
    if asked.measure:
        measured = works[asked.measure]()
        print(json.dumps(measured | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
        return 0
    result = described(quick=asked.quick)
    known: dict[str, list[dict[str, float]]] = {}
    rows = [row for figure in figures if asked.only in figure.name for row in [_row(module, figure, 1 if asked.quick else figure.rounds, known)]]
    if not asked.only:
        keep(module, result | {"figures": rows})
    return 0 if all(row["verdict"] != "does not hold" for row in rows) else 1


def _row(module: str, figure: Figure, rounds: int, known: dict[str, list[dict[str, float]]]) -> dict[str, object]:
    sides = {work.__name__: work for work in (figure.ours, figure.plain) if work is not None and work.__name__ not in known}
    known |= in_rounds({name: lambda name=name: in_own_process(module, name) for name in sides}, rounds, loud=False)  # type: ignore[misc]
    better = max if figure.more else min
    ours = better(map(figure.value, known[figure.ours.__name__]))
    plain = better(map(figure.value, known[figure.plain.__name__])) if figure.plain else None
    holds = figure.limit is None or (ours >= figure.limit if figure.more else ours <= figure.limit)
    row = {
        "figure": figure.name,
        "measured": round(ours, 3),
        "limit": figure.limit,
        "plain": None if plain is None else round(plain, 3),
        "ours / plain": None if plain is None else round(ours / plain, 2),
        "verdict": "measured" if figure.limit is None else "holds" if holds else "does not hold",
    }
    say("  ".join(str(value) for value in row.values()))
    return row
