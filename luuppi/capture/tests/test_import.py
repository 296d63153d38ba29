"""Import of files: what is found in them, what becomes of their rows, and that nothing is doubled or dropped in silence."""

import csv
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from luuppi.capture.importing.bad_rows import safe
from luuppi.capture.importing.dates import DateReader, find_style
from luuppi.capture.importing.definition import Definition, automatic
from luuppi.capture.importing.making import BadRow, Maker, number_of, settle
from luuppi.capture.importing.reading import look_at, read_rows
from luuppi.capture.importing.refusals import BadMapping, ColumnMissing, EmptyFile, NothingMapped, NotToUndo
from luuppi.capture.importing.running import ask_for, carry_out
from luuppi.capture.importing.undoing import ask_to_undo, undo, worked_on
from luuppi.capture.models import FeedbackItem, Import
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent, Progress
from luuppi.journal.recording import rebuild_progress, record
from luuppi.running.models import Todo

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture
def file(tmp_path):
    def write(text: str | bytes, name: str = "feedback.csv", encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


@pytest.fixture
def run_of(lumi, file, tmp_path):
    """`run_of(text, **definition)` imports the text as Lumi's file and returns the run."""

    def run(text, *, path=None, by="system", on_group=None, **more) -> Import:
        path = path or file(text)
        layout = look_at(path)
        definition = Definition(**more) if more else automatic(layout.columns)
        made = Import.objects.create(organisation=lumi.organisation, file_name=path.name, by=by, mapping=definition.model_dump())
        return carry_out(made, path=path, bad_path=tmp_path / "bad.csv", on_group=on_group)

    return run


def made_of(path, **definition):
    layout = look_at(path)
    settled = settle(Definition(**definition) if definition else automatic(layout.columns), path, layout)
    maker = Maker(settled, layout, time_zone="Europe/Helsinki")
    return list(maker.drafts(path)), maker


# --- what a file is -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "delimiter", "found"),
    [("utf-8", ",", "utf-8"), ("utf-8-sig", ";", "utf-8-sig"), ("cp1252", ";", "cp1252"), ("utf-16", "\t", "utf-16"), ("utf-16-le", ",", "utf-16-le"), ("utf-8", "|", "utf-8")],
)
def test_encoding_and_delimiter_are_found(file, encoding, delimiter, found):
    rows = [["text", "nps", "segment"]] + [["Lähetys myöhästyi – äiti odotti, pöytä ei tullut", "3", "koti"]] * 20
    path = file("\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows), encoding=encoding)
    layout = look_at(path)
    assert (layout.encoding, layout.delimiter, layout.columns) == (found, delimiter, ("text", "nps", "segment"))
    assert [row.cells[0] for row in read_rows(path, layout)] == ["Lähetys myöhästyi – äiti odotti, pöytä ei tullut"] * 20


def test_a_few_broken_bytes_in_utf8_are_bad_rows_and_the_others_go_in(file):
    good = "Äiti odotti pöytää\n".encode() * 50
    path = file(b"text\n" + good + b"rikki \xff\xfe\n" + good)
    rows = list(read_rows(path, look_at(path)))
    assert [row.line for row in rows if row.problem] == [52] and len(rows) == 101


def test_the_line_that_excel_writes_before_the_header_names_the_delimiter(file):
    path = file("sep=;\ntext;nps\nHyvä, nopea;9\n")
    layout = look_at(path)
    assert layout.columns == ("text", "nps") and [(r.line, r.cells) for r in read_rows(path, layout)] == [(3, ["Hyvä, nopea", "9"])]


def test_a_quotation_mark_that_is_never_closed_costs_one_row(file):
    path = file('text,nps\nHyvä,9\n"Kesken,3\nToinen,4\n"Monta\nriviä",5\nViides,6\n')
    rows = [(row.line, row.cells[0].strip(), bool(row.problem)) for row in read_rows(path, look_at(path))]
    # The open mark runs into the next one, and what cannot be told apart is reported; the rows after it are whole.
    assert (2, "Hyvä", False) in rows and rows[-1][1:] == ("Viides", False)
    path = file('text,nps\nHyvä,9\n"Kesken,3\nToinen,4\n')
    assert [(row.line, bool(row.problem)) for row in read_rows(path, look_at(path))] == [(2, False), (3, True), (4, False)]


def test_ten_megabytes_in_one_cell_are_one_bad_row(file):
    path = file("text,nps\n" + "a" * 10_000_000 + ",3\nHyvä,9\n")
    rows = list(read_rows(path, look_at(path)))
    assert [bool(row.problem) for row in rows] == [True, False] and len(rows[0].cells[0]) == 200


def test_an_empty_file_and_one_without_a_text_or_score_are_refused(file):
    with pytest.raises(EmptyFile):
        look_at(file(""))
    path = file("segment,city\nkoti,Oulu\n")
    with pytest.raises(NothingMapped):
        settle(automatic(look_at(path).columns), path, look_at(path))
    with pytest.raises(ColumnMissing):
        settle(Definition(columns={"score": {"field": "nps"}}), path, look_at(path))


# --- dates and numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "style", "other"),
    [
        (["31.12.2025", "1.2.2025"], "dmy", 0), (["30/09/2021", "12/31/2021", "25/10/2021"], "dmy", 1), (["12/31/2021", "1/2/2021"], "mdy", 0),
        (["2025-12-31", "2025-12-31T10:00:00Z"], "iso", 0), (["1700000000", "1700000001"], "unix", 0), (["31 Dec 2025", "Jan 3, 2026"], "iso", 0),
    ],
)  # fmt: skip
def test_the_style_of_a_column_is_found(values, style, other):
    found = find_style(values)
    assert (found.style, found.n_other_order) == (style, other)


