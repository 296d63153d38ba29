"""The mail that confirms an arrival: to whom it goes, what it says, and that it goes once a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.capture.sending import hold, release
from luuppi.capture.tracking_links import tracking_url
from luuppi.delivery.models import Outgoing
from luuppi.journal.models import LoopEvent

AINO = {"email": "aino@example.com", "name": "Aino Salminen"}


@pytest.fixture
def settles(background):
    """Everything that happens within a minute of now."""
    return lambda: background(until=timezone.now() + timedelta(minutes=1))


def mails() -> list[Outgoing]:
    return list(Outgoing.objects.filter(purpose="acknowledgement").order_by("id"))


def acknowledged(item: FeedbackItem) -> int:
    return LoopEvent.objects.filter(item=item.pk, kind="acknowledged").count()


def typed(gives, **fields) -> FeedbackItem:
    """One item as the open form sends it: the address was typed by somebody we cannot be sure of."""
    told = {"text": "Paketti tuli kaksi viikkoa myöhässä.", "kind": "complaint", "customer": AINO, "language": "fi"} | fields
    return gives(channel="form", source="form", knows_addresses=False, **told)


def test_a_complaint_is_confirmed_with_its_link_and_what_happens_next(lumi, gives, settles):
    item = typed(gives)
    settles()
    [mail] = mails()
    assert mail.to_address == "aino@example.com" and mail.state == "sent"
    assert item.reference in mail.subject and "perillä" in mail.subject
    for words in (mail.text, mail.html):
        assert tracking_url(item.pk) in words and item.reference in words
        assert "2 arkipäivän kuluessa" in words
    assert acknowledged(item) == 1
    item.progress.refresh_from_db()
    assert item.progress.acknowledged_at is not None


def test_it_repeats_nothing_that_the_sender_typed(lumi, gives, settles):
    typed(gives, text="Osta halvat kellot osoitteesta kellot.example", customer={"email": "aino@example.com", "name": "Halvat Kellot"})
    settles()
    [mail] = mails()
    for words in (mail.subject, mail.text, mail.html, mail.from_name):
        assert "kello" not in words.lower()


def test_it_says_that_a_machine_wrote_it(lumi, gives, settles, mailoutbox):
    typed(gives)
    settles()
    [left] = mailoutbox
    assert left.message().get_all("Auto-Submitted") == ["auto-replied"]


@pytest.mark.parametrize(("language", "text", "expected"), [("sv", "Paketet kom två veckor för sent och var trasigt.", "Din feedback"), ("en", "The parcel came two weeks late and it was broken.", "Your feedback")])
def test_it_speaks_the_givers_language(lumi, gives, settles, language, text, expected):
    typed(gives, text=text, language=language)
    settles()
    [mail] = mails()
    assert mail.subject.startswith(expected) and f'lang="{language}"' in mail.html


def test_a_second_item_of_the_same_day_brings_no_second_mail(lumi, gives, settles, clock):
    clock("2026-11-20T09:00:00Z")
    typed(gives)
    settles()
    typed(gives, text="Ja nyt se on rikki.", customer={"email": "AINO@example.com"})
    settles()
    assert len(mails()) == 1
    clock("2026-11-20T22:30:00Z")  # half past midnight in Helsinki: another day there
    typed(gives, text="Edelleen rikki.")
    settles()
    assert len(mails()) == 2


def test_another_organisation_may_confirm_on_the_same_day(lumi, other, gives, settles):
    typed(gives)
    typed(gives, scene=other)
    settles()
    assert sorted(mail.organisation.slug for mail in mails()) == ["lumi", "norrsken"]


def test_praise_without_a_wish_gets_none_and_a_wish_to_be_contacted_gets_one(lumi, gives, settles):
    typed(gives, kind="praise", text="Kiitos nopeasta toimituksesta!")
    settles()
    assert mails() == []
    typed(gives, kind="idea", text="Lisää noutopisteitä.", wants_contact=True)
    settles()
    assert len(mails()) == 1


def test_a_known_address_serves_where_staff_wrote_the_item_down(lumi, gives, settles):
    gives(text="Ensimmäinen.", customer={"external_id": "C-1", "email": "aino@example.com"})
    gives(channel="staff", source="staff", by=lumi.mikko, kind="question", text="Missä pakettini on?", customer={"external_id": "C-1"})
    settles()
    assert [mail.to_address for mail in mails()] == ["aino@example.com"]


def test_what_came_by_the_api_or_without_an_address_gets_none(lumi, gives, settles):
    gives(kind="complaint", text="Myöhässä taas.", customer={"external_id": "C-1", "email": "aino@example.com"})
    typed(gives, customer=None)
    settles()
    assert mails() == []


def test_held_and_withdrawn_items_are_not_confirmed(lumi, gives, settles):
    hold(typed(gives).pk, lumi.organisation, reason="honeypot")
    FeedbackItem.objects.filter(pk=typed(gives, text="Peruutan tämän.").pk).update(withdrawn_at=timezone.now())
    settles()
    assert mails() == []


def test_what_is_released_is_confirmed_then(lumi, gives, settles):
    item = typed(gives)
    hold(item.pk, lumi.organisation, reason="honeypot")
    settles()
    item.progress.refresh_from_db()
    release(item, by=lumi.mikko)
    settles()
    assert len(mails()) == 1


def test_running_it_twice_sends_once(lumi, gives, settles):
    from luuppi.capture.acknowledging import plan_acknowledgements

    item = typed(gives)
    settles()
    plan_acknowledgements(LoopEvent.objects.filter(item=item.pk, kind="received"))
    settles()
    assert len(mails()) == 1 and acknowledged(item) == 1


def test_what_the_page_confirmed_is_not_confirmed_again_in_the_journal(client, lumi, settles):
    address = f"/f/{lumi.organisation.slug}"
    sending = client.get(address).context["form"]["sending"].value()
    client.post(address, {"sending": sending, "kind": "complaint", "text": "Myöhässä.", "contact": "email", "email": "aino@example.com"})
    item = FeedbackItem.objects.get()
    settles()
    assert len(mails()) == 1 and acknowledged(item) == 1
