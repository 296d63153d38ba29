"""The pages of the journey: customers see their own item, members the stream; nobody sees what is not theirs."""

import datetime
import re

import pytest
from django.db import transaction
from django.utils import timezone

from luuppi.capture.drafts import MAX_TEXT
from luuppi.capture.models import FeedbackItem, Survey
from luuppi.capture.surveying import save_score
from luuppi.capture.tracking_links import token_of
from luuppi.inner_loop.answering import write_answer
from luuppi.inner_loop.closing import close_case
from luuppi.inner_loop.models import Case
from luuppi.inner_loop.reopening import reopen_case
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import record
from luuppi.running import patience


def send_form(client, **more):
    page = client.get("/f/lumi?lang=en").content.decode()
    sending = re.search(r'name="sending" value="([^"]+)"', page)[1]
    said = {"sending": sending, "kind": "complaint", "text": "The parcel came two weeks late", "contact": "email", "email": "aino@example.com"} | more
    return client.post("/f/lumi?lang=en", said), said


def test_a_customer_gives_feedback_and_follows_it_without_an_account_or_a_cookie(client, lumi, background):
    answer, _said = send_form(client)
    assert answer.status_code == 303 and answer["Referrer-Policy"] == "no-referrer"
    thanks = client.get(answer["Location"])
    item = FeedbackItem.objects.get()
    assert item.reference in thanks.content.decode() and item.says_to_be == {"email": "aino@example.com"}
    assert [e.kind for e in LoopEvent.objects.order_by("id")] == ["received", "acknowledged"]
    background()
    page = client.get(f"/t/{token_of(item.pk)}?lang=en")
    assert page.status_code == 200 and "The parcel came two weeks late" in page.content.decode()
    assert "sessionid" not in page.cookies and "csrftoken" not in page.cookies


def test_the_same_form_sent_twice_is_one_item_and_other_words_are_an_addition(client, lumi):
    _answer, said = send_form(client)
    client.post("/f/lumi", said)
    client.post("/f/lumi", said | {"text": "And the box was wet"})
    item = FeedbackItem.objects.get()
    assert item.text == "The parcel came two weeks late" and [a.text for a in item.additions.all()] == ["And the box was wet"]


def test_a_form_with_a_mistake_keeps_every_word(client, lumi):
    answer, _said = send_form(client, text="Kadonnut paketti", kind="", email="not an address")
    page = answer.content.decode()
    assert answer.status_code == 422 and "Kadonnut paketti" in page and "not an address" in page and FeedbackItem.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "says_to_be", "contact_by"),
    [
        ({}, {}, None),
        ({"email": "aino@example.com"}, {"email": "aino@example.com"}, "email"),
        ({"phone": "040 123 4567"}, {"phone": "040 123 4567"}, "phone"),
        ({"email": "aino@example.com", "phone": "040 123 4567"}, {"email": "aino@example.com", "phone": "040 123 4567"}, "email"),
        ({"contact": "no", "email": "aino@example.com"}, {}, None),
    ],
)
def test_who_chooses_no_way_is_answered_where_they_wrote_an_address_and_asked_for_none(client, lumi, said, says_to_be, contact_by):
    assert b" checked" not in client.get("/f/lumi").content, "nothing is chosen for the giver"
    answer, _said = send_form(client, **{"kind": "praise", "contact": "", "email": ""} | said)
    item = FeedbackItem.objects.get()
    assert answer.status_code == 303 and (item.says_to_be or {}, item.contact_by or None, item.wants_contact) == (says_to_be, contact_by, contact_by is not None)


def test_what_a_program_fills_in_is_held_back_and_not_deleted(client, lumi):
    send_form(client, website="http://spam.example")
    assert FeedbackItem.objects.get().progress.held


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_customer_pages_speak_the_readers_language_and_stay_small(client, lumi, gives, language):
    survey = Survey.objects.create(organisation=lumi.organisation, key="kysely", name="Toimitus")
    item = gives(text="Hei", kind="question")
    for path in ("/f/lumi", f"/s/{survey.key}", f"/t/{token_of(item.pk)}", f"/t/{token_of(item.pk)}/thanks"):
        page = client.get(f"{path}?lang={language}")
        assert page.status_code == 200 and f'<html lang="{language}"' in page.content.decode()
        assert len(page.content) < 15_000


