"""Erasure: the person goes from every table and file, the statistics stay, and no file brings the person back."""

import json
import re
import threading
import time
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection, transaction

from luuppi.capture.drafts import Draft, FeedbackIn
from luuppi.capture.models import FeedbackItem, Survey, SurveyDraft
from luuppi.capture.receiving import receive
from luuppi.capture.tracking_links import token_of
from luuppi.errors import NotAllowed
from luuppi.inner_loop import answering, assigning, noting, routing
from luuppi.inner_loop.models import Case
from luuppi.journal.models import LoopEvent, Progress
from luuppi.journal.recording import rebuild_progress
from luuppi.journey.erasing import CONFIRM, ask_for_erasure, confirm_erasure, erase_customer, erase_giver
from luuppi.journey.following import say_more
from luuppi.journey.models import ErasureRequest
from luuppi.journey.refusals import ItIsErased
from luuppi.meaning.models import Reading
from luuppi.meaning.searching import find
from luuppi.people.models import Customer
from luuppi.people.organising import create_token

LATER = datetime(2099, 1, 1, tzinfo=UTC)
MARK = "zanzibarq"  # stands in everything that is Aino's


@pytest.fixture(autouse=True)
def mail_in_files(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.MAIL_URL, settings.OUTBOX = "luuppi.delivery.backends.MailUrlBackend", "file:", tmp_path / "outbox"


@pytest.fixture
def aino(lumi, gives, background):
    """Aino has been everywhere: items, answers in words, additions, the same id with other words, a case with mail, notes and replies."""
    who = {"external_id": f"C-{MARK}", "email": f"{MARK}@example.com", "phone": "+358401234567", "name": f"Aino {MARK}"}
    item = gives(
        text=f"Paketti {MARK} oli myöhässä", kind="complaint", touchpoint="delivery", language="fi", scores={"nps": 2}, customer=who, external_id=f"crm-{MARK}", wants_contact=True,
        answers=[{"question": "why", "value": f"koska {MARK}"}, {"question": "how_easy", "value": 3}], attributes={"segment": "home", "agent": MARK},
    )  # fmt: skip
    gives(text=f"Toinen {MARK}", kind="praise", customer={"external_id": who["external_id"]})
    receive([Draft(FeedbackIn(text=f"Muuttunut {MARK}", customer=who, external_id=f"crm-{MARK}"), channel="api", source="test", knows_addresses=True)], organisation=lumi.organisation, by="customer")
    background()
    case = Case.objects.get(case_items__item=item.pk)
    assigning.take_case(case, by=lumi.mikko)
    noting.write_note(case, text=f"Soitin: {MARK}", by=lumi.mikko)
    answering.write_answer(case, text=f"Hei {MARK}, perjantaina.", by=lumi.mikko)
    background(until=LATER)
    say_more(item, text=f"Kiitos, t. {MARK}", key="k1")
    answering.write_answer(Case.objects.get(pk=case.pk), text=f"Ole hyvä {MARK}", by=lumi.mikko)
    survey = Survey.objects.create(organisation=lumi.organisation, key="kysely", name="Toimitus")
    SurveyDraft.objects.create(survey=survey, token="t", answers={"why": MARK}, language="fi", started_at=item.received_at, updated_at=item.received_at, item_id=item.pk)
    return item


def where_it_stands(mark: str) -> list[str]:
    """Every table and column of the database that holds the mark, those of the search index too, and the files of the outbox."""
    found = []
    with connection.cursor() as cursor:
        tables = [table.name for table in connection.introspection.get_table_list(cursor) if table.type == "t"]
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found += [f"{table}.{name}" for name, value in zip(names, row, strict=True) if mark in (bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else str(value)).lower()]
    found += [path.name for path in settings.OUTBOX.glob("*.eml") if mark in path.read_text().lower()] if settings.OUTBOX.is_dir() else []
    return sorted(set(found))


def test_nothing_of_an_erased_person_stands_in_any_table_or_file(aino, lumi, background):
    before = where_it_stands(MARK)
    assert {"capture_feedbackitem.text", "inner_loop_message.text", "delivery_outgoing.text", "meaning_reading.stems", "people_customer.name", "capture_variant.content"} <= set(before)
    assert any(name.endswith(".eml") for name in before)
    done = erase_customer(aino.customer, by=lumi.admin)
    background(until=LATER)
    assert where_it_stands(MARK) == [] and (done.items, done.cases) == (2, 1)


def test_the_statistics_stay_and_nobody_waits_for_an_answer_any_more(aino, lumi):
    before = Progress.objects.values("answered_at", "read_at").get(pk=aino.pk)
    erase_customer(aino.customer, by=lumi.admin)
    item = FeedbackItem.objects.select_related("progress", "reading").get(pk=aino.pk)
    assert (item.nps, item.kind, item.touchpoint.key, item.reading.language, item.customer) == (2, "complaint", "delivery", "fi", None)
    assert item.reading.masked_text == ""
    assert item.answers == [{"question": "how_easy", "value": 3}] and item.attributes == {"segment": "home"}
    assert Progress.objects.values("answered_at", "read_at").get(pk=aino.pk) == before
    assert not Progress.objects.filter(unheard=True).exists()
    case = Case.objects.get()
    assert case.is_closed and case.customer is None and case.messages.count() == 0
    assert LoopEvent.objects.filter(item=aino.pk, kind="erased", by=lumi.admin.actor).count() == 1
    assert rebuild_progress() == 0


def test_no_import_brings_an_erased_person_or_item_back(aino, lumi):
    erase_customer(aino.customer, by=lumi.admin)
    again = [
        FeedbackIn(text="Uusi", customer={"external_id": f"C-{MARK}", "name": "Aino"}),
        FeedbackIn(text="Sama rivi", external_id=f"crm-{MARK}"),
        FeedbackIn(text="Eeron", customer={"external_id": "C-2"}, external_id="crm-2"),
    ]
    received = receive([Draft(one, channel="api", source="test", knows_addresses=True) for one in again], organisation=lumi.organisation, by="customer")
    assert [(one.status, one.code) for one in received] == [("bad", "customer-erased"), ("bad", "customer-erased"), ("new", "")]


def test_an_erased_item_is_not_found_by_its_words_and_takes_no_more(client, aino, lumi, as_member):
    assert find(FeedbackItem.objects.all(), MARK, lumi.admin).exists()
    erase_customer(aino.customer, by=lumi.admin)
    assert not find(FeedbackItem.objects.all(), MARK, lumi.admin).exists() and Reading.objects.get(pk=aino.pk).stems == ""
    page = client.get(f"/t/{token_of(aino.pk)}?lang=en").content.decode()
    assert "Your details have been erased" in page and "<textarea" not in page and 'name="act"' not in page
    with pytest.raises(ItIsErased):
        say_more(aino, text="Vielä", key="k2")
    assert client.post(f"/t/{token_of(aino.pk)}/reply", {"text": "Vielä"}).status_code == 409
    staff = as_member(lumi.admin).get(f"/o/lumi/feedback/{aino.pk}?lang=en").content.decode()
    assert "The words have been erased." in staff and "Answer the customer" not in staff


def test_only_an_administrator_of_the_same_organisation_erases(aino, lumi, other, as_member):
    for person in (lumi.mikko, lumi.leena, lumi.antti, other.admin):
        with pytest.raises(NotAllowed):
            erase_customer(aino.customer, by=person)
    for person in (lumi.mikko, lumi.leena, other.admin):
        client = as_member(person)
        assert {client.get(path).status_code for path in ("/o/lumi/settings/erasure", f"/o/lumi/feedback/{aino.pk}/erasure")} == {404}
        assert client.post(f"/o/lumi/feedback/{aino.pk}/erasure").status_code == 404
    assert where_it_stands(MARK) != []


def test_the_giver_asks_confirms_by_mail_and_an_administrator_carries_it_out(client, aino, lumi, as_member, background):
    tracking = f"/t/{token_of(aino.pk)}"
    client.post(f"{tracking}/withdrawal", {"act": "erase"})
    client.post(f"{tracking}/withdrawal", {"act": "erase"})
    request = ErasureRequest.objects.get()
    assert request.by_mail and request.waits_for_giver and LoopEvent.objects.filter(kind="erasure_asked").count() == 1
    assert "Confirm it from the mail" in client.get(f"{tracking}?lang=en").content.decode()
    background()
    [mail] = [text for path in settings.OUTBOX.glob("*.eml") if "/e/" in (text := path.read_text().replace("=\n", ""))]
    link = re.search(r"(/e/[a-z0-9]{42})", mail)[1]
    assert "myöhässä" not in mail
    assert client.get(link).status_code == 200 and ErasureRequest.objects.get().confirmed_at is None, "opening the link alone confirms nothing"
    assert client.get(f"/e/{token_of(aino.pk)}").status_code == 404, "the tracking link does not confirm"
    client.post(link)
    client.post(link)
    assert ErasureRequest.objects.get().confirmed_at and LoopEvent.objects.filter(kind="erasure_confirmed").count() == 1
    admin = as_member(lumi.admin)
    listed = admin.get("/o/lumi/settings/erasure?lang=en").content.decode()
    assert aino.reference in listed and "Confirmed by mail" in listed and "One customer waits for erasure" in admin.get("/o/lumi/today?lang=en").content.decode()
    question = admin.get(f"/o/lumi/feedback/{aino.pk}/erasure?lang=en").content.decode()
    assert "2 pieces of feedback" in question and "2 addresses" in question
    assert admin.post(f"/o/lumi/feedback/{aino.pk}/erasure").status_code == 302
    assert aino.reference not in admin.get("/o/lumi/settings/erasure").content.decode()
    background(until=LATER)
    assert where_it_stands(MARK) == [] and client.get(link).status_code == 200


def test_without_an_address_the_wish_waits_at_once_and_takes_the_one_item(gives, lumi, background):
    item = gives(text=f"Nimetön {MARK}", kind="idea", knows_addresses=False, customer={"name": f"A. {MARK}"})
    beside = gives(text="Eeron sanat", kind="idea")
    background()
    request = ask_for_erasure(item)
    assert not request.by_mail and not request.waits_for_giver
    assert erase_giver(item, by=lumi.admin).items == 1 and erase_giver(FeedbackItem.objects.get(pk=item.pk), by=lumi.admin).items == 0
    background(until=LATER)
    assert where_it_stands(MARK) == [] and FeedbackItem.objects.get(pk=beside.pk).text == "Eeron sanat"
    confirm_erasure(request)
    assert ErasureRequest.objects.get().confirmed_at is None, "done already"


def test_what_waits_to_be_done_after_the_erasure_opens_no_case(gives, lumi, background):
    item = gives(text="Missä paketti?", kind="complaint", customer={"external_id": "C-1", "email": "aino@example.com"})
    erase_giver(item, by=lumi.admin)
    background()
    assert not Case.objects.exists()
    with pytest.raises(routing.WithdrawnFeedback):
        routing.open_case(FeedbackItem.objects.select_related("team").get(pk=item.pk), by=lumi.admin)


def test_the_api_hands_out_a_copy_and_erases(client, aino, lumi, other):
    _token, secret = create_token(lumi.organisation, scopes=["customers:read", "customers:erase", "feedback:read", "cases:read"])
    _weak, weak = create_token(lumi.organisation)
    _bound, bound = create_token(lumi.organisation, scopes=["customers:erase"], team=lumi.teams["delivery"])
    _olofs, olofs = create_token(other.organisation, scopes=["customers:read", "customers:erase", "feedback:read"])
    where = f"/api/v1/customers/{aino.customer_id}"
    by = lambda token: {"Authorization": f"Bearer {token}"}  # noqa: E731
    copy = client.get(f"{where}/export", headers=by(secret)).json()
    assert copy["name"] == f"Aino {MARK}" and len(copy["feedback"]) == 2 and len(copy["addresses"]) == 2
    assert {message["direction"] for message in copy["cases"][0]["messages"]} == {"in", "out", "note"}
    assert copy["feedback"][0]["sent_again"] and copy["feedback"][0]["journey"][0]["kind"] == "received"
    assert [client.delete(where, headers=by(one)).status_code for one in (weak, bound, olofs)] == [403, 403, 404]
    assert client.get(f"{where}/export", headers=by(olofs)).status_code == 404
    assert client.delete(where, headers=by(secret)).json() == {"feedback": 2, "cases": 1}
    assert client.delete(where, headers=by(secret)).json() == {"feedback": 0, "cases": 0}
    gone = client.get(f"{where}/export", headers=by(secret))
    assert gone.status_code == 404 and gone.json()["code"] == "no-such-customer"
    assert client.delete("/api/v1/customers/x1", headers=by(secret)).status_code == 404
    assert Customer.objects.get(pk=aino.customer_id).name == "" and LoopEvent.objects.filter(kind="erased", by__startswith="token:").count() == 2


def test_the_api_tells_a_customers_story_newest_first_with_the_cases(client, aino, lumi, other, gives):
    gives(text="Kolmas", kind="idea", touchpoint="web-shop", customer={"external_id": aino.customer.external_id})
    where = f"/api/v1/customers/{aino.customer_id}/story"
    ask = lambda secret, path=where: client.get(path, headers={"Authorization": f"Bearer {secret}"})  # noqa: E731
    whole, branch = create_token(lumi.organisation)[1], create_token(lumi.organisation, team=lumi.teams["delivery"])[1]
    story = ask(whole).json()
    assert [one["text"].split()[0] for one in story["items"]] == ["Kolmas", "Toinen", "Paketti"] and story["next"] is None
    assert [bool(one["case"]) for one in story["items"]] == [False, False, True] and story["items"][2]["case"]["number"] == "1001"
    first = ask(whole, f"{where}?limit=2").json()
    assert [one["id"] for one in ask(whole, f"{where}?limit=2&cursor={first['next']}").json()["items"]] == [story["items"][2]["id"]]
    assert [one["text"].split()[0] for one in ask(branch).json()["items"]] == ["Paketti"], "what lies in other branches is left out"
    assert ask(create_token(lumi.organisation, scopes=["feedback:read"])[1]).json()["code"] == "scope-missing"
    assert ask(create_token(other.organisation)[1]).json()["code"] == "no-such-customer"
    assert len(ask(create_token(lumi.organisation, scopes=["admin"])[1]).json()["items"]) == 3, "an administrator's token may all"


def test_nothing_personal_stands_in_the_journal(aino):
    assert [event for event in LoopEvent.objects.all() if MARK in json.dumps(event.data).lower()] == []


def test_the_link_of_the_mail_has_a_purpose_of_its_own(client, aino):
    ask_for_erasure(aino)
    assert client.get(f"/t/{token_of(aino.pk, purpose=CONFIRM)}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_arrives_in_the_very_moment_of_the_erasure_does_not_escape_it(gives, lumi):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: what arrives waits for the erasure to end")
    item = gives(text="Ensimmäinen", kind="praise", customer={"external_id": "C-1", "email": "aino@example.com"})
    late = Draft(FeedbackIn(text=f"Toinen {MARK}", kind="praise", customer={"external_id": "C-1", "email": "aino@example.com"}), channel="api", source="test", knows_addresses=True)
    answers = []

    def arrive():
        answers.extend(receive([late], organisation=lumi.organisation, by="customer"))
        connection.close()

    arriving = threading.Thread(target=arrive)
    with transaction.atomic():
        erase_customer(item.customer, by=lumi.admin)
        arriving.start()
        deadline = time.monotonic() + 60
        while not _somebody_waits() and time.monotonic() < deadline:
            time.sleep(0.02)
    arriving.join(60)
    assert [(one.status, one.code) for one in answers] == [("bad", "customer-erased")]
    assert FeedbackItem.objects.count() == 1 and Customer.objects.count() == 1


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
