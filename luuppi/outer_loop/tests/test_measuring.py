"""What an improvement did, read through the product's own doors: a planted effect is found, none is not, and nobody looks too early."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from django.utils import timezone

from luuppi.capture.models import FeedbackItem, Touchpoint
from luuppi.journal.models import LoopEvent, Progress
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.measuring import count_days, measure_effect, untouched_touchpoints
from luuppi.outer_loop.models import EffectReading, Improvement
from luuppi.outer_loop.proposing import propose_improvement
from luuppi.outer_loop.rules.weekly_scores import DayCount, weekly_scores, weeks_left_out
from luuppi.outer_loop.working import complete_improvement, start_improvement
from luuppi.running.ids import new_ids

CHANGED = datetime(2026, 6, 1, 9, tzinfo=timezone.get_fixed_timezone(180))  # a Monday
SCORES = np.arange(11)
# As answers are: a third promoters, a third passive, a third not pleased.
USUAL = np.array([0.02, 0.02, 0.03, 0.04, 0.05, 0.08, 0.10, 0.16, 0.17, 0.18, 0.15])


@pytest.fixture
def answers(lumi):
    """`answers(effect=15)` fills 34 weeks before and 13 after the change with simulated answers, one touchpoint changed."""

    def fill(*, effect: float, seed: int = 1, a_week: int = 40, before: int = 34, after: int = 13) -> None:
        rng = np.random.default_rng(seed)
        touchpoints = list(Touchpoint.objects.filter(organisation=lumi.organisation).order_by("key"))
        items = []
        for week in range(-before, after):
            shared = rng.normal(0, 0.02)  # what moves all touchpoints alike
            for touchpoint in touchpoints:
                gain = effect / 200 if touchpoint.key == "delivery" and week >= 0 else 0.0
                items += _week(rng, lumi, touchpoint, CHANGED + timedelta(weeks=week), a_week, shared + gain)
        FeedbackItem.objects.bulk_create(items, batch_size=2000)
        Progress.objects.bulk_create(
            [Progress(item=i, organisation_id=i.organisation_id, team_id=i.team_id, touchpoint=i.touchpoint_id, kind="survey", received_at=i.received_at) for i in items], batch_size=2000
        )

    return fill


def _week(rng, lumi, touchpoint, monday, n, moved):
    """`moved`: the share of answers that go from the unhappy to the happy end, so NPS moves by twice as much in points."""
    shares = USUAL.copy()
    unhappy, happy = shares[:7].sum(), shares[9:].sum()
    shares[:7] *= max(0.0, unhappy - moved) / unhappy
    shares[9:] *= (happy + moved) / happy
    scores = rng.choice(SCORES, size=n, p=shares / shares.sum())
    ids = new_ids(n)
    return [
        FeedbackItem(
            id=ids[i], organisation=lumi.organisation, team=touchpoint.team, touchpoint=touchpoint, kind="survey", channel="api", source="test", nps=int(scores[i]),
            occurred_at=monday + timedelta(days=int(rng.integers(7)), hours=int(rng.integers(8))), received_at=monday,
        )
        for i in range(n)
    ]  # fmt: skip


def improved(lumi, *, touchpoint: str | None = "delivery", proposed=CHANGED - timedelta(weeks=10)) -> Improvement:
    place = Touchpoint.objects.get(organisation=lumi.organisation, key=touchpoint) if touchpoint else None
    one = propose_improvement("Weekend sorting", type="process", by=lumi.leena, touchpoint=place, at=proposed)
    decide_improvement(one, accepted=True, reason="Yes", by=lumi.leena, at=proposed + timedelta(weeks=1))
    start_improvement(one, by=lumi.leena, at=CHANGED - timedelta(weeks=2))
    return complete_improvement(one, by=lumi.leena, text="Done", at=CHANGED)


def test_an_effect_of_fifteen_points_is_found(lumi, answers):
    answers(effect=15)
    one = improved(lumi)
    assert one.effect_reads_on == date(2026, 8, 24)
    reading = measure_effect(one, by="system", on=date(2026, 8, 24))
    assert reading.verdict == "better" and reading.low <= 15 <= reading.high, reading.value
    assert reading.is_final and sorted(reading.controls) == ["customer-service", "web-shop"]
    weeks = [block["week"] for block in reading.series]
    assert [week for week in weeks if week >= 0] == [0, 4, 8] and weeks == sorted(weeks)
    assert all(block["treated"]["low"] < block["treated"]["value"] < block["treated"]["high"] for block in reading.series)
    one.refresh_from_db()
    assert one.verdict == "better" and one.measured_at


@pytest.mark.parametrize("seed", [2, 3])
def test_where_nothing_changed_no_effect_is_claimed(lumi, answers, seed):
    answers(effect=0, seed=seed)
    reading = measure_effect(improved(lumi), by="system", on=date(2026, 9, 1))
    assert reading.verdict == "no_visible_effect" and reading.low < 0 < reading.high and reading.smallest_visible > 0


def test_before_the_agreed_day_it_is_too_early_and_the_journal_keeps_still(lumi, answers):
    answers(effect=40, a_week=5)
    one = improved(lumi)
    for _again in range(2):
        reading = measure_effect(one, by="system", on=date(2026, 8, 1))
    assert (reading.verdict, reading.value, reading.why_silent, reading.is_final) == ("too_early", None, "before_reading_date", False)
    assert reading.smallest_visible > 0 and EffectReading.objects.count() == 1
    assert not LoopEvent.objects.filter(kind="improvement_measured").exists()
    measure_effect(one, by="system", on=date(2026, 8, 24))
    measure_effect(one, by="system", on=date(2026, 9, 24))
    assert LoopEvent.objects.filter(kind="improvement_measured").count() == 1 and EffectReading.objects.filter(is_final=True).count() == 1


def test_without_a_touchpoint_or_anything_to_compare_with_it_says_so(lumi, answers):
    reading = measure_effect(improved(lumi, touchpoint=None), by="system", on=date(2026, 9, 1))
    assert (reading.verdict, reading.why_silent, reading.n) == ("", "no_touchpoint", 0)
    reading = measure_effect(improved(lumi), by="system", on=date(2026, 9, 1))
    assert (reading.verdict, reading.why_silent) == ("", "no_control")


def test_a_touchpoint_that_another_improvement_changed_is_no_comparison(lumi):
    one = improved(lumi)
    assert set(untouched_touchpoints(one).values()) == {"customer-service", "web-shop"}
    improved(lumi, touchpoint="web-shop")
    assert set(untouched_touchpoints(one).values()) == {"customer-service"}


def test_answers_are_counted_by_the_local_day_and_held_or_withdrawn_ones_are_none(lumi, gives):
    place = Touchpoint.objects.get(organisation=lumi.organisation, key="delivery")
    late = gives(scores={"nps": 10}, touchpoint="delivery", occurred_at="2026-06-01T22:30:00Z")  # half past one in Helsinki, the next day
    held, gone = (gives(scores={"nps": 0}, touchpoint="delivery", occurred_at="2026-06-01T10:00:00Z") for _ in range(2))
    Progress.objects.filter(pk=held.pk).update(held=True)
    FeedbackItem.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())
    counted = count_days(lumi.organisation, [place.pk], since=date(2026, 6, 1), until=date(2026, 6, 10))
    assert counted == [DayCount(place.pk, date(2026, 6, 2), 1, 0, 1)] and late.nps == 10


def test_weeks_are_counted_from_the_day_of_the_change():
    day = date(2026, 6, 3)
    counts = [DayCount(1, day + timedelta(days=offset), 1, 0, 2) for offset in (-8, -1, 0, 6, 7)] + [DayCount(2, day, 5, 5, 30), DayCount(3, day, 1, 0, 1)]
    weekly = weekly_scores(counts, treated=1, untouched=[2, 3], changed_on=day, until=day + timedelta(days=10))
    assert (weekly.weeks, weekly.n_answers) == ([-2, -1, 0], [2, 2, 4]), "the week that is not over is left out"
    assert weekly.treated == [50.0, 50.0, 50.0] and weekly.controls == [2] and weekly.control == [[None], [None], [0.0]]
    assert weekly_scores([], treated=1, untouched=[2], changed_on=day, until=day).weeks == []


@pytest.mark.parametrize(("proposed", "started", "expected"), [
    (date(2026, 3, 23), date(2026, 6, 1), list(range(-18, -10))), (date(2026, 5, 25), date(2026, 6, 1), list(range(-9, -1))),
    (date(2026, 6, 1), date(2026, 5, 11), list(range(-8, 0))), (date(2026, 3, 23), date(2026, 5, 18), [*range(-18, -10), -2, -1]),
])  # fmt: skip
def test_weeks_that_led_to_it_and_weeks_of_the_work_are_left_out(proposed, started, expected):
    assert weeks_left_out(proposed_on=proposed, started_on=started, changed_on=date(2026, 6, 1)) == expected
