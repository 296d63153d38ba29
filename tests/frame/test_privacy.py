"""Who else works on the machine reads nothing of what Luuppi writes."""

import json
import stat

import pytest

from tests.frame.installation import Installation


def modes(folder) -> dict[str, int]:
    return {str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if not path.is_symlink() and not path.is_socket()}


def finding(luuppi):
    return next(one for one in json.loads(luuppi.run("doctor", "--json").stdout) if one["name"] == "home")


@pytest.mark.usefixtures("template")
def test_a_home_that_luuppi_makes_is_its_users_alone(tmp_path):
    luuppi = Installation(tmp_path / "new" / "home")
    luuppi.must("migrate")
    luuppi.must("organisation", "create", "lumi", "--name", "Lumi")
    luuppi.must("backup", str(tmp_path / "kept" / "backup.zip"))
    assert stat.S_IMODE(luuppi.home.stat().st_mode) == 0o700 and finding(luuppi)["ok"]
    wider = {name: oct(mode) for name, mode in (modes(luuppi.home) | modes(tmp_path / "kept")).items() if mode & 0o077}
    assert (luuppi.home / "luuppi.sqlite3").exists() and not wider


@pytest.mark.parametrize(("mode", "ok", "mend"), [(0o700, True, ""), (0o755, False, "chmod go-rwx"), (0o750, False, "chmod go-rwx"), (0o2770, True, ""), (0o775, False, "chmod o-rwx")])
def test_the_doctor_says_when_others_can_look_into_the_home_and_changes_nothing(luuppi, mode, ok, mend):
    luuppi.home.chmod(mode)
    found = finding(luuppi)
    assert (found["ok"], mend in found["mend"]) == (ok, True) and stat.S_IMODE(luuppi.home.stat().st_mode) == mode


def test_in_a_home_that_a_group_shares_the_group_reads_what_is_written(luuppi):
    luuppi.home.chmod(0o770)
    before = set(modes(luuppi.home))
    luuppi.must("rebuild")
    luuppi.must("backup", str(luuppi.home / "of-the-group" / "backup.zip"))
    made = {name: mode for name, mode in modes(luuppi.home).items() if name not in before}
    assert made["of-the-group"] == 0o770 and not any(mode & 0o007 for mode in made.values())
