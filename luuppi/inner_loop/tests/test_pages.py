"""The pages: Today by role, the queues, the case and its acts, the rules."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext as _

from luuppi.capture.models import FeedbackItem
from luuppi.inner_loop import advising
from luuppi.inner_loop.answering import write_answer
from luuppi.inner_loop.assigning import take_case
from luuppi.inner_loop.closing import close_case, confirm
from luuppi.inner_loop.models import Case, Message, Rule
from luuppi.inner_loop.noting import write_note
from luuppi.inner_loop.replying import receive_reply


def case_url(case, act="") -> str:
    return f"/o/lumi/cases/{case.number}" + (f"/{act}" if act else "")


@pytest.mark.parametrize("person", ["mikko", "sari", "leena", "elisa", "antti", "admin"])
def test_today_opens_for_every_role_empty_and_full(lumi, as_member, aino_complains, person):
    client = as_member(lumi.members[person])
    page = client.get("/o/lumi/today?lang=en")
    assert page.status_code == 200
    assert not any(words in page.content.decode() for words in ("within its promise", "gone through")), "nobody has said anything yet"
    aino_complains()
    page = client.get("/o/lumi/today").content.decode()
    sees = person not in ("elisa", "antti")
    assert ("Paketti tuli kaksi viikkoa myöhässä." in page) is sees


def test_who_begins_is_shown_the_way_to_the_first_feedback(lumi, as_member, gives):
    steps = ["/f/lumi", "/o/lumi/settings/imports", "/o/lumi/settings/people"]
    shown = {name: [step for step in steps if f'href="{step}"' in as_member(lumi.members[name]).get("/o/lumi/today").content.decode()] for name in ("admin", "leena", "mikko")}
    assert shown == {"admin": steps, "leena": steps[:2], "mikko": []}
    gives(text="Kiitos", kind="praise", touchpoint="delivery")
    assert f'href="{steps[0]}"' not in as_member(lumi.members["admin"]).get("/o/lumi/today").content.decode()


def test_the_short_address_leads_to_today(lumi, as_member):
    for address in ("/o/lumi", "/o/lumi/"):
        assert as_member(lumi.mikko).get(address).url == "/o/lumi/today"
        assert "/account/login/" in Client().get(address).url


@pytest.mark.parametrize("person", ["mikko", "sari", "leena", "elisa", "antti", "admin"])
def test_recording_is_offered_to_who_may_record(lumi, as_member, person):
    client = as_member(lumi.members[person])
    may = client.get("/o/lumi/record").status_code == 200
    for page in ("/o/lumi/today", "/o/lumi/feedback"):
        assert ('/o/lumi/record"' in client.get(page).content.decode()) is may


def test_today_gives_the_next_best_case_and_one_primary_button(lumi, as_member, aino_complains):
    case = aino_complains()
    page = as_member(lumi.mikko).get("/o/lumi/today").content.decode()
    assert f"/o/lumi/cases/{case.number}" in page and page.count("btn-primary") == 1


def test_feedback_that_nobody_has_gone_through_is_on_today(lumi, as_member, gives, background):
    gives(text="Kiitos nopeasta toimituksesta", kind="praise", touchpoint="delivery")
    gives(text="Puhelimen kiitos", kind="praise", touchpoint="customer-service")
    background()
    page = as_member(lumi.mikko).get("/o/lumi/today").content.decode()
    assert "Kiitos nopeasta toimituksesta" in page and "Puhelimen kiitos" not in page


def test_that_there_are_no_words_is_never_said_in_the_customers_voice(lumi, as_member, gives, background):
    gives(scores={"nps": 1}, touchpoint="delivery")
    background()
    case, client = Case.objects.get(), as_member(lumi.mikko)
    client.get("/o/lumi/today?lang=en")
    for url in ("/o/lumi/today", "/o/lumi/cases?queue=team", case_url(case), f"/o/lumi/feedback/{case.lead_item_id}", "/o/lumi/feedback"):
        page = client.get(url).content.decode()
        assert "No words, only a score" in page and not re.search(r'(row-words|class="words)[^>]*>\s*No words', page), url


@pytest.mark.parametrize("queue", ["mine", "team", "waiting", "late", "closed", "nonsense"])
def test_every_queue_has_an_empty_and_a_full_page(lumi, as_member, aino_complains, queue):
    client = as_member(lumi.mikko)
    assert client.get(f"/o/lumi/cases?queue={queue}").status_code == 200
    case = take_case(aino_complains(), by=lumi.mikko)
    page = client.get(f"/o/lumi/cases?queue={queue}").content.decode()
    assert (case_url(case) in page) is (queue in ("mine", "team", "nonsense"))


def test_queues_page_by_cursor_and_keep_their_order(lumi, as_member, gives, background):
    for i in range(30):
        gives(text=f"Asia {i}", kind="complaint", touchpoint="delivery")
    background()
    client = as_member(lumi.mikko)
    first = client.get("/o/lumi/cases?queue=team").context["queue"]
    second = client.get(f"/o/lumi/cases?queue=team&cursor={first.next}").context["queue"]
    numbers = [row.number for row in [*first.rows, *second.rows]]
    assert len(numbers) == 30 == len(set(numbers)) and second.next is None
    assert [row.due_at for row in first.rows] == sorted(row.due_at for row in first.rows)
    assert client.get("/o/lumi/cases?cursor=abc").status_code == 422


def test_taking_answering_undoing_and_closing_on_the_page(lumi, as_member, aino_complains, background, outbox):
    case, client = aino_complains(), as_member(lumi.mikko)
    friday = (timezone.localdate() + timedelta(days=5)).isoformat()
    assert "Paketti tuli" in client.get(case_url(case)).content.decode()
    assert client.post(case_url(case, "assignment")).status_code == 302
    answered = client.post(case_url(case, "answers"), {"text": "Hei Aino, se tulee perjantaina.", "promised_on": friday, "key": "k1"}, follow=True).content.decode()
    message = Message.objects.get()
    assert case_url(case, f"answers/{message.pk}/undo") in answered
    undone = client.post(case_url(case, f"answers/{message.pk}/undo"), headers={"accept-language": "fi"}).content.decode()
    assert "Hei Aino, se tulee perjantaina." in undone and friday in undone and not Message.objects.exists()
    client.post(case_url(case, "answers"), {"text": "Hei Aino, se tulee torstaina.", "key": "k2"})
    background(until=timezone.now() + timedelta(seconds=11))
    assert len(outbox()) == 1
    client.post(case_url(case, "closure"), {"closure-outcome": "solved", "closure-key": "k3"})
    closed = client.get(case_url(case)).content.decode()
    assert Case.objects.get().is_closed and case_url(case, "reopening") in closed and 'name="text"' not in closed
    client.post(case_url(case, "reopening"))
    assert not Case.objects.get().is_closed


def test_a_closed_case_leads_to_the_next_and_every_case_to_its_feedback(lumi, as_member, aino_complains):
    case, other_case, client = aino_complains(), aino_complains(customer={"external_id": "C-2", "name": "Eero"}), as_member(lumi.mikko)
    assert f"/o/lumi/feedback/{case.lead_item_id}" in client.get(case_url(case)).content.decode()
    take_case(case, by=lumi.mikko)
    close_case(case, outcome="solved", text="Se on perillä.", by=lumi.mikko)
    assert f'btn-primary" href="{case_url(other_case)}"' in client.get(case_url(case)).content.decode()
    take_case(other_case, by=lumi.mikko)
    close_case(other_case, outcome="solved", text="Se on perillä.", by=lumi.mikko)
    assert "btn-primary" not in client.get(case_url(case)).content.decode()


def test_an_error_keeps_what_was_written(lumi, as_member, aino_complains):
    case, client = aino_complains(), as_member(lumi.mikko)
    response = client.post(case_url(case, "answers"), {"text": "Tämä säilyy", "promised_on": "2020-01-01", "key": "k"})
    assert response.status_code == 422 and "Tämä säilyy" in response.content.decode()
    assert client.post(case_url(case, "answers"), {"text": "  ", "key": "k"}).status_code == 422
    assert client.post(case_url(case, "closure"), {"closure-outcome": "solved", "closure-key": "k"}).status_code == 422
    close_case(case, by=lumi.mikko, text="Valmis")
    response = client.post(case_url(case, "answers"), {"text": "Vielä tämä", "key": "k"})
    assert response.status_code == 409 and "Vielä tämä" in response.content.decode() and not Message.objects.filter(text="Vielä tämä").exists()


def test_notes_moves_and_help(lumi, as_member, aino_complains):
    case, client = take_case(aino_complains(), by=lumi.mikko), as_member(lumi.mikko)
    client.post(case_url(case, "notes"), {"note-text": "Soitin, ei vastausta", "note-key": "n1"})
    client.post(case_url(case, "notes"), {"note-text": "Soitin, ei vastausta", "note-key": "n1"})
    assert Message.objects.filter(direction="note").count() == 1
    client.post(case_url(case, "escalation"), {"escalation-reason": "Uhkaa lähteä", "escalation-key": "e1"})
    assert Case.objects.get().escalated_at and "Uhkaa lähteä" in client.get(case_url(case)).content.decode()
    client.post(case_url(case, "assignment"), {"to": f"member:{lumi.sari.pk}"})
    assert Case.objects.get().owner == lumi.sari
    assert "They ask for your help" not in client.get("/o/lumi/today", headers={"accept-language": "en"}).content.decode()
    client.post(case_url(case, "assignment/undo"))
    assert (Case.objects.get().owner, bool(Case.objects.get().escalated_at)) == (lumi.mikko, True), "the call for help is there again, too"


def test_what_was_given_away_by_mistake_comes_back_until_somebody_goes_on_with_it(lumi, as_member, aino_complains, other):
    case = take_case(aino_complains(), by=lumi.mikko)
    for to, owner, team in ((f"member:{lumi.sari.pk}", lumi.sari, case.team), (f"team:{lumi.teams['phones'].pk}", None, lumi.teams["phones"])):
        moved = as_member(lumi.mikko).post(case_url(case, "assignment"), {"to": to}, follow=True)
        assert (Case.objects.get().owner, Case.objects.get().team) == (owner, team) and case_url(case, "assignment/undo") in moved.content.decode()
        assert as_member(other.olof).post(case_url(case, "assignment/undo")).status_code == 404
        as_member(lumi.mikko).post(case_url(case, "assignment/undo"))
        assert (Case.objects.get().owner, Case.objects.get().team) == (lumi.mikko, case.team)
    assert "Mikko took that back: the case is with Mikko again" in as_member(lumi.mikko).get(case_url(case), headers={"accept-language": "en"}).content.decode()
    as_member(lumi.mikko).post(case_url(case, "assignment"), {"to": f"member:{lumi.sari.pk}"})
    write_note(Case.objects.get(), text="Soitan hänelle.", by=lumi.sari)
    late = as_member(lumi.mikko).post(case_url(case, "assignment/undo"), headers={"accept-language": "en"})
    assert late.status_code == 409 and "somebody has gone on with it" in late.content.decode() and Case.objects.get().owner == lumi.sari


def test_a_reader_who_may_not_act_gets_no_forms(lumi, as_member, aino_complains):
    from luuppi.people.organising import add_member

    kalle = add_member(lumi.organisation, email="kalle@lumi.example.com", roles=[("frontline", lumi.teams["delivery"])])
    case = take_case(aino_complains(), by=lumi.mikko)
    page = as_member(kalle).get(case_url(case))
    assert page.status_code == 200 and "/answers" not in page.content.decode()
    assert as_member(kalle).post(case_url(case, "answers"), {"text": "Hei", "key": "k"}).status_code == 403


@pytest.mark.parametrize("act", ["", "assignment", "answers", "notes", "closure", "reopening", "escalation", "advice", "answers/1/undo"])
def test_what_you_may_not_see_is_not_there(lumi, other, as_member, aino_complains, act):
    case = aino_complains()
    for member in (lumi.pekka, lumi.elisa, other.olof):
        client = as_member(member)
        method = client.post if act else client.get
        known, unknown = method(case_url(case, act)), method(f"/o/lumi/cases/999999/{act}".rstrip("/"))
        assert known.status_code == unknown.status_code == 404
    assert as_member(lumi.mikko).get("/o/lumi/cases/99999999999999999999").status_code == 404


def test_the_customers_words_are_never_markup(lumi, as_member, aino_complains):
    case = aino_complains(text="<script>alert(1)</script> & <b>lihava</b>")
    receive_reply(case.lead_item, text="<img src=x onerror=alert(2)>", key="r")
    for url in ("/o/lumi/today", "/o/lumi/cases?queue=team", case_url(case)):
        page = as_member(lumi.mikko).get(url).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page and "&lt;script&gt;alert(1)" in page


def test_lists_ask_as_often_at_ten_rows_as_at_two_hundred(lumi, as_member, gives, background, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counted = as_member(lumi.sari), []
    for n in (10, 190):
        for i in range(n):
            gives(text=f"Asia {n} {i}", kind="complaint", touchpoint="delivery", customer={"external_id": f"C-{n}-{i}"})
        background()
        case = Case.objects.order_by("id").first()
        client.get("/o/lumi/today")
        asked = []
        for url in ("/o/lumi/today", "/o/lumi/cases?queue=team", case_url(case)):
            with CaptureQueriesContext(connection, ) as queries:
                assert client.get(url).status_code == 200
            asked.append(len(queries))
        counted.append(asked)
    assert counted[0] == counted[1] and max(counted[1]) < 40, counted


def test_rules_are_listed_made_tried_and_removed(lumi, as_member, gives, background):
    gives(text="Lasku tuli kahteen kertaan", kind="idea", touchpoint="web-shop")
    background()
    client = as_member(lumi.antti)
    assert client.get("/o/lumi/settings/rules").context["rules"][0]["rule"].key == "contact"
    sent = {"name": "Laskut", "position": "5", "is_on": "on", "opens_case": "on", "words": "lasku, invoice", "priority": "1", "attributes": "", "team": lumi.teams["phones"].pk}
    tried = client.post("/o/lumi/settings/rules/new", sent | {"try": "1"})
    found = tried.context["dry_run"]
    assert (found.n_fits, found.n_decides, found.n_opens, found.n_moves, found.n_leaves) == (1, 1, 1, 0, 0)
    assert [(one.becomes, one.to, one.now) for one in found.examples] == [("opens", lumi.teams["phones"].name, "")] and "Lasku tuli kahteen kertaan" in tried.content.decode()
    assert not Rule.objects.filter(name="Laskut").exists() and not Case.objects.exists()
    client.post("/o/lumi/settings/rules/new", sent)
    rule = Rule.objects.get(name="Laskut")
    gives(text="Taas kaksi laskua", kind="idea", touchpoint="web-shop")
    background()
    assert Case.objects.get().team == lumi.teams["phones"]
    assert client.get(f"/o/lumi/settings/rules/{rule.pk}").status_code == 200
    assert client.post(f"/o/lumi/settings/rules/{rule.pk}", sent | {"attributes": "segment"}).status_code == 422
    client.post(f"/o/lumi/settings/rules/{rule.pk}/removal")
    assert not Rule.objects.filter(name="Laskut").exists()
    built_in = Rule.objects.get(key="complaint")
    assert client.post(f"/o/lumi/settings/rules/{built_in.pk}/removal").status_code == 409


def test_a_dry_run_tells_what_becomes_of_each_case(lumi, as_member, gives, background):
    for text, kind in (("Lasku on väärin", "complaint"), ("Kiitos laskusta", "praise"), ("Paketti myöhästyi", "complaint")):
        gives(text=text, kind=kind, touchpoint="web-shop")
    background()
    client = as_member(lumi.antti)
    client.get("/o/lumi/settings/rules")
    sent = {"name": "Laskut", "position": "5", "is_on": "on", "words": "lasku", "priority": "0", "attributes": "", "try": "1"}

    def becomes(**more) -> list[tuple[str, str, str]]:
        return [(one.becomes, one.to, one.now) for one in client.post("/o/lumi/settings/rules/new", sent | more).context["dry_run"].examples]

    shop, phones = lumi.teams["service"].name, lumi.teams["phones"].name
    assert becomes(opens_case="on", team=lumi.teams["phones"].pk) == [("opens", phones, ""), ("moves", phones, shop)]
    assert becomes(opens_case="on") == [("opens", shop, ""), ("same", shop, shop)]
    assert becomes() == [("leaves", "", shop), ("same", "", "")]
    assert becomes(opens_case="on", position="200") == [("opens", shop, ""), ("earlier", shop, shop)], "of two at one place the older decides"
    for text, nps in (("Hidasta oli", 8), ("", 7)):
        gives(text=text, scores={"nps": nps}, touchpoint="web-shop")
    background()
    low = client.post("/o/lumi/settings/rules/new", sent | {"words": "", "nps_at_most": "8", "opens_case": "on"}).context["dry_run"].examples
    assert [(one.words, one.score) for one in low] == [("Hidasta oli", 8), ("", 7)], "what has words comes first, and each has its score"


def test_rules_are_for_those_who_set_the_work(lumi, other, as_member):
    from luuppi.people.organising import add_member

    assert as_member(lumi.mikko).get("/o/lumi/settings/rules").status_code == 404
    assert as_member(other.olof).get("/o/lumi/settings/rules").status_code == 404
    branch = add_member(lumi.organisation, email="tiina@lumi.example.com", roles=[("manager", lumi.teams["delivery"])])
    sent = {"name": "Omat", "position": "5", "is_on": "on", "opens_case": "on", "priority": "0"}
    client = as_member(branch)
    client.get("/o/lumi/settings/rules")
    assert client.post("/o/lumi/settings/rules/new", sent).status_code == 403
    assert client.post("/o/lumi/settings/rules/new", sent | {"team": lumi.teams["phones"].pk}).status_code == 403
    assert client.post("/o/lumi/settings/rules/new", sent | {"team": lumi.teams["delivery"].pk}).status_code == 302


def test_an_answer_that_stands_says_so(lumi, as_member, aino_complains):
    case = aino_complains(customer={})
    write_answer(case, text="Olemme pahoillamme", by=lumi.mikko)
    page = as_member(lumi.mikko).get(case_url(case), headers={"accept-language": "en"}).content.decode()
    assert "on the tracking page" in page


def test_a_draft_is_read_through_beside_the_editor_and_never_blocked(lumi, as_member, aino_complains):
    case, client = take_case(aino_complains(), by=lumi.mikko), as_member(lumi.mikko)
    poor, good = "Paketti on myöhässä.", "Hei Aino, kiitos että kerroit. Olen pahoillani viiveestä. Lähetin uuden paketin, ja se on sinulla perjantaina 27.11."
    part = client.post(case_url(case, "advice"), {"text": poor})
    assert [check.is_there for check in part.context["advice"]].count(True) == 0 and b'id="advice"' in part.content and b"<html" not in part.content
    read = client.post(case_url(case, "answers"), {"text": good, "check": "1", "key": "k"})
    assert good in read.content.decode() and sum(check.is_there for check in read.context["advice"]) >= 3 and not Message.objects.exists()
    assert client.post(case_url(case, "answers"), {"text": poor, "key": "k"}).status_code == 302


def test_looking_at_a_case_changes_nothing(lumi, as_member, aino_complains):
    from luuppi.journal.models import LoopEvent, Progress

    case, client = aino_complains(), as_member(lumi.mikko)
    before = LoopEvent.objects.count()
    for url in ("/o/lumi/today", "/o/lumi/cases", case_url(case), case_url(case) + "?close=1"):
        client.get(url)
    for act in ("assignment", "answers", "notes", "closure", "reopening", "escalation"):
        assert client.get(case_url(case, act) + "?lang=sv").url == case_url(case) + "?lang=sv", "a refused form that is loaded again leads to its case"
    assert LoopEvent.objects.count() == before and Progress.objects.get().read_at is None


def test_a_fortnight_of_silence_is_closed_and_not_confirmed(lumi, as_member, aino_complains):
    import time_machine

    case = aino_complains()
    close_case(case, by=lumi.mikko, text="Palautin rahat.")
    english = {"accept-language": "en"}
    assert "has not said yet" in as_member(lumi.mikko).get(case_url(case), headers=english).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        page = as_member(lumi.mikko).get(case_url(case), headers=english)
    assert page.context["page"].is_unconfirmed and "Closed, not confirmed" in page.content.decode()


def test_the_next_customer_for_a_supervisor_is_who_asks_for_help(lumi, as_member, aino_complains):
    from luuppi.inner_loop.escalating import escalate_case

    case = take_case(aino_complains(), by=lumi.mikko)
    today = as_member(lumi.sari).get("/o/lumi/today").context["today"]
    assert today.next is None
    escalate_case(case, reason="Apua", by=lumi.mikko)
    today = as_member(lumi.sari).get("/o/lumi/today").context["today"]
    assert (today.next.number, today.why_next) == (case.number, "help")
    assert as_member(lumi.mikko).get("/o/lumi/today").context["today"].why_next == "mine"


def test_a_customers_no_is_not_said_to_be_a_colleague_who_asks_for_help(lumi, as_member, aino_complains):
    from luuppi.inner_loop.escalating import escalate_case

    no, asked = (take_case(aino_complains(customer={"external_id": one}), by=lumi.mikko) for one in ("C-1", "C-2"))
    close_case(no, by=lumi.mikko, text="Se tulee perjantaina.")
    confirm(no.lead_item, solved=False)
    client, english = as_member(lumi.sari), {"accept-language": "en"}
    page = client.get("/o/lumi/today", headers=english)
    assert page.context["today"].why_next == "said_no" and "Not solved, says the customer" in page.content.decode() and "They ask for your help" not in page.content.decode()
    escalate_case(asked, reason="Apua", by=lumi.mikko)
    today = client.get("/o/lumi/today", headers=english).context["today"]
    assert {today.next.number, *(row.number for row in (*today.said_no, *today.help_wanted))} == {no.number, asked.number}
    assert [row.not_solved for row in (*today.said_no, *today.help_wanted)] == [bool(today.said_no)]
    queue = client.get("/o/lumi/cases?queue=team", headers=english).content.decode()
    assert "not solved, says the customer" in queue and "help asked for" in queue


def test_what_was_counted_up_to_a_limit_is_not_said_to_be_all(lumi, as_member, aino_complains, monkeypatch):
    monkeypatch.setattr("luuppi.inner_loop.queries.today._CANDIDATES", 2)
    for module in ("queries.queue", "web.today"):
        monkeypatch.setattr(f"luuppi.inner_loop.{module}.COUNTED_TO", 1)
    cases, english = [aino_complains(customer={"external_id": f"C-{one}"}) for one in range(3)], {"accept-language": "en"}
    assert "The team has at least 2 that nobody has taken" in as_member(lumi.mikko).get("/o/lumi/today", headers=english).content.decode()
    for case in cases:
        take_case(case, by=lumi.mikko)
    assert "At least 2 customers wait for you" in as_member(lumi.mikko).get("/o/lumi/today", headers=english).content.decode()
    Case.objects.update(queue_at=timezone.now() - timedelta(days=1))
    for path in ("/o/lumi/today", "/o/lumi/cases?queue=late"):
        assert "At least 2 customers have waited longer than we promised" in as_member(lumi.sari).get(path, headers=english).content.decode()


@pytest.mark.parametrize(("said", "asks_for_regret"), [("Paketti tuli kaksi viikkoa myöhässä.", True), ("Kiitos, kuljettaja oli todella ystävällinen!", False)])
def test_regret_is_asked_for_by_what_the_customer_said_not_by_the_draft(lumi, aino_complains, said, asks_for_regret):
    case = aino_complains(text=said)
    found = advising.advise(case, "Kiitos viestistäsi. Välitän sen kuljettajalle tänään.")
    regret = str(_("Regret is missing"))
    assert (regret in [str(check.words) for check in found]) is asks_for_regret


def test_who_asks_a_plain_question_is_owed_no_regret_until_they_have_to_come_back(lumi, aino_complains):
    case = aino_complains(text="Mihin aikaan noutopiste aukeaa lauantaina?")
    FeedbackItem.objects.update(kind="question")
    draft = "Kiitos viestistäsi. Noutopiste aukeaa lauantaina kello kymmenen."
    assert not {_("Regret is missing"), _("Says sorry without blaming")} & {check.words for check in advising.advise(case, draft)}
    case.reopened_count = 1
    assert _("Regret is missing") in [check.words for check in advising.advise(case, draft)]


def test_a_score_without_words_leaves_the_draft_to_speak_for_itself(lumi, aino_complains):
    case = aino_complains(text="Paketti tuli kaksi viikkoa myöhässä.")
    case.lead_item.text = ""
    draft = "Kiitos viestistäsi. Lähetän uuden paketin tänään."
    assert _("Regret is missing") in [check.words for check in advising.advise(case, draft)] and advising.advise(case, " ") == []
