"""The life of a case in any order of acts: what must hold, holds after each."""

import smtplib
from datetime import timedelta

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from luuppi.capture.models import FeedbackItem
from luuppi.errors import Refusal
from luuppi.inner_loop.answering import count_as_sent, send_again, take_back_answer, write_answer
from luuppi.inner_loop.assigning import assign_case, move_to_team, take_case
from luuppi.inner_loop.closing import close_case, confirm
from luuppi.inner_loop.escalating import escalate_case
from luuppi.inner_loop.models import Case, CaseItem, Message
from luuppi.inner_loop.models.case import OUTCOMES
from luuppi.inner_loop.reopening import reopen_case
from luuppi.inner_loop.replying import receive_reply
from luuppi.inner_loop.routing import open_case
from luuppi.journal.models import LoopEvent, Progress
from luuppi.journal.recording import rebuild_progress
from luuppi.running import todo


class Postman(BaseEmailBackend):
    """Takes the mail, or says that there is no such mailbox."""

    refuses = False

    def send_messages(self, messages) -> int:
        if Postman.refuses:
            raise smtplib.SMTPRecipientsRefused({"aino@example.com": (550, b"no such mailbox")})
        return len(messages)


class LifeOfACase(RuleBasedStateMachine):
    lumi = gives = None
    count = 0

    @initialize(mail=st.booleans())
    def begin(self, mail):
        LifeOfACase.count += 1
        self.n = 0
        self.customer = {"external_id": f"C-{LifeOfACase.count}"} | ({"email": f"aino{LifeOfACase.count}@example.com"} if mail else {})
        Postman.refuses = False
        self.items = []
        self.says_more(kind="complaint")

    def act(self, do):
        """A refusal is an answer; anything else that is raised is a bug."""
        try:
            return do()
        except Refusal:
            return None

    def next(self) -> str:
        self.n += 1
        return f"k{LifeOfACase.count}-{self.n}"

    def case(self, item=None) -> Case:
        cases = Case.objects.select_related("team", "owner", "organisation").filter(case_items__item=(item or self.items[0]).pk)
        return cases.order_by("-case_items__in_open_case", "-id").first()

    members = st.sampled_from(["mikko", "sari", "leena"])

    @rule(kind=st.sampled_from(["complaint", "praise", "question"]))
    def says_more(self, kind):
        item = self.gives(text=f"Sana {self.next()}", kind=kind, touchpoint="delivery", customer=self.customer)
        self.items.append(FeedbackItem.objects.select_related("team").get(pk=item.pk))
        self.time_passes()

    @rule(who=members)
    def takes(self, who):
        self.act(lambda: take_case(self.case(), by=self.lumi.members[who]))

    @rule(who=members, to=members)
    def hands_on(self, who, to):
        self.act(lambda: assign_case(self.case(), to=self.lumi.members[to], by=self.lumi.members[who]))

    @rule(who=members)
    def gives_to_the_team(self, who):
        self.act(lambda: move_to_team(self.case(), team=self.lumi.teams["delivery"], by=self.lumi.members[who]))

    @rule(who=members, promises=st.booleans())
    def answers(self, who, promises):
        day = timezone.localdate() + timedelta(days=3) if promises else None
        self.act(lambda: write_answer(self.case(), text="Hei", by=self.lumi.members[who], promised_on=day, key=self.next()))

    @rule(who=members)
    def takes_back(self, who):
        if message := Message.objects.filter(case=self.case(), direction="out").select_related("case", "outgoing").last():
            self.act(lambda: take_back_answer(message, by=self.lumi.members[who]))

    @rule(who=members, settle=st.sampled_from([send_again, count_as_sent]))
    def settles(self, who, settle):
        if message := Message.objects.filter(case=self.case(), direction="out").select_related("case", "outgoing").last():
            self.act(lambda: settle(message, by=self.lumi.members[who]))

    @rule(who=members, outcome=st.sampled_from(sorted(OUTCOMES)), text=st.sampled_from(["", "Näin kävi."]), because=st.sampled_from(["", "", "anonymous"]))
    def closes(self, who, outcome, text, because):
        self.act(lambda: close_case(self.case(), by=self.lumi.members[who], outcome=outcome, text=text, not_told_because=because, key=self.next()))

    @rule(who=members)
    def opens_again(self, who):
        self.act(lambda: reopen_case(self.case(), by=self.lumi.members[who]))

    @rule(who=members, which=st.integers(0, 3))
    def opens_a_case(self, who, which):
        self.act(lambda: open_case(self.items[which % len(self.items)], by=self.lumi.members[who]))

    @rule(who=members)
    def asks_for_help(self, who):
        self.act(lambda: escalate_case(self.case(), reason="Apua", by=self.lumi.members[who], key=self.next()))

    @rule(solved=st.booleans(), which=st.integers(0, 3), ces=st.none() | st.integers(1, 7))
    def the_customer_confirms(self, solved, which, ces):
        self.act(lambda: confirm(self.items[which % len(self.items)], solved=solved, ces=ces))

    @rule(which=st.integers(0, 3))
    def the_customer_replies(self, which):
        self.act(lambda: receive_reply(self.items[which % len(self.items)], text="Entä nyt?", key=self.next()))

    @rule()
    def time_passes(self):
        """Eleven seconds: what was waiting for an undo leaves."""
        until = timezone.now() + timedelta(seconds=11)
        while todo.run_due(now=until, kinds=("react", "mail", "route")):
            pass

    @rule(refuses=st.booleans())
    def the_mailbox_changes(self, refuses):
        Postman.refuses = refuses

    @invariant()
    def what_must_hold(self):
        for item in self.items:
            assert CaseItem.objects.filter(item=item.pk, in_open_case=True).count() <= 1
            assert self.case(item) is not None or FeedbackItem.objects.get(pk=item.pk).kind == "praise"
        for case in Case.objects.filter(case_items__item__in=[item.pk for item in self.items]).distinct():
            flags = set(case.case_items.values_list("in_open_case", flat=True))
            assert flags == {not case.is_closed}
            out = case.messages.filter(direction="out")
            if case.is_closed:
                assert case.outcome and (case.not_told_because or out.filter(state__in=("queued", "sent", "standing")).exists())
            if out.filter(by__startswith="member:").exists() and not LoopEvent.objects.filter(case=case.pk, kind="handed_off", data__to__startswith="team:").exists():
                assert case.owner_id is not None
            if out.filter(state__in=("sent", "standing")).exists():
                assert case.first_answered_at and Progress.objects.get(item=case.lead_item_id).answered_at
            assert (case.due_at is None) == (case.state != "open")


@pytest.mark.django_db
def test_the_life_of_a_case_in_any_order(lumi, gives, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Postman"
    LifeOfACase.lumi, LifeOfACase.gives = lumi, staticmethod(gives)
    run_state_machine_as_test(LifeOfACase, settings=_FEW)
    assert rebuild_progress() == 0


_FEW = settings(max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
