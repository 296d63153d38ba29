"""Paging by the last row: every row once whatever ties there are, the other words of the address kept, foreign cursors harmless."""

from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from luuppi.capture.models import Touchpoint
from luuppi.ui.paging import page_of


def asked(query: str = ""):
    return RequestFactory().get(f"/list{query}")


@pytest.fixture
def touchpoints(lumi):
    Touchpoint.objects.bulk_create([Touchpoint(organisation=lumi.organisation, team=lumi.teams["root"], key=f"k{n * 37 % 101:03}", confirmed=n % 3 > 0) for n in range(60)])
    return Touchpoint.objects.filter(organisation=lumi.organisation)


@pytest.mark.parametrize("order", [("confirmed", "key"), ("-confirmed", "-key"), ("-confirmed", "pk"), ("-pk",)], ids=str)
@pytest.mark.parametrize("limit", [1, 7, 63, 100])
def test_all_pages_together_are_the_list(touchpoints, order, limit):
    found, query = [], ""
    while True:
        page = page_of(asked(query), touchpoints, *order, limit=limit)
        assert len(page.rows) <= limit and bool(page.first) == bool(query)
        found += [row.pk for row in page.rows]
        if not page.further:
            break
        query = page.further
    assert found == list(touchpoints.order_by(*order).values_list("pk", flat=True))


def test_the_other_words_of_the_address_stay(touchpoints):
    page = page_of(asked("?whose=all&whose=mine"), touchpoints, "confirmed", "key", limit=5)
    words = parse_qs(page.further[1:])
    assert words["whose"] == ["all", "mine"] and words["cursor"]
    again = page_of(asked(page.further), touchpoints, "confirmed", "key", limit=5)
    assert QueryDict(again.first[1:]).getlist("whose") == ["all", "mine"] and "cursor" not in again.first


@pytest.mark.parametrize("cursor", ["", "x", "bnVsbA", "WzFd", "W3RydWUsMV0", "W3RydWUsImFcdTAwMDAiXQ", "W3RydWUsIlx1ZDgwMCJd", "e30", "%00", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OV0"])
def test_a_cursor_that_is_not_ours_begins_at_the_start(touchpoints, cursor):
    page = page_of(asked(f"?cursor={cursor}"), touchpoints, "confirmed", "key", limit=5)
    assert [row.pk for row in page.rows] == list(touchpoints.order_by("confirmed", "key").values_list("pk", flat=True)[:5]) and page.first == ""
