from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from luuppi.inner_loop.rules.promise import end_of_day
from luuppi.ui import writing

NOW = datetime(2026, 11, 23, 8, 10, tzinfo=UTC)  # Monday, 10.10 in Helsinki


@pytest.mark.parametrize(
    ("language", "value", "decimals", "words"),
    [
        ("fi", 1234.5, 1, "1\u00a0234,5"),
        ("sv", 1234567, 0, "1\u00a0234\u00a0567"),
        ("en", 1234.5, 1, "1,234.5"),
        ("fi", -2.04, 1, "−2,0"),
        ("fi", -0.2, 0, "0"),
        ("fi", None, 0, "–"),
    ],
)
def test_a_number_is_written_as_its_reader_writes_it(language, value, decimals, words):
    with translation.override(language):
        assert writing.number(value, decimals) == words


def test_a_change_carries_its_sign():
    assert [writing.signed(x) for x in (5, -3, 0, 0.2, None)] == ["+5", "−3", "0", "0", "–"]


def test_bounds_that_may_be_negative_are_not_joined_by_a_dash():
    assert writing.interval(65, 95, unit=writing.per_cent()) == "65–95\u00a0%"
    assert writing.interval(-2, 25) == "−2…25"
    assert writing.interval(22, 40, negatives=True) == "22…40"
    assert writing.interval(None, 40) == "–"
    with translation.override("en"):
        assert writing.share(0.384) == "38%"


@pytest.mark.parametrize(
    ("language", "hours", "words"),
    [
        ("fi", 0, "tänään klo 10.10"),
        ("fi", -15, "eilen klo 19.10"),
        ("fi", 24, "huomenna klo 10.10"),
        ("fi", -24 * 3, "pe 20.11."),
        ("fi", -24 * 30, "24.10."),
        ("fi", -24 * 400, "19.10.2025"),
        ("sv", -15, "i går kl. 19.10"),
        ("sv", -24 * 3, "fre 20.11."),
        ("en", -15, "yesterday at 19:10"),
        ("en", -24 * 30, "24 Oct"),
        ("en", -24 * 400, "19 Oct 2025"),
    ],
)
def test_a_moment_is_said_as_people_say_it(language, hours, words):
    with translation.override(language):
        assert writing.moment(NOW + timedelta(hours=hours), NOW).replace("\u00a0", " ") == words


def test_the_exact_moment_has_day_and_hour():
    assert writing.exact(datetime(2026, 11, 22, 7, 30, tzinfo=UTC)).replace("\u00a0", " ") == "su 22.11.2026 klo 9.30"
    assert writing.day(date(2026, 11, 22)) == "22.11.2026"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (45, "45 s"), (370, "6 min 10 s"), (4800, "1 t 20 min"), (7200, "2 t"), (86400 * 3 + 4 * 3600, "3 pv 4 t")],
)
def test_a_duration_tells_its_two_largest_parts(seconds, words):
    assert writing.duration(timedelta(seconds=seconds)).replace("\u00a0", " ") == words


@pytest.mark.parametrize(("seconds", "words"), [(20, "1 min"), (4830, "1 t 20 min"), (7 * 3600 + 1800, "7 t"), (86400 * 2 + 3600, "2 pv")])
def test_a_clock_tells_no_more_than_is_needed(seconds, words):
    assert writing.rough_duration(timedelta(seconds=seconds)).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("language", "due", "words"),
    [
        ("fi", datetime(2026, 11, 23, 22, 0, tzinfo=UTC), "ma 23.11.2026"),  # midnight in Helsinki
        ("en", datetime(2026, 11, 23, 22, 0, tzinfo=UTC), "Mon 23 Nov 2026"),
        ("fi", datetime(2026, 11, 24, 13, 5, tzinfo=UTC), "ti 24.11.2026 klo 15.05"),
    ],
)
def test_a_deadline_at_midnight_is_the_day_that_ends_with_it(language, due, words):
    with translation.override(language):
        assert writing.by_when(due).replace("\u00a0", " ") == words


def test_where_clocks_change_at_midnight_a_day_still_ends_with_it():
    cairo = ZoneInfo("Africa/Cairo")
    with timezone.override(cairo), translation.override("en"):  # Friday 30 April 2027 begins at one
        assert writing.by_when(end_of_day(date(2027, 4, 29), cairo)).replace("\u00a0", " ") == "Thu 29 Apr 2027"
