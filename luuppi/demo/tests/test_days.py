"""The demo of another day: one link says which is served, and whatever is killed when, one whole demo is served."""

import sqlite3
from datetime import date

import pytest

from luuppi.demo import days, renewing
from luuppi.demo.renewing import Renewal
from luuppi.running.group import Group

pytestmark = pytest.mark.sqlite_only  # each day's demo is a file of its own
YESTERDAY, TODAY = date(2026, 11, 21), date(2026, 11, 22)


def build(home, day: date) -> None:
    with sqlite3.connect(days.place_to_build(home, day) / days.DATABASE) as database:
        database.execute("CREATE TABLE day (name)")
        database.execute("INSERT INTO day VALUES (?)", [str(day)])


def read(home) -> str:
    """As the program opens it: by the path in the home."""
    with sqlite3.connect(home / days.DATABASE) as database:
        return database.execute("SELECT name FROM day").fetchone()[0]


def test_what_is_served_turns_as_one_and_who_reads_the_old_day_reads_on(tmp_path):
    build(tmp_path, YESTERDAY)
    assert days.served(tmp_path) is None
    days.serve_from_now_on(tmp_path, YESTERDAY)
    assert (days.served(tmp_path), read(tmp_path), days.is_plain(tmp_path)) == (YESTERDAY, str(YESTERDAY), False)
    (tmp_path / "outbox" / "a.eml").write_text("yesterday's")
    reader = sqlite3.connect(tmp_path / days.DATABASE)
    assert reader.execute("SELECT name FROM day").fetchone() == (str(YESTERDAY),)
    build(tmp_path, TODAY)
    days.serve_from_now_on(tmp_path, TODAY)
    assert (days.served(tmp_path), read(tmp_path), list((tmp_path / "outbox").iterdir())) == (TODAY, str(TODAY), [])
    assert reader.execute("SELECT name FROM day").fetchone() == (str(YESTERDAY),)
    days.sweep(tmp_path)
    assert [place.name for place in (tmp_path / ".days").iterdir()] == [str(TODAY)]


@pytest.mark.parametrize("step", ["building", "built", "renamed", "half a link"])
def test_killed_in_the_middle_the_old_day_is_served_and_the_rest_is_swept(tmp_path, step, monkeypatch):
    build(tmp_path, YESTERDAY)
    days.serve_from_now_on(tmp_path, YESTERDAY)
    if step == "building":
        (days.place_to_build(tmp_path, TODAY) / days.DATABASE).write_bytes(b"half")
    else:
        build(tmp_path, TODAY)
    if step in ("renamed", "half a link"):
        monkeypatch.setattr(days, "_turn", lambda link, to: link.with_name(".now.1").symlink_to(to) if step == "half a link" else None)
        days.serve_from_now_on(tmp_path, TODAY)
    days.sweep(tmp_path)
    assert (days.served(tmp_path), read(tmp_path)) == (YESTERDAY, str(YESTERDAY))
    assert [place.name for place in (tmp_path / ".days").iterdir()] == [str(YESTERDAY)]
    monkeypatch.undo()
    build(tmp_path, TODAY)
    days.serve_from_now_on(tmp_path, TODAY)
    assert read(tmp_path) == str(TODAY)


def test_a_home_with_a_database_of_its_own_is_never_turned(tmp_path, settings):
    (tmp_path / days.DATABASE).write_bytes(b"")
    settings.HOME = tmp_path
    assert days.is_plain(tmp_path) and not renewing.is_possible()


def old_demo(home) -> None:
    """As the first versions made it: one file in the home, with its folders."""
    with sqlite3.connect(home / days.DATABASE) as database:
        database.execute("CREATE TABLE day (name)")
        database.execute("INSERT INTO day VALUES (?)", [str(YESTERDAY)])
    for name in ("figures", "outbox"):
        (home / name).mkdir()


@pytest.mark.parametrize("killed_at", ["rename", "_turn", "_lead_through_link", None])
def test_a_demo_that_lies_as_one_file_is_taken_in_whole_whenever_it_is_killed(tmp_path, killed_at, monkeypatch):
    old_demo(tmp_path)
    if killed_at:
        part = days.Path if killed_at == "rename" else days
        monkeypatch.setattr(part, killed_at, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            days.take_in(tmp_path, YESTERDAY)
        assert days.is_plain(tmp_path) and read(tmp_path) == str(YESTERDAY)
        monkeypatch.undo()
    days.take_in(tmp_path, YESTERDAY)
    assert (days.is_plain(tmp_path), days.served(tmp_path), read(tmp_path)) == (False, YESTERDAY, str(YESTERDAY))
    build(tmp_path, TODAY)
    days.serve_from_now_on(tmp_path, TODAY)
    assert (days.served(tmp_path), read(tmp_path)) == (TODAY, str(TODAY))


@pytest.mark.parametrize(("is_loaded", "holds_more"), [(False, False), (True, True)])
def test_a_file_that_holds_no_demo_or_more_than_one_stays_as_it_is(tmp_path, settings, monkeypatch, is_loaded, holds_more):
    settings.HOME = tmp_path
    old_demo(tmp_path)
    monkeypatch.setattr(renewing, "is_loaded", lambda: is_loaded)
    monkeypatch.setattr(renewing, "holds_more", lambda: holds_more)
    renewing.take_in_old_one()
    assert days.is_plain(tmp_path) and not renewing.is_possible()


@pytest.fixture
def running(tmp_path, settings, monkeypatch, db):
    """A demo of yesterday that runs; the builder is a program that ends at once."""
    settings.HOME = tmp_path
    build(tmp_path, YESTERDAY)
    days.serve_from_now_on(tmp_path, YESTERDAY)
    group, said = Group([]), []
    renewal = Renewal(group, say=said.append, greet=lambda: said.append("new links"), clock=lambda: TODAY)
    renewal.said = said
    return renewal


class Builder:
    def __init__(self, home, code: int) -> None:
        self.returncode = None
        self.code = code
        build(home, TODAY)

    def poll(self):
        self.returncode = self.code
        return self.code


def test_past_midnight_the_new_one_takes_its_place_and_says_so(running, monkeypatch):
    monkeypatch.setattr(renewing, "_start_building", lambda home, day, in_background: Builder(home, 0))
    running()
    assert days.served(running.home) == YESTERDAY, "the old one is served while the new one is made"
    running()
    assert days.served(running.home) == TODAY and running.said[-1] == "new links" and "is lost" in running.said[-2]
    running.look_at = 0.0
    running()
    assert running.builder is None, "today's stays"


def test_one_that_cannot_be_made_leaves_the_old_one(running, monkeypatch):
    monkeypatch.setattr(renewing, "_start_building", lambda home, day, in_background: Builder(home, 1))
    running()
    running()
    assert days.served(running.home) == YESTERDAY and "could not be made" in running.said[-1]
    running()
    assert running.builder is None, "not again at once"


def test_another_organisation_beside_the_demo_keeps_it(running, monkeypatch, lumi):
    monkeypatch.setattr(renewing, "_start_building", lambda home, day, in_background: Builder(home, 0))
    running()
    assert running.builder is None and days.served(running.home) == YESTERDAY
