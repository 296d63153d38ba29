"""Lists at ten thousand and at a million items: server time of whole pages (queries and rendering) under the filters that have an index.

Each page is asked through Django's own handler in a process for each home, so neither network nor server counts. Both homes take turns
in shuffled rounds. Targets: the time at the larger at most 1.5 times that at the smaller; p95 under 100 ms.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import measuring, scene
from bench.filling import COMMON, RARE

FILTERS = {
    "none": "", "touchpoint": "touchpoint=touchpoint-1", "touchpoint, a quiet one": "touchpoint=quiet", "team": "team=service", "team, a quiet one": "team=quiet", "team, a leaf": "team=team-2", "step, not read": "step=!read", "step, not told": "step=!told",
    "step, told": "step=told", "step, answered": "step=answered", "step, in the hole": "step=hole", "step, not in the hole": "step=!hole",
    "import": "from_import=1", "import and step": "from_import=1&step=!told", "theme": "theme=theme-1", "theme, a rare one": "theme=theme-38", "search": f"q={COMMON}", "search, two words": f"q={COMMON}+kamila",
    "search, a rare word": f"q={RARE}", "theme and touchpoint": "theme=theme-1&touchpoint=touchpoint-1",
}  # fmt: skip
PAGES = {f"feedback, {name}": f"/o/bench/feedback?{words}" for name, words in FILTERS.items()}
PAGES |= {f"black hole, {name}": f"/o/bench/black-hole?whose=all&{words}" for name, words in FILTERS.items() if name in ("none", "touchpoint", "touchpoint, a quiet one", "team", "team, a leaf", "team, a quiet one")}
PAGES |= {f"queue {name}": f"/o/bench/cases?queue={name}" for name in ("mine", "team", "waiting", "late", "closed")}
PAGES["queue team, a quiet touchpoint"] = "/o/bench/cases?queue=team&touchpoint=quiet"
PAGES["today"] = "/o/bench/today"
PAGES["queue team, touchpoint"] = "/o/bench/cases?queue=team&touchpoint=touchpoint-1"
PEOPLE = ("leena", "sari", "mikko")  # of the whole tree, of a branch, of one team
MOST_RATIO, MOST_MS = 1.5, 100


def answer_times() -> None:
    """In a process with the home in its environment: for each line {"as", "page", "times"} the processor and clock milliseconds of each time and
    how many rows the page showed."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luuppi.settings")
    django.setup()
    from django.test import Client

    from luuppi.people.models import Member

    clients = {}
    for member in Member.objects.select_related("user"):
        clients[member.user.email.split("@")[0]] = client = Client()
        client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps([_once(clients[asked["as"]], asked["page"]) for _ in range(asked["times"])]), flush=True)


def _once(client: Any, page: str) -> tuple[float, float, int]:
    started, processor = time.perf_counter(), time.process_time()
    answer = client.get(page)
    taken = (time.process_time() - processor) * 1000, (time.perf_counter() - started) * 1000
    assert answer.status_code == 200, (page, answer.status_code)
    return (*taken, answer.content.count(b'class="row '))


class Home:
    def __init__(self, folder: Path, n: int) -> None:
        env = scene.environment(folder)
        if not (folder / "made").exists():
            folder.mkdir(parents=True, exist_ok=True)
            scene.make(folder)
            subprocess.run([sys.executable, "-m", "bench.filling", str(n)], env=env, cwd=scene.ROOT, check=True)
            (folder / "made").touch()
        self.process = subprocess.Popen([sys.executable, "-c", "from bench.lists import answer_times; answer_times()"], env=env, cwd=scene.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def times(self, page: str, times: int, who: str) -> list[tuple[float, float, int]]:
        self.process.stdin.write(json.dumps({"as": who, "page": page, "times": times}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)


def measure(folder: Path, sizes: tuple[int, int], people: list[str], *, rounds: int, times: int) -> dict[str, Any]:
    homes = {n: Home(folder / f"home-{n}", n) for n in sizes}
    result, loads = {}, {}
    try:
        for who in people:
            load = os.getloadavg()
            for name, page in PAGES.items():
                for home in homes.values():
                    home.times(page, 2, who)
                found = measuring.in_rounds({str(n): lambda h=home, p=page, w=who: h.times(p, times, w) for n, home in homes.items()}, rounds, loud=False)
                result[f"{who}: {name}"] = compared(*(found[str(n)] for n in sizes))
                measuring.say(f"{who}: {name}: {result[f'{who}: {name}']}")
            loads[who] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "load_before": load, "load_after": os.getloadavg()}
    finally:
        for home in homes.values():
            home.end()
    return {"sizes": sizes, "measured": loads, "pages": result}


def compared(small: list[list], large: list[list]) -> dict[str, Any]:
    """By processor time, since others' work on the machine lengthens the clock's; the clock's p95 stands beside it. Where the smaller home
    has too few hits to fill a page (a rare word), the larger one draws more rows, and only the p95 can be judged: `rows` says so."""
    ratio = statistics.median(min(c for c, *_ in b) / min(c for c, *_ in a) for a, b in zip(small, large, strict=True))
    cpu, clock = [c for times in large for c, *_ in times], [w for times in large for _c, w, _n in times]
    rows = [small[0][0][2], large[0][0][2]]
    p95 = measuring.quantile(cpu, 0.95)
    return {
        "small_ms": round(statistics.median(c for times in small for c, *_ in times), 1), "large_ms": round(statistics.median(cpu), 1), "ratio": round(ratio, 2),
        "p95_ms": round(p95, 1), "clock_p50_ms": round(statistics.median(clock), 1), "clock_p95_ms": round(measuring.quantile(clock, 0.95), 1),
        "rows": rows, "holds": (ratio <= MOST_RATIO or rows[1] > 1.5 * rows[0]) and p95 < MOST_MS,
    }  # fmt: skip


def main() -> int:
    parser = measuring.arguments(__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, default=None, metavar="FOLDER", help="make the homes there once, and use them again the next time")
    parser.add_argument("--who", choices=PEOPLE, action="append", help="measure what this person sees and leave the others in the result as they are")
    given = parser.parse_args()
    result = measuring.described(quick=given.quick)
    with tempfile.TemporaryDirectory(prefix="luuppi-bench-") as folder:
        rounds, times = (3, 2) if given.quick else (5, 5)
        found = measure(given.keep or Path(folder), (10_000, given.items), given.who or list(PEOPLE), rounds=rounds, times=times)
    before = json.loads((measuring.RESULTS / "lists.json").read_text()) if given.who else {}
    for part in ("measured", "pages"):
        found[part] = before.get(part, {}) | found[part]
    missed = [name for name, page in found["pages"].items() if not page["holds"]]
    measuring.keep("lists", result | found | {"missed": missed})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
