"""A colleague who leaves hands the cases on: nothing lies in hands that are gone."""

from datetime import date

import pytest
from django.utils import translation

from luuppi.errors import NotAllowed
from luuppi.inner_loop.assigning import assign_case, take_case
from luuppi.inner_loop.closing import close_case, confirm
from luuppi.inner_loop.models import Case, Rule
from luuppi.journal.models import LoopEvent
from luuppi.journey.wording import for_staff
from luuppi.people.staffing import deactivate, in_hand, send_away


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


def test_while_mikko_is_away_his_customers_are_the_teams_and_rules_give_him_nothing(lumi, gives, background, as_member, clock):
    clock("2026-11-23T08:00:00Z")
    said = {name: gives(text=name, kind="complaint", touchpoint="delivery", customer={"external_id": name, "email": f"{name}@example.com"}) for name in ("Myöhässä", "Rikki")}
    background()
    open_one, closed_one = Case.objects.order_by("number")
    for case in (open_one, closed_one):
        take_case(case, by=lumi.mikko)
    close_case(closed_one, by=lumi.mikko, text="Uusi on matkalla.")
    rule = Rule.objects.create(organisation=lumi.organisation, name="Mikolle", owner=lumi.mikko, team=lumi.teams["delivery"], conditions={"kinds": ["question"]}, position=1)
    sari, address = as_member(lumi.sari), f"/o/lumi/absences/{lumi.mikko.pk}"
    page = sari.get(f"{address}?lang=en").content.decode()
    assert "1 open case goes to the queue of its team." in page and "rule" not in page and f'href="{address}"' in sari.get("/o/lumi/absences").content.decode()
    assert sari.post(address, {"until": "2026-11-22", "hands_on": "on"}).status_code == 422
    assert sari.post(address, {"until": "2026-11-30", "hands_on": "on"}).status_code == 302
    assert 'value="2026-11-30"' in sari.get(f"{address}?lang=fi").content.decode(), "the day is in the field whatever the language"
    assert "Mikko" in sari.get("/o/lumi/today?lang=en").context["parts"].side[-1] and "away until" in sari.get(f"/o/lumi/cases/{open_one.number}").content.decode()
    assert Case.objects.get(pk=open_one.pk).owner is None and Case.objects.get(pk=closed_one.pk).owner == lumi.mikko
    confirm(said["Rikki"], solved=False)
    gives(text="Missä paketti on?", kind="question", touchpoint="delivery", customer={"external_id": "uusi"})
    background()
    assert {case.owner for case in Case.objects.all()} == {None}, "a no comes to the team, and the rule gives nothing to who is away"
    with translation.override("fi"):
        told = [one.words for one in for_staff(LoopEvent.objects.filter(kind="handed_off").order_by("id"), lumi.organisation)]
    assert told == ["Mikko on poissa: tapaus siirtyi jonoon Toimitukset"] * 2
    clock("2026-12-01T08:00:00Z")
    gives(text="Koska tulee?", kind="question", touchpoint="delivery", customer={"external_id": "toinen"})
    background()
    assert Case.objects.latest("number").owner == lumi.mikko == rule.owner, "the day after the last one he is here by himself"


def test_an_absence_is_set_by_those_above_and_by_oneself(lumi, other, as_member):
    def may(who, whom):
        return as_member(lumi.members[who]).get(f"/o/lumi/absences/{lumi.members[whom].pk}").status_code == 200

    assert [may("mikko", whom) for whom in ("mikko", "pekka", "sari")] == [True, False, False]
    assert [may("sari", whom) for whom in ("mikko", "pekka", "sari", "leena")] == [True, True, True, False]
    assert may("admin", "leena") and not may("elisa", "elisa")
    assert as_member(lumi.sari).get(f"/o/lumi/absences/{other.mikko.pk}").status_code == 404
    as_member(lumi.mikko).post(f"/o/lumi/absences/{lumi.mikko.pk}", {"until": "2099-01-01"})
    assert as_member(lumi.mikko).post(f"/o/lumi/absences/{lumi.mikko.pk}/end").status_code == 302
    lumi.mikko.refresh_from_db()
    assert lumi.mikko.away_until is None
    with pytest.raises(NotAllowed):
        send_away(lumi.sari, until=date(2099, 1, 1), by=lumi.mikko)


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
    assert words[:2] == ["Mikko otti tapauksen", "Sari otti tapauksen itselleen (aiemmin Mikko)"] and "Sari" in words[2] and "Mikko" in words[2]


def test_who_serves_customers_no_more_hands_the_cases_on_and_sees_what_was_being_written(lumi, gives, background, as_member):
    gives(text="Myöhässä", kind="complaint", touchpoint="delivery", customer={"external_id": "a", "email": "aino@example.com"})
    background()
    case = take_case(Case.objects.get(), by=lumi.mikko)
    rule = Rule.objects.create(organisation=lumi.organisation, name="Mikolle", owner=lumi.mikko)
    address, role = f"/o/lumi/settings/people/{lumi.mikko.pk}", lumi.mikko.roles.get().pk
    admin = as_member(lumi.admin)
    admin.post(address, {"role": "executive", "team": lumi.teams["root"].pk})
    assert Case.objects.get().owner == lumi.mikko, "a role more takes nothing away"
    admin.post(f"{address}/roles/{role}/removal")
    assert "1 open case goes to the queue of its team." in admin.get(f"{address}?lang=en").content.decode()
    rule.refresh_from_db()
    assert Case.objects.get().owner is None and rule.owner is None
    with translation.override("en"):
        [told] = for_staff(LoopEvent.objects.filter(case=case.pk, kind="handed_off"), lumi.organisation)
    assert told.words == "Mikko has another role now, and the case went to Toimitukset"
    typed = as_member(lumi.mikko).post(f"/o/lumi/cases/{case.number}/answers", {"text": "Olen pahoillani.", "reason": "Kiire <b>"})
    assert typed.status_code in (403, 404) and "Olen pahoillani." in typed.content.decode() and "Kiire &lt;b&gt;" in typed.content.decode()
    as_member(lumi.admin).post(f"{address}/roles/{lumi.mikko.roles.get().pk}/removal")
    assert "no role yet" in as_member(lumi.mikko).get("/o/lumi/today?lang=en").content.decode()
