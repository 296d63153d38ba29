"""`./run bench` runs every measurement, `./run bench NAME` one of them. Each stands beside its bare reference in the same run.

Options of the measurement itself (`--quick`, …) follow the name; results are written to bench/results/NAME.json.
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NOT_MEASUREMENTS = {"__main__", "measuring", "speed", "bare_intake", "bare_journey", "figures_items", "filling", "scene", "verdicts"}
PARTS_OF_TRUST = {"trust_intervals", "trust_numbers_a", "trust_numbers_b", "trust_texts_a", "trust_texts_b"}  # `trust` runs them


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NOT_MEASUREMENTS | PARTS_OF_TRUST)


def main(arguments: list[str]) -> int:
    options = [a for a in arguments if a.startswith("-")]
    chosen = arguments[:1] if arguments and not arguments[0].startswith("-") else []
    if chosen and chosen[0] not in names():
        print(f"There is no measurement {chosen[0]}. There are: {', '.join(names())}", file=sys.stderr)
        return 2
    if chosen:
        return subprocess.run([sys.executable, "-m", f"bench.{chosen[0]}", *arguments[1:]], cwd=FOLDER.parent).returncode
    failed = [name for name in names() if subprocess.run([sys.executable, "-m", f"bench.{name}", *options], cwd=FOLDER.parent).returncode]
    for name in failed:
        print(f"{name} ended with an error", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
