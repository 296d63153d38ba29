"""Another time zone has other days: the figures are made anew by themselves."""

from datetime import date

from luuppi.insight.other_days import MAKE_ANEW
from luuppi.insight.tests.figures_here import TruthOfThisTest, figures, figures_away  # noqa: F401 fixtures
from luuppi.people.organising import change_organisation
from luuppi.running.models import Todo


def test_the_rows_made_anew_have_the_days_of_the_new_zone(lumi, gives):
    truth = TruthOfThisTest()
    gives(scores={"nps": 3}, occurred_at="2026-03-01T22:30:00Z")  # half past midnight in Helsinki
    assert [row.occurred_day for row in truth.changes_after(0, 100).rows] == [date(2026, 3, 2)]
    change_organisation(lumi.organisation, by=lumi.admin, time_zone="Europe/Stockholm")
    [rows] = truth.everything().parts
    assert [row.occurred_day for row in rows] == [date(2026, 3, 1)]


def test_another_time_zone_asks_for_it_and_another_name_does_not(lumi, figures, background):  # noqa: F811
    change_organisation(lumi.organisation, by=lumi.admin, name="Lumi Oy", time_zone="Europe/Helsinki")
    assert not Todo.objects.filter(kind=MAKE_ANEW).exists()
    change_organisation(lumi.organisation, by=lumi.admin, time_zone="Europe/Stockholm")
    assert Todo.objects.filter(kind=MAKE_ANEW, organisation_id=lumi.organisation.pk).exists()
    background()
    assert not Todo.objects.filter(kind=MAKE_ANEW).exists(), "the service has heard it"


def test_it_waits_for_a_service_that_is_away(lumi, figures_away, background):  # noqa: F811
    change_organisation(lumi.organisation, by=lumi.admin, time_zone="Europe/Stockholm")
    background()
    left = Todo.objects.get(kind=MAKE_ANEW)
    assert left.attempts == 1 and left.parked_at is None and "FiguresAreRebuilding" in left.last_error
