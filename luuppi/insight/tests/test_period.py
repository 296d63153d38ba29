"""Days, weeks and months of a page: their starts and their names, also where the year turns."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import translation

from luuppi.insight.queries.groups import day_names
from luuppi.insight.web.addresses import span_of
from luuppi.insight.web.period import starts_between, usual_since


@pytest.mark.parametrize(
    ("since", "until", "names"),
    [
        (date(2026, 12, 21), date(2027, 1, 10), ["vk 52/2026", "vk 53/2026", "vk 1/2027"]),  # 1 January 2027 lies in week 53
        (date(2024, 12, 30), date(2025, 1, 6), ["vk 1", "vk 2"]),  # 30 December 2024 lies in week 1
        (date(2026, 10, 12), date(2026, 10, 26), ["vk 42", "vk 43", "vk 44"]),
    ],
)
def test_a_week_is_named_once_along_an_axis(since, until, names):
    with translation.override("fi"):
        assert day_names("week", starts_between("week", since, until)) == names


@pytest.mark.parametrize("grouping", ["day", "week", "month"])
@pytest.mark.parametrize("since", [date(2027, 12, 1), date(2028, 2, 28), date(2026, 12, 31)])
def test_each_day_lies_in_one_group(grouping, since):
    until = since + timedelta(days=70)
    spans = [span_of(grouping, start) for start in starts_between(grouping, since, until)]
    assert spans[0][0] <= since and until <= spans[-1][1]
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("today", "since"),
    [(date(2026, 12, 31), date(2026, 1, 1)), (date(2027, 1, 1), date(2026, 2, 1)), (date(2028, 2, 29), date(2027, 3, 1)), (date(2027, 3, 31), date(2026, 4, 1))],
)
def test_a_page_shows_twelve_months_with_the_present_one(today, since):
    assert usual_since(today) == since and len(starts_between("month", since, today)) == 12
