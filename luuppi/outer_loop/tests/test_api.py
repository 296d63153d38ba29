"""The API of themes, causes, improvements and telling: the twins of the pages."""

import json
from datetime import timedelta

import pytest

from luuppi.api import idempotency
from luuppi.api.models import KeptAnswer
from luuppi.outer_loop.models import Improvement
from luuppi.people.organising import create_token


@pytest.fixture
def call(client, lumi):
    secret = create_token(lumi.organisation, name="crm")[1]

    def send(method, path, body=None, token=None, **headers):
        data = None if body is None else body if isinstance(body, (str, bytes)) else json.dumps(body)
        return client.generic(method, f"/api/v1{path}", data or "", content_type="application/json", headers={"Authorization": f"Bearer {token or secret}", **headers})

    return send


def test_a_whole_outer_loop_by_the_api(call, lumi, gives, background):
    item = gives(text="Paketti seisoi viikonlopun", scores={"nps": 2}, touchpoint="delivery", language="fi")
    background()
    theme = call("POST", "/themes", {"name": {"fi": "Viikonloppu", "en": "Weekend"}})
    assert theme.status_code == 201 and theme.json()["key"] == "weekend"
    put = call("PUT", f"/feedback/{item.pk}/themes", {"themes": [{"theme": theme.json()["id"], "polarity": -1}]})
    assert put.status_code == 200 and put.json()["themes"][0]["polarity"] == -1 and put.json()["steps"]["read"]
    cause = call("POST", "/root-causes", {"title": "Ei lajitella", "polarity": "problem", "whys": ["Vuorot"], "evidence": [str(item.pk)], "themes": [theme.json()["id"]]})
    assert cause.status_code == 201 and cause.json()["n_evidence"] == 1
    body = {"title": "Lajittelu lauantaisin", "type": "process", "because_of": [str(item.pk)], "root_causes": [cause.json()["id"]], "owner": lumi.sari.email, "due_on": "9999-12-31"}
    made = call("POST", "/improvements", body)
    assert made.status_code == 201 and made.json()["touchpoint"] == "delivery" and made.json()["owner"] == lumi.sari.email
    path = f"/improvements/{made.json()['number']}"
    assert call("POST", f"{path}/start", {}).json()["code"] == "not-accepted"
    assert call("POST", f"{path}/telling", {}).json()["code"] == "nothing-to-tell"
    assert call("GET", f"{path}/effect").json()["why_silent"] == "not_done"
    decided = call("POST", f"{path}/decision", {"accepted": True, "reason": "Kyllä", "as": lumi.leena.email})
    assert decided.status_code == 200 and decided.json()["state"] == "accepted"
    assert call("POST", f"{path}/decision", {"accepted": True, "reason": "Kyllä"}).status_code == 200, "the same decision again changes nothing"
    assert call("POST", f"{path}/decision", {"accepted": False, "reason": "Ei"}).json()["code"] == "already-decided"
    assert call("POST", f"{path}/start", {}).json()["state"] == "under_way"
    assert call("POST", f"{path}/completion", {"text": {"fi": "Lajittelemme lauantaisin."}}).json()["state"] == "done"
    background()
    told = call("POST", f"{path}/telling", {})
    assert told.status_code == 202 and told.json() == {"to_tell": 1, "by_mail": 0, "on_page": 1, "not_wanted": 0}
    assert call("POST", f"{path}/telling", {}).json()["to_tell"] == 0
    effect = call("GET", f"{path}/effect").json()
    assert effect["value"] is None and effect["reads_on"] and not effect["final"]
    assert call("GET", f"/feedback/{item.pk}").json()["steps"]["used"]
    assert [i["number"] for i in call("GET", "/improvements?state=done").json()["items"]] == [1] and call("GET", "/improvements?state=proposed").json()["items"] == []
    assert call("GET", "/themes").json()["items"][0]["name"] == {"fi": "Viikonloppu", "en": "Weekend"}


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), [
    ("POST", "/improvements", {"title": "", "type": "process"}, 422, "not-valid"), ("POST", "/improvements", {"title": "a", "type": "magic"}, 422, "not-valid"),
    ("POST", "/improvements", {"title": "a", "type": "process", "colour": 1}, 422, "not-valid"), ("POST", "/improvements", {"title": "a", "type": "process", "because_of": ["x"]}, 422, "not-valid"),
    ("POST", "/improvements", {"title": "a", "type": "process", "because_of": ["12345"]}, 422, "unknown-feedback"),
    ("POST", "/improvements", {"title": "a", "type": "process", "root_causes": ["12345"]}, 422, "unknown-root-cause"),
    ("POST", "/improvements", {"title": "a", "type": "process", "owner": "mikko@lumi.example.com"}, 422, "owner-may-not"),
    ("POST", "/improvements", {"title": "a", "type": "process", "owner": "nobody@example.com"}, 422, "unknown-member"),
    ("POST", "/improvements", {"title": "a", "type": "process", "as": "elisa@lumi.example.com"}, 403, "outside-your-authority"),
    ("POST", "/improvements", {"title": "a", "type": "process", "due_on": "soon"}, 422, "not-valid"),
    ("POST", "/improvements", "{", 400, "not-json"), ("GET", "/improvements/x", None, 404, "no-such-improvement"), ("GET", "/improvements/99999999999999", None, 404, "no-such-improvement"),
    ("POST", "/improvements/7/decision", {"accepted": True, "reason": "a"}, 404, "no-such-improvement"), ("POST", "/improvements/7/decision", {"accepted": "perhaps", "reason": "a"}, 422, "not-valid"),
    ("POST", "/root-causes", {"title": "a", "polarity": "neither"}, 422, "not-valid"), ("POST", "/root-causes", {"title": "a", "polarity": "problem", "themes": ["999"]}, 422, "unknown-theme"),
    ("PUT", "/root-causes/12345/words", {"title": {"en": "a"}}, 404, "no-such-root-cause"), ("PUT", "/root-causes/abc/words", {"title": {"en": "a"}}, 404, "no-such-root-cause"),
    ("PUT", "/root-causes/1/words", {"title": {}}, 422, "not-valid"),
    ("POST", "/themes", {"name": {}}, 422, "not-valid"), ("POST", "/themes", {"name": {"xx": "a"}}, 422, "not-valid"), ("POST", "/themes", {"name": {"en": "a"}, "parent": "999"}, 422, "unknown-theme"),
    ("PUT", "/feedback/12345/themes", {"themes": []}, 404, "no-such-feedback"), ("PUT", "/feedback/abc/themes", {"themes": []}, 404, "no-such-feedback"),
    ("POST", "/improvements", {"title": "\x00", "type": "process"}, 422, "not-valid"), ("POST", "/improvements", {"title": "a", "type": "process", "as": "\x00"}, 422, "not-valid"),
    ("POST", "/themes", {"name": {"en": "\x00\u200b"}}, 422, "not-valid"), ("GET", "/root-causes?cursor=!!", None, 422, "bad-cursor"),
])  # fmt: skip
def test_what_is_not_right_is_said_by_code(call, method, path, body, status, code):
    answer = call(method, path, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code) and answer["Content-Type"] == "application/problem+json"


