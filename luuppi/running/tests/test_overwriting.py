"""What was deleted is readable neither in SQLite's file nor in its log."""

import pytest
from django.db import connections

from luuppi.running.sqlite import overwriting


@pytest.mark.sqlite_only
def test_deleted_words_are_in_neither_file_nor_log(db, tmp_path, monkeypatch):
    here = connections["default"].copy()
    here.settings_dict = here.settings_dict | {"NAME": str(tmp_path / "a.sqlite3")}
    monkeypatch.setattr(overwriting, "connection", here)
    log = tmp_path / "a.sqlite3-wal"
    with here.cursor() as cursor:
        cursor.execute("CREATE TABLE said (words TEXT)")
        cursor.execute("INSERT INTO said VALUES ('the parcel of Aino Testinen')")
        with overwriting.overwriting():
            cursor.execute("DELETE FROM said")
        assert b"Testinen" in log.read_bytes()
        assert overwriting.empty_log()
        assert b"Testinen" not in log.read_bytes() + (tmp_path / "a.sqlite3").read_bytes()
    here.close()