def test_a_column_that_holds_no_dates_or_cannot_be_told_says_so():
    assert find_style(["Oulu", "31.12.2025"]) is None
    assert find_style(["1/2/2025", "3/4/2025"]).ambiguous


@pytest.mark.parametrize(
    ("style", "text", "moment"),
    [
        ("dmy", "31.12.2025 klo", None), ("dmy", "31.12.2025", (2025, 12, 30, 22, 0)), ("dmy", "31/12/2025 14.05", (2025, 12, 31, 12, 5)), ("mdy", "7/4/2025 2:05 PM", (2025, 7, 4, 11, 5)),
        ("dmy", "12/31/2025", (2025, 12, 30, 22, 0)), ("iso", "2025-12-31T10:00:00+03:00", (2025, 12, 31, 7, 0)), ("iso", "2025-12-31 10:00:00.123Z", (2025, 12, 31, 10, 0)),
        ("dmy", "30.2.2025", None), ("dmy", "45.45.2025", None), ("unix", "1767175200", (2025, 12, 31, 10, 0)), ("iso", "3 March 2025", (2025, 3, 2, 22, 0)), ("dmy", "1.1.99", (1998, 12, 31, 22, 0)),
    ],
)  # fmt: skip
def test_a_date_is_read_in_its_style_and_time_zone(style, text, moment):
    reader = DateReader(style, HELSINKI)
    if moment is None:
        with pytest.raises(ValueError, match=r"not a date|not in the calendar"):
            reader.read(text)
    else:
        assert reader.read(text) == datetime(*moment, tzinfo=UTC)


def test_impossible_dates_are_read_in_the_other_order_and_counted():
    reader = DateReader("dmy", UTC)
    assert [reader.read(text).month for text in ("12/31/2021", "12/31/2021", "31/12/2021")] == [12, 12, 12]
    assert reader.n_other_order == 2


@pytest.mark.parametrize(("cell", "value"), [("8", 8), ("8,0", 8), ("1 234,50", 1234.5), ("1.234,50", 1234.5), ("1,234.50", 1234.5), ("\u22123", -3)])
def test_numbers_as_people_write_them(cell, value):
    assert number_of(cell) == value


@pytest.mark.parametrize("cell", ["", "hyvä", "nan", "inf", "1e400"])
def test_what_is_no_number_is_said(cell):
    with pytest.raises(BadRow):
        number_of(cell)


# --- rows become drafts ---------------------------------------------------------------------------------------------------------


def test_columns_named_like_the_api_map_by_themselves_and_the_others_become_attributes(file):
    [made], _maker = made_of(
        file("Text;NPS;customer.email;occurred_at;segment;value_eur;wants_contact\nHyvä;9;aino@example.com;31.12.2025 14.05;koti;240,50;kyllä\n"),
    )
    item = made.draft.item
    assert (item.text, item.scores.nps, item.customer.email, item.wants_contact) == ("Hyvä", 9, "aino@example.com", True)
    assert item.occurred_at == datetime(2025, 12, 31, 12, 5, tzinfo=UTC) and item.attributes == {"segment": "koti", "value_eur": 240.5}