def test_a_root_cause_is_said_in_further_languages(call):
    made = call("POST", "/root-causes", {"title": {"fi": "Kukaan ei lajittele"}, "polarity": "problem", "whys": {"fi": ["Vuorot"]}}).json()
    path, words = f"/root-causes/{made['id']}/words", {"title": {"fi": "Kukaan ei lajittele", "en": "Nobody sorts"}, "whys": {"en": ["Shifts"]}}
    said = call("PUT", path, words).json()
    assert said["titles"] == words["title"] and said["whys_by_language"] == words["whys"] and said["id"] == made["id"]
    assert call("GET", "/root-causes").json()["items"][0]["titles"] == words["title"]
    swedish = call("PUT", path, {"title": {"sv": "Ingen sorterar"}}).json()
    assert swedish["whys_by_language"] == words["whys"] and swedish["whys"] == ["Shifts"] and swedish["title"] == "Ingen sorterar", "nothing is lost that was not spoken of"


def test_what_is_said_at_the_start_is_told_at_the_end_unless_it_is_said_otherwise_then(call, lumi):
    call("POST", "/improvements", {"title": "Lauantait", "type": "process"})
    call("POST", "/improvements/1/decision", {"accepted": True, "reason": "Kyllä"})
    assert call("POST", "/improvements/1/start", {"text": {"fi": "Lajittelemme pian.", "en": "We sort on Saturdays."}}).status_code == 200
    assert call("POST", "/improvements/1/completion", {"text": {"fi": "Lajittelemme lauantaisin."}}).status_code == 200
    assert Improvement.objects.get().done_texts == {"fi": "Lajittelemme lauantaisin.", "en": "We sort on Saturdays."}


