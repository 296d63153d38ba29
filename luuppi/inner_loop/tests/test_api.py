"""The API of cases: the same acts as on the page, with a token, in a member's name or the organisation's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from luuppi.inner_loop.assigning import take_case
from luuppi.inner_loop.models import Case, Message
from luuppi.journal.models import LoopEvent
from luuppi.people.organising import create_token


@pytest.fixture
def call(client, lumi):
    """`call("post", "/cases/1001/notes", {…}, scopes=…)` speaks as a token of Lumi's."""
    tokens: dict = {}

    def send(method, path, body=None, *, scopes=(), team=None, organisation=None, **headers):
        key = (tuple(scopes), team and team.pk, organisation and organisation.pk)
        if key not in tokens:
            tokens[key] = create_token(organisation or lumi.organisation, scopes=scopes, team=team)[1]
        more = {"data": body, "content_type": "application/json"} if method == "post" else {}
        return getattr(client, method)(f"/api/v1{path}", headers={"authorization": f"Bearer {tokens[key]}"} | headers, **more)

    return send


def test_a_case_is_listed_read_and_worked_on(lumi, call, aino_complains, background, outbox):
    case = aino_complains()
    [listed] = call("get", "/cases").json()["items"]
    assert (listed["number"], listed["team"], listed["owner"], listed["state"]) == (str(case.number), "delivery-team", None, "open")
    assigned = call("post", f"/cases/{case.number}/assignment", {"to": "mikko@lumi.example.com", "as": "sari@lumi.example.com"})
    assert assigned.status_code == 200 and assigned.json()["owner"] == "mikko@lumi.example.com"
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    answered = call("post", f"/cases/{case.number}/answers", {"text": "Se tulee perjantaina.", "promised_on": day, "as": "mikko@lumi.example.com"})
    assert (answered.status_code, answered.json()["state"]) == (201, "queued")
    background(until=timezone.now() + timedelta(seconds=11))
    assert len(outbox()) == 1
    assert call("post", f"/cases/{case.number}/notes", {"text": "Varmistin varastosta."}).status_code == 201
    read = call("get", f"/cases/{case.number}").json()
    assert read["promised_on"] == day and [m["direction"] for m in read["messages"]] == ["out", "note"] and read["words"][0]["text"].startswith("Paketti")
    closed = call("post", f"/cases/{case.number}/closure", {})
    assert (closed.status_code, closed.json()["outcome"], closed.json()["due_at"]) == (200, "solved", None)
    again = call("post", f"/cases/{case.number}/closure", {})
    assert (again.status_code, again.json()["code"]) == (409, "case-closed")
    assert call("post", f"/cases/{case.number}/reopening", {}).json()["state"] == "open"
    journey = call("get", f"/feedback/{case.lead_item_id}/journey").json()["items"]
    opened = next(event for event in journey if event["kind"] == "case_opened")
    assert (opened["case"], opened["data"]["team"]) == (str(case.number), "delivery-team"), "in the names of the API"
    assert {event["case"] for event in call("get", f"/feedback/{case.lead_item_id}/journey", scopes=("feedback:read",)).json()["items"]} == {None}
    refused = call("get", f"/cases/{case.number}/reopening")
    assert (refused.status_code, refused.json()["code"], refused.headers["Allow"]) == (405, "method-not-allowed", "POST")


def test_a_token_answers_in_the_organisations_name(lumi, call, aino_complains, background, outbox):
    case = aino_complains()
    call("post", f"/cases/{case.number}/answers", {"text": "Hoidettu."})
    background(until=timezone.now() + timedelta(seconds=11))
    assert outbox()[0]["From"].startswith("Lumi <") and LoopEvent.objects.get(kind="answered").by.startswith("token:")
    assert Case.objects.get().owner is None


