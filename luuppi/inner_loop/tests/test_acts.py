"""The acts on a case: take, answer, take back, close, confirm, reply, open again."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from luuppi.capture.models import FeedbackItem
from luuppi.inner_loop.answering import take_back_answer, write_answer
from luuppi.inner_loop.assigning import assign_case, move_to_team, take_case
from luuppi.inner_loop.closing import close_case, confirm
from luuppi.inner_loop.escalating import escalate_case
from luuppi.inner_loop.models import Case, Message
from luuppi.inner_loop.noting import write_note
from luuppi.inner_loop.refusals import (
    CannotTakeCases,
    CaseIsClosed,
    NeedsExplanation,
    NobodyWasTold,
    NotAnsweredYet,
    NothingSaid,
    OutsideYourAuthority,
    PromiseInThePast,
    TooLateToTakeBack,
    WithdrawnFeedback,
)
from luuppi.inner_loop.reopening import reopen_case
from luuppi.inner_loop.replying import receive_reply
from luuppi.journal.models import LoopEvent, Progress


def kinds_of(case) -> list[str]:
    return list(LoopEvent.objects.filter(case=case.pk).order_by("id").values_list("kind", flat=True))


def fresh(case) -> Case:
    return Case.objects.select_related("owner", "team", "organisation", "lead_item").get(pk=case.pk)


def later(background, seconds=11):
    background(until=timezone.now() + timedelta(seconds=seconds))


def test_who_takes_a_case_is_its_owner_and_its_items_are_read(lumi, aino_complains):
    case = take_case(aino_complains(), by=lumi.mikko)
    assert (case.owner, case.first_owner) == (lumi.mikko, lumi.mikko)
    take_case(case, by=lumi.mikko)
    assert kinds_of(case) == ["case_opened", "assigned"]
    assert Progress.objects.get().read_at


def test_an_answer_leaves_after_ten_seconds_and_only_then_it_counts(lumi, aino_complains, background, outbox):
    case = aino_complains()
    message = write_answer(case, text="Hei Aino, olen pahoillani. Paketti tulee perjantaina.", by=lumi.mikko)
    background()
    assert outbox() == [] and Progress.objects.get().answered_at is None and fresh(case).state == "open"
    later(background)
    [mail] = outbox()
    assert mail["To"] == "aino@example.com" and "Paketti tulee perjantaina." in mail.get_body(("plain",)).get_content()
    assert mail.get_body(("html",)).get_content().count("●") == 2
    assert Message.objects.get(pk=message.pk).state == "sent"
    assert Progress.objects.get().answered_at and fresh(case).state == "waiting" and fresh(case).owner == lumi.mikko
    assert kinds_of(case) == ["case_opened", "assigned", "answer_written", "answered"]


def test_a_promised_day_keeps_the_case_ours(lumi, aino_complains, background):
    case = aino_complains()
    day = timezone.localdate() + timedelta(days=3)
    write_answer(case, text="Uusi paketti on sinulla silloin.", by=lumi.mikko, promised_on=day)
    later(background)
    case = fresh(case)
    assert (case.state, case.promised_on) == ("open", day)
    assert case.due_at > timezone.now() + timedelta(days=2)
    assert not Case.objects.breaching(at=timezone.now()).exists() and Case.objects.breaching(at=timezone.now() + timedelta(days=5)).exists()


@pytest.mark.parametrize(("language", "words"), [("fi", "5.1.2027"), ("en", "5 January 2027"), ("sv", "5.1.2027")])
def test_a_day_of_another_year_is_written_with_its_year(lumi, gives, background, outbox, clock, language, words):
    clock("2026-12-30T09:00:00Z")
    gives(text="Paketti katosi", kind="complaint", touchpoint="delivery", language=language, customer={"external_id": "C-1", "email": "a@example.com"})
    background()
    write_answer(Case.objects.select_related("organisation", "team", "owner").get(), text="Se tulee.", by=lumi.mikko, promised_on=date(2027, 1, 5))
    later(background)
    letter = outbox()[-1].get_body(("plain",)).get_content()
    assert f" {words}\n" in letter and "30.12.\n" not in letter and "30 December" not in letter, "and today is today"


def test_an_answer_is_taken_back_within_ten_seconds(lumi, aino_complains, background, outbox):
    message = write_answer(aino_complains(), text="Väärä teksti", by=lumi.mikko)
    assert take_back_answer(message, by=lumi.mikko) == "Väärä teksti"
    later(background)
    assert outbox() == [] and not Message.objects.exists()
    sent = write_answer(Case.objects.get(), text="Oikea teksti", by=lumi.mikko)
    later(background)
    with pytest.raises(TooLateToTakeBack):
        take_back_answer(sent, by=lumi.mikko)


def test_without_an_address_the_answer_stands_on_the_tracking_page_at_once(lumi, aino_complains):
    case = aino_complains(customer={})
    message = write_answer(case, text="Olemme pahoillamme.", by=lumi.mikko)
    assert message.state == "standing" and Progress.objects.get().answered_at and fresh(case).state == "waiting"


def test_a_typed_address_gets_the_answer_but_opens_no_story(lumi, gives, background, outbox):
    gives(text="Missä pakettini on?", kind="question", customer={"email": "eero@example.com"}, knows_addresses=False, touchpoint="delivery")
    background()
    case = Case.objects.select_related("team").get()
    write_answer(case, text="Se on matkalla.", by=lumi.mikko)
    later(background)
    assert case.customer is None and outbox()[0]["To"] == "eero@example.com"


def test_the_same_answer_sent_twice_is_one(lumi, aino_complains, background, outbox):
    case = aino_complains()
    first = write_answer(case, text="Hei", by=lumi.mikko, key="form-1")
    assert write_answer(case, text="Hei", by=lumi.mikko, key="form-1") == first
    later(background)
    assert len(outbox()) == 1


@pytest.mark.parametrize("text", ["", "   ", "\u200b\x00"])
def test_an_empty_answer_is_refused(lumi, aino_complains, text):
    with pytest.raises(NothingSaid):
        write_answer(aino_complains(), text=text, by=lumi.mikko)


def test_a_day_that_has_passed_where_the_organisation_is_cannot_be_promised(lumi, aino_complains, clock):
    clock("2026-11-23T22:30:00Z")  # half past midnight in Helsinki
    case = aino_complains()
    with pytest.raises(PromiseInThePast) as refused:
        write_answer(case, text="Eilen", by=lumi.mikko, promised_on=date(2026, 11, 23))
    with translation.override("fi"):
        assert str(refused.value).startswith("23.11.2026 on jo mennyt.")
    assert write_answer(case, text="Tänään", by=lumi.mikko, promised_on=date(2026, 11, 24)).pk


def test_no_case_closes_in_silence(lumi, aino_complains):
    case = aino_complains()
    with pytest.raises(NobodyWasTold):
        close_case(case, by=lumi.mikko)
    with pytest.raises(NeedsExplanation):
        close_case(case, by=lumi.mikko, outcome="cannot_be_changed")
    assert not fresh(case).is_closed
    closed = close_case(case, by=lumi.mikko, not_told_because="abusive", outcome="not_ours")
    assert (closed.outcome, closed.not_told_because) == ("not_ours", "abusive")


def test_closing_tells_and_asks_and_the_customer_says_yes(lumi, aino_complains, background, outbox):
    case = aino_complains()
    close_case(case, by=lumi.mikko, text="Palautin toimitusmaksun.")
    later(background)
    [mail] = outbox()
    assert "Palautin toimitusmaksun." in mail.get_body(("plain",)).get_content()
    item = FeedbackItem.objects.get()
    confirm(item, solved=True, key="a")
    confirm(item, solved=True, key="a", ces=6)
    again = confirm(item, solved=True, new_nps=9, will_stay=True)
    assert (again.ces, again.new_nps, again.will_stay) == (6, 9, True)
    assert Progress.objects.get().solved_at and kinds_of(case)[-4:] == ["closed", "answer_written", "answered", "solved"]


def test_closing_after_an_answer_asks_by_mail(lumi, aino_complains, background, outbox):
    case = aino_complains()
    write_answer(case, text="Rahat tulevat torstaina.", by=lumi.mikko)
    later(background)
    close_case(fresh(case), by=lumi.mikko)
    later(background)
    asked = outbox()[-1]
    assert "/t/" in asked.get_body(("plain",)).get_content() and len(outbox()) == 2


def test_a_no_opens_again_and_escalates(lumi, aino_complains, background):
    case = aino_complains()
    close_case(case, by=lumi.mikko, text="Valmis.")
    later(background)
    before = fresh(case).priority
    item = FeedbackItem.objects.get()
    confirm(item, solved=False)
    confirm(item, solved=False)
    case = fresh(case)
    assert (case.state, case.outcome, case.reopened_count, case.owner) == ("open", "", 1, lumi.mikko)
    assert case.priority == before + 1 and case.escalated_at
    assert kinds_of(case)[-3:] == ["not_solved", "reopened", "escalated"]


def test_a_second_no_after_a_second_answer_counts(lumi, aino_complains, background):
    case = aino_complains()
    item = FeedbackItem.objects.get()
    with time_machine.travel(timezone.now()) as clock:
        close_case(case, by=lumi.mikko, text="Valmis.")
        later(background)
        clock.shift(3600)
        confirm(item, solved=False)
        clock.shift(3600)
        write_answer(fresh(case), text="Nyt se on kunnossa.", by=lumi.mikko)
        later(background)
        clock.shift(3600)
        assert fresh(case).state == "waiting"
        confirm(item, solved=False)
    assert fresh(case).state == "open" and kinds_of(case).count("not_solved") == 2


def test_yes_on_an_answered_case_closes_it(lumi, aino_complains, background):
    case = aino_complains()
    item = FeedbackItem.objects.get()
    with pytest.raises(NotAnsweredYet):
        confirm(item, solved=True)
    write_answer(case, text="Hoidettu.", by=lumi.mikko)
    later(background)
    confirm(item, solved=True)
    assert (fresh(case).state, fresh(case).outcome) == ("closed", "solved")


def test_a_change_of_mind_counts(lumi, aino_complains, background):
    case = aino_complains()
    close_case(case, by=lumi.mikko, text="Valmis.")
    later(background)
    item = FeedbackItem.objects.get()
    confirm(item, solved=True, key="same page")
    confirm(item, solved=False, key="same page")
    assert fresh(case).state == "open" and Progress.objects.get().solved_at is None


def test_a_reply_brings_the_case_back_and_opens_a_closed_one(lumi, aino_complains, background):
    case = aino_complains()
    item = FeedbackItem.objects.get()
    write_answer(case, text="Se tulee.", by=lumi.mikko)
    later(background)
    receive_reply(item, text="Ei tullut.", key="r1")
    receive_reply(item, text="Ei tullut.", key="r1")
    assert fresh(case).state == "open" and fresh(case).due_at > timezone.now() and Message.objects.filter(direction="in").count() == 1
    close_case(fresh(case), by=lumi.mikko)
    receive_reply(item, text="Ei tullut vieläkään.", key="r2")
    assert fresh(case).state == "open" and kinds_of(case)[-2:] == ["customer_replied", "reopened"]


def test_undo_of_a_closing_stops_what_has_not_left(lumi, aino_complains, background, outbox):
    case = aino_complains()
    close_case(case, by=lumi.mikko, text="Valmis.")
    reopen_case(fresh(case), by=lumi.mikko)
    later(background)
    assert outbox() == [] and fresh(case).state == "open" and not Message.objects.exists()


def test_a_closed_case_takes_no_answer(lumi, aino_complains):
    case = close_case(aino_complains(), by=lumi.mikko, not_told_because="anonymous")
    for act in (
        lambda: write_answer(case, text="Vielä tämä", by=lumi.mikko),
        lambda: close_case(case, by=lumi.mikko, text="Taas"),
        lambda: assign_case(case, to=lumi.sari, by=lumi.mikko),
        lambda: escalate_case(case, reason="Kiire", by=lumi.mikko),
    ):
        with pytest.raises(CaseIsClosed):
            act()
    assert write_note(case, text="Muistiin", by=lumi.mikko).direction == "note"


def test_handing_on_keeps_the_first_owner(lumi, aino_complains):
    case = take_case(aino_complains(), by=lumi.mikko)
    case = assign_case(case, to=lumi.sari, by=lumi.mikko)
    assert (case.owner, case.first_owner) == (lumi.sari, lumi.mikko)
    case = move_to_team(case, team=lumi.teams["phones"], by=lumi.sari)
    assert case.owner is None and take_case(case, by=lumi.pekka).owner == lumi.pekka
    assert kinds_of(case) == ["case_opened", "assigned", "handed_off", "handed_off", "assigned"]


def test_escalation_keeps_the_owner_and_the_reason(lumi, aino_complains):
    case = take_case(aino_complains(), by=lumi.mikko)
    case = escalate_case(case, reason="Asiakas uhkaa lähteä.", by=lumi.mikko, to=lumi.sari)
    assert (case.owner, case.escalated_to) == (lumi.mikko, lumi.sari) and case.messages.get().text == "Asiakas uhkaa lähteä."
    assert not any("uhkaa" in str(event.data) for event in LoopEvent.objects.all())


# person of the cast → may they take it, act on Mikko's, close it? (own: act, team and below: act, – : nothing)
@pytest.mark.parametrize(("person", "takes", "acts"), [("mikko", True, True), ("sari", True, True), ("leena", True, True), ("admin", True, True), ("pekka", False, False), ("elisa", False, False), ("antti", False, False)])
def test_the_table_of_permissions_in_action(lumi, aino_complains, person, takes, acts):
    case, member = aino_complains(), lumi.members[person]
    if takes:
        assert take_case(case, by=member).owner == member
    else:
        with pytest.raises(OutsideYourAuthority):
            take_case(case, by=member)
    case = assign_case(case, to=lumi.mikko, by=lumi.admin)
    for act in (lambda: write_answer(case, text="Hei", by=member), lambda: write_note(case, text="Hm", by=member), lambda: close_case(case, text="Valmis", by=member)):
        if acts:
            act()
        else:
            with pytest.raises(OutsideYourAuthority):
                act()


def test_a_colleague_cannot_act_on_anothers_case_but_reads_it(lumi, aino_complains):
    from luuppi.people.organising import add_member

    kalle = add_member(lumi.organisation, email="kalle@lumi.example.com", roles=[("frontline", lumi.teams["delivery"])])
    case = take_case(aino_complains(), by=lumi.mikko)
    with pytest.raises(OutsideYourAuthority):
        write_answer(case, text="Hei", by=kalle)
    assert list(Case.objects.visible_to(kalle)) == [case]


def test_a_case_cannot_be_given_to_who_has_none(lumi, other, aino_complains):
    case = aino_complains()
    for member in (lumi.elisa, lumi.antti, other.mikko):
        with pytest.raises(CannotTakeCases):
            assign_case(case, to=member, by=lumi.sari)


def test_what_you_may_not_see_does_not_exist(lumi, other, aino_complains):
    case = aino_complains()
    seen = {name: Case.objects.visible_to(member).filter(pk=case.pk).exists() for name, member in lumi.members.items()}
    assert seen == {"mikko": True, "sari": True, "leena": True, "admin": True, "elisa": False, "antti": False, "pekka": False}
    assert not Case.objects.visible_to(other.olof).exists() and not Case.objects.visible_to(other.admin).exists()


def test_who_has_taken_the_words_back_is_not_written_to(lumi, aino_complains, as_member, background, outbox):
    case = aino_complains()
    FeedbackItem.objects.update(withdrawn_at=timezone.now())
    for act in (lambda: write_answer(case, text="Hei", by=lumi.mikko), lambda: close_case(case, text="Valmis", by=lumi.mikko), lambda: receive_reply(case.lead_item, text="Hei", key="k")):
        with pytest.raises(WithdrawnFeedback):
            act()
    assert as_member(lumi.mikko).get(f"/o/lumi/cases/{case.number}").context["page"].is_withdrawn
    close_case(case, by=lumi.mikko, not_told_because="opted_out", outcome="not_ours")
    later(background)
    assert outbox() == []


def test_help_is_asked_for_until_it_has_come(lumi, aino_complains, background, as_member):
    case = take_case(aino_complains(), by=lumi.mikko)
    assert escalate_case(case, reason="Apua", by=lumi.mikko, to=lumi.sari).escalated_to == lumi.sari
    assert assign_case(case, to=lumi.sari, by=lumi.sari).escalated_at is None
    escalate_case(case, reason="Apua", by=lumi.sari)
    write_answer(fresh(case), text="Hoidettu", by=lumi.sari)
    later(background)
    assert fresh(case).escalated_at is None
    write_answer(fresh(case), text="Palaan asiaan.", by=lumi.sari)
    escalate_case(fresh(case), reason="Rahaa vielä", by=lumi.sari, to=lumi.leena)  # while the answer is still on its way
    later(background)
    assert fresh(case).escalated_to == lumi.leena, "what was asked after the answer was written still waits"
    page = as_member(lumi.sari).get(f"/o/lumi/cases/{case.number}", headers={"accept-language": "en"}).context["page"]
    told = [entry.words for entry in page.conversation if entry.state == "escalated"]
    assert told == ["Mikko asked Sari for help", "Sari asked for help", "Sari asked Leena for help"]
