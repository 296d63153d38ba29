"""Where an item belongs: asked once in a while, never wrong for longer than that, and never across a larger transaction."""

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from luuppi.capture import places
from luuppi.capture.models import Touchpoint
from luuppi.capture.places import root_team, touchpoints, touchpoints_made
from luuppi.people.models import Organisation


@pytest.fixture
def clock_of_places(monkeypatch):
    """`clock_of_places(3)` lets three seconds pass."""
    now = [1_000.0]
    monkeypatch.setattr(places.time, "monotonic", lambda: now[0])

    def wait(seconds: float) -> None:
        now[0] += seconds

    return wait


@pytest.fixture
def organisation(lumi, monkeypatch):
    """Lumi as a request loads it. The test's own transaction does not count as somebody's larger one."""
    monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "savepoint_ids", [])
    return Organisation.objects.get(pk=lumi.organisation.pk)


def queries(do) -> int:
    with CaptureQueriesContext(connection) as asked:
        do()
    return len(asked)


def test_keys_lead_to_the_touchpoint_and_its_team(lumi, organisation):
    found = touchpoints(organisation, {"delivery", "customer-service", "nowhere"})
    assert {key: team for key, (_pk, team) in found.items()} == {"delivery": lumi.teams["delivery"].pk, "customer-service": lumi.teams["phones"].pk}
    assert found["delivery"][0] == Touchpoint.objects.get(organisation=organisation, key="delivery").pk


def test_another_organisations_touchpoint_of_the_same_name_is_not_ours(lumi, other, organisation):
    theirs = Touchpoint.objects.get(organisation=other.organisation, key="delivery")
    assert touchpoints(organisation, {"delivery"})["delivery"][0] != theirs.pk
    Touchpoint.objects.create(organisation=other.organisation, team=other.teams["root"], key="only-theirs")
    assert touchpoints(organisation, {"only-theirs"}) == {}


def test_nothing_asked_nothing_read(organisation):
    assert queries(lambda: touchpoints(organisation, set())) == 0


def test_what_is_known_is_not_asked_again_and_only_the_missing_is(organisation, clock_of_places):
    assert queries(lambda: touchpoints(organisation, {"delivery"})) == 1
    assert queries(lambda: touchpoints(organisation, {"delivery"})) == 0
    assert queries(lambda: touchpoints(organisation, {"delivery", "web-shop"})) == 1
    assert queries(lambda: touchpoints(organisation, {"delivery", "web-shop"})) == 0


def test_what_did_not_exist_is_found_as_soon_as_it_does(lumi, organisation, clock_of_places):
    assert touchpoints(organisation, {"kiosk"}) == {}
    made = Touchpoint.objects.create(organisation=organisation, team=lumi.teams["root"], key="kiosk")
    assert touchpoints(organisation, {"kiosk"}) == {"kiosk": (made.pk, made.team_id)}


def test_a_touchpoint_that_moved_is_followed_within_seconds(lumi, organisation, clock_of_places):
    touchpoints(organisation, {"delivery"})
    Touchpoint.objects.filter(organisation=organisation, key="delivery").update(team=lumi.teams["phones"])
    assert touchpoints(organisation, {"delivery"})["delivery"][1] == lumi.teams["delivery"].pk
    clock_of_places(2.1)
    assert touchpoints(organisation, {"delivery"})["delivery"][1] == lumi.teams["phones"].pk


def test_within_a_larger_transaction_its_own_changes_are_seen(lumi):
    organisation = Organisation.objects.get(pk=lumi.organisation.pk)
    touchpoints(organisation, {"delivery"})
    with transaction.atomic():
        Touchpoint.objects.filter(organisation=organisation, key="delivery").update(team=lumi.teams["phones"])
        assert touchpoints(organisation, {"delivery"})["delivery"][1] == lumi.teams["phones"].pk


def test_a_sender_of_ever_new_keys_does_not_fill_the_memory(organisation, clock_of_places, monkeypatch):
    monkeypatch.setattr(places, "_MOST", 5)
    for n in range(10):
        touchpoints_made(organisation, {f"new-{n}"})
        touchpoints(organisation, {f"new-{n}"})
    assert len(organisation.__dict__["_touchpoints"][1]) <= 6
    assert len(touchpoints(organisation, {f"new-{n}" for n in range(10)})) == 10


def test_an_unknown_one_is_made_unconfirmed_in_the_root_team(lumi, organisation):
    made = touchpoints_made(organisation, {"delivery", "night-bus"})
    new = Touchpoint.objects.get(organisation=organisation, key="night-bus")
    assert made["night-bus"] == (new.pk, lumi.teams["root"].pk) and not new.confirmed
    assert made["delivery"][1] == lumi.teams["delivery"].pk and Touchpoint.objects.get(organisation=organisation, key="delivery").confirmed
    assert touchpoints_made(organisation, {"night-bus"}) == {"night-bus": made["night-bus"]}
    assert Touchpoint.objects.filter(key="night-bus").count() == 1


def test_one_made_by_another_process_a_moment_ago_is_taken(lumi, organisation, clock_of_places, monkeypatch):
    theirs = Touchpoint.objects.create(organisation=organisation, team=lumi.teams["phones"], key="night-bus")
    monkeypatch.setattr(places, "touchpoints", lambda organisation, keys: {})  # asked before the other one had committed
    assert touchpoints_made(organisation, {"night-bus"}) == {"night-bus": (theirs.pk, lumi.teams["phones"].pk)}


def test_the_root_team_is_asked_once(lumi, organisation):
    assert root_team(organisation) == lumi.teams["root"].pk
    assert queries(lambda: root_team(organisation)) == 0
