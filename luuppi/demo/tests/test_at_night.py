"""A new demo is begun at midnight, when the night's import of the answers is still to come."""

from datetime import date
from random import Random

from django.db.models import Max
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.demo import answers, company
from luuppi.running.ids import first_id_at


def test_what_came_in_the_last_night_has_come_by_now(db, clock, monkeypatch):
    for place, name, n in ((company, "N_CUSTOMERS", 10), (answers, "N_ANSWERS", 40), (answers, "DAYS", 3)):
        monkeypatch.setattr(place, name, n)
    clock("2026-11-23T00:00:05Z")  # two in Helsinki; the import is of three
    now = timezone.now()
    lumi = company.found_company(Random(4), now)
    assert answers.bring_in(lumi, Random(4), date(2026, 11, 23), [], now) == 40
    newest = FeedbackItem.objects.aggregate(at=Max("received_at"), pk=Max("pk"))
    assert newest["at"] <= now and newest["pk"] < first_id_at(timezone.now())
