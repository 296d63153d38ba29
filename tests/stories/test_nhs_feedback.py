"""Real input: 4 693 patients' comments of two English trusts, through the same doors as any user's file (docs/import.md)."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from luuppi.capture.models import FeedbackItem, Import
from luuppi.journal.models import Progress
from tests.shared_data import ROOT, shared_data

MAPPING = ROOT / "docs" / "examples" / "nhs-mapping.json"


@pytest.fixture
def nhs(lumi, tmp_path, capsys) -> tuple[Path, dict]:
    """The file as a user has it, imported by the command with the mapping of the docs; and what the command told."""
    path = tmp_path / "friends-and-family.csv"
    path.write_bytes(gzip.decompress(shared_data("feedback", "nhs_friends_family_test.csv.gz").read_bytes()))
    return path, _import(path, capsys)


def _import(path: Path, capsys) -> dict:
    call_command("import_feedback", str(path), "--organisation", "lumi", "--mapping", str(MAPPING), "--json")
    return json.loads(capsys.readouterr().out)


def test_each_respondent_is_one_item_with_the_answers_they_gave(nhs, lumi):
    _path, told = nhs
    assert (told["rows"], told["new"], told["same"], told["bad"]) == (4693, 2642, 0, 5)
    items = FeedbackItem.objects.visible_to(lumi.antti)
    assert items.count() == 2642 and items.filter(kind="survey", language="en", source="nhs-friends-family").count() == 2642
    assert Counter(len(item.answers) for item in items)[2] > 1_000
    # 1 is the best in the file; 6 and 7 mean that no score was given.
    assert set(items.values_list("csat", flat=True)) == {None, 1, 2, 3, 4, 5}
    assert items.filter(csat=5).count() > items.filter(csat=1).count() * 3
    assert not items.filter(attributes__has_key="Comment sentiment").exists()


def test_dates_that_are_impossible_in_the_style_of_the_column_are_read_in_the_other_order_and_told(nhs, lumi):
    _path, told = nhs
    assert told["dates"] == {"Date": "dmy"} and told["noted"]["other_order"] == {"Date": 164}
    years = {item.year for item in FeedbackItem.objects.visible_to(lumi.antti).dates("occurred_at", "year")}
    assert years <= {2020, 2021, 2022}, "2020: the first local day of 2021 began in UTC the year before, where summer time holds"


def test_trust_and_service_are_the_touchpoint_and_wait_for_a_person_to_confirm_them(nhs, lumi):
    places = Counter(FeedbackItem.objects.visible_to(lumi.antti).values_list("touchpoint__key", flat=True))
    assert places["NEAS / 111"] > 300 and places["NHFT / Forensic"] > 100 and None not in places
    assert set(FeedbackItem.objects.visible_to(lumi.antti).values_list("touchpoint__confirmed", flat=True)) == {False}


def test_an_import_again_stores_nothing_and_an_imported_item_is_in_no_black_hole(nhs, lumi, capsys):
    path, _told = nhs
    again = _import(path, capsys)
    assert (again["new"], again["same"], again["bad"]) == (0, 2642, 5) and again["differing"] == 0
    assert FeedbackItem.objects.count() == 2642 and Import.objects.count() == 2
    assert not Progress.objects.filter(unheard=True).exists()
    bad = path.with_name(path.name + ".bad.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(bad) == 6 and all("[says-nothing]" in line for line in bad[1:])
