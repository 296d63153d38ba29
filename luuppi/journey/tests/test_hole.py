"""The black hole page by page: everything that belongs there once, oldest first, found from the hole or from the few items of a place."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from luuppi.api.lists import BadCursor
from luuppi.capture.models import FeedbackItem
from luuppi.capture.queries.stream import Filters
from luuppi.inner_loop.going_through import go_through
from luuppi.journey.queries import black_hole
from luuppi.journey.queries.black_hole import read_hole

KINDS = ("complaint", "praise", "idea")
TOUCHPOINTS = ("delivery", "web-shop", "customer-service")


@pytest.fixture
def later(lumi, other, gives, background):
    """A month after forty items came; every fifth has been gone through, which takes praise out of the hole."""
    items = [gives(text=f"Asia {n}", kind=KINDS[n % 3], touchpoint=TOUCHPOINTS[n % 2]) for n in range(40)]
    background()
    for item in items[::5]:
        go_through(FeedbackItem.objects.select_related("organisation", "team", "progress").get(pk=item.pk), by=lumi.admin)
    return timezone.now() + timedelta(days=30)


def walked(who, filters: Filters, at, below=()) -> list[int]:
    found, cursor = [], None
    while True:
        items, cursor = read_hole(who, filters, at=at, below=below, cursor=cursor, limit=4)
        found += [item.pk for item in items]
        if cursor is None:
            return found


@pytest.mark.parametrize("most_listed", [2_000, 0], ids=["from the items", "from the hole"])
@pytest.mark.parametrize(
    "filters", [{}, {"touchpoint": "web-shop"}, {"touchpoint": "customer-service"}, {"touchpoint": "unknown"}, {"team": "delivery-team"}, {"team": "service"}, {"team": "unknown"}, {"kind": "praise"}, {"touchpoint": "delivery", "team": "service", "kind": "idea"}], ids=str
)  # fmt: skip
def test_it_holds_everything_unheard_once_and_oldest_first(lumi, later, monkeypatch, filters, most_listed):
    monkeypatch.setattr(black_hole, "_MOST_LISTED", most_listed)
    expected = FeedbackItem.objects.visible_to(lumi.mikko).filter(progress__unheard=True)
    if "touchpoint" in filters:
        expected = expected.filter(touchpoint__key=filters["touchpoint"])
    if "team" in filters:
        path = lumi.teams["delivery"].path if filters["team"] == "delivery-team" else lumi.teams["service"].path if filters["team"] == "service" else "none."
        expected = expected.filter(team__path__startswith=path)
    if "kind" in filters:
        expected = expected.filter(kind=filters["kind"])
    wanted = list(expected.order_by("pk").values_list("pk", flat=True))
    assert walked(lumi.mikko, Filters(**filters), later) == wanted
    assert bool(wanted) == ("unknown" not in filters.values() and filters.get("touchpoint") != "customer-service")


def test_ones_own_hole_is_that_of_the_branch(lumi, later):
    own = walked(lumi.mikko, Filters(), later, below=lumi.mikko.grants.reach("items.with_customer").paths)
    assert own == walked(lumi.mikko, Filters(team="delivery-team"), later) != walked(lumi.mikko, Filters(), later)


def test_nothing_is_in_it_before_its_days_have_passed(lumi, later):
    assert walked(lumi.leena, Filters(), later - timedelta(days=29)) == []


def test_a_cursor_that_is_not_ours_is_refused(lumi, later):
    with pytest.raises(BadCursor):
        read_hole(lumi.leena, Filters(), at=later, cursor="%%%", limit=4)


def test_a_page_takes_the_same_queries_whatever_the_length(lumi, later, gives):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert len(read_hole(lumi.leena, Filters(touchpoint="delivery"), at=later, cursor=None, limit=4)[0]) == 4
        return len(asked)

    queries()
    few = queries()
    for n in range(60):
        gives(text=f"Lisää {n}", kind="complaint", touchpoint="delivery")
    assert queries() == few
