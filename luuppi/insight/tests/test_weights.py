"""What weighs is the same whether the codings are counted or the figures service is asked; and the page stands while it is away."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from luuppi.insight.queries.weights import count_weights
from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 (fixtures)
from luuppi.journal import kinds
from luuppi.journal.models import Progress
from luuppi.journal.recording import record
from luuppi.meaning.models import Coding, Theme
from luuppi.outer_loop.queries import weights
from luuppi.outer_loop.queries.weights import count_in_truth, read_weights

SINCE = date(2020, 1, 1)


@pytest.fixture
def coded(lumi, other, gives):
    """Forty items with one or two of three themes, one of them retired; some withdrawn, held or imported; and another organisation's."""
    late, price, old = [Theme.objects.create(organisation=lumi.organisation, key=key, names={"fi": key}) for key in ("late", "price", "old")]
    Theme.objects.filter(pk=old.pk).update(retired_at=timezone.now())
    items = [gives(text=f"Asia {n}", scores={"nps": n % 11} if n % 4 else {}, touchpoint="delivery") for n in range(40)]
    now = timezone.now()
    Coding.objects.bulk_create(
        [Coding(item=item, organisation=lumi.organisation, theme=theme, polarity=(n % 3) - 1, at=now) for n, item in enumerate(items) for theme in ((late,), (late, price), (price,), (old,), ())[n % 5]]
    )
    with transaction.atomic():
        record(kinds.WITHDRAWN, organisation=lumi.organisation, by="customer", items=[items[0].pk, items[1].pk])
        record(kinds.HELD, organisation=lumi.organisation, by="system", items=[items[6].pk])
    type(items[0]).objects.filter(pk__in=[items[0].pk, items[1].pk]).update(withdrawn_at=now)
    Progress.objects.filter(pk=items[11].pk).update(imported=True)
    stranger = gives(text="Muualla", scene=other)
    Coding.objects.create(item=stranger, organisation=other.organisation, theme=Theme.objects.create(organisation=other.organisation, key="theirs", names={}), polarity=-1, at=now)
    return items


@pytest.mark.parametrize("person", ["leena", "mikko", "antti"])
def test_both_ways_count_the_same(lumi, coded, figures, person):  # noqa: F811
    figures()
    found = count_weights(lumi.members[person], SINCE)
    assert found == count_in_truth(lumi.members[person], SINCE)
    assert (len(found.themes), found.n_items > 15, found.n_bad > 5) == (2, True, True)


def test_what_was_received_before_is_left_out(lumi, coded, figures):  # noqa: F811
    figures()
    tomorrow = timezone.localdate(timezone=lumi.organisation.zone) + timedelta(days=1)
    assert count_weights(lumi.leena, tomorrow) == count_in_truth(lumi.leena, tomorrow)
    assert count_weights(lumi.leena, tomorrow).themes == []


def test_without_themes_nothing_is_asked(lumi, figures_away):  # noqa: F811
    assert count_weights(lumi.leena, SINCE) == count_in_truth(lumi.leena, SINCE)


def test_while_the_service_is_away_the_codings_are_counted(lumi, coded, as_member, figures_away):  # noqa: F811
    assert count_weights(lumi.leena, SINCE) is None
    assert read_weights(lumi.leena).n_items == count_in_truth(lumi.leena, SINCE).n_items > 0
    assert as_member(lumi.leena).get("/o/lumi/causes").status_code == 200


def test_what_is_too_much_to_count_waits_for_the_service(lumi, coded, as_member, figures_away, monkeypatch):  # noqa: F811
    monkeypatch.setattr(weights, "MOST_IN_TRUTH", 20)
    assert read_weights(lumi.leena).is_waiting
    for page in ("causes", "today"):
        shown = as_member(lumi.leena).get(f"/o/lumi/{page}", headers={"accept-language": "en"})
        assert shown.status_code == 200 and "The figures are being prepared" in shown.content.decode() and "No feedback has a theme yet" not in shown.content.decode()


def test_the_page_asks_the_service_and_counts_no_codings(lumi, coded, as_member, figures, django_assert_max_num_queries):  # noqa: F811
    figures()
    client = as_member(lumi.leena)
    client.get("/o/lumi/causes")
    with django_assert_max_num_queries(14) as asked:
        assert client.get("/o/lumi/causes").status_code == 200
    assert not [query["sql"] for query in asked.captured_queries if 'FROM "meaning_coding"' in query["sql"]]
