"""POST and GET /feedback through the API's doors."""

import io
import json
from datetime import date

import pytest

from luuppi.capture.api import intake
from luuppi.capture.models import FeedbackItem
from luuppi.people.models import ApiToken
from luuppi.people.organising import create_token


@pytest.fixture
def token(lumi):
    return create_token(lumi.organisation, name="crm")[1]


@pytest.fixture
def post(client, token):
    def send(path, body, **headers):
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return client.post(f"/api/v1{path}", data, content_type="application/json", headers={"Authorization": f"Bearer {token}", **headers})

    return send


def test_an_item_is_stored_and_answered_with_its_tracking_link(post, client, token):
    answer = post("/feedback", {"text": "Paketti tuli myöhässä", "scores": {"nps": 2}, "external_id": "crm-1"})
    assert answer.status_code == 201
    assert "/t/" in answer.json()["tracking_url"]
    said = {"text": "Paketti tuli myöhässä", "scores": {"nps": 2}, "external_id": "crm-1", "kind": "survey", "channel": "api", "source": "crm"}
    assert answer.json().items() >= said.items() and "attributes" not in answer.json()
    again = post("/feedback", {"text": "Paketti tuli myöhässä", "scores": {"nps": 2}, "external_id": "crm-1"})
    assert again.status_code == 200 and again.json()["id"] == answer.json()["id"] and again.json()["status"] == "same"
    assert set(again.json()) == {"id", "reference", "status", "tracking_url", "differs"}
    shown = client.get(f"/api/v1/feedback/{answer.json()['id']}", headers={"Authorization": f"Bearer {token}"}).json()
    assert (shown["source"], shown["scores"], shown["text"]) == ("crm", {"nps": 2}, "Paketti tuli myöhässä")


@pytest.mark.parametrize(("asked", "n"), [("until=9999-12-31", 1), ("since=0001-01-01", 1), ("until=0001-01-01", 0), ("since=9999-12-31", 0)])
def test_the_first_and_the_last_day_there_are_bound_like_any_other(post, client, token, asked, n):
    post("/feedback", {"text": "Yksi"})
    found = client.get(f"/api/v1/feedback?{asked}", headers={"Authorization": f"Bearer {token}"})
    assert (found.status_code, len(found.json()["items"])) == (200, n)


def test_the_day_a_token_was_used_is_the_organisations_own(post, clock):
    clock("2026-11-23T22:30:00Z")  # half past midnight in Helsinki
    assert post("/feedback", {"text": "Yöllä"}).status_code == 201
    assert ApiToken.objects.get().last_used_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"text": "x", "colour": "red"}, "/colour"),
        ({"scores": {"nps": 11}}, "/scores/nps"),
        ({"scores": {"csat": 0}}, "/scores/csat"),
        ({"text": "x", "occurred_at": "2999-01-01T00:00:00Z"}, "/occurred_at"),
        ({"text": "x" * 50_001}, "/text"),
        *[({"text": "x", "customer": {"email": one}}, "/customer/email") for one in ("aino", "a@c", "a@c..fi", "a@c.fi,", "a@c.fi;b@c.fi", "Aino <a@c.fi>", "a,b@c.fi", "a@c.fi.")],
        ('{"text": "x", "attributes": {"value_eur": NaN}}', "/attributes/value_eur"),
        ('{"text": "x", "attributes": {"value_eur": 1e999}}', "/attributes/value_eur"),
        ('{"answers": [{"question": "why", "value": -Infinity}]}', "/answers/0/value"),
        ({}, "/"),
    ],
)
def test_what_is_not_right_is_named_and_nothing_is_stored(post, body, place):
    answer = post("/feedback", body)
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not-valid" and answer.json()["errors"][0]["pointer"] == place
    assert FeedbackItem.objects.count() == 0


@pytest.mark.parametrize("body", ["{not json", b'{"text": "\xff"}', b"\x00", "[]x"])
def test_what_is_not_json_says_so_at_both_doors(lumi, post, token, body):
    answer = post("/feedback", body)
    assert answer.status_code == 400 and answer.json()["code"] == "not-json"
    raw = body if isinstance(body, bytes) else body.encode()
    assert call(intake.one, environ(token, raw))[0] == "400 Bad Request"
    assert FeedbackItem.objects.count() == 0


