"""The disk is full in the middle of an import and of the background's work: it is said, nothing is lost or doubled, and it goes on."""

import csv
import resource
import signal
import sqlite3
import time

import pytest

from tests.frame.installation import processes_of, until

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

N_ROWS, N_BAD = 1_500, 15
_ASK = """
import shutil, sys, django; django.setup()
from luuppi.capture.importing.definition import automatic
from luuppi.capture.importing.keeping import folder
from luuppi.capture.importing.running import ask_for
from luuppi.capture.models import Import
from luuppi.people.models import Organisation
run = Import.objects.create(organisation=Organisation.objects.get(slug="lumi"), file_name="rows.csv", by="system", mapping=automatic(["text", "nps"]).model_dump(), stored_as="rows.upload")
shutil.copy(sys.argv[1], folder() / "rows.upload")
ask_for(run)
"""


@pytest.fixture
def rows(tmp_path):
    """A file of 3.5 MB, one row in a hundred bad."""
    path = tmp_path / "rows.csv"
    path.write_text("text,nps\n" + "".join(f"Palaute {n} {'sanoja ' * 330},{50 if n % 100 == 99 else n % 11}\n" for n in range(N_ROWS)), encoding="utf-8")
    return path


def files_no_longer_than(n_bytes: int):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    return limit


def counted(luuppi, *tables: str) -> list[int]:
    with sqlite3.connect(luuppi.home / "luuppi.sqlite3", timeout=30) as database:
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def everything_is_there_once(luuppi) -> None:
    n = N_ROWS - N_BAD
    assert counted(luuppi, "capture_feedbackitem", "journal_progress", "journal_loopevent WHERE kind = 'received'") == [n, n, n]
    assert counted(luuppi, "(SELECT DISTINCT text FROM capture_feedbackitem)") == [n]


def test_an_import_that_fills_the_disk_says_so_and_the_same_command_goes_on(luuppi, rows):
    size = (luuppi.home / "luuppi.sqlite3").stat().st_size
    with luuppi.process("import", "feedback", str(rows), "--organisation", "lumi", preexec_fn=files_no_longer_than(size + 2_000_000)) as running:
        said, _ = running.communicate(timeout=240)
    assert running.returncode and "The import stopped" in said and "run the same command again" in said and "Traceback" not in said
    n_items, n_progress, n_events, n_todos = counted(luuppi, "capture_feedbackitem", "journal_progress", "journal_loopevent", "running_todo WHERE kind = 'react'")
    assert 0 < n_items < N_ROWS - N_BAD and n_items == n_progress == n_events == n_todos
    done = luuppi.must("import", "feedback", str(rows), "--organisation", "lumi")
    assert done.startswith(f"{N_ROWS - N_BAD - n_items} new, {n_items} same, {N_BAD} bad rows, of {N_ROWS} rows")
    everything_is_there_once(luuppi)
    with rows.with_name("rows.csv.bad.csv").open(encoding="utf-8-sig") as bad:
        assert [int(row[0]) for row in list(csv.reader(bad))[1:]] == [n + 2 for n in range(99, N_ROWS, 100)]


def test_the_worker_waits_while_the_disk_is_full_and_goes_on_by_itself(luuppi, rows):
    asked = luuppi.python(_ASK, str(rows))
    assert asked.returncode == 0, asked.stderr
    size = (luuppi.home / "luuppi.sqlite3").stat().st_size
    with luuppi.process("worker", "--follow-parent", preexec_fn=files_no_longer_than(size + 2_000_000)) as worker:
        until(lambda: counted(luuppi, "capture_feedbackitem")[0] > 0, 120)
        stands_still(luuppi)
        assert worker.poll() is None and counted(luuppi, "capture_feedbackitem")[0] < N_ROWS - N_BAD, "the disk was full in the middle"
        for pid in processes_of(luuppi.home):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        until(lambda: counted(luuppi, "capture_import WHERE state = 'done'") == [1], 120)
        until(lambda: counted(luuppi, "running_todo WHERE kind <> 'clockwork'") == [0], 120)
    everything_is_there_once(luuppi)
    n = N_ROWS - N_BAD
    assert counted(luuppi, "meaning_reading") == [n]
    assert counted(luuppi, "running_todo WHERE parked_at IS NOT NULL") == [0]
    with sqlite3.connect(luuppi.home / "luuppi.sqlite3") as database:
        assert database.execute("SELECT n_rows, n_new, n_same, n_bad FROM capture_import").fetchone() == (N_ROWS, n, 0, N_BAD)


def stands_still(luuppi, seconds: float = 6.0) -> None:
    """Wait until nothing more has been written for a while."""
    before, since = -1, time.monotonic()
    deadline = time.monotonic() + 180
    while time.monotonic() - since < seconds:
        assert time.monotonic() < deadline, "it went on and on"
        now = counted(luuppi, "capture_feedbackitem")[0] + counted(luuppi, "meaning_reading")[0]
        if now != before:
            before, since = now, time.monotonic()
        time.sleep(0.2)
