"""Background work: empty to-dos through the table, the whole chain after `received`, and what an idle installation costs.

Targets: 5 000 empty reactions/s from leaving to done; 300 items/s through everything that follows from `received` (cleaning, coding,
routing); idle under 1 % of a processor and under 400 MB (PSS, so that shared pages count once) for the whole process group.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from bench import measuring, scene

TEXTS = (
    "Paketti tuli kaksi viikkoa myöhässä, eikä kukaan vastannut puhelimeen.", "Kiitos ystävällisestä palvelusta noutopisteessä!",
    "Beställningen kom i tid men kartongen var trasig.", "The courier left my parcel in the rain and did not ring the bell.", "Verkkokaupan maksu ei mennyt läpi, yritin kolme kertaa.",
)  # fmt: skip


def empty_and_chain() -> None:
    """In a process with the home in its environment: prints processor and clock rates of both as one line of JSON."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luuppi.settings")
    django.setup()
    from django.db import transaction

    from luuppi.capture.drafts import Draft, FeedbackIn
    from luuppi.capture.receiving import receive
    from luuppi.people.models import Organisation
    from luuppi.running import todo

    n_empty, n_items = map(int, sys.argv[1:3])
    todo.register("empty", lambda todos: None, batch=500)
    bench = Organisation.objects.get(slug="bench")

    def run_all() -> None:
        while todo.run_due(500):
            pass

    def empty() -> None:
        for start in range(0, n_empty, 500):
            with transaction.atomic():
                todo.add_many([todo.NewTodo("empty", f"{os.getpid()}-{time.monotonic_ns()}-{k}") for k in range(start, min(start + 500, n_empty))])
        run_all()

    run_all()
    found = {"empty": _timed(empty, n_empty)}
    items = [FeedbackIn(text=TEXTS[k % len(TEXTS)] + f" {k}", scores={"nps": k % 11}, touchpoint=f"touchpoint-{k % 8}") for k in range(n_items)]
    receive([Draft(item, "api", "bench") for item in items[:20]], organisation=bench, by="customer")
    run_all()  # what is loaded once
    receive([Draft(item, "api", "bench") for item in items], organisation=bench, by="customer")
    found["chain"] = _timed(run_all, n_items)
    print(json.dumps(found))


def _timed(do: Any, n: int) -> dict[str, float]:
    started, processor = time.perf_counter(), time.process_time()
    do()
    return {"per_second": round(n / (time.perf_counter() - started)), "per_processor_second": round(n / (time.process_time() - processor))}


def _send_one(port: int, token: str) -> None:
    body = json.dumps({"text": TEXTS[0]}).encode()
    sent = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/feedback", data=body, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    with urllib.request.urlopen(sent, timeout=60) as answer:
        assert answer.status == 201


def idle(home: Path, token: str, *, seconds: float) -> dict[str, Any]:
    """A whole installation that nobody uses: its processor time and memory, after some seconds to settle."""
    port = measuring.free_port()
    command = [sys.executable, "-m", "luuppi", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=scene.environment(home), cwd=scene.ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        measuring.wait_for_port(port, 120)
        _send_one(port, token)  # so that the worker has loaded what it needs for a text
        time.sleep(15)
        before, started = measuring.processor_seconds(process.pid), time.perf_counter()
        time.sleep(seconds)
        share = (measuring.processor_seconds(process.pid) - before) / (time.perf_counter() - started)
        memory = measuring.memory_mb(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    total = round(sum(memory.values()), 1)
    return {"processor_share": round(share, 4), "holds_processor": share < 0.01, "memory_mb": total, "holds_memory": total < 400, "processes_mb": memory}


def measure(folder: Path, *, quick: bool) -> dict[str, Any]:
    token = scene.make(folder)
    sizes = ["4000", "300"] if quick else ["20000", "3000"]
    program = "from bench.background import empty_and_chain; empty_and_chain()"
    runs = []
    for _ in range(3 if quick else 5):
        made = subprocess.run([sys.executable, "-c", program, *sizes], env=scene.environment(folder), cwd=scene.ROOT, check=True, capture_output=True, text=True)
        runs.append(json.loads(made.stdout))
        measuring.say(f"  {runs[-1]}")
    result: dict[str, Any] = {}
    for name, target in (("empty", 5_000), ("chain", 300)):
        middle = {key: statistics.median(run[name][key] for run in runs) for key in runs[0][name]}
        result[name] = middle | {"target": target, "holds": middle["per_second"] >= target, "holds_by_processor": middle["per_processor_second"] >= target}
    return result | {"idle": idle(folder, token, seconds=10 if quick else 60)}


def main() -> int:
    given = measuring.arguments(__doc__).parse_args()
    head = measuring.described(quick=given.quick)
    with tempfile.TemporaryDirectory(prefix="luuppi-bench-") as folder:
        measuring.keep("background", head | measure(Path(folder), quick=given.quick))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
