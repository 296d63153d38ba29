"""What the figures service reads from the database: each change once more, the latest state, and nothing of what does not count."""

import time
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from luuppi.capture.drafts import Draft, FeedbackIn
from luuppi.capture.receiving import receive
from luuppi.insight.service.source import SourceAway
from luuppi.insight.tests.figures_here import TruthOfThisTest
from luuppi.insight.truth import Truth
from luuppi.journal import kinds
from luuppi.journal.recording import record, touch
from luuppi.meaning.models import Coding, Reading, Theme
from tests.cast import make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def truth():
    return TruthOfThisTest()


def test_an_item_as_the_figures_see_it(lumi, gives, truth):
    item = gives(
        text="Paketti tuli myöhässä", scores={"nps": 3, "csat": 2}, touchpoint="delivery", kind="complaint",
        occurred_at="2026-03-01T22:30:00Z", attributes={"segment": "home", "value_eur": 240},
    )  # fmt: skip
    theme = Theme.objects.create(organisation=lumi.organisation, key="late", names={"en": "Late"})
    Coding.objects.create(item=item, organisation=lumi.organisation, theme=theme, polarity=-1, at=timezone.now())
    Reading.objects.create(item=item, language="fi", sentiment=-0.5, read_at=timezone.now())
    [row] = truth.changes_after(0, 100).rows
    assert (row.organisation, row.item, row.kind, row.channel) == (lumi.organisation.pk, item.pk, "complaint", "api")
    assert (row.nps, row.csat, row.ces) == (3, 2, None)
    assert row.team == lumi.teams["delivery"].path and row.touchpoint == item.touchpoint_id
    assert (row.language, row.sentiment, row.themes) == ("fi", -0.5, [(theme.pk, -1)])
    assert (row.segment, row.value_eur, row.imported) == ("home", 240.0, False)
    assert row.occurred_day == date(2026, 3, 2), "half past ten in the evening UTC is the next day in Helsinki"
    assert row.answered_at is None


@pytest.mark.sqlite_only  # on PostgreSQL all that one test writes has one version, that of its transaction
def test_after_a_cursor_only_what_changed_since_comes_as_the_latest_state(lumi, gives, truth):
    first, second = gives(text="Yksi"), gives(text="Kaksi")
    start = truth.changes_after(0, 100)
    assert [row.item for row in start.rows] == [first.pk, second.pk]
    assert truth.changes_after(start.cursor, 100) == type(start)([], [], start.cursor)
    with transaction.atomic():
        record(kinds.ANSWERED, organisation=lumi.organisation, by=lumi.mikko, items=[first.pk])
    after = truth.changes_after(start.cursor, 100)
    assert [row.item for row in after.rows] == [first.pk] and after.rows[0].answered_at is not None
    assert after.cursor > start.cursor
    with transaction.atomic():
        touch([second.pk])
    assert [row.item for row in truth.changes_after(after.cursor, 100).rows] == [second.pk]


def test_withdrawn_and_held_items_are_gone_until_they_come_back(lumi, gives, truth):
    item, held = gives(text="Tämän perun"), gives(text="Osta halvalla")
    with transaction.atomic():
        record(kinds.WITHDRAWN, organisation=lumi.organisation, by="customer", items=[item.pk])
        record(kinds.HELD, organisation=lumi.organisation, by="system", items=[held.pk])
    changes = truth.changes_after(0, 100)
    assert changes.rows == [] and sorted(changes.gone) == sorted([item.pk, held.pk])
    assert [rows for rows in truth.everything().parts if rows] == []
    with transaction.atomic():
        record(kinds.RESTORED, organisation=lumi.organisation, by="customer", items=[item.pk])
    assert [row.item for row in truth.changes_after(changes.cursor - 1, 100).rows] == [item.pk]


