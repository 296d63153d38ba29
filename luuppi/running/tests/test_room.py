"""A full disk while a backup is written or brought back: it is said, and what was there is as it was."""

import errno
from types import SimpleNamespace

import pytest

from luuppi.running import keeping


@pytest.mark.sqlite_only
def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path, monkeypatch):
    home, key, database = tmp_path / "home", tmp_path / "key", tmp_path / "luuppi.sqlite3"
    home.mkdir()
    key.write_text("secret")
    database.write_bytes(b"")
    monkeypatch.setattr(keeping, "settings", SimpleNamespace(HOME=home, SECRET_KEY_FILE=key, DATABASES={"default": {"NAME": str(database)}}))
    monkeypatch.setattr(keeping, "connection", SimpleNamespace(vendor="sqlite", close=lambda: None))
    backup = tmp_path / "backups" / "all.zip"
    keeping.back_up(backup)

    def full(*_given, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keeping, "_holds_something", lambda: False)
    monkeypatch.setattr(keeping.shutil, "copyfileobj", full)
    with pytest.raises(keeping.NoRoom, match="is full"):
        keeping.restore(backup)
    assert list(home.iterdir()) == []
    monkeypatch.setattr(keeping, "read_backup", full)
    with pytest.raises(keeping.NoRoom):
        keeping.back_up(tmp_path / "backups" / "again.zip")
    assert [one.name for one in backup.parent.iterdir()] == ["all.zip"]