def test_the_same_idempotency_key_gives_the_first_answer_again(post):
    body = {"text": "Kiitos!", "kind": "praise"}
    first = post("/feedback", body, **{"Idempotency-Key": "a"})
    again = post("/feedback", body, **{"Idempotency-Key": "a"})
    other = post("/feedback", {"text": "Muuta"}, **{"Idempotency-Key": "a"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json()["id"] == again.json()["id"] and other.json()["code"] == "key-used"


def test_two_systems_may_count_their_sendings_alike(post, lumi):
    shop = {"Authorization": f"Bearer {create_token(lumi.organisation, name='shop')[1]}"}
    ids = {post("/feedback", {"text": text}, **{"Idempotency-Key": "1"}, **headers).json()["id"] for text, headers in (("Kassalta", {}), ("Kaupasta", shop))}
    assert len(ids) == 2 and FeedbackItem.objects.count() == 2


def test_a_teams_token_gets_no_link_of_another_teams_item(post, lumi):
    theirs = {"text": "Meille", "touchpoint": "customer-service", "external_id": "C-9", "source": "shop"}
    assert post("/feedback", theirs).json()["tracking_url"]
    secret = create_token(lumi.organisation, name="shop", team=lumi.teams["delivery"])[1]
    known = post("/feedback", theirs, Authorization=f"Bearer {secret}")
    assert (known.status_code, known.json()["status"], known.json()["tracking_url"]) == (200, "same", None)
    own = {"text": "Omille", "touchpoint": "delivery", "external_id": "C-10", "source": "shop"}
    assert [post("/feedback", own, Authorization=f"Bearer {secret}").json()["tracking_url"] is not None for _again in range(2)] == [True, True]


def test_both_doors_of_an_item_answer_alike(post, lumi, token):
    def answers(item, secret=token):
        by_django = post("/feedback", item, Authorization=f"Bearer {secret}")
        status, body = call(intake.one, environ(secret, json.dumps(item).encode()))
        own = {"id": "", "reference": "", "tracking_url": "…"} if by_django.status_code == 201 else {}
        return [(by_django.status_code, by_django.json() | own), (int(status[:3]), json.loads(body) | own)]

    new = {"text": "Ääkkösiä", "scores": {"csat": 2}, "touchpoint": "customer-service", "attributes": {"segment": "home"}, "occurred_at": "2026-01-02T03:04:05Z"}
    one, other = answers(new)
    assert one == other and one[0] == 201 and one[1]["occurred_at"] == new["occurred_at"]
    post("/feedback", new | {"external_id": "C-9", "source": "shop"})
    teams = create_token(lumi.organisation, name="shop", team=lumi.teams["delivery"])[1]
    one, other = answers(new | {"external_id": "C-9", "source": "shop", "text": "Toinen"}, teams)
    assert one == other and (one[0], one[1]["differs"], one[1]["tracking_url"]) == (200, ["text"], None)


def test_without_a_token_nothing_opens(client, other, lumi, gives):
    item = gives(text="Salainen")
    assert client.get(f"/api/v1/feedback/{item.pk}").status_code == 401
    strange = create_token(other.organisation)[1]
    for path in (f"/api/v1/feedback/{item.pk}", "/api/v1/feedback/12345"):
        answer = client.get(path, headers={"Authorization": f"Bearer {strange}"})
        assert answer.status_code == 404 and answer.json()["code"] == "no-such-feedback"


def test_a_token_without_the_scope_is_told_which_one_it_lacks(client, lumi):
    poor = create_token(lumi.organisation, scopes=["figures:read"])[1]
    answer = client.get("/api/v1/feedback", headers={"Authorization": f"Bearer {poor}"})
    assert answer.status_code == 403 and "feedback:read" in answer.json()["detail"]


def test_the_list_pages_by_cursor_and_filters(client, lumi, gives, token):
    for n in range(5):
        gives(text=f"Palaute {n}", scores={"nps": n * 2}, touchpoint="delivery" if n % 2 else "web-shop")
    get = lambda query: client.get(f"/api/v1/feedback?{query}", headers={"Authorization": f"Bearer {token}"}).json()  # noqa: E731
    first = get("limit=2")
    second = get(f"limit=2&cursor={first['next']}")
    third = get(f"limit=2&cursor={second['next']}")
    assert [i["text"][-1] for page in (first, second, third) for i in page["items"]] == list("43210") and third["next"] is None
    assert [i["text"][-1] for i in get("touchpoint=delivery")["items"]] == ["3", "1"]
    assert [i["text"][-1] for i in get("score=nps:0-4")["items"]] == ["2", "1", "0"]
    assert "nps goes from 0 to 10" in get("score=nps:0-99")["detail"]
    assert get("step=!read")["items"] and not get("step=read")["items"]


def environ(token, body, **more):
    return {"REQUEST_METHOD": "POST", "HTTP_AUTHORIZATION": f"Bearer {token}", "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), **more}


def call(door, env):
    said = {}
    body = b"".join(door(env, lambda status, headers: said.update(status=status, headers=dict(headers))))
    return said["status"], body


@pytest.mark.parametrize("path", ["/feedback?touchpiont=delivery", "/cases?touchpiont=delivery", "/rules?touchpiont=delivery", "/feedback?limit=2&touchpiont="])
def test_a_question_with_a_misspelt_filter_is_not_answered_as_another_one(client, lumi, token, path):
    answer = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"], answer.json()["errors"]) == (422, "unknown-parameter", [{"pointer": "/query/touchpiont", "detail": "unknown"}])
    assert client.get(f"/api/v1{path}").status_code == 401, "a stranger learns that first"


def test_an_act_with_a_parameter_or_a_field_that_is_not_there_is_not_done(client, lumi, token):
    bearer = {"Authorization": f"Bearer {token}"}
    for method, path, body in (
        (client.post, "/feedback?dry_run=1", {"text": "a"}), (client.post, "/themes?dry_run=1", {"name": {"en": "Late"}}), (client.delete, "/customers/1?dry_run=1", None),
        (client.put, "/feedback/1/themes?dry_run=1", {"themes": []}),
    ):  # fmt: skip
        answer = method(f"/api/v1{path}", body, content_type="application/json", headers=bearer)
        assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": "/query/dry_run", "detail": "unknown"}]), path
        assert method(f"/api/v1{path}", body, content_type="application/json").status_code == 401
    for door in (intake.one, intake.batch):
        status, body = call(door, environ(token, b'{"text": "a"}', QUERY_STRING="dry_run=1"))
        assert status.startswith("422") and json.loads(body)["code"] == "unknown-parameter"
    described = client.get("/api/v1/openapi.json").json()
    bodies = {part["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2] for act in described["paths"].values() for one in act.values() if (part := one.get("requestBody")) and "application/json" in part["content"]}
    assert len(bodies) > 10 and [name for name in bodies if described["components"]["schemas"][name].get("additionalProperties") is not False] == []
    assert not FeedbackItem.objects.exists() and not lumi.organisation.themes.exists()


def test_a_batch_answers_each_line_in_order(lumi, token):
    lines = b'{"text": "yksi", "external_id": "1"}\n\n{"text": ""}\n{"text": "yksi muuttui", "external_id": "1"}\nnonsense\n{"text": "kaksi"}\n{"text": "x", "attributes": {"a": NaN}}\n{"text": "kolme"}'
    status, body = call(intake.batch, environ(token, lines))
    answers = [json.loads(line) for line in body.splitlines()]
    assert status == "200 OK" and [(a["line"], a["status"]) for a in answers] == [(1, "new"), (2, "bad"), (3, "same"), (4, "bad"), (5, "new"), (6, "bad"), (7, "new")]
    assert answers[5]["problem"] == "attributes.a: Input should be a finite number"
    assert answers[2]["differs"] == ["text"] and answers[2]["id"] == answers[0]["id"]


def test_a_batch_may_be_sent_again_with_its_key(lumi, token):
    lines = b'{"text": "a"}\n{"text": "b"}\n'
    for expected in ("new", "same"):
        _status, body = call(intake.batch, environ(token, lines, HTTP_IDEMPOTENCY_KEY="batch-1"))
        assert [json.loads(line)["status"] for line in body.splitlines()] == [expected] * 2
    assert FeedbackItem.objects.count() == 2
    assert call(intake.batch, environ(token, lines, HTTP_IDEMPOTENCY_KEY="k" * 151))[0] == "422 Unprocessable Content", "two long keys must not become one"


def test_a_body_that_ends_early_or_never_is_refused(lumi, token):
    short = environ(token, b'{"text": "a"}') | {"CONTENT_LENGTH": "500"}
    assert call(intake.one, short)[0] == "400 Bad Request"
    endless = environ(token, b"x" * 1_100_000)
    assert call(intake.one, endless)[0] == "413 Content Too Large"
    assert FeedbackItem.objects.count() == 0


def test_an_address_that_is_not_there_is_refused_like_everything_else(client, db):
    answer = client.post("/api/v1/nonsense", {}, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (404, "application/problem+json", "no-such-address")
    assert client.get("/api/v1/openapi.json").status_code == 200
