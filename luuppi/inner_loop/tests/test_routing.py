"""Rules open cases and say whose they are; nothing is unrouted."""

import importlib
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from luuppi.capture.models import FeedbackItem, Import
from luuppi.errors import NotAllowed
from luuppi.inner_loop import routing
from luuppi.inner_loop.models import Case, CaseItem, Rule
from luuppi.inner_loop.refusals import ItemHasAnOpenCase
from luuppi.inner_loop.rules.matching import Conditions, Decision, Facts, RuleValue, decide, fits, needs_a_person
from luuppi.inner_loop.rules.next_best_case import Waiting, next_best
from luuppi.inner_loop.rules.promise import answer_due_at
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent, Progress
from luuppi.journal.recording import record
from luuppi.meaning.models import Coding, Theme

HELSINKI = ZoneInfo("Europe/Helsinki")


# --- rules, from values alone ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "opens"),
    [
        (Facts(kind="complaint"), True),
        (Facts(kind="question"), True),
        (Facts(kind="praise"), False),
        (Facts(kind="idea"), False),
        (Facts(kind="praise", wants_contact=True), True),
        (Facts(kind="survey", nps=6), True),
        (Facts(kind="survey", nps=7), False),
        (Facts(kind="survey", csat=2), True),
        (Facts(kind="survey", csat=3), False),
        (Facts(kind="survey", ces=2), True),
        (Facts(kind="survey", ces=3, nps=10), False),
    ],
)
def test_what_needs_a_person(facts, opens):
    assert needs_a_person(facts) is opens


@pytest.mark.parametrize(
    ("conditions", "facts", "holds"),
    [
        (Conditions(), Facts(kind="idea"), True),
        (Conditions(kinds=("idea", "praise")), Facts(kind="praise"), True),
        (Conditions(kinds=("idea",)), Facts(kind="praise"), False),
        (Conditions(nps_at_most=6, csat_at_most=2), Facts(kind="survey", nps=9, csat=1), True),
        (Conditions(nps_at_most=6), Facts(kind="survey", csat=1), False),
        (Conditions(touchpoints=("delivery",)), Facts(kind="survey", touchpoint="web-shop"), False),
        (Conditions(languages=("sv",)), Facts(kind="idea", language="sv"), True),
        (Conditions(themes=("late", "lost")), Facts(kind="idea", themes=frozenset({"lost", "price"})), True),
        (Conditions(themes=("late",)), Facts(kind="idea"), False),
        (Conditions(words=("lakimies", "kuluttaja riita")), Facts(kind="idea", text="Vien tämän KULUTTAJA  RIITAlautakuntaan"), True),
        (Conditions(words=("lakimies",)), Facts(kind="idea", text="Ihan hyvä"), False),
        (Conditions(wants_contact=True), Facts(kind="idea"), False),
        (Conditions(attributes=(("segment", "Home"),)), Facts(kind="idea", attributes={"segment": "home"}), True),
        (Conditions(attributes=(("segment", "home"), ("vip", "true"))), Facts(kind="idea", attributes={"segment": "home"}), False),
    ],
)
def test_conditions_hold_all_together(conditions, facts, holds):
    assert fits(conditions, facts) is holds
    assert Conditions.from_json(json.loads(json.dumps(conditions.to_json()))) == conditions


def test_the_first_rule_that_fits_decides_and_one_may_say_that_no_case_is_needed():
    rules = [RuleValue(1, Conditions(words=("testi",)), opens_case=False), RuleValue(2, Conditions(kinds=("complaint",)), team=7, priority=2), RuleValue(3, Conditions())]
    assert decide(rules, Facts(kind="complaint", text="Testi", team=1)) == Decision(False, 1)
    assert decide(rules, Facts(kind="complaint", team=1)) == Decision(True, 2, 7, None, 2)
    assert decide(rules, Facts(kind="idea", team=1)) == Decision(True, 3, 1)


facts_of_anything = st.builds(
    Facts,
    kind=st.sampled_from(["survey", "complaint", "praise", "idea", "question"]),
    nps=st.none() | st.integers(0, 10),
    csat=st.none() | st.integers(1, 5),
    ces=st.none() | st.integers(1, 7),
    touchpoint=st.sampled_from(["", "delivery"]),
    language=st.sampled_from(["", "fi"]),
    text=st.text(max_size=30),
    wants_contact=st.booleans(),
    team=st.integers(1, 5),
)
rules_of_any_kind = st.lists(
    st.builds(
        RuleValue,
        id=st.integers(1, 9),
        conditions=st.builds(Conditions, kinds=st.sampled_from([(), ("complaint",), ("idea", "survey")]), nps_at_most=st.none() | st.integers(0, 10), words=st.sampled_from([(), ("a",)])),
        opens_case=st.booleans(),
        team=st.none() | st.integers(1, 5),
    ),
    max_size=4,
)


