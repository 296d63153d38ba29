"""A colleague who leaves hands the cases on: nothing lies in hands that are gone."""

from django.utils import translation

from luuppi.inner_loop.assigning import assign_case, take_case
from luuppi.inner_loop.closing import close_case
from luuppi.inner_loop.models import Case, Rule
from luuppi.journal.models import LoopEvent
from luuppi.journey.wording import for_staff
from luuppi.people.staffing import deactivate, in_hand


def test_open_cases_go_to_the_teams_queue_and_closed_ones_stay(lumi, gives, background, as_member):
    for text in ("Myöhässä", "Rikki"):
        gives(text=text, kind="complaint", touchpoint="delivery", customer={"external_id": text, "email": f"{text}@example.com"})
    background()
    first, second = Case.objects.order_by("number")
    for case in (first, second):
        take_case(case, by=lumi.mikko)
    close_case(second, by=lumi.mikko, text="Uusi on matkalla.")
    rule = Rule.objects.create(organisation=lumi.organisation, name="Mikolle", owner=lumi.mikko)
    admin = as_member(lumi.admin)
    page = admin.get(f"/o/lumi/settings/people/{lumi.mikko.pk}?lang=en").content.decode()
    assert "1 open case goes to the queue of its team." in page and "1 rule" in page
    due = Case.objects.get(pk=first.pk).queue_at
    assert admin.post(f"/o/lumi/settings/people/{lumi.mikko.pk}/leaving").status_code == 302
    first, second = Case.objects.order_by("number")
    assert (first.owner, first.team, first.queue_at, second.owner) == (None, lumi.teams["delivery"], due, lumi.mikko)
    rule.refresh_from_db()
    assert rule.owner is None and in_hand(lumi.mikko) == []
    take_case(first, by=lumi.sari)
    with translation.override("fi"):
        [told] = for_staff(LoopEvent.objects.filter(case=first.pk, kind="handed_off"), lumi.organisation)
    assert told.words == "Mikko ei ole enää täällä: tapaus siirtyi jonoon Toimitukset"
    deactivate(lumi.mikko, by=lumi.admin)
    assert LoopEvent.objects.filter(kind="handed_off").count() == 1, "leaving twice hands on once"


def test_the_story_tells_who_took_and_who_gave(lumi, gives, background):
    gives(text="Myöhässä", kind="complaint", touchpoint="delivery", customer={"external_id": "C", "email": "c@example.com"})
    background()
    case = Case.objects.get()
    take_case(case, by=lumi.mikko)
    assign_case(case, to=lumi.sari, by=lumi.sari)
    assign_case(case, to=lumi.mikko, by=lumi.sari)
    events = list(LoopEvent.objects.filter(case=case.pk, kind__in=("assigned", "handed_off")).order_by("id"))
    with translation.override("fi"):
        words = [told.words for told in for_staff(events, lumi.organisation)]
    assert words[:2] == ["Mikko otti tapauksen", "Sari otti tapauksen itselleen (oli: Mikko)"] and "Sari" in words[2] and "Mikko" in words[2]
