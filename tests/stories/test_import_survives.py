"""kill -9 of a real process in the middle of an import: what went in is there once, and the run goes on where it was."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.shared_data import ROOT

N_ROWS = 12_000
_BEGIN = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from luuppi.capture.importing.definition import automatic
from luuppi.capture.models import Import
from luuppi.people.organising import create_organisation
lumi = create_organisation("lumi", name="Lumi")
print(Import.objects.create(organisation=lumi, file_name="rows.csv", by="system", mapping=automatic(["text", "nps"]).model_dump()).pk)
"""
_GO_ON = """
import sys, django; django.setup()
from pathlib import Path
from luuppi.capture.importing.running import carry_out
from luuppi.capture.models import Import
run = carry_out(Import.objects.select_related("organisation").get(pk=sys.argv[1]), path=Path(sys.argv[2]), bad_path=Path(sys.argv[3]))
print(run.state, run.n_rows, run.n_new, run.n_same, run.n_bad)
"""


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_an_import_that_is_killed_goes_on_and_doubles_nothing(tmp_path):
    env = {name: value for name, value in os.environ.items() if name != "LUUPPI_DATABASE_URL"}
    env |= {"LUUPPI_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "luuppi.settings", "PYTHONPATH": str(ROOT)}
    path, bad = tmp_path / "rows.csv", tmp_path / "bad.csv"
    path.write_text("text,nps\n" + "".join(f"Palaute {n},{50 if n % 100 == 99 else n % 11}\n" for n in range(N_ROWS)), encoding="utf-8")
    number = subprocess.run([sys.executable, "-c", _BEGIN], env=env, check=True, capture_output=True, text=True).stdout.strip()
    command = [sys.executable, "-c", _GO_ON, number, str(path), str(bad)]

    running = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    database = sqlite3.connect(tmp_path / "home" / "luuppi.sqlite3")
    while (n_stored := _count(database)) < 2_000 and running.poll() is None:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert 2_000 <= n_stored < N_ROWS, "it was killed in the middle"

    told = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.split()
    assert told == ["done", "12000", "11880", "0", "120"]
    assert _count(database) == 11_880 == database.execute("SELECT count(*) FROM journal_loopevent").fetchone()[0]
    lines = [int(line.split(",")[0]) for line in bad.read_text(encoding="utf-8-sig").splitlines()[1:]]
    assert lines == [n + 2 for n in range(99, N_ROWS, 100)]


def _count(database: sqlite3.Connection) -> int:
    return database.execute("SELECT count(*) FROM capture_feedbackitem").fetchone()[0]
