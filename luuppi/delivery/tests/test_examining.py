"""`luuppi doctor` about mail."""

import pytest

from luuppi.delivery.models import Outgoing
from luuppi.running.examining import EXAMINATIONS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", ["file:", "", "smtp://mail.example:587?tls=1", "smtps://luuppi:s%40fe@mail.example"])
def test_mail_that_can_leave_is_well(settings, url):
    settings.MAIL_URL = url
    assert EXAMINATIONS["mail"]().ok


@pytest.mark.parametrize("url", ["smtp://", "smtp://mail.example:many", "imap://mail.example", "mail.example:25"])
def test_a_setting_that_cannot_work_is_said_with_what_would(settings, url):
    settings.MAIL_URL = url
    finding = EXAMINATIONS["mail"]()
    assert not finding.ok and "smtps://" in finding.mend


def test_no_password_is_shown(settings):
    settings.MAIL_URL = "smtp://luuppi:hush@mail.example"
    finding = EXAMINATIONS["mail"]()
    assert "hush" not in finding.words and "mail.example" in finding.words


def test_mail_that_got_stuck_is_told(settings, lumi):
    settings.MAIL_URL = "file:"
    Outgoing.objects.create(organisation=lumi.organisation, key="k", purpose="answer", to_address="aino@example.com", subject="s", text="t", message_id="<m>", state="failed")
    finding = EXAMINATIONS["mail"]()
    assert not finding.ok and "1 messages" in finding.words