@given(rules_of_any_kind, facts_of_anything)
def test_whatever_opens_a_case_has_a_team(rules, facts):
    decision = decide(rules, facts)
    assert decision.team is not None if decision.opens_case else decision.team is None
    if not any(fits(rule.conditions, facts) for rule in rules):
        assert decision.opens_case == needs_a_person(facts)


# --- the promise ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-18 09:00", 24, "2026-11-19 09:00"),  # Wednesday
        ("2026-11-20 15:00", 24, "2026-11-23 15:00"),  # Friday → Monday
        ("2026-11-20 15:00", 48, "2026-11-24 15:00"),
        ("2026-11-21 12:00", 24, "2026-11-24 00:00"),  # Saturday counts from Monday 0:00
        ("2026-11-20 22:00", 4, "2026-11-23 02:00"),  # two hours of Friday, two of Monday
        ("2026-03-27 12:00", 24, "2026-03-30 12:00"),  # over the change to summer time
        ("2026-11-18 09:00", 0, "2026-11-18 09:00"),
    ],
)
def test_a_promise_runs_on_weekdays(start, hours, due):
    at = datetime.fromisoformat(start).replace(tzinfo=HELSINKI)
    assert answer_due_at(at.astimezone(UTC), hours, HELSINKI) == datetime.fromisoformat(due).replace(tzinfo=HELSINKI)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_a_longer_promise_is_never_due_sooner(start, one, other):
    start = start.replace(tzinfo=UTC)
    short, long = sorted((one, other))
    assert start <= answer_due_at(start, short, HELSINKI) <= answer_due_at(start, long, HELSINKI)


def test_who_is_next():
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    late, soon, important, calm = Waiting(1, now - timedelta(hours=1)), Waiting(2, now + timedelta(hours=2)), Waiting(3, now + timedelta(hours=9), 2), Waiting(4, now + timedelta(hours=8))
    assert next_best([calm, important, soon, late], now=now) == 1
    assert next_best([calm, important, soon], now=now) == 2
    assert next_best([calm, important], now=now) == 3
    assert next_best([], now=now) is None


# --- the reaction ---------------------------------------------------------------------------------------------------------------


def test_a_complaint_goes_to_the_team_of_its_touchpoint_and_praise_to_nobody(lumi, gives, background):
    complaint = gives(text="Myöhässä taas", kind="complaint", touchpoint="delivery")
    gives(text="Hyvin meni", kind="praise", touchpoint="delivery")
    lost = gives(text="Kuka vastaa?", kind="question")
    background()
    cases = {case.lead_item_id: case for case in Case.objects.all()}
    assert set(cases) == {complaint.pk, lost.pk}
    assert cases[complaint.pk].team == lumi.teams["delivery"] and cases[complaint.pk].rule.key == "complaint"
    assert cases[lost.pk].team == lumi.teams["root"]
    assert [case.number for case in Case.objects.order_by("number")] == [1001, 1002]
    assert Progress.objects.get(item=complaint.pk).read_at is None


def test_the_reaction_may_run_twice(lumi, gives, background):
    gives(text="Myöhässä taas", kind="complaint")
    background()
    events = list(LoopEvent.objects.filter(kind="received"))
    routing.open_case_when_needed(events)
    routing.open_case_when_needed(events + events)
    assert Case.objects.count() == 1 == LoopEvent.objects.filter(kind="case_opened").count()


def test_a_rule_gives_it_to_a_team_and_an_owner_without_reading_it_for_them(lumi, gives, background):
    Rule.objects.create(
        organisation=lumi.organisation, name="Juristit", position=1, conditions={"words": ["lakimies"]}, team=lumi.teams["service"], owner=lumi.sari, priority=2, promise_hours=4
    )
    item = gives(text="Seuraavaksi kirjoittaa lakimies", kind="idea")
    background()
    case = Case.objects.get()
    assert (case.team, case.owner, case.priority, case.promise_hours) == (lumi.teams["service"], lumi.sari, 2, 4)
    assert Progress.objects.get(item=item.pk).read_at is None


def test_more_about_the_same_matter_joins_the_open_case(lumi, gives, background):
    aino = {"external_id": "C-1"}
    gives(text="Missä paketti on", kind="complaint", touchpoint="delivery", customer=aino)
    background()
    gives(text="Edelleen hukassa", kind="complaint", touchpoint="delivery", customer=aino, wants_contact=True)
    gives(text="Toinen asia", kind="complaint", touchpoint="web-shop", customer=aino)
    gives(text="Toinen asiakas", kind="complaint", touchpoint="delivery", customer={"external_id": "C-2"})
    background()
    assert Case.objects.count() == 3 and CaseItem.objects.count() == 4
    assert Case.objects.get(touchpoint__key="delivery", customer__external_id="C-1").wants_contact