def test_an_item_that_was_erased_altogether_is_gone(lumi, gives, truth):
    item = gives(text="Poista minut")
    number, cursor = item.pk, truth.changes_after(0, 100).cursor - 1
    with transaction.atomic():
        touch([number])
        item.delete()
    changes = truth.changes_after(cursor, 100)
    assert (changes.rows, changes.gone) == ([], [number])


def test_everything_comes_by_organisation_in_the_order_of_receipt(lumi, other, gives, truth):
    items = [gives(text=f"Palaute {number}", scene=scene).pk for number in range(3) for scene in (lumi, other)]
    everything = truth.everything()
    rows = [row for part in everything.parts for row in part]
    assert sorted(row.item for row in rows) == sorted(items)
    assert [(row.organisation, row.received_at) for row in rows] == sorted((row.organisation, row.received_at) for row in rows)
    assert truth.changes_after(everything.cursor, 100).is_empty


def test_all_parts_together_hold_each_change_once(lumi, gives, truth):
    items = {gives(text=f"Palaute {number}").pk for number in range(7)}
    cursor, seen = 0, []
    while not (changes := truth.changes_after(cursor, 3)).is_empty:
        seen += [row.item for row in changes.rows]
        cursor = changes.cursor
    assert set(seen) == items
    if connection.vendor == "sqlite":
        assert len(seen) == 7


def test_what_another_transaction_may_still_write_is_waited_for(db):
    """PostgreSQL commits out of order: with the cursor past a transaction that is still under way, its rows would never be seen."""
    truth = Truth()
    if connection.vendor == "sqlite":
        item = give_one(make_scene("waits"))  # one writer at a time: whoever wrote before has committed
        assert [row.item for row in truth.changes_after(0, 100).rows] == [item]
        return
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        under_way = cursor.fetchone()[0]
        give_one(make_scene("waits"))
        assert truth.horizon() < under_way
        assert truth.changes_after(0, 100).is_empty
        cursor.execute("ROLLBACK")
    other.close()
    until = time.monotonic() + 60
    while truth.horizon() < under_way:  # other tests may have transactions under way
        assert time.monotonic() < until
        time.sleep(0.05)


def give_one(scene) -> int:
    [received] = receive([Draft(FeedbackIn(text="Odottaa"), channel="api", source="test")], organisation=scene.organisation, by="customer")
    return received.item_id


def test_odd_attributes_are_left_out_rather_than_counted(lumi, gives, truth):
    for attributes in ({"segment": 5, "value_eur": "lots"}, {"segment": "", "value_eur": True}, {"value_eur": 1e308}):
        gives(text="Outo", attributes=attributes)
    rows = truth.changes_after(0, 100).rows
    assert [(row.segment, row.value_eur) for row in rows] == [(None, None), (None, None), (None, 1e308)]


def test_a_counter_before_the_cursor_tells_of_a_restored_backup(lumi, gives, truth):
    gives(text="Ennen")
    cursor = truth.changes_after(0, 100).cursor
    assert truth.changes_after(cursor + 10**6, 100).cursor < cursor + 10**6


def test_a_database_that_is_away_is_said_so(truth):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_progress RENAME TO journal_progress_away")  # undone with the test's transaction
    with pytest.raises(SourceAway, match="journal_progress"):
        truth.changes_after(0, 10)


def test_the_number_of_queries_does_not_grow_with_the_items(lumi, gives, truth, django_assert_num_queries):
    for number in range(3):
        gives(text=f"Palaute {number}")
    truth.changes_after(0, 100)
    with django_assert_num_queries(5):
        few = truth.changes_after(0, 100)
    for number in range(20):
        gives(text=f"Lisää {number}")
    with django_assert_num_queries(5):
        many = truth.changes_after(0, 100)
    assert (len(few.rows), len(many.rows)) == (3, 23)


def test_moments_are_aware(lumi, gives, truth):
    gives(text="Hetki")
    [row] = truth.changes_after(0, 100).rows
    assert row.received_at.tzinfo is not None and abs(row.received_at - datetime.now(UTC)).total_seconds() < 60
