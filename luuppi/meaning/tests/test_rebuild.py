"""`luuppi rebuild` and `luuppi doctor` about finding words."""

import pytest
from django.db import connection

from luuppi.capture.models import FeedbackItem
from luuppi.meaning import examining, searching
from luuppi.meaning.models import Reading
from luuppi.running.examining import EXAMINATIONS
from luuppi.running.rebuilding import REBUILDS


def found(words: str) -> set[int]:
    return set(searching.find(FeedbackItem.objects.all(), words).values_list("pk", flat=True))


@pytest.fixture
def parcel(lumi, gives, background):
    item = gives(text="Paketit tulivat kaksi viikkoa myöhässä.", language="fi")
    background()
    assert found("paketti") == {item.pk}
    return item


def test_words_are_found_again_after_a_rebuild(parcel):
    Reading.objects.filter(pk=parcel.pk).update(stems="")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM meaning_search")
            cursor.execute("INSERT INTO meaning_search (rowid, stems) VALUES (77, 'aave')")  # of an item that is gone
    assert found("paketti") == set()
    assert "1 texts" in REBUILDS["search"]()
    assert found("paketti") == {parcel.pk}
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM meaning_search")
            assert cursor.fetchall() == [(parcel.pk,)]


def test_it_goes_through_all_readings_batch_by_batch(lumi, gives, background, monkeypatch):
    monkeypatch.setattr(examining, "_AT_ONCE", 2)
    items = {gives(text=f"Paketti {n} on hukassa.").pk for n in range(5)}
    background()
    Reading.objects.update(stems="")
    assert "5 texts" in REBUILDS["search"]()
    assert found("paketti") == items


def test_a_missing_index_is_seen_and_made_anew(parcel):
    assert EXAMINATIONS["search"]().ok
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the test's open transaction has checks pending, under which no index is made
            cursor.execute("DROP INDEX meaning_reading_stems")
        else:
            cursor.execute("DROP TABLE meaning_search")
    finding = EXAMINATIONS["search"]()
    assert not finding.ok and "rebuild" in finding.mend
    REBUILDS["search"]()
    assert EXAMINATIONS["search"]().ok and found("paketti") == {parcel.pk}


@pytest.mark.sqlite_only
def test_a_damaged_index_is_made_anew(parcel):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE meaning_search_data SET block = x'00' WHERE id > 10")
    assert not examining._is_sound()
    REBUILDS["search"]()
    assert examining._is_sound() and found("paketti") == {parcel.pk}