def test_scores_of_another_scale_are_turned_and_codes_for_no_score_are_none(file):
    columns = {"q1": {"field": "csat", "scale": {"worst": 5, "best": 1}, "no_score": ["6", "7"]}, "why": {"field": "text"}}
    made, _maker = made_of(file("q1,why\n1,a\n5,b\n2,c\n6,d\n7,e\n9,f\n3.0,g\nx,h\n"), columns=columns)
    assert [m.draft.item.scores.csat if m.draft and m.draft.item.scores else m.problem or None for m in made] == [
        5, 1, 4, None, None, "q1: 9 is not a score from 1 to 5", 3, "q1: “x” is not a number",
    ]  # fmt: skip


def test_words_of_a_column_are_translated_by_the_mapping(file):
    columns = {"tyyppi": {"field": "kind", "values": {"Reklamaatio": "complaint", "-": ""}}, "teksti": {"field": "text"}}
    made, _maker = made_of(file("tyyppi;teksti\nReklamaatio;a\n-;b\nMuu;c\n"), columns=columns)
    assert [m.draft.item.kind if m.draft else m.problem[:5] for m in made] == ["complaint", None, "kind:"]


def test_rows_of_one_respondent_become_one_item_wherever_they_stand(file):
    text = "who,when,q,a,score,trust,unit\nA,30/09/2021,Why?,Late,2,North,Vans\nB,30/09/2021,Why?,Fine,1,North,\nA,12/31/2021,Better?,Call me,2,North,Vans\nA,bad,Other?,Lost,2,North,Vans\n"
    columns = {"when": {"field": "occurred_at"}, "score": {"field": "csat", "scale": {"worst": 5, "best": 1}}}
    made, maker = made_of(file(text), columns=columns, group_by="who", question="q", answer="a", touchpoint_from=["trust", "unit"])
    assert [(len(m.rows), m.problem) for m in made] == [(1, "when: “bad” is not a date"), (2, ""), (1, "")]
    item = made[1].draft.item
    assert [(a.question, a.value) for a in item.answers] == [("Why?", "Late"), ("Better?", "Call me")] and item.text == "Late\n\nCall me"
    assert (item.external_id, item.touchpoint, item.scores.csat, made[2].draft.item.touchpoint) == ("A", "North / Vans", 4, "North")
    assert maker.noted.differing == {"occurred_at": 1} and maker.noted.dates_in_other_order == {"when": 1}


@pytest.mark.parametrize(
    ("raw", "place"),
    [({"columns": {"a": {"field": "colour"}}}, "colour"), ({"time_zone": "Mars"}, "Mars"), ({"unknown": 1}, "unknown"), ({"columns": {"a": {"field": "nps", "scale": {"worst": 1}}}}, "best")],
)
def test_a_mapping_that_is_not_right_says_where(tmp_path, raw, place):
    from luuppi.capture.importing.definition import load_definition

    path = tmp_path / "m.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(BadMapping) as refused:
        load_definition(path)
    assert place in str(refused.value)


# --- the run --------------------------------------------------------------------------------------------------------------------

FILE = "text,nps,touchpoint\nHyvä,9,delivery\nHyvä,9,delivery\nHuono,2,kiosk\nOutoa,12,delivery\n"


def test_good_rows_go_in_bad_rows_are_reported_and_the_same_file_again_changes_nothing(run_of, lumi, tmp_path):
    first = run_of(FILE)
    assert (first.state, first.n_rows, first.n_new, first.n_same, first.n_bad) == ("done", 4, 3, 0, 1)
    assert FeedbackItem.objects.count() == LoopEvent.objects.count() == Progress.objects.filter(imported=True, unheard=False).count() == 3
    bad = list(csv.reader((tmp_path / "bad.csv").open(encoding="utf-8-sig")))
    assert bad == [["luuppi line", "luuppi reason", "text", "nps", "touchpoint"], ["5", "nps: 12 is not a score from 0 to 10 [not-a-score]", "Outoa", "12", "delivery"]]
    again = run_of(FILE)
    assert (again.n_new, again.n_same, again.n_bad) == (0, 3, 1) and FeedbackItem.objects.count() == 3


def test_a_file_of_bad_rows_that_was_mended_can_be_imported(run_of, file, tmp_path):
    run_of("text,nps\n=1+1,12\n")
    mended = file((tmp_path / "bad.csv").read_text(encoding="utf-8-sig").replace(",12", ",2"), name="mended.csv")
    assert run_of("", path=mended).n_new == 1
    item = FeedbackItem.objects.get()
    assert (item.text, item.nps, item.attributes) == ("=1+1", 2, {})
    assert run_of("text,nps\n=1+1,2\n").n_same == 1, "the mended row is the row itself"


