"""While nothing can be stored each door says so, shows what was written, and does not call it a fault of ours."""

import json

import pytest
from django.db import OperationalError
from django.urls import reverse

from luuppi.capture.tracking_links import token_of
from luuppi.people.organising import create_token
from luuppi.running.patience import StoreIsSlow

WRITTEN = "Paketti tuli kaksi viikkoa myöhässä ja märkänä."


@pytest.fixture
def full_disk(monkeypatch):
    def cannot(*_arguments, **_named):
        raise OperationalError("database or disk is full")

    for act in ("luuppi.inner_loop.noting.write_note", "luuppi.journey.following.say_more", "luuppi.outer_loop.api.router.propose_improvement", "luuppi.capture.web.public.save_score"):
        monkeypatch.setattr(act, cannot)


@pytest.fixture
def case(lumi, gives, background):
    item = gives(text="Myöhässä", kind="complaint", touchpoint="delivery")
    background()
    return item.case_items.get().case


def test_pages_say_so_and_keep_what_was_written(full_disk, case, client, as_member, lumi):
    customer = client.post(reverse("tracking_reply", args=[token_of(case.lead_item_id)]), {"text": WRITTEN, "sending": "s" * 22}, headers={"Accept-Language": "en"})
    staff = as_member(lumi.sari).post(reverse("case_notes", args=["lumi", case.number]), {"note-text": WRITTEN, "note-key": "k"}, headers={"Accept-Language": "en"})
    for answer in (customer, staff):
        assert answer.status_code == 503 and answer["Retry-After"] == "5" and WRITTEN in answer.content.decode()
        assert "nothing of this was stored" in answer.content.decode()


def test_the_api_answers_with_a_problem_also_after_a_fault(full_disk, lumi, client, monkeypatch):
    by = {"Authorization": f"Bearer {create_token(lumi.organisation)[1]}"}
    send = lambda: client.post("/api/v1/improvements", json.dumps({"title": "x", "type": "process"}), content_type="application/json", headers=by | {"Idempotency-Key": "k"})  # noqa: E731
    assert (send().status_code, send().json()["code"], send()["Content-Type"]) == (503, "store-is-away", "application/problem+json"), "and the key is free again"

    def fault(*_arguments, **_named):
        raise RuntimeError("a bug")

    monkeypatch.setattr("luuppi.outer_loop.api.router.propose_improvement", fault)
    client.raise_request_exception = False
    assert (send().status_code, send().json()["code"], send()["Content-Type"]) == (500, "our-fault", "application/problem+json")


@pytest.mark.parametrize(("refusal", "code"), [(StoreIsSlow(retry_after=5), "busy"), (OperationalError("database or disk is full"), "store-is-away")])
def test_a_key_that_cannot_be_kept_is_a_problem_and_no_fault(lumi, client, monkeypatch, refusal, code):
    def cannot(*_arguments):
        raise refusal

    monkeypatch.setattr("luuppi.api.idempotency._claim", cannot)
    by = {"Authorization": f"Bearer {create_token(lumi.organisation)[1]}", "Idempotency-Key": "k"}
    answer = client.post("/api/v1/improvements", json.dumps({"title": "x", "type": "process"}), content_type="application/json", headers=by)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, code, "5")


def test_no_password_is_shown_again(client, db):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/account/login/", {"login": "aino@example.com", "password": "salainen sana 12", "text": WRITTEN})
    assert answer.status_code == 403 and "salainen" not in answer.content.decode() and WRITTEN in answer.content.decode()
