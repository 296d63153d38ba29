"""The demo organisation: a living company whose figures say what was planted."""

import pytest
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.demo.greeting import lines, tracked
from luuppi.demo.loading import holds_more, load_demo
from luuppi.inner_loop.models import Case
from luuppi.journal.recording import rebuild_progress
from luuppi.meaning.models import Coding
from luuppi.outer_loop.models import Improvement
from luuppi.people.models import MemberRole, Organisation
from luuppi.people.rules.permissions import ROLES
from luuppi.running.models import Todo
from luuppi.telling.models import Notice

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.django_db]


@pytest.fixture(scope="module")
def lumi_demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        assert load_demo() is True
        yield Organisation.objects.get(slug="lumi")
        _forget()


def _forget() -> None:
    from django.db import connection, transaction

    tables = [t for t in connection.introspection.table_names() if t.split("_")[0] in ("people", "capture", "journal", "meaning", "inner", "outer", "telling", "delivery", "running")]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys=ON")
        cursor.execute("INSERT INTO journal_unlock (reason) VALUES ('tests')")
        for table in tables:
            if not table.startswith("meaning_search") and table != "journal_unlock":
                cursor.execute(f'DELETE FROM "{table}"')
        cursor.execute("DELETE FROM meaning_search")
        cursor.execute("DELETE FROM journal_unlock")


@pytest.fixture
def company(lumi_demo, django_db_blocker):
    with django_db_blocker.unblock():
        yield lumi_demo


def test_it_is_there_once_with_everything_in_it(company):
    assert load_demo() is False
    assert FeedbackItem.objects.filter(organisation=company).exclude(text="").count() == 600
    assert FeedbackItem.objects.filter(organisation=company, imported_by__isnull=False).count() == 12_000
    assert company.customers.count() == 2_000
    assert set(MemberRole.objects.values_list("role", flat=True)) == set(ROLES)
    assert {row["state"] for row in Case.objects.values("state").annotate(n=Count("pk"))} == {"open", "waiting", "closed"}
    assert not Todo.objects.filter(kind="react").exists()


def test_the_verdicts_are_what_was_planted_and_come_from_the_answers(company):
    weekend, lockers = (Improvement.objects.get(organisation=company, number=n) for n in (1, 2))
    assert (weekend.verdict, lockers.verdict) == ("better", "no_visible_effect")
    effect, nothing = weekend.readings.get(is_final=True), lockers.readings.get(is_final=True)
    assert effect.low <= 15 <= effect.high and effect.low > 0
    assert nothing.low <= 0 <= nothing.high
    assert {i.state for i in Improvement.objects.filter(organisation=company)} == {"done", "under_way", "proposed", "declined"}
    assert Notice.objects.filter(told_at__isnull=False).exists()


def test_nothing_of_it_lies_in_the_future(company):
    now = timezone.now()
    assert FeedbackItem.objects.aggregate(at=Max("received_at"))["at"] <= now and Coding.objects.aggregate(at=Max("at"))["at"] <= now


def test_its_journal_and_its_progress_say_the_same(company):
    assert rebuild_progress() == 0


def test_a_newcomer_is_shown_where_to_go(company):
    said = "\n".join(lines())
    assert said.count("/in/") == len(ROLES) and said.count("/t/") == len(tracked()) == 3
    assert "invented" in said


def test_a_home_that_holds_more_than_the_demo_is_known(company):
    assert not holds_more()
    with transaction.atomic():
        Organisation.objects.create(slug="tuike", name="Tuike")
        assert holds_more()
        transaction.set_rollback(True)