def test_control_signs_and_direction_tricks_are_left_out(call):
    made = call("POST", "/improvements", {"title": "a\x00b\u202e", "type": "process"})
    assert made.status_code == 201 and made.json()["title"] == "ab"
    assert call("POST", "/themes", {"name": {"en": "L\x00ate"}}).json()["name"] == {"en": "Late"}
    assert call("POST", "/root-causes", {"title": "x\x00", "polarity": "problem", "whys": ["y\x00"]}).json()["whys"] == ["y"]


def test_the_same_idempotency_key_proposes_once(call):
    body = {"title": "Kerran", "type": "process"}
    first, again = (call("POST", "/improvements", body, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json()["number"] == again.json()["number"] == 1
    assert call("POST", "/improvements", body).json()["number"] == 2


def test_a_key_whose_act_died_is_free_after_a_minute_and_one_that_still_runs_says_so(call, time_machine):
    body = {"title": "Kerran", "type": "process"}
    assert call("POST", "/improvements", body, **{"Idempotency-Key": "k"}).status_code == 201
    KeptAnswer.objects.update(status=None, body=b"")  # as `kill -9` leaves it: begun, and nothing done
    Improvement.objects.all().delete()
    begun = KeptAnswer.objects.get().at
    for seconds, status in ((2, 409), (90, 201), (95, 201)):
        time_machine.move_to(begun + timedelta(seconds=seconds))
        assert call("POST", "/improvements", body, **{"Idempotency-Key": "k"}).status_code == status
    assert Improvement.objects.count() == 1


def test_an_act_and_its_kept_answer_are_one(call, monkeypatch):
    def dies(*_arguments):
        raise RuntimeError("killed between the act and its answer")

    monkeypatch.setattr(idempotency, "_keep", dies)
    with pytest.raises(RuntimeError):
        call("POST", "/improvements", {"title": "Kerran", "type": "process"}, **{"Idempotency-Key": "k"})
    assert not Improvement.objects.exists()


def test_another_organisation_and_a_token_without_scope_get_nothing(call, lumi, other, gives):
    item = gives(text="Salainen")
    assert call("POST", "/improvements", {"title": "Salainen", "type": "process"}).status_code == 201
    strange, poor = create_token(other.organisation)[1], create_token(lumi.organisation, scopes=["feedback:write"])[1]
    for path in ("/improvements/1", "/improvements/1/effect"):
        assert call("GET", path, token=strange).status_code == 404 and call("GET", path, token=poor).json()["code"] == "scope-missing"
    for act, body in (("decision", {"accepted": True, "reason": "x"}), ("start", {}), ("completion", {}), ("telling", {})):
        assert call("POST", f"/improvements/1/{act}", body, token=strange).status_code == 404
        assert call("POST", f"/improvements/1/{act}", body, token=poor).status_code == 403
    assert call("PUT", f"/feedback/{item.pk}/themes", {"themes": []}, token=strange).status_code == 404
    assert call("POST", "/root-causes", {"title": "a", "polarity": "problem", "evidence": [str(item.pk)]}, token=strange).json()["code"] == "unknown-feedback"
    assert call("GET", "/improvements", token=strange).json()["items"] == [] and call("GET", "/themes", token=strange).json()["items"] == []


def test_a_token_of_one_team_sees_its_branch(call, lumi, gives):
    delivery = create_token(lumi.organisation, team=lumi.teams["delivery"])[1]
    phones = create_token(lumi.organisation, team=lumi.teams["phones"])[1]
    item = gives(text="Paketti", touchpoint="delivery")
    assert call("POST", "/improvements", {"title": "Toimitus", "type": "process", "because_of": [str(item.pk)]}).json()["touchpoint"] == "delivery"
    assert call("GET", "/improvements/1", token=delivery).status_code == 200 and call("GET", "/improvements/1", token=phones).status_code == 404
    assert call("POST", "/improvements", {"title": "a", "type": "process", "because_of": [str(item.pk)]}, token=phones).json()["code"] == "unknown-feedback"
    assert call("POST", "/improvements", {"title": "Puhelin", "type": "skill"}, token=phones).status_code == 201
    assert call("GET", "/improvements/2", token=phones).status_code == 200
