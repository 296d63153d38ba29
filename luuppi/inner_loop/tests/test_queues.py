"""The queues show to each exactly what `visible_to` allows, in order, page by page, and by one query however many teams and cases there are."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from luuppi.capture.models import Touchpoint
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.queries import merging
from luuppi.inner_loop.queries.merging import first_ids
from luuppi.inner_loop.queries.queue import COUNTED_TO, QUEUES, n_in, read_queue
from luuppi.people.models import Member, MemberRole
from luuppi.people.organising import create_team

N = 240


@pytest.fixture
def many_cases(lumi, other, gives):
    """Cases of every state, team and owner of Lumi's, many due at the same moment, and some of the other organisation."""
    dice, now = random.Random(5), timezone.now().replace(microsecond=0)
    lead = gives(text="Paketti katosi", kind="idea", touchpoint="delivery")
    touchpoints = [None, *Touchpoint.objects.filter(organisation=lumi.organisation).order_by("key")]
    people = [None, None, lumi.mikko, lumi.pekka, lumi.sari]

    def case(scene, number: int, teams, owners, places) -> Case:
        state = dice.choice(("open", "open", "waiting", "closed"))
        due = now + timedelta(hours=dice.randrange(-10, 10))
        return Case(
            organisation=scene.organisation, number=number, team=dice.choice(teams), owner=dice.choice(owners), touchpoint=dice.choice(places), lead_item=lead, state=state,
            opened_at=now, opened_by="system", promise_hours=24, queue_at=due, closed_at=now if state == "closed" else None, outcome="solved" if state == "closed" else "",
        )  # fmt: skip

    Case.objects.bulk_create([case(lumi, 1000 + n, list(lumi.teams.values()), people, touchpoints) for n in range(N)])
    Case.objects.bulk_create([case(other, 2000 + n, list(other.teams.values()), [None, other.olof], [None]) for n in range(20)])
    return now


def expected(who, queue: str, at, touchpoint: str = "") -> list[int]:
    """By `visible_to` alone, sorted here."""
    cases = Case.objects.visible_to(who).filter(**({"touchpoint__key": touchpoint} if touchpoint else {}))
    wanted = {
        "mine": lambda c: c.state == "open" and c.owner_id == who.pk,
        "team": lambda c: c.state == "open",
        "waiting": lambda c: c.state == "waiting",
        "late": lambda c: c.state == "open" and c.queue_at <= at,
        "closed": lambda c: c.state == "closed",
    }[queue]
    chosen = sorted((case for case in cases if wanted(case)), key=lambda c: (c.queue_at, c.pk), reverse=queue == "closed")
    return [case.number for case in chosen]


def walked(who, queue: str, at, touchpoint: str = "") -> list[int]:
    found, cursor = [], ""
    while cursor is not None:
        page = read_queue(who, queue=queue, at=at, cursor=cursor, touchpoint=touchpoint, limit=7)
        found += [row.number for row in page.rows]
        cursor = page.next
    return found


@pytest.mark.slow
@pytest.mark.parametrize("most_shares", [40, 1], ids=["merged", "walked"])
@pytest.mark.parametrize("touchpoint", ["", "web-shop", "unknown"])
@pytest.mark.parametrize("person", ["mikko", "pekka", "sari", "leena", "admin"])
def test_each_queue_is_what_one_may_see_in_order(lumi, many_cases, monkeypatch, person, touchpoint, most_shares):
    monkeypatch.setattr(merging, "MOST_SHARES", most_shares)
    who = lumi.members[person]
    for queue in QUEUES:
        assert walked(who, queue, many_cases, touchpoint) == expected(who, queue, many_cases, touchpoint), queue
    assert n_in(who, "late", at=many_cases) == min(COUNTED_TO + 1, len(expected(who, "late", many_cases)))


def test_one_who_works_in_two_branches_sees_both(lumi, many_cases):
    MemberRole.objects.create(member=lumi.mikko, role="frontline", team=lumi.teams["phones"])
    mikko = Member.objects.get(pk=lumi.mikko.pk)
    assert walked(mikko, "team", many_cases) == expected(mikko, "team", many_cases) != expected(lumi.pekka, "team", many_cases)


@pytest.mark.parametrize("person", ["elisa", "antti"])
def test_who_may_see_no_case_gets_none(lumi, many_cases, person):
    assert first_ids(Case.objects.filter(state="open"), lumi.members[person], limit=10) == []


@pytest.mark.parametrize("person", ["mikko", "sari", "leena"])
def test_a_queue_takes_the_same_queries_whatever_its_length(lumi, many_cases, person):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert read_queue(lumi.members[person], queue="team", at=many_cases, limit=7).rows
        return len(asked)

    queries()  # who one is and may do is read once
    few = queries()
    for n in range(12):
        create_team(lumi.organisation, key=f"more-{n}", name=f"Team {n}", under=lumi.teams["service"])
    teams = list(lumi.teams["service"].children.all())
    copies = list(Case.objects.filter(organisation=lumi.organisation))
    for n, case in enumerate(copies * 3):
        case.pk, case.number, case.team = None, 5000 + n, teams[n % len(teams)]
        Case.objects.bulk_create([case])
    assert queries() == few


@pytest.mark.parametrize("person", ["mikko", "pekka", "sari", "leena", "elisa", "admin"])
def test_one_case_is_visible_as_the_list_says(lumi, other, many_cases, person):
    who = lumi.members[person]
    assert {case.pk for case in Case.objects.select_related("team") if case.is_visible_to(who)} == set(Case.objects.visible_to(who).values_list("pk", flat=True))
