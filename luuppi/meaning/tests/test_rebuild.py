"""`luuppi rebuild` and `luuppi doctor` about finding words."""

import pytest
from django.db import connection

from luuppi.capture.models import FeedbackItem
from luuppi.meaning import examining, searching
from luuppi.meaning.models import Reading
from luuppi.people.models import Member
from luuppi.people.organising import create_token
from luuppi.running.examining import EXAMINATIONS
from luuppi.running.rebuilding import REBUILDS


def found(words: str, who=None) -> set[int]:
    who = who or Member.objects.get(user__email="admin@lumi.example.com")
    return set(searching.find(FeedbackItem.objects.visible_to(who), words, who).values_list("pk", flat=True))


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


@pytest.mark.parametrize("newest", [4_000, 1])
def test_by_what_the_mask_hides_only_those_find_who_see_the_customer(lumi, gives, background, monkeypatch, newest):
    monkeypatch.setattr(searching, "_NEWEST", newest)  # also on the way of common words
    late = gives(text="Paketti myöhässä. Terveisin Aino Virtanen, 040 1234567, aino@example.com", language="fi", touchpoint="delivery")
    lost = gives(text="Paketti katosi, soittakaa 040 7654321", language="fi", touchpoint="customer-service")
    background()
    everywhere = [lumi.admin, lumi.leena, create_token(lumi.organisation)[0]]
    nowhere = [lumi.elisa, lumi.antti, lumi.pekka, create_token(lumi.organisation, scopes=["feedback:read"])[0]]
    for _ in range(2):
        for who in [*everywhere, lumi.mikko, lumi.sari]:
            assert found("virtanen", who) == found("aino@example.com", who) == found("paketti virtanen", who) == found("virtanen myöhässä", who) == {late.pk}, who
        for who in nowhere:
            assert found("virtanen", who) == found("aino@example.com", who) == found("1234567", who) == found("paketti virtanen", who) == set(), who
            assert found("paketti", who) == {late.pk, lost.pk} and found("myöhässä", who) == {late.pk}
        assert found("7654321", lumi.pekka) == {lost.pk} and found("7654321", lumi.mikko) == set()
        assert not any(found(sign, lumi.antti) for sign in ("qzhiddenvirtanen", "qzhidden", "qzh", "q")), "the sign is no way around"
        REBUILDS["search"]()


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