def test_a_get_with_a_score_never_votes_and_the_score_is_kept_when_sent(client, lumi, background):
    survey = Survey.objects.create(organisation=lumi.organisation, key="kysely", name="Toimitus")
    for score in range(11):
        client.get(f"/s/kysely?score={score}")
    assert survey.drafts.count() == 0 and FeedbackItem.objects.count() == 0
    sent = client.post("/s/kysely", {"sending": "x" * 20, "score": "3"})
    why = client.get(sent["Location"])
    assert why.status_code == 200
    done = client.post(sent["Location"], {"sending": "x" * 20, "why": "Myöhässä taas", "email": "aino@example.com"})
    assert done.status_code == 303
    item = FeedbackItem.objects.get()
    assert (item.nps, item.text, item.kind) == (3, "Myöhässä taas", "survey")
    assert item.wants_contact and item.says_to_be["email"] == "aino@example.com", "who writes an address and leaves the tick open wants an answer"
    client.post(sent["Location"], {"sending": "x" * 20, "why": "Myöhässä taas"})
    assert FeedbackItem.objects.count() == 1


def test_a_score_without_a_why_becomes_an_item_after_half_an_hour(client, lumi, time_machine):
    from luuppi.capture.surveying import finish_idle

    Survey.objects.create(organisation=lumi.organisation, key="kysely", name="Toimitus")
    time_machine.move_to("2026-11-20T10:00:00Z")
    sent = client.post("/s/kysely", {"sending": "x" * 20, "score": "9"})
    time_machine.move_to("2026-11-20T10:29:00Z")
    assert finish_idle() == 0
    time_machine.move_to("2026-11-20T10:31:00Z")
    assert finish_idle() == 1 and finish_idle() == 0
    item = FeedbackItem.objects.get()
    assert item.nps == 9
    client.post(sent["Location"], {"sending": "x" * 20, "why": "", "email": "aino@example.com"})
    assert item.additions.get().text == "aino@example.com", "an address that comes after the clock is kept"


@pytest.mark.parametrize(
    ("kind", "asked", "no"),
    [
        ("complaint", "Is it solved?", "it is not solved yet"),
        ("question", "Did this answer your question?", "your question is not answered yet"),
        ("praise", "Are you content with the answer?", "you are not content yet"),
    ],
)
def test_who_brought_no_trouble_is_not_asked_whether_it_is_solved(client, lumi, gives, background, kind, asked, no):
    item = gives(text="Kuljettaja kantoi paketin neljänteen kerrokseen", kind=kind, touchpoint="delivery", wants_contact=True)
    background()
    write_answer(Case.objects.get(), text="Kiitos, kerromme hänelle.", by=lumi.mikko)
    background(until=timezone.now() + datetime.timedelta(seconds=11))
    address = f"/t/{token_of(item.pk)}"
    page = client.get(f"{address}?lang=en").content.decode()
    assert asked in page and ("Is it solved?" in page) is (kind == "complaint")
    client.post(f"{address}/confirmation", {"solved": "no"})
    assert f"You said that {no}." in client.get(f"{address}?lang=en").content.decode()
    client.post(f"{address}/confirmation", {"solved": "yes"})
    page = client.get(f"{address}?lang=en").content.decode()
    assert "Thank you for telling us." in page and ("Solved. Thank you" in page) is (kind == "complaint")


def test_a_tracking_address_with_one_letter_changed_opens_nothing(client, lumi, gives):
    token = token_of(gives(text="Hei").pk)
    for place in (0, 5, 20, 41):
        wrong = token[:place] + ("a" if token[place] != "a" else "b") + token[place + 1 :]
        for path in ("", "/thanks"):
            assert client.get(f"/t/{wrong}{path}").status_code == 404
        assert client.post(f"/t/{wrong}/reply", {"text": "x"}).status_code == 404


