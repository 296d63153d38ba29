"""What must hold before anything lands: `./run check` the quick part, `./run test` all of it, on SQLite and on PostgreSQL.

What could not be run here is named NOT RUN at the end, and that fails where CI is set.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.postgresql import PostgresqlIsMissing, running_postgresql

ROOT = Path(__file__).resolve().parent.parent
ENV = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
ENV.pop("PYTHONDONTWRITEBYTECODE", None)  # the tests start some sixty processes, and each would compile all of Luuppi again
LIBRARIES = ["luuppi/measures", "luuppi/language"]  # a third of all tests, which depend on nothing else of Luuppi
QUICK = ["-m", "not slow and not browser", "-n", "2", "-p", "no:schemathesis"]
WHOLE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


class Gates:
    """Runs one gate after the other, goes on after a failure, and tells the whole at the end."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.not_run: list[str] = []

    def gate(self, name: str, *command: str, env: dict[str, str] | None = None) -> None:
        started = time.monotonic()
        print(f"── {name}", flush=True)
        if subprocess.run(command, cwd=ROOT, env=ENV | (env or {})).returncode:
            self.failed.append(name)
        print(f"   {time.monotonic() - started:.0f} s", flush=True)

    def check(self, name: str, look: Callable[[], list[str]]) -> None:
        print(f"── {name}", flush=True)
        if problems := look():
            print("\n".join(f"   {problem}" for problem in problems), flush=True)
            self.failed.append(name)

    def end(self) -> int:
        for what in self.not_run:
            print(f"NOT RUN: {what}")
        if self.failed:
            print(f"FAILED: {', '.join(self.failed)}")
        incomplete = bool(self.not_run) and bool(os.environ.get("CI"))
        if not self.failed and not incomplete:
            print("All gates passed.")
        return 1 if self.failed or incomplete else 0


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def quick(gates: Gates) -> None:
    gates.gate("lint", *python("-m", "ruff", "check", "."))
    gates.gate("direction of imports", str(Path(sys.executable).parent / "lint-imports"), "--no-cache")
    with tempfile.TemporaryDirectory(prefix="luuppi-gates-") as home:  # one of its own: a folder of that name may be another user's
        gates.gate("migrations are complete", *python("-m", "luuppi", "makemigrations", "--check", "--dry-run"), env={"LUUPPI_HOME": home})
    gates.gate("built pages' parts are fresh", *python("-m", "luuppi.ui.build", "--check"))
    gates.check("translations are whole", untranslated)


def types(gates: Gates) -> None:
    gates.gate("types", *python("-m", "mypy", *LIBRARIES))


def untranslated() -> list[str]:
    """Entries of fi and sv that are empty or fuzzy, compiled files that do not hold what their sources say, and one message said in two
    ways: Django reads all catalogues as one, so that the other stage's word would be shown (give one of them a context)."""
    import polib

    problems, words = [], {}
    for source in sorted((ROOT / "luuppi").glob("**/locale/*/LC_MESSAGES/django.po")):
        entries = polib.pofile(str(source))
        place = source.relative_to(ROOT)
        problems += [f"{place}: {'fuzzy' if e.fuzzy else 'untranslated'}: {e.msgid[:70]!r}" for e in entries if not e.obsolete and (e.fuzzy or not e.translated())]
        for e in (e for e in entries if not e.obsolete):
            message = source.parts[-3], e.msgctxt, e.msgid
            if (elsewhere := words.setdefault(message, (e.msgstr, place)))[0] != e.msgstr:
                problems.append(f"{place}: {e.msgid[:70]!r} is {e.msgstr!r} here and {elsewhere[0]!r} in {elsewhere[1]}")
        compiled = source.with_suffix(".mo")
        if not compiled.exists():
            problems.append(f"{place}: not compiled")
            continue
        said = {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in entries if e.translated() and not e.obsolete}
        holds = {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in polib.mofile(str(compiled))}
        if said != holds:
            problems.append(f"{place}: the compiled file is not fresh (msgfmt)")
    return problems


def run_check() -> int:
    gates = Gates()
    quick(gates)
    gates.gate("quick tests", *python("-m", "pytest", "luuppi", *QUICK, *(f"--ignore={folder}" for folder in LIBRARIES)))
    if touched := [folder for folder in LIBRARIES if is_touched(folder)]:
        types(gates)
        gates.gate(f"tests of {', '.join(touched)}, which was changed", *python("-m", "pytest", *touched, *QUICK))
    else:
        print("   numbers and texts were not changed: ./run test has their tests and types", flush=True)
    return gates.end()


def is_touched(folder: str) -> bool:
    """Whether the last commit or what is not committed yet changes the folder; True where git cannot tell."""
    changed = subprocess.run(["git", "diff", "--name-only", "HEAD~1", "--", folder], cwd=ROOT, capture_output=True, text=True)
    new = subprocess.run(["git", "ls-files", "--others", "--exclude-standard", "--", folder], cwd=ROOT, capture_output=True, text=True)
    return bool(changed.returncode or new.returncode or changed.stdout.strip() or new.stdout.strip())


def run_test() -> int:
    gates = Gates()
    quick(gates)
    types(gates)
    if not shutil.which("chromium"):
        gates.not_run.append("browser tests: install Debian's chromium")
    gates.gate("tests on SQLite", *python("-m", "pytest", *WHOLE))
    try:
        with running_postgresql() as url:
            gates.gate("tests on PostgreSQL", *python("-m", "pytest", *WHOLE, "-m", "not browser and not sqlite_only", "--ignore=luuppi/measures", "--ignore=luuppi/language"), env={"LUUPPI_DATABASE_URL": url})
    except PostgresqlIsMissing as missing:
        gates.not_run.append(f"the suite on PostgreSQL: {missing}")
    return gates.end()


if __name__ == "__main__":
    raise SystemExit(run_check() if sys.argv[1:2] == ["check"] else run_test())