def test_who_acts_in_a_members_name_may_do_what_the_member_may(lumi, call, aino_complains):
    case = take_case(aino_complains(), by=lumi.mikko)
    refused = call("post", f"/cases/{case.number}/answers", {"text": "Hei", "as": "pekka@lumi.example.com"})
    assert (refused.status_code, refused.json()["code"]) == (403, "outside-your-authority")
    unknown = call("post", f"/cases/{case.number}/answers", {"text": "Hei", "as": "olof@norrsken.example.com"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-member")


@pytest.mark.parametrize(
    ("act", "body", "status", "code"),
    [
        ("assignment", {}, 422, "nobody-named"),
        ("assignment", {"to": "mikko@lumi.example.com", "team": "phones"}, 422, "nobody-named"),
        ("assignment", {"to": "nobody@lumi.example.com"}, 422, "unknown-member"),
        ("assignment", {"team": "nowhere"}, 422, "unknown-team"),
        ("assignment", {"to": "elisa@lumi.example.com"}, 422, "cannot-take-cases"),
        ("answers", {"text": ""}, 422, "not-valid"),
        ("answers", {"text": "\u200b"}, 422, "not-valid"),
        ("answers", {"text": "x" * 50_001}, 422, "not-valid"),
        ("answers", {"text": "Hei", "publik": True}, 422, "not-valid"),
        ("answers", {"text": "Hei", "promised_on": "2020-01-01"}, 422, "promise-in-the-past"),
        ("answers", {"text": "Hei", "promised_on": "9999-12-31"}, 422, "promise-too-far"),
        ("closure", {}, 422, "nobody-was-told"),
        ("closure", {"outcome": "cannot_be_changed"}, 422, "needs-explanation"),
        ("closure", {"outcome": "lost"}, 422, "not-valid"),
        ("reopening", {}, 409, "case-open"),
        ("escalation", {}, 422, "not-valid"),
    ],
)
def test_bad_input_gets_a_clear_answer(lumi, call, aino_complains, act, body, status, code):
    case = aino_complains()
    answer = call("post", f"/cases/{case.number}/{act}", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json" and not Message.objects.exists()


@pytest.mark.parametrize("number", ["999999", "abc", "1e3", "²", "99999999999999999999", "%00", "-1"])
def test_an_unknown_number_is_not_there(lumi, call, number):
    assert call("get", f"/cases/{number}").status_code == 404


def test_filters_and_pages(lumi, call, gives, background):
    for i in range(5):
        gives(text=f"Asia {i}", kind="complaint", touchpoint="delivery" if i % 2 else "customer-service")
    background()
    take_case(Case.objects.select_related("team").filter(team__key="delivery-team").first(), by=lumi.mikko)
    numbers = lambda query: [c["number"] for c in call("get", f"/cases?{query}").json()["items"]]  # noqa: E731
    assert len(numbers("team=delivery-team")) == 2 and len(numbers("team=service")) == 5 and numbers("team=nowhere") == []
    assert len(numbers("owner=mikko@lumi.example.com")) == 1 and len(numbers("owner=none")) == 4
    assert len(numbers("touchpoint=customer-service")) == 3 and numbers("state=closed") == []
    assert numbers("breaching=true") == [] and len(numbers("breaching=false")) == 5
    Case.objects.filter(team__key="phones").update(queue_at=timezone.now() - timedelta(hours=1))
    assert len(numbers("breaching=true")) == 3
    first = call("get", "/cases?limit=2").json()
    rest = call("get", f"/cases?limit=200&cursor={first['next']}").json()
    assert len(first["items"]) == 2 and len(rest["items"]) == 3 and rest["next"] is None
    assert call("get", "/cases?state=lost").status_code == 422 and call("get", "/cases?cursor=%00").status_code == 422
    assert call("get", "/cases?owner=%00").status_code == 422


def test_scopes_and_teams_of_a_token(lumi, other, call, aino_complains):
    case = aino_complains()
    assert call("get", "/cases", scopes=("feedback:read",)).json()["code"] == "scope-missing"
    assert call("post", f"/cases/{case.number}/notes", {"text": "Hei"}, scopes=("cases:read",)).status_code == 403
    assert call("get", f"/cases/{case.number}", team=lumi.teams["phones"]).status_code == 404
    assert call("get", f"/cases/{case.number}", team=lumi.teams["service"]).status_code == 200
    assert call("get", f"/cases/{case.number}", organisation=other.organisation).status_code == 404
    assert call("get", f"/cases/{case.number}", scopes=("cases:read",)).json()["words"][0]["masked"]


def test_the_same_key_answers_once(lumi, call, aino_complains):
    case = aino_complains()
    first = call("post", f"/cases/{case.number}/answers", {"text": "Hei"}, **{"idempotency-key": "a1"})
    again = call("post", f"/cases/{case.number}/answers", {"text": "Hei"}, **{"idempotency-key": "a1"})
    other = call("post", f"/cases/{case.number}/answers", {"text": "Toinen"}, **{"idempotency-key": "a1"})
    assert first.json() == again.json() and other.status_code == 422 and Message.objects.count() == 1


def test_a_case_is_opened_for_feedback_that_has_none(lumi, call, gives, background):
    item = gives(text="Hyvä idea", kind="idea", touchpoint="delivery")
    background()
    opened = call("post", "/cases", {"feedback": str(item.pk), "as": "mikko@lumi.example.com"})
    assert opened.status_code == 201 and opened.json()["feedback"] == [str(item.pk)]
    assert call("post", "/cases", {"feedback": str(item.pk)}).json()["code"] == "item-has-a-case"
    assert call("post", "/cases", {"feedback": "abc"}).status_code == 404


def test_lists_ask_as_often_for_many_as_for_few(lumi, call, gives, background):

    counted = []
    for n in (3, 30):
        for i in range(n):
            gives(text=f"Asia {n} {i}", kind="complaint", touchpoint="delivery")
        background()
        call("get", "/cases")
        with CaptureQueriesContext(connection) as queries:
            call("get", "/cases?limit=200")
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_rules_are_listed_and_made(lumi, call, gives, background):
    with CaptureQueriesContext(connection) as asked:
        assert [rule["name"] for rule in call("get", "/rules").json()["items"]][1:] == ["Complaints", "Bad scores", "Questions"]
    assert not any("inner_loop_rule" in one["sql"] for one in asked if not one["sql"].startswith("SELECT")), "who reads changes nothing"
    body = {"name": "Laskut", "position": 5, "conditions": {"words": ["lasku"], "attributes": {"segment": "home"}}, "team": "phones", "owner": "pekka@lumi.example.com", "promise_hours": 4}
    made = call("post", "/rules", body)
    assert (made.status_code, made.json()["team"], made.json()["conditions"]["attributes"]) == (201, "phones", {"segment": "home"})
    gives(text="Lasku tuli kahdesti", kind="idea", attributes={"segment": "home"})
    background()
    case = Case.objects.get()
    assert (case.owner, case.team, case.promise_hours) == (lumi.pekka, lumi.teams["phones"], 4)
    for wrong, code in (({"team": "nowhere"}, "unknown-team"), ({"owner": "elisa@lumi.example.com"}, "cannot-take-cases"), ({"conditions": {"weather": "bad"}}, "not-valid"), ({"priority": 9}, "not-valid")):
        answer = call("post", "/rules", body | wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert call("get", "/rules", scopes=("cases:read",)).status_code == 403
    assert call("post", "/rules", {"name": "Kaikki"}, team=lumi.teams["phones"]).status_code == 403