def test_a_refused_form_that_is_loaded_again_in_another_language_is_the_tracking_page(client, lumi, gives):
    path = f"/t/{token_of(gives(text='Myöhässä', kind='complaint').pk)}"
    assert client.post(f"{path}/reply", {"text": " "}).status_code == 422
    assert client.get(f"{path}/reply?lang=sv")["Location"] == f"{path}?lang=sv"


def test_what_the_giver_adds_is_where_the_page_opens_and_discontent_is_offered_once_there_is_an_answer(client, lumi, gives, background):
    item = gives(text="Paketti on myöhässä", kind="complaint", language="fi", customer={"email": "aino@example.com"}, touchpoint="delivery")
    background()
    address = f"/t/{token_of(item.pk)}"
    added = client.post(f"{address}/reply", {"text": "Ja laatikko oli märkä", "sending": "y" * 20})
    assert added["Location"] == f"{address}#latest"
    page = client.get(f"{address}?lang=fi").content.decode()
    assert 'id="latest"' in page and "Etkö ole tyytyväinen" not in page
    write_answer(Case.objects.get(), text="Se tulee perjantaina.", by=lumi.mikko)
    background(until=timezone.now() + datetime.timedelta(seconds=11))
    assert "Etkö ole tyytyväinen" in client.get(f"{address}?lang=fi").content.decode()
    client.post(f"{address}/confirmation", {"solved": "no"})
    page = client.get(f"{address}?lang=en").content.decode()
    assert "We opened it again" in page and "What is still missing?" in page and "Is it solved?" not in page, "a no is seen to have arrived"
    client.post(f"{address}/reply", {"text": "Laatikko on yhä märkä", "sending": "z" * 20})
    page = client.get(f"{address}?lang=en").content.decode()
    assert "Would you like to add something?" in page and "What is still missing?" not in page, "who said it is not asked again"


def test_who_replied_is_waited_for_no_more(client, lumi, gives, background):
    item = gives(text="Paketti on myöhässä", kind="complaint", language="fi", customer={"email": "aino@example.com"}, touchpoint="delivery")
    background()
    address = f"/t/{token_of(item.pk)}"
    assert "Your feedback is with us" in client.get(f"{address}?lang=en").content.decode()
    write_answer(Case.objects.get(), text="Mikä oli osoite?", by=lumi.mikko)
    background(until=timezone.now() + datetime.timedelta(seconds=11))
    assert "waiting for your answer" in client.get(f"{address}?lang=en").content.decode()
    client.post(f"{address}/reply", {"text": "Kotikatu 1", "sending": "y" * 20})
    page = client.get(f"{address}?lang=en").content.decode()
    assert "Your reply is with us" in page and "we are on it again" in page and "waiting for your answer" not in page


def test_thanks_after_the_closing_are_not_read_as_a_no_and_what_is_open_is_not_called_solved(client, lumi, gives, background):
    item = gives(text="Paketti on myöhässä", kind="complaint", language="fi", customer={"email": "aino@example.com"}, touchpoint="delivery")
    background()
    address = f"/t/{token_of(item.pk)}"
    close_case(Case.objects.get(), text="Se on nyt jakelussa.", by=lumi.mikko)
    background(until=timezone.now() + datetime.timedelta(seconds=11))

    def page():
        return client.get(f"{address}?lang=en").content.decode()

    client.post(f"{address}/reply", {"text": "Kiitos!", "sending": "y" * 20})
    assert "Your reply is with us" in page() and "You said that it is not solved" not in page() and "It is in order already" in page()
    client.post(f"{address}/confirmation", {"solved": "yes"})
    assert "Solved. Thank you for telling us." in page() and Case.objects.get().is_closed
    client.post(f"{address}/reply", {"text": "Vielä yksi asia", "sending": "z" * 20})
    assert not Case.objects.get().is_closed and "Your reply is with us" in page() and "Solved. Thank you" not in page()


