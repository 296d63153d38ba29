"""The mail server is away, says no, or the process dies in between: nothing is lost, nothing goes twice, and a person sees it."""

import socket
from datetime import timedelta

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from luuppi.delivery.models import Outgoing
from luuppi.inner_loop.answering import count_as_sent, send_again, write_answer
from luuppi.inner_loop.closing import close_case
from luuppi.inner_loop.models import Case, Message
from luuppi.inner_loop.refusals import NotForSendingAgain
from luuppi.journal.models import LoopEvent, Progress

BY_MAIL_URL = "luuppi.delivery.backends.MailUrlBackend"


class Letterbox:
    """A mail server's handler that keeps what it gets, or refuses the recipient."""

    def __init__(self, refuses: bool = False):
        self.refuses, self.got = refuses, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.got.append(envelope.content)
        return "250 OK"


class DiesAfterSending(BaseEmailBackend):
    """The mail has left, and the process is gone before it could note that."""

    sent: list = []

    def send_messages(self, messages) -> int:
        DiesAfterSending.sent += messages
        raise KeyboardInterrupt


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fresh(case) -> Case:
    return Case.objects.select_related("team", "organisation", "owner").get(pk=case.pk)


def test_a_mail_server_that_is_away_for_an_hour_gets_each_answer_once(lumi, aino_complains, background, settings, free_port):
    settings.EMAIL_BACKEND, settings.MAIL_URL = BY_MAIL_URL, f"smtp://127.0.0.1:{free_port}"
    case = aino_complains()
    with time_machine.travel(timezone.now()) as clock:
        write_answer(case, text="Se tulee perjantaina.", by=lumi.mikko)
        for _ in range(60):
            clock.shift(60)
            background()
        assert Outgoing.objects.get().state == "failed" and Progress.objects.get().answered_at is None
        assert fresh(case).state == "open" and Message.objects.get().state == "queued"
        box = Letterbox()
        server = Controller(box, hostname="127.0.0.1", port=free_port)
        server.start()
        try:
            for _ in range(40):
                clock.shift(60)
                background()
        finally:
            server.stop()
    assert len(box.got) == 1 and Message.objects.get().state == "sent"
    assert Progress.objects.get().answered_at and fresh(case).state == "waiting"


def test_an_address_that_is_refused_brings_the_case_back(lumi, aino_complains, background, settings, free_port, as_member):
    settings.EMAIL_BACKEND, settings.MAIL_URL = BY_MAIL_URL, f"smtp://127.0.0.1:{free_port}"
    case = aino_complains()
    message = write_answer(case, text="Se tulee perjantaina.", by=lumi.mikko)
    server = Controller(Letterbox(refuses=True), hostname="127.0.0.1", port=free_port)
    server.start()
    try:
        background(until=timezone.now() + timedelta(seconds=11))
    finally:
        server.stop()
    message.refresh_from_db()
    assert message.state == "failed" and Progress.objects.get().answered_at is None
    assert LoopEvent.objects.get(kind="answer_failed").data["reason"] == "mail-refused"
    assert fresh(case).state == "open" and fresh(case).due_at <= timezone.now() and fresh(case).owner == lumi.mikko
    assert f"/answers/{message.pk}/again" in as_member(lumi.mikko).get(f"/o/lumi/cases/{case.number}").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_again(message, by=lumi.mikko)
    background(until=timezone.now() + timedelta(seconds=11))
    message.refresh_from_db()
    assert message.state == "sent" and Progress.objects.get().answered_at
    with pytest.raises(NotForSendingAgain):
        send_again(message, by=lumi.mikko)


def test_an_address_that_no_envelope_can_carry_brings_the_case_back_and_is_not_said_to_be_perhaps_sent(lumi, aino_complains, background, settings, free_port):
    settings.EMAIL_BACKEND, settings.MAIL_URL = BY_MAIL_URL, f"smtp://127.0.0.1:{free_port}"
    message = write_answer(aino_complains(), text="Se tulee perjantaina.", by=lumi.mikko)
    Outgoing.objects.filter(pk=message.outgoing_id).update(to_address=f"aino@{'b' * 70}.fi")
    server = Controller(letterbox := Letterbox(), hostname="127.0.0.1", port=free_port)
    server.start()
    try:
        background(until=timezone.now() + timedelta(seconds=11))
    finally:
        server.stop()
    assert letterbox.got == []
    message.refresh_from_db()
    assert (message.state, message.outgoing.state) == ("failed", "gave_up") and Progress.objects.get().answered_at is None
    assert LoopEvent.objects.filter(kind="answer_failed").count() == 1


def test_a_case_that_closed_with_words_that_did_not_arrive_opens_again(lumi, aino_complains, background, settings, free_port):
    settings.EMAIL_BACKEND, settings.MAIL_URL = BY_MAIL_URL, f"smtp://127.0.0.1:{free_port}"
    case = aino_complains()
    close_case(case, by=lumi.mikko, text="Palautin rahat.")
    server = Controller(Letterbox(refuses=True), hostname="127.0.0.1", port=free_port)
    server.start()
    try:
        background(until=timezone.now() + timedelta(seconds=11))
    finally:
        server.stop()
    assert fresh(case).state == "open" and LoopEvent.objects.get(kind="reopened").data["reason"] == "answer-failed"


def test_a_crash_between_sending_and_noting_is_shown_and_never_sent_twice(lumi, aino_complains, background, settings, as_member):
    settings.EMAIL_BACKEND = f"{__name__}.DiesAfterSending"
    DiesAfterSending.sent.clear()
    case = aino_complains()
    message = write_answer(case, text="Se tulee perjantaina.", by=lumi.mikko)
    with pytest.raises(KeyboardInterrupt):
        background(until=timezone.now() + timedelta(seconds=11))
    background(until=timezone.now() + timedelta(minutes=10))  # the lease has run out: somebody else takes the to-do up
    assert len(DiesAfterSending.sent) == 1 and Outgoing.objects.get().state == "perhaps_sent"
    assert Progress.objects.get().answered_at is None
    assert f"answers/{message.pk}/arrived" in as_member(lumi.mikko).get(f"/o/lumi/cases/{case.number}").content.decode()
    message.refresh_from_db()
    count_as_sent(message, by=lumi.mikko)
    assert Progress.objects.get().answered_at and fresh(case).state == "waiting"
    with pytest.raises(NotForSendingAgain):
        count_as_sent(message, by=lumi.mikko)
