"""The test cast: two organisations full of people, and `loop`, through which stories speak."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import TransactionTestCase

from luuppi.journal.guards import guard_journal
from luuppi.running import todo

_flush = TransactionTestCase._fixture_teardown


def _flush_with_the_journal_open(case) -> None:
    """Tests with real transactions end by emptying all tables; the journal does not let itself be emptied, so it is unguarded for that."""
    with connection.cursor() as cursor:
        for trigger in ("journal_no_update", "journal_no_delete", "journal_no_truncate"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}" + (" ON journal_loopevent" if connection.vendor == "postgresql" else ""))
    _flush(case)
    guard_journal()


TransactionTestCase._fixture_teardown = _flush_with_the_journal_open


@dataclass
class Scene:
    """An organisation with its tree: root › service › (phones, delivery); Mikko and Sari in delivery's branch, Leena above."""

    organisation: Any
    teams: dict[str, Any]
    members: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["members"][name]
        except KeyError:
            raise AttributeError(name) from None


def make_scene(slug: str = "lumi", name: str = "Lumi") -> Scene:
    from luuppi.capture.models import Touchpoint
    from luuppi.people.models import Member, MemberRole, User
    from luuppi.people.organising import create_organisation, create_team

    organisation = create_organisation(slug, name=name, language="fi")
    root = organisation.root_team
    service = create_team(organisation, key="service", name="Asiakaspalvelu", under=root)
    delivery = create_team(organisation, key="delivery-team", name="Toimitukset", under=service)
    phones = create_team(organisation, key="phones", name="Puhelin", under=service)
    teams = {"root": root, "service": service, "delivery": delivery, "phones": phones}
    for key, fi, team in (("delivery", "Toimitus", delivery), ("web-shop", "Verkkokauppa", service), ("customer-service", "Asiakaspalvelu", phones)):
        Touchpoint.objects.create(organisation=organisation, team=team, key=key, names={"fi": fi, "sv": fi, "en": key.title()})
    scene = Scene(organisation, teams)
    cast = {
        "mikko": ("frontline", delivery), "sari": ("supervisor", service), "leena": ("manager", root), "elisa": ("executive", root),
        "antti": ("analyst", root), "admin": ("admin", root), "pekka": ("frontline", phones),
    }  # fmt: skip
    # In four statements rather than seventy: nearly every test begins with this.
    users = User.objects.bulk_create([User(email=f"{person}@{slug}.example.com", name=person.title(), password=make_password(None)) for person in cast])
    Member.objects.bulk_create([Member(organisation=organisation, user=user, name=user.name) for user in users])
    scene.members = dict(zip(cast, Member.objects.filter(organisation=organisation).order_by("pk"), strict=True))
    MemberRole.objects.bulk_create([MemberRole(member=scene.members[person], team=team, role=role) for person, (role, team) in cast.items()])
    return scene


@contextmanager
def connection_kept():
    """The application called through WSGI gives the connection back after each request, and with it, on PostgreSQL, the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def kept_connection():
    """For each test anew, since Django's test client connects the signals again."""
    with connection_kept():
        yield


@pytest.fixture
def lumi(db) -> Scene:
    return make_scene()


@pytest.fixture
def other(db) -> Scene:
    """Olof's organisation, which must never see a thing of Lumi's."""
    scene = make_scene("norrsken", "Norrsken")
    scene.members["olof"] = scene.members["leena"]
    return scene


@pytest.fixture
def as_member(client):
    """`as_member(lumi.mikko)` gives a client that is signed in."""

    def sign_in(member):
        client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def background(db):
    """`background()` lets everything that is due happen, as the worker would; `background(until=moment)` also what is due by then."""

    def run(until=None, rounds: int = 50) -> None:
        for _ in range(rounds):
            if not todo.run_due(now=until):
                return
        raise AssertionError("the background does not come to rest")

    return run


@pytest.fixture
def gives(lumi):
    """`gives(text=…, scores=…, touchpoint=…)` stores one item of Lumi as the API would, and returns it."""
    from luuppi.capture.drafts import Draft, FeedbackIn
    from luuppi.capture.models import FeedbackItem
    from luuppi.capture.receiving import receive

    def give(*, by: str = "customer", scene: Scene = lumi, channel: str = "api", source: str = "test", knows_addresses: bool = True, **fields) -> FeedbackItem:
        draft = Draft(FeedbackIn(**fields), channel=channel, source=source, knows_addresses=knows_addresses)
        [received] = receive([draft], organisation=scene.organisation, by=by)
        assert received.status == "new", received
        return FeedbackItem.objects.select_related("progress", "team").get(pk=received.item_id)

    return give


@pytest.fixture
def clock(time_machine):
    """`clock("2026-11-01T10:00:00Z")` moves the time, also backwards: ids follow it as they would have then."""
    from luuppi.running import ids

    def move(moment) -> None:
        time_machine.move_to(moment)
        ids._state.update(ms=0, counter=0)

    return move
