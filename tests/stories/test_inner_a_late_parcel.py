"""Stories of the inner loop: from what a customer says to the customer's own word that it is solved."""

from datetime import timedelta

import pytest
from django.utils import timezone

from luuppi.capture.tracking_links import token_of
from luuppi.inner_loop.models import Case
from luuppi.journal.models import LoopEvent, Progress
from luuppi.journal.recording import rebuild_progress


@pytest.fixture
def kinds_of():
    return lambda item: list(LoopEvent.objects.filter(item=item.pk).order_by("id").values_list("kind", flat=True))


@pytest.fixture
def leaves(background):
    """Eleven seconds pass: what could be taken back has left."""
    return lambda: background(until=timezone.now() + timedelta(seconds=11))


def test_a_late_parcel_is_answered_closed_and_confirmed_by_aino(lumi, gives, background, leaves, as_member, client, mailoutbox, kinds_of):
    item = gives(
        text="Paketti tuli kaksi viikkoa myöhässä.", kind="complaint", touchpoint="delivery", scores={"csat": 2}, language="fi", customer={"external_id": "C-1001", "email": "aino@example.com", "name": "Aino"}
    )
    background()
    mikko = as_member(lumi.mikko)
    case = Case.objects.get()
    assert f"/o/lumi/cases/{case.number}" in mikko.get("/o/lumi/today").content.decode()

    mikko.post(f"/o/lumi/cases/{case.number}/answers", {"text": "Hei Aino, olen pahoillani. Uusi paketti lähti tänään.", "key": "a"})
    leaves()
    assert mailoutbox[0].to == ["aino@example.com"] and "Uusi paketti lähti tänään." in mailoutbox[0].body

    mikko.post(f"/o/lumi/cases/{case.number}/closure", {"closure-outcome": "solved", "closure-key": "b"})
    leaves()
    token = token_of(item.pk)
    assert f"/t/{token}" in mailoutbox[1].body
    page = client.get(f"/t/{token}").content.decode()
    assert "Uusi paketti lähti tänään." in page

    client.post(f"/t/{token}/confirmation", {"solved": "yes"})
    item.progress.refresh_from_db()
    assert item.progress.solved_at and item.progress.line.code == "dddno"
    said = kinds_of(item)
    assert [kind for kind in said if kind in ("received", "case_opened", "assigned", "answered", "closed", "solved")] == ["received", "case_opened", "assigned", "answered", "closed", "solved"]
    assert rebuild_progress() == 0


def test_eero_says_no_and_sari_sees_it_on_her_page(lumi, gives, background, leaves, as_member, client):
    item = gives(text="Palautin takin, eikä rahoja näy.", kind="complaint", touchpoint="delivery", customer={"external_id": "C-2", "email": "eero@example.com", "name": "Eero"})
    background()
    case = Case.objects.get()
    mikko = as_member(lumi.mikko)
    mikko.post(f"/o/lumi/cases/{case.number}/closure", {"closure-outcome": "solved", "closure-text": "Rahat tulevat.", "closure-key": "c"})
    leaves()
    client.post(f"/t/{token_of(item.pk)}/confirmation", {"solved": "no"})
    case.refresh_from_db()
    assert (case.state, case.owner, case.reopened_count) == ("open", lumi.mikko, 1)
    assert "Palautin takin" in as_member(lumi.sari).get("/o/lumi/today").content.decode()


def test_who_gives_no_address_reads_the_answer_on_the_tracking_page(lumi, gives, background, as_member, client, mailoutbox):
    item = gives(text="Miksi kaappi ei aukea?", kind="question", touchpoint="delivery")
    background()
    case = Case.objects.get()
    as_member(lumi.mikko).post(f"/o/lumi/cases/{case.number}/answers", {"text": "Koodi vanheni. Uusi on 4471.", "key": "d"})
    assert mailoutbox == [] and Progress.objects.get(item=item.pk).answered_at
    assert "Koodi vanheni. Uusi on 4471." in client.get(f"/t/{token_of(item.pk)}").content.decode()


def test_the_reply_on_the_tracking_page_comes_back_to_the_case(lumi, gives, background, leaves, as_member, client):
    item = gives(text="Missä pakettini on?", kind="question", touchpoint="delivery", customer={"external_id": "C-3", "email": "aino@example.com"})
    background()
    case = Case.objects.get()
    mikko = as_member(lumi.mikko)
    mikko.post(f"/o/lumi/cases/{case.number}/answers", {"text": "Se on matkalla.", "key": "e"})
    leaves()
    client.post(f"/t/{token_of(item.pk)}/reply", {"text": "Ei näy vieläkään.", "key": "f", "sending": "f" * 32})
    case.refresh_from_db()
    assert case.state == "open"
    assert "Ei näy vieläkään." in as_member(lumi.mikko).get(f"/o/lumi/cases/{case.number}").content.decode()


def test_olof_never_sees_a_thing_of_it(lumi, other, gives, background, as_member):
    gives(text="Lumin salaisuus", kind="complaint", touchpoint="delivery")
    background()
    case = Case.objects.get()
    olof = as_member(other.olof)
    for address in ("today", "cases", f"cases/{case.number}", "settings/rules"):
        assert olof.get(f"/o/lumi/{address}").status_code == 404
    for address in ("today", "cases?queue=team"):
        assert "Lumin salaisuus" not in olof.get(f"/o/norrsken/{address}").content.decode()
