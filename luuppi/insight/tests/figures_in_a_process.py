"""A figures service as a real process, with a truth that the test holds in a SQLite file beside it.

Run as a program it is the service: `python -m luuppi.insight.tests.figures_in_a_process FOLDER [options as JSON]`.
"""

import json
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from luuppi.insight.question import Question
from luuppi.insight.service.address import UnixAddress
from luuppi.insight.service.asker import Answer, Asker, ServiceAway
from luuppi.insight.service.row import FigureRow
from luuppi.insight.service.source import Changes, Everything, SourceAway

ROOT = Path(__file__).resolve().parents[3]


class Truth:
    """A journal in miniature: items with a rising version; erased ones stay as tombstones."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = sqlite3.connect(path, isolation_level=None, timeout=20, check_same_thread=False)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("CREATE TABLE IF NOT EXISTS items (item INTEGER PRIMARY KEY, version INTEGER, row BLOB)")
        self.database.execute("CREATE INDEX IF NOT EXISTS by_version ON items (version)")

    def put(self, *rows: FigureRow) -> int:
        return self._write([(row.item, pickle.dumps(tuple(row))) for row in rows])

    def erase(self, *items: int) -> int:
        return self._write([(item, None) for item in items])

    def version(self) -> int:
        return self.database.execute("SELECT coalesce(max(version), 0) FROM items").fetchone()[0]

    def rows(self) -> list[FigureRow]:
        found = self.database.execute("SELECT row FROM items WHERE row IS NOT NULL ORDER BY item")
        return [FigureRow(*pickle.loads(row)) for (row,) in found]

    def _write(self, states: list[tuple[int, bytes | None]]) -> int:
        self.database.execute("BEGIN IMMEDIATE")
        version = self.version()
        numbered = [(item, version + number, row) for number, (item, row) in enumerate(states, 1)]
        self.database.executemany("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", numbered)
        self.database.execute("COMMIT")
        return version + len(states)

    # --- as the service's source ---

    def changes_after(self, cursor: int, limit: int) -> Changes:
        try:
            sql = "SELECT item, version, row FROM items WHERE version > ? ORDER BY version LIMIT ?"
            found = self.database.execute(sql, [cursor, limit]).fetchall()
            rows = [FigureRow(*pickle.loads(row)) for _, _, row in found if row]
            return Changes(rows, [item for item, _, row in found if not row], found[-1][1] if found else min(cursor, self.version()))
        except sqlite3.Error as error:
            raise SourceAway(str(error)) from error

    def everything(self) -> Everything:
        return Everything(self.version(), self._parts())

    def _parts(self) -> Iterator[list[FigureRow]]:
        if slow := float(os.environ.get("TRUTH_IS_SLOW", "0")):
            time.sleep(slow)
        rows = self.rows()
        for start in range(0, len(rows), 5000):
            yield rows[start : start + 5000]


class Service:
    """Starts, kills and asks the process. folder holds the truth, the figures and the socket."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder, self.options = folder, options
        folder.mkdir(exist_ok=True)
        self.truth = Truth(folder / "truth.sqlite3")
        self.figures = folder / "figures"
        self.asker = Asker(UnixAddress(folder / "socket"))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **environment: str) -> "Service":
        command = [sys.executable, "-m", "luuppi.insight.tests.figures_in_a_process", str(self.folder), json.dumps(self.options)]
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=log, stdout=log, env=os.environ | {"PYTHONPATH": str(ROOT)} | environment)
        return self

    def kill(self, number: int = signal.SIGKILL) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def ask(self, question: Question, *, patience: float = 60.0) -> Answer:
        """The answer, waiting for the service as a person who reloads would."""
        until = time.monotonic() + patience
        while True:
            try:
                return self.asker.ask(question)
            except ServiceAway:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def ask_fresh(self, question: Question, *, patience: float = 60.0) -> Answer:
        """The answer that holds everything written to the truth before the call."""
        wanted, until = self.truth.version(), time.monotonic() + patience
        while (answer := self.ask(question, patience=patience)).cursor < wanted:
            assert time.monotonic() < until, f"cursor {answer.cursor} of {wanted}"
            time.sleep(0.02)
        return answer

    def state(self) -> dict[str, Any]:
        return self.asker.send("GET", "/state")[1]

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def bytes_on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.figures.rglob("*") if path.is_file())


def main() -> int:
    import logging

    from luuppi.insight.service.address import TcpAddress
    from luuppi.insight.service.answering import Manners
    from luuppi.insight.service.file import Limits
    from luuppi.insight.service.process import Settings, run

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    folder, options = Path(sys.argv[1]), json.loads(sys.argv[2])
    address = TcpAddress(*options["tcp"]) if "tcp" in options else UnixAddress(folder / "socket")
    settings = Settings(
        folder=folder / "figures",
        address=address,
        token=options.get("token"),
        parent=os.getppid() if options.get("with_parent") else None,
        limits=Limits(memory_mb=options.get("memory_mb", 512), threads=options.get("threads", 2)),
        manners=Manners(**options.get("manners", {})),
    )
    return run(settings, Truth(folder / "truth.sqlite3"))


if __name__ == "__main__":
    raise SystemExit(main())