def test_what_was_closed_without_an_answer_and_is_opened_again_says_so(client, lumi, gives, background):
    item = gives(text="Paketti on myöhässä", kind="complaint", language="fi", customer={"email": "aino@example.com"}, touchpoint="delivery")
    background()
    case = close_case(Case.objects.get(), not_told_because="opted_out", by=lumi.mikko)
    reopen_case(case, by=lumi.mikko)
    page = client.get(f"/t/{token_of(item.pk)}?lang=en").content.decode()
    assert "It was closed, and now we go on with it." in page and "You said that" not in page


def test_while_nobody_can_write_every_form_comes_back_whole(client, as_member, lumi, gives, background, monkeypatch):
    item = gives(text="The parcel is late", kind="complaint", customer={"email": "aino@example.com"}, touchpoint="delivery")
    background()
    case = Case.objects.get()
    write_answer(case, text="On Friday.", by=lumi.mikko)
    background(until=timezone.now() + datetime.timedelta(seconds=11))
    survey = Survey.objects.create(organisation=lumi.organisation, key="kysely", name="Toimitus")
    draft = save_score(survey, token="x" * 20, score=3, language="en")
    n_events, begin, words = LoopEvent.objects.count(), transaction.Atomic.__enter__, "Yhdeksän kertaa ilman vastausta"

    def taken(atomic):
        if patience.left() is not None:
            raise patience.StoreIsSlow(retry_after=5)
        return begin(atomic)

    monkeypatch.setattr(transaction.Atomic, "__enter__", taken)
    tracking, mikko, of_case = f"/t/{token_of(item.pk)}", as_member(lumi.mikko), f"/o/lumi/cases/{case.number}"
    for who, path, said, kept in (
        (client, f"{tracking}/reply", {"text": words, "sending": "y" * 20}, words), (client, f"{tracking}/confirmation", {"solved": "no"}, "Is it solved?"),
        (client, f"{tracking}/withdrawal", {"act": "withdraw"}, "The parcel is late"), (client, "/s/kysely", {"sending": "z" * 20, "score": "7"}, 'value="7" checked'),
        (client, f"/s/kysely/{draft.token}", {"sending": draft.token, "why": words}, words), (client, "/f/lumi", {"sending": "w" * 22, "kind": "idea", "text": words}, words),
        (mikko, f"{of_case}/answers", {"text": words, "key": "k"}, words), (mikko, f"{of_case}/notes", {"note-text": words, "note-key": "k"}, words),
        (mikko, "/o/lumi/record", {"sending": "v" * 22, "kind": "idea", "text": words}, words), (mikko, f"/o/lumi/feedback/{item.pk}/reading", {"next": words}, f'<input type="hidden" name="next" value="{words}"><button class="btn main">Send again'),
    ):  # fmt: skip
        page = who.post(f"{path}?lang=en", said)
        assert (path, page.status_code) == (path, 503) and kept in page.content.decode(), path
        assert "longer than it should" in page.content.decode() and (page.get("Retry-After") == "5" or who is mikko), path
    monkeypatch.undo()
    assert LoopEvent.objects.count() == n_events
    assert client.post(f"{tracking}/reply", {"text": words, "sending": "y" * 20}).status_code == 303


def test_back_leads_to_what_was_typed_but_nothing_keeps_a_page_whose_address_is_a_secret(client, lumi):
    refused, _said = send_form(client, kind="")
    answer, _said = send_form(client)
    assert "no-store" not in refused["Cache-Control"] and "private" in refused["Cache-Control"]
    tracking = answer["Location"].removesuffix("/thanks")
    assert client.get(answer["Location"])["Cache-Control"] == client.get(tracking)["Cache-Control"] == "no-store"
    reply = client.post(f"{tracking}/reply", {"text": "x" * (MAX_TEXT + 1)})
    assert (reply.status_code, reply["Cache-Control"]) == (422, "private, no-cache") and "x" * 100 in reply.content.decode()