@pytest.mark.parametrize(("cell", "kept"), [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-5", "-5"), ("+358 40", "'+358 40"), ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"), ("Hyvä", "Hyvä")])
def test_no_spreadsheet_computes_what_a_stranger_typed(cell, kept):
    assert safe(cell) == kept


def test_a_run_that_was_broken_off_goes_on_where_it_was(run_of, lumi, file, tmp_path, monkeypatch):
    monkeypatch.setattr("luuppi.capture.importing.running.GROUP", 10)
    path = file("text,nps\n" + "".join(f"Palaute {n},{99 if n % 7 == 0 else n % 10}\n" for n in range(95)))

    class Killed(BaseException):
        pass

    def kill(run):
        if run.n_rows == 40:
            raise Killed

    with pytest.raises(Killed):
        run_of("", path=path, on_group=kill)
    left = Import.objects.get()
    with (tmp_path / "bad.csv").open("ab") as bad:
        bad.write(b"half a ro")  # written for the group that was never committed
    done = carry_out(left, path=path, bad_path=tmp_path / "bad.csv")
    assert (done.state, done.n_rows, done.n_new, done.n_same, done.n_bad) == ("done", 95, 81, 0, 14)
    assert FeedbackItem.objects.count() == 81
    assert [int(row[0]) for row in list(csv.reader((tmp_path / "bad.csv").open(encoding="utf-8-sig")))[1:]] == [n + 2 for n in range(0, 95, 7)]


def test_a_run_of_the_command_line_that_died_is_said_to_have_stopped_and_can_be_undone_and_run_again(run_of, file, lumi, as_member):
    class Killed(BaseException):
        pass

    def kill(_run):
        raise Killed

    path = file("text\n" + "".join(f"Palaute {n}\n" for n in range(300)))
    with pytest.raises(Killed):
        run_of("", path=path, on_group=kill)
    run = Import.objects.get()
    assert run.shown_state == "running" and run.is_under_way and run.n_new == 250
    Import.objects.filter(pk=run.pk).update(checkpoint=run.checkpoint | {"until": (timezone.now() - timedelta(seconds=1)).isoformat()})
    run.refresh_from_db()
    assert run.shown_state == "stopped" and not run.is_under_way
    client = as_member(lumi.antti)
    assert "stopped" in client.get("/o/lumi/settings/imports").content.decode()
    page = client.get(f"/o/lumi/settings/imports/{run.pk}").content.decode()
    assert "Run the same command again" in page and "Undo the import" in page and "hx-trigger" not in page
    again = run_of("", path=path)
    assert (again.state, again.n_new, again.n_same) == ("done", 50, 250)
    ask_to_undo(run, by=lumi.antti)
    assert Import.objects.get(pk=run.pk).state == "undoing"


def test_a_cancelled_run_ends_after_its_group_and_what_went_in_can_be_undone(run_of, monkeypatch):
    monkeypatch.setattr("luuppi.capture.importing.running.GROUP", 10)
    run = run_of("text\n" + "".join(f"Palaute {n}\n" for n in range(50)), on_group=lambda run: Import.objects.filter(pk=run.pk).update(wants_cancel=True))
    assert (run.state, run.n_new) == ("cancelled", 10)
    assert undo(run, by="system") == 10 and run.state == "undone"


def test_undo_withdraws_all_but_what_people_worked_on_and_frees_the_ids(run_of, lumi):
    from django.db import transaction

    text = "external_id,text\n" + "".join(f"e{n},Palaute {n}\n" for n in range(5))
    run = run_of(text, by=lumi.antti.actor)
    worked = FeedbackItem.objects.get(external_id="e3")
    with transaction.atomic():
        record(kinds.READ, organisation=lumi.organisation, items=[worked.pk], by=lumi.mikko)
    assert undo(run, by=lumi.antti) == 4
    assert list(worked_on(run)) == [worked] and FeedbackItem.objects.not_gone().get() == worked
    assert LoopEvent.objects.filter(kind="withdrawn").count() == 4 == Progress.objects.filter(withdrawn=True).count()
    assert rebuild_progress() == 0
    assert (run_of(text).n_new, run_of(text).n_same) == (4, 5)


def test_a_manager_of_some_teams_imports_only_into_them(run_of, lumi):
    from luuppi.people.organising import add_member

    kerttu = add_member(lumi.organisation, email="kerttu@lumi.example.com", name="Kerttu", roles=[("manager", lumi.teams["delivery"])])
    run = run_of("text,touchpoint\nA,delivery\nB,web-shop\nC,new place\nD,\n", by=kerttu.actor)
    assert (run.n_new, run.n_bad) == (1, 3)
    assert list(Import.objects.visible_to(kerttu)) == [run] and Import.objects.visible_to(lumi.antti).count() == 1
    assert not Import.objects.visible_to(lumi.mikko).exists()


def test_what_the_worker_is_asked_for_it_does_once(lumi, file, background):
    from luuppi.capture.importing.keeping import keep_upload

    path = file(FILE)
    layout = look_at(path)
    run = keep_upload(path, name="feedback.csv", organisation=lumi.organisation, by=lumi.antti, layout=layout, definition=automatic(layout.columns))
    ask_for(run, dry=True)
    background()
    run.refresh_from_db()
    assert run.state == "previewed" and run.found["tried"]["new"] == 3
    assert [(bad["line"], bad["code"], bad["detail"]) for bad in run.found["tried_bad"]] == [(5, "not-a-score", "nps: 12 is not a score from 0 to 10")]
    assert not FeedbackItem.objects.exists()
    ask_for(run)
    background()
    run.refresh_from_db()
    assert (run.state, run.n_new) == ("done", 3)
    ask_to_undo(run, by=lumi.antti)
    background()
    run.refresh_from_db()
    assert run.state == "undone" and not FeedbackItem.objects.not_gone().exists() and not Todo.objects.filter(kind__startswith="import").exists()
    with pytest.raises(NotToUndo):
        ask_to_undo(run, by=lumi.antti)


# --- the command ----------------------------------------------------------------------------------------------------------------


def test_the_command_prints_its_figures_and_writes_the_bad_rows_beside_the_file(lumi, file, capsys):
    path = file(FILE)
    call_command("import_feedback", str(path), "--organisation", "lumi", "--dry-run", "--json")
    tried = json.loads(capsys.readouterr().out)
    assert (tried["new"], tried["same"], tried["bad"], FeedbackItem.objects.count()) == (3, 0, 1, 0)
    call_command("import_feedback", str(path), "--organisation", "lumi", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["new"], told["bad"], told["encoding"], told["delimiter"]) == (3, 1, "utf-8", ",")
    assert told["bad_rows"] == tried["bad_rows"] == [{"line": 5, "code": "not-a-score", "reason": "nps: 12 is not a score from 0 to 10"}]
    assert told["bad_file"] == f"{path}.bad.csv" and path.with_name("feedback.csv.bad.csv").exists()


def test_of_very_many_bad_rows_the_first_thousand_are_told_and_all_are_in_the_file(lumi, file, capsys):
    path = file("nps,text\n" + "12,Hyvä\n" * 1_300)
    for more in (["--dry-run"], []):
        call_command("import_feedback", str(path), "--organisation", "lumi", "--json", *more)
        told = json.loads(capsys.readouterr().out)
        assert (told["bad"], [one["line"] for one in told["bad_rows"]]) == (1_300, list(range(2, 1_002)))
    assert len(path.with_name("feedback.csv.bad.csv").read_text().splitlines()) == 1_301


def test_a_saved_mapping_is_used_by_its_name_and_names_the_source(lumi, file, capsys):
    from luuppi.capture.importing.keeping import save_mapping

    save_mapping(lumi.organisation, Definition(name="shop", columns={"Arvosana": {"field": "nps"}, "Miksi": {"field": "text"}}), by=lumi.antti)
    call_command("import_feedback", str(file("Arvosana;Miksi\n9,0;Nopea\n")), "--organisation", "lumi", "--mapping", "shop")
    item = FeedbackItem.objects.get()
    assert (item.nps, item.text, item.source, item.channel) == (9, "Nopea", "shop", "import")


def test_the_command_understands_usual_headings_and_says_what_it_takes_for_no_score(lumi, file, capsys):
    path = file("Pvm;Kommentti;Tyyppi;Kohtaamispiste;Suosittelu;Arvosana\n21.11.2026 14.30;Myöhässä;Reklamaatio;toimitus;3;41\n")
    call_command("import_feedback", str(path), "--organisation", "lumi", "--dry-run", "--json")
    said = capsys.readouterr()
    assert FeedbackItem.objects.count() == 0 and json.loads(said.out)["new"] == 1
    assert "Kommentti → text" in said.err and "Arvosana: looks like a score (41–41)" in said.err
    call_command("import_feedback", str(path), "--organisation", "lumi", "--json")
    item = FeedbackItem.objects.get()
    assert (item.text, item.kind, item.touchpoint.key, item.nps, item.attributes) == ("Myöhässä", "complaint", "delivery", 3, {"Arvosana": "41"})