def test_an_imported_item_opens_nothing_but_a_person_may(lumi, gives, background):
    from luuppi.capture.drafts import Draft, FeedbackIn
    from luuppi.capture.receiving import receive

    run = Import.objects.create(organisation=lumi.organisation, file_name="vanhat.csv", by="system")
    [received] = receive([Draft(FeedbackIn(text="Vanha valitus", kind="complaint", touchpoint="delivery"), "import", "vanhat", import_id=run.pk)], organisation=lumi.organisation, by="system")
    background()
    assert not Case.objects.exists()
    item = FeedbackItem.objects.select_related("team").get(pk=received.item_id)
    with pytest.raises(NotAllowed):
        routing.open_case(item, by=lumi.pekka)
    case = routing.open_case(item, by=lumi.mikko)
    assert case.team == lumi.teams["delivery"] and Progress.objects.get().read_at
    with pytest.raises(ItemHasAnOpenCase):
        routing.open_case(item, by=lumi.mikko)


def test_a_rule_on_themes_finds_them_and_what_has_none_waits_for_nothing(lumi, gives, background):
    theme = Theme.objects.create(organisation=lumi.organisation, key="late", names={"fi": "Myöhässä"})
    Rule.objects.create(organisation=lumi.organisation, name="Myöhässä", position=1, conditions={"themes": ["late"]}, team=lumi.teams["phones"])
    coded, other = gives(text="Myöhästyi", kind="complaint"), gives(text="Kadonnut", kind="complaint")
    Coding.objects.create(item=coded, organisation=lumi.organisation, theme=theme, at=timezone.now())
    background()
    assert {case.lead_item_id: case.team.key for case in Case.objects.all()} == {coded.pk: "phones", other.pk: "lumi"}


def test_a_poisoned_rule_is_read_leniently(lumi, gives, background):
    Rule.objects.create(organisation=lumi.organisation, position=1, name="Vanha", conditions={"weather": "bad", "kinds": ["idea"]})
    gives(text="Ehdotus", kind="idea")
    background()
    assert Case.objects.count() == 1


def test_two_organisations_never_meet(lumi, other, gives, background):
    gives(text="Lumin", kind="complaint", customer={"external_id": "C-1"})
    gives(text="Norrskenin", kind="complaint", customer={"external_id": "C-1"}, scene=other)
    background()
    assert sorted(Case.objects.values_list("organisation__slug", "number")) == [("lumi", 1001), ("norrsken", 1001)]


def test_what_was_held_as_spam_is_routed_when_it_is_released(lumi, gives, background):
    item = gives(text="Onko tämä roskaa?", kind="question")
    with transaction.atomic():
        record(kinds.HELD, organisation=lumi.organisation, items=[item.pk], by="system")
    background()
    assert not Case.objects.exists()
    with transaction.atomic():
        record(kinds.RELEASED, organisation=lumi.organisation, items=[item.pk], by=lumi.admin)
    background()
    assert Case.objects.get().lead_item_id == item.pk


def test_what_a_person_takes_up_joins_the_same_matter(lumi, gives, background):
    gives(text="Missä paketti on", kind="complaint", touchpoint="delivery", customer={"external_id": "C-1"})
    idea = gives(text="Lähettäkää viesti myöhästymisestä", kind="idea", touchpoint="delivery", customer={"external_id": "C-1"})
    background()
    case = routing.open_case(FeedbackItem.objects.select_related("team").get(pk=idea.pk), by=lumi.mikko)
    assert case.number == 1001 and case.item_ids[1] == idea.pk and Case.objects.count() == 1


def test_an_organisation_that_has_no_rules_yet_gets_the_first_ones_by_the_migration(lumi):
    migration = importlib.import_module("luuppi.inner_loop.migrations.0005_every_organisation_has_the_first_rules")
    facts = ("key", "position", "conditions", "priority", "promise_hours")
    at_founding = list(Rule.objects.order_by("position").values(*facts))
    Rule.objects.exclude(key="question").delete()
    Rule.objects.update(promise_hours=7)
    for _time in range(2):
        migration.give_first_rules(apps, None)
    given = list(Rule.objects.order_by("position").values(*facts))
    assert [rule | {"promise_hours": None} if rule["key"] == "question" else rule for rule in given] == at_founding
    assert given[-1]["promise_hours"] == 7, "what was set stays"