def test_a_refused_page_in_another_language_is_the_page_itself(client, gives):
    tracking = f"/t/{token_of(gives(text='Hei').pk)}"
    for act in ("reply", "confirmation", "heard", "withdrawal"):
        answer = client.get(f"{tracking}/{act}?lang=sv")
        assert (answer.status_code, answer["Location"]) == (302, f"{tracking}?lang=sv"), act
    assert client.get("/t/somebody/reply").status_code == 404


def test_the_giver_withdraws_and_takes_it_back_within_a_week(client, lumi, gives, time_machine):
    time_machine.move_to("2026-11-20T10:00:00Z")
    item = gives(text="Hei", kind="question")
    address = f"/t/{token_of(item.pk)}/withdrawal"
    client.post(address, {"act": "withdraw"})
    item.refresh_from_db()
    assert item.withdrawn_at and item.progress.__class__.objects.get(pk=item.pk).withdrawn
    client.post(address, {"act": "restore"})
    item.refresh_from_db()
    assert item.withdrawn_at is None
    client.post(address, {"act": "withdraw"})
    time_machine.move_to("2026-11-28T10:00:00Z")
    assert client.post(address, {"act": "restore"}).status_code == 409


def test_the_stream_shows_other_teams_masked_and_without_the_customer(lumi, gives, as_member, background):
    ours = gives(text="Soita 040 123 4567, Mikko", touchpoint="delivery", customer={"external_id": "C-1", "name": "Aino"})
    theirs = gives(text="Soita 040 765 4321 heti", touchpoint="customer-service", customer={"external_id": "C-2", "name": "Eero"})
    gives(scores={"nps": 9}, touchpoint="customer-service")
    client = as_member(lumi.mikko)
    before = client.get("/o/lumi/feedback?lang=en").content.decode()
    assert "Soita 040 765" not in before and before.count("as soon as they are masked") == 1 == before.count("No words, only a score")
    background()
    page = client.get("/o/lumi/feedback?lang=en").content.decode()
    assert "040 123 4567" in page and "Aino" in page and "as soon as they are masked" not in page
    assert "040 765 4321" not in page and "Eero" not in page and "Soita [puhelin] heti" in page, "masked in the language of the text, whoever reads"
    assert "040 765" not in client.get(f"/o/lumi/feedback/{theirs.pk}").content.decode()
    assert "040 123" in client.get(f"/o/lumi/feedback/{ours.pk}").content.decode()
    assert client.post(f"/o/lumi/feedback/{theirs.pk}/reading").status_code == 403
    page = as_member(lumi.mikko).get("/o/lumi/feedback?score=nps:0-99&kind=complaint", headers={"accept-language": "en"})
    today, elsewhere = (as_member(lumi.mikko).post(f"/o/lumi/feedback/{ours.pk}/reading", {"next": path}) for path in ("/o/lumi/today", "https://example.com/"))
    assert (today["Location"], elsewhere["Location"]) == ("/o/lumi/today", f"/o/lumi/feedback/{ours.pk}")
    assert "Score (nps:0-99)" in page.content.decode(), "what is left out is said as the page calls it"


def test_the_stream_asks_as_many_questions_at_ten_rows_as_at_a_hundred(lumi, gives, as_member, background):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_member(lumi.mikko)
    counts = []
    for n in (5, 45):
        for k in range(n):
            gives(text=f"Palaute {k}", touchpoint="delivery", scores={"nps": k % 11})
        background()
        with CaptureQueriesContext(connection) as asked:
            client.get("/o/lumi/feedback")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 25


def test_another_organisation_finds_nothing(lumi, other, gives, as_member):
    item = gives(text="Salainen")
    client = as_member(other.olof)
    for path in ("/o/lumi/feedback", f"/o/lumi/feedback/{item.pk}", "/o/lumi/black-hole", "/o/lumi/record", f"/o/norrsken/feedback/{item.pk}", f"/o/norrsken/feedback/{10**17}"):
        assert client.get(path).status_code == 404, path


