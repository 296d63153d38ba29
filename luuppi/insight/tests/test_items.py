"""The items behind a score: by the day when it happened, page by page, and only what the reader may see."""

import pytest

from luuppi.api.lists import BadCursor, make_cursor
from luuppi.capture.queries.stream import Filters
from luuppi.insight.queries.items import read_items_behind
from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 (fixtures)


@pytest.fixture
def march(gives):
    """Seven answers of March and two of April, all received today."""
    items = [gives(scores={"nps": n}, touchpoint="delivery", occurred_at=f"2026-03-1{n}T10:00:00Z") for n in range(7)]
    for n in (1, 2):
        gives(scores={"nps": n}, occurred_at=f"2026-04-1{n}T10:00:00Z")
    return items


def test_all_pages_together_are_the_items_of_the_days(lumi, march, figures):  # noqa: F811
    figures()
    filters = Filters(since="2026-03-01", until="2026-03-31", score="nps:0-10")
    seen, cursor = [], None
    while True:
        page, cursor = read_items_behind(lumi.leena, filters, cursor=cursor, limit=3)
        seen += page
        if cursor is None:
            break
    assert [item.pk for item in seen] == sorted((item.pk for item in march), reverse=True)


def test_a_score_narrows(lumi, march, figures):  # noqa: F811
    figures()
    page, cursor = read_items_behind(lumi.leena, Filters(since="2026-03-01", until="2026-03-31", score="nps:0-2"), cursor=None, limit=25)
    assert [item.nps for item in page] == [2, 1, 0] and cursor is None


def test_olof_finds_nothing(other, march, figures):  # noqa: F811
    figures()
    assert read_items_behind(other.olof, Filters(since="2026-03-01"), cursor=None, limit=25) == ([], None)
    with pytest.raises(BadCursor):
        read_items_behind(other.olof, Filters(), cursor=make_cursor(march[0].pk), limit=25)


def test_an_item_that_vanished_a_moment_ago_is_left_out(lumi, march, figures):  # noqa: F811
    figures()
    gone = march[0].pk
    march[0].codings.all().delete()
    march[0].delete()
    page, _ = read_items_behind(lumi.leena, Filters(since="2026-03-01", until="2026-03-31"), cursor=None, limit=25)
    assert len(page) == 6 and gone not in [item.pk for item in page]
