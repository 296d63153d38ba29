"""Backup, restore, doctor, rebuild: through the command line, as an operator does it."""

import json
import sqlite3
import zipfile

import pytest

from tests.frame.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def items_in(home) -> list:
    with sqlite3.connect(home / "luuppi.sqlite3") as database:
        return database.execute("SELECT id, text FROM capture_feedbackitem ORDER BY id").fetchall()


def some_feedback(luuppi, n=3) -> None:
    file = luuppi.home / "some.csv"
    with luuppi.web():
        for k in range(n):
            assert luuppi.send(text=f"Palaute {k}")[0] == 201
    file.unlink(missing_ok=True)


def test_a_backup_brings_everything_back_elsewhere_and_its_links_work(luuppi, tmp_path):
    some_feedback(luuppi)
    said = luuppi.run("backup", str(tmp_path / "all.zip"))
    assert said.returncode == 0 and "secret key" in said.stderr
    other = Installation(tmp_path / "other")
    assert other.run("restore", str(tmp_path / "all.zip")).returncode == 0
    assert items_in(other.home) == items_in(luuppi.home) and len(items_in(other.home)) == 3
    assert (other.home / "secret-key").read_text() == (luuppi.home / "secret-key").read_text()
    assert (other.home / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_restore_never_overwrites_by_accident_and_refuses_what_is_damaged(luuppi, tmp_path):
    backup = tmp_path / "all.zip"
    luuppi.must("backup", str(backup))
    refused = luuppi.run("restore", str(backup))
    assert refused.returncode == 1 and "--replace" in refused.stderr
    whole = backup.read_bytes()
    for name, content in (("cut", whole[: len(whole) // 2]), ("nothing", b""), ("flipped", whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:])):
        damaged = tmp_path / name
        damaged.write_bytes(content)
        assert luuppi.run("restore", str(damaged), "--replace").returncode == 1
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("holiday.jpg", b"x")
    assert "not a backup" in luuppi.run("restore", str(tmp_path / "other.zip")).stderr
    assert luuppi.run("restore", str(backup), "--replace").returncode == 0


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(luuppi):
    (luuppi.home / "secret-key").chmod(0o644)
    with sqlite3.connect(luuppi.home / "luuppi.sqlite3") as database:
        database.execute("DROP TRIGGER journal_no_update")
    said = luuppi.run("doctor", "--json")
    findings = {f["name"]: f for f in json.loads(said.stdout)}
    assert said.returncode == 1
    assert not findings["secret key"]["ok"] and "chmod 600" in findings["secret key"]["mend"]
    assert not findings["journal"]["ok"] and "journal_no_update" in findings["journal"]["words"]
    assert not findings["worker"]["ok"] and findings["database"]["ok"] and findings["database file"]["ok"]


def test_rebuild_mends_progress_rows_and_the_guards(luuppi):
    some_feedback(luuppi, 2)
    with sqlite3.connect(luuppi.home / "luuppi.sqlite3") as database:
        database.execute("UPDATE journal_progress SET unheard = 0, read_at = '2026-01-01'")
        database.execute("DROP TRIGGER journal_no_delete")
    assert "2 progress rows" in luuppi.run("rebuild").stderr
    assert "0 progress rows" in luuppi.run("rebuild").stderr
    with sqlite3.connect(luuppi.home / "luuppi.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM journal_progress WHERE unheard = 1 AND read_at IS NULL").fetchone() == (2,)
        assert database.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()[0] >= 2
