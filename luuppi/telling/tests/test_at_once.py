"""Two who press at once tell once: the row is locked, and each giver has one notice whatever happens."""

import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from luuppi.journal.models import JournalUnlock, LoopEvent
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.proposing import propose_improvement
from luuppi.outer_loop.working import complete_improvement
from luuppi.telling.models import Notice
from luuppi.telling.sending import tell_givers
from tests.cast import make_scene


@pytest.fixture
def committed(transactional_db):
    """Real transactions; afterwards the journal is unlocked, as it does not let itself be emptied otherwise."""
    yield
    with transaction.atomic():
        JournalUnlock.objects.create(reason="the test is over")
        LoopEvent.objects.all().delete()


def test_sent_by_two_at_once_every_giver_is_told_once(committed):
    from luuppi.capture.drafts import Draft, FeedbackIn
    from luuppi.capture.receiving import receive

    lumi = make_scene()
    drafts = [Draft(FeedbackIn(text=f"Odotin {n}", language="fi", customer={"external_id": f"C-{n}", "email": f"c{n}@example.com"}), channel="api", source="t", knows_addresses=True) for n in range(5)]
    items = [one.item_id for one in receive(drafts, organisation=lumi.organisation, by="customer")]
    improvement = propose_improvement("Lajittelu", type="process", by=lumi.leena, because_of=items)
    decide_improvement(improvement, accepted=True, reason="Kyllä", by=lumi.leena)
    complete_improvement(improvement, by=lumi.leena, text="Lajittelemme lauantaisin.")
    made, ready = [], threading.Barrier(3)

    def press():
        ready.wait()
        while True:
            try:
                made.append(len(tell_givers(improvement, by=lumi.leena)))
                break
            except OperationalError:  # the tests' database in memory does not wait for a lock, as a file does
                time.sleep(0.02)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(made) == [0, 0, 5] and Notice.objects.count() == 5
