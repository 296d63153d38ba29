"""The command line: 0 done, 1 refused with the reason, 2 wrong use; help speaks of our own options alone."""

import pytest
from django.db.utils import OperationalError

from luuppi.commands import run


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("nonsense", 2, "There is no command nonsense"),
        ("organisation create", 2, "the following arguments are required: slug, --name"),
        ("member add x@example.com --organisation lumi --role boss", 2, "invalid choice: 'boss'"),
        ("serve --port 99999", 2, "99999 is not a whole number from 0 to 65535"),
        ("organisation create lumi --name Lumi", 1, "organisation lumi"),
        ("member add not-an-address --organisation lumi --role admin", 1, "is not an e-mail address"),
        ("token create --organisation nobody", 1, "There is no organisation nobody"),
        ("import feedback /nowhere.csv --organisation lumi", 1, "There is no file"),
        ("organisation create norrsken --name Norrsken", 0, "Made Norrsken"),
    ],
)
def test_how_a_command_ends_says_what_came_of_it(lumi, capsys, words, code, says):
    assert run(words.split()) == code
    assert says in capsys.readouterr().err


def test_help_names_the_command_as_it_is_typed_and_nothing_of_the_frame_below(capsys):
    assert run(["organisation", "create", "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("usage: luuppi organisation create ") and "--settings" not in shown and "--traceback" not in shown


def test_a_home_without_a_database_says_how_to_make_one(db, capsys, monkeypatch):
    def no_table(*arguments, **options):
        raise OperationalError("no such table: people_organisation")

    monkeypatch.setattr("luuppi.people.reading.Organisation.objects", type("Empty", (), {"filter": no_table}))
    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *given: ["people.0001_initial"])
    assert run(["token", "create", "--organisation", "lumi"]) == 1
    assert "Run `luuppi migrate`" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setattr("luuppi.people.reading.Organisation.objects", type("Broken", (), {"filter": no_table}))
    with pytest.raises(OperationalError):  # with all migrations run it is a fault, and shown as one
        run(["token", "create", "--organisation", "lumi"])