def test_the_black_hole_names_the_oldest_first_with_a_way_out(lumi, gives, as_member, background, clock):
    clock("2026-11-01T10:00:00Z")
    page = as_member(lumi.sari).get("/o/lumi/black-hole?lang=en").content.decode()
    assert "The first feedback has not come yet" in page and "Everybody who gave" not in page
    oldest = gives(text="Vanhin", kind="question", touchpoint="delivery")
    praise = gives(text="Kiitos", kind="praise", touchpoint="delivery")
    background()
    page = as_member(lumi.sari).get("/o/lumi/black-hole?lang=en").content.decode()
    assert "Nobody has waited for us more than 14 days" in page and "Everybody who gave" in page
    clock("2026-11-20T10:00:00Z")
    gives(text="Uusi", kind="question", touchpoint="delivery")
    background()
    client = as_member(lumi.sari)
    page = client.get("/o/lumi/black-hole?lang=en").content.decode()
    assert page.index("Vanhin") < page.index("Kiitos") and "Uusi" not in page and "2 customers" in page
    client.post(f"/o/lumi/feedback/{praise.pk}/reading")
    page = client.get("/o/lumi/black-hole?lang=en").content.decode()
    assert "Kiitos" not in page and "Vanhin" in page
    assert oldest.pk


def test_feedback_withdrawn_by_its_giver_can_be_brought_back_for_seven_days(client, lumi, gives, clock):
    now = timezone.now()
    clock(now)
    item = gives(text="Hei", kind="question", external_id="crm-1")
    link = f"/t/{token_of(item.pk)}"
    client.post(f"{link}/withdrawal", {"act": "withdraw"})
    assert "You withdrew your feedback" in client.get(f"{link}?lang=en").content.decode()
    assert FeedbackItem.objects.get().withdrawn_at is not None
    clock(now + datetime.timedelta(days=6, hours=23))
    client.post(f"{link}/withdrawal", {"act": "restore"})
    assert FeedbackItem.objects.get().withdrawn_at is None
    client.post(f"{link}/withdrawal", {"act": "withdraw"})
    clock(now + datetime.timedelta(days=14))
    assert client.post(f"{link}/withdrawal", {"act": "restore"}).status_code == 409
    assert FeedbackItem.objects.get().withdrawn_at is not None


def test_what_has_come_anew_since_cannot_be_brought_back_beside_it(client, lumi, gives):
    item = gives(text="Hei", kind="question", external_id="crm-1")
    link = f"/t/{token_of(item.pk)}"
    client.post(f"{link}/withdrawal", {"act": "withdraw"})
    gives(text="Hei taas", kind="question", external_id="crm-1")
    assert client.post(f"{link}/withdrawal", {"act": "restore"}).status_code == 409


def test_an_undone_import_says_that_it_was_us_and_not_the_giver(client, lumi, gives):
    item = gives(text="Hei", kind="question")
    with transaction.atomic():
        FeedbackItem.objects.filter(pk=item.pk).update(withdrawn_at=item.received_at)
        record(kinds.WITHDRAWN, organisation=lumi.organisation, items=[item.pk], by=lumi.antti, undone_import=1)
    link = f"/t/{token_of(item.pk)}"
    page = client.get(f"{link}?lang=en").content.decode()
    assert "Lumi is not handling this feedback any more" in page and "An analyst undid the import that it came in" in page and "You withdrew" not in page and 'value="restore"' not in page
    assert client.post(f"{link}/withdrawal", {"act": "restore"}).status_code == 409


def test_a_filter_says_in_the_readers_words_what_it_leaves(as_member, lumi):
    asked = "/o/lumi/feedback?since=2026-10-25&score=nps:0-10&step=received&channel=form&segment=plus"
    chips = {language: as_member(lumi.leena).get(asked, headers={"Accept-Language": language}).context["chips"] for language in ("fi", "en")}
    assert {chip.label for chip in chips["fi"]} == {"Alkaen: 25.10.2026", "Arvosana: NPS 0–10", "Vaihe: Vastaanotettu", "Kanava: Palautelomake", "Segmentti: plus"}
    assert {chip.label.replace("\xa0", " ") for chip in chips["en"]} >= {"Since: 25 Oct 2026", "Score: NPS 0–10", "Step: Received"}
