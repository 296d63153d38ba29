"""What was perhaps sent is shown, and a person decides; who leaves hands their cases on; who wants no messages gets no acknowledgement."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from luuppi.delivery.models import Outgoing
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.proposing import propose_improvement
from luuppi.outer_loop.working import complete_improvement
from luuppi.telling.doubting import count_as_told, send_again
from luuppi.telling.models import Notice
from luuppi.telling.queries.of_improvement import read_audience
from luuppi.telling.refusals import NotInDoubt
from luuppi.telling.sending import tell_givers


@pytest.fixture
def in_doubt(lumi, gives, background, settings):
    """A notice whose mail the program was stopped while sending."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    item = gives(text="Odotin kaksi viikkoa", language="fi", customer={"external_id": "C-1", "email": "aino@example.com"})
    improvement = propose_improvement("Lajittelu", type="process", by=lumi.leena, because_of=[item.pk])
    decide_improvement(improvement, accepted=True, reason="Kyllä", by=lumi.leena)
    complete_improvement(improvement, by=lumi.leena, text="Lajittelemme lauantaisin.")
    [notice] = tell_givers(improvement, by=lumi.leena)
    Outgoing.objects.filter(purpose="telling").update(state="sending")
    background(until=timezone.now() + timedelta(minutes=1))
    improvement.refresh_from_db()
    assert Outgoing.objects.get(purpose="telling").state == "perhaps_sent" and not mail.outbox
    return improvement, notice


def test_it_is_shown_and_counted(in_doubt, lumi, as_member):
    improvement, notice = in_doubt
    assert read_audience(improvement).n_in_doubt == 1
    leena = as_member(lumi.leena)
    page = leena.get(f"/o/lumi/telling/{improvement.number}?lang=en").content.decode()
    assert "Perhaps sent" in page and f"notices/{notice.pk}/arrived" in page
    assert "1 perhaps sent" in leena.get("/o/lumi/telling?lang=en").content.decode()
    assert f"notices/{notice.pk}/again" not in as_member(lumi.mikko).get(f"/o/lumi/telling/{improvement.number}").content.decode()
    assert as_member(lumi.mikko).post(f"/o/lumi/telling/{improvement.number}/notices/{notice.pk}/again").status_code == 404


def test_a_person_knows_that_it_arrived(in_doubt, lumi, as_member):
    improvement, notice = in_doubt
    assert as_member(lumi.leena).post(f"/o/lumi/telling/{improvement.number}/notices/{notice.pk}/arrived").status_code == 302
    assert Notice.objects.get().state == Notice.TOLD and read_audience(improvement).n_in_doubt == 0
    with pytest.raises(NotInDoubt):
        count_as_told(notice, by=lumi.leena)


def test_sent_again_it_leaves_once_more_and_no_more(in_doubt, lumi, background):
    improvement, notice = in_doubt
    send_again(notice, by=lumi.leena)
    with pytest.raises(NotInDoubt):
        send_again(notice, by=lumi.leena)
    background(until=timezone.now() + timedelta(minutes=1))
    assert [one.to for one in mail.outbox] == [["aino@example.com"]] and Notice.objects.get().state == Notice.TOLD
    assert read_audience(improvement).n_in_doubt == 0
