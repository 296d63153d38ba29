"""Whole loops of the outer kind: from feedback through a cause and an improvement to the giver who is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from luuppi.delivery.models import Outgoing
from luuppi.journal.models import LoopEvent, Progress
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.models import EffectReading, Improvement
from luuppi.outer_loop.proposing import add_items, propose_improvement
from luuppi.outer_loop.tracing import name_root_cause
from luuppi.outer_loop.working import complete_improvement, start_improvement
from luuppi.running import todo
from luuppi.telling.models import Notice, Telling
from luuppi.telling.news import news_of
from luuppi.telling.sending import tell_givers, told_on_page

DONE = {"fi": "Lajittelemme nyt myös lauantaisin.", "sv": "Vi sorterar nu även på lördagar.", "en": "We now sort on Saturdays too."}
AINO = {"external_id": "C-1", "email": "aino@example.com", "name": "Aino Virtanen"}


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def soon():
    return timezone.now() + timedelta(seconds=30)


def steps_of(item) -> set[str]:
    progress = Progress.objects.get(pk=item.pk)
    return {step for step in ("read", "answered", "solved", "used", "told") if getattr(progress, f"{step}_at")}


def kinds_of(item) -> list[str]:
    return list(LoopEvent.objects.filter(item=item.pk).order_by("id").values_list("kind", flat=True))


def test_a_late_parcel_leads_to_an_improvement_and_aino_is_told(lumi, gives, background, outbox):
    item = gives(text="Paketti seisoi terminaalissa koko viikonlopun.", scores={"nps": 2}, touchpoint="delivery", language="fi", customer=AINO)
    background()
    cause = name_root_cause("Viikonloppuna ei lajitella", by=lumi.mikko, whys=["Paketti seisoi perjantaista maanantaihin"], evidence=[item.pk])
    improvement = propose_improvement({"fi": "Lajittelu lauantaisin", "en": "Weekend sorting"}, type="process", by=lumi.mikko, because_of=[item.pk], root_causes=[cause.pk])
    assert improvement.touchpoint.key == "delivery" and improvement.number == 1 and steps_of(item) == set()

    improvement = decide_improvement(improvement, accepted=True, reason="Maksaa itsensä hyvityksissä.", by=lumi.leena)
    assert steps_of(item) == {"used"}
    start_improvement(improvement, by=lumi.leena)
    complete_improvement(improvement, by=lumi.leena, text=DONE)
    background()
    assert Telling.objects.get().texts == DONE and not outbox, "a person sends it"

    tell_givers(improvement, by=lumi.leena)
    background()
    assert not outbox, "ten seconds for an undo"
    background(until=soon())
    [message] = outbox
    assert message.to == ["aino@example.com"] and "Lajittelemme nyt myös lauantaisin." in message.body
    assert "Paketti seisoi terminaalissa koko viikonlopun." in message.body and "Hei Aino," in message.body
    assert "/u/" in message.extra_headers["List-Unsubscribe"] and message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert steps_of(item) == {"used", "told"}
    assert [kind for kind in kinds_of(item) if kind != "case_opened"] == ["received", "used", "told"]
    assert EffectReading.objects.get().verdict in ("too_early", "")


def test_nobody_is_told_twice_however_often_it_is_sent(lumi, gives, background, outbox):
    items = [gives(text=f"Myöhässä taas {n}", language="fi", customer=AINO) for n in range(3)]
    improvement = done(lumi, items)
    assert len(tell_givers(improvement, by=lumi.leena)) == 1, "three items of one customer are one notice"
    assert tell_givers(improvement, by=lumi.leena) == []
    background(until=soon())
    background(until=soon())
    assert len(outbox) == 1 and "muuhun viestiisi" in outbox[0].body
    assert all(steps_of(item) >= {"told"} for item in items)
    assert all(kinds_of(item).count("told") == 1 for item in items)

    late = gives(text="Minunkin pakettini seisoi.", language="fi", customer={"external_id": "C-2", "email": "eero@example.com"})
    assert add_items(improvement, [late.pk, items[0].pk], by=lumi.mikko) == 1
    assert "used" in steps_of(late)
    assert [notice.giver for notice in tell_givers(improvement, by=lumi.leena)] == [f"customer:{late.customer_id}"]
    background(until=soon())
    assert [message.to for message in outbox] == [["aino@example.com"], ["eero@example.com"]]


def test_without_an_address_the_news_stand_on_the_tracking_page_until_the_giver_presses_something(lumi, gives, background, outbox):
    item = gives(text="Ni sorterar inte på helgen", language="sv")
    improvement = done(lumi, [item])
    [notice] = tell_givers(improvement, by=lumi.leena, at=timezone.now() - timedelta(minutes=1))
    background(until=soon())
    assert not outbox and "told" not in steps_of(item)
    [news] = news_of(item, language="sv")
    assert news.text == DONE["sv"] and news.told_at is None
    told_on_page(news.notice_id, item_id=item.pk + 1)
    assert "told" not in steps_of(item), "another item's link tells nothing about this one"
    told_on_page(news.notice_id, item_id=item.pk, heard="yes")
    told_on_page(news.notice_id, item_id=item.pk)
    assert kinds_of(item).count("told") == 1
    notice.refresh_from_db()
    assert (notice.state, notice.heard) == ("told", "yes")


def test_who_stopped_messages_gets_none(lumi, gives, client, background, outbox):
    known = gives(text="Kuulkaa jo", language="fi", customer=AINO)
    typed = gives(text="Samaa mieltä", language="fi", customer={"email": "joku@example.com"}, knows_addresses=False)
    improvement = done(lumi, [known, typed])
    tell_givers(improvement, by=lumi.leena)
    background(until=soon())
    links = {message.to[0]: message.extra_headers["List-Unsubscribe"].strip("<>").split("://")[1].partition("/")[2] for message in outbox}
    assert set(links) == {"aino@example.com", "joku@example.com"}
    assert "Samaa mieltä" not in next(m.body for m in outbox if m.to == ["joku@example.com"]), "a typed address may be anybody's: no words of the sender go there"
    for link in links.values():
        page = client.get(f"/{link}")
        assert page.status_code == 200 and b"<form" in page.content
        known.customer.refresh_from_db()
        assert known.customer.stopped_telling_at is None or link != links["aino@example.com"], "opening the link stops nothing"
        assert client.post(f"/{link}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.get("/u/" + "a" * 42).status_code == 404

    second = done(lumi, [known, typed], title="Toinen")
    assert {notice.channel for notice in tell_givers(second, by=lumi.leena)} == {Notice.NOT_WANTED}
    background(until=soon())
    assert len(outbox) == 2
    client.post(f"/{links['aino@example.com']}", {"act": "go_on"})
    known.customer.refresh_from_db()
    assert known.customer.stopped_telling_at is None


def test_a_declined_proposal_is_told_with_its_reason(lumi, gives, background, outbox):
    item = gives(text="Kuljetuksen pitäisi olla ilmainen", kind="idea", language="fi", customer=AINO)
    improvement = propose_improvement("Ilmainen kuljetus", type="price", by=lumi.mikko, because_of=[item.pk])
    improvement = decide_improvement(improvement, accepted=False, reason="Kuljetus maksaa enemmän kuin siitä perimme.", by=lumi.leena)
    background()
    tell_givers(improvement, by=lumi.leena)
    background(until=soon())
    assert "Kuljetus maksaa enemmän" in outbox[0].body
    assert steps_of(item) == {"told"}, "it stands behind no decided improvement, so it was not used"


def test_ten_seconds_to_take_it_back(lumi, gives, background, outbox):
    from luuppi.telling.refusals import TooLateToTakeBack
    from luuppi.telling.sending import take_back

    item = gives(text="Odotin", language="fi", customer=AINO)
    improvement = done(lumi, [item])
    tell_givers(improvement, by=lumi.leena)
    telling = Telling.objects.get()
    assert take_back(telling, by=lumi.leena) == 1 and Outgoing.objects.count() == 0
    background(until=soon())
    assert not outbox and Telling.objects.get().sent_at is None
    tell_givers(improvement, by=lumi.leena)
    background(until=soon())
    assert len(outbox) == 1
    Notice.objects.update(shown_from=timezone.now())
    with pytest.raises(TooLateToTakeBack):
        take_back(telling, by=lumi.leena)


def test_reactions_may_run_twice(lumi, gives, background):
    from luuppi.outer_loop.measuring import plan_effect_measurement
    from luuppi.telling.drafting import draft_message_to_givers

    improvement = done(lumi, [gives(text="Odotin", language="fi")])
    background()
    telling = Telling.objects.get()
    Telling.objects.update(texts={"fi": "Muokattu"})
    events = list(LoopEvent.objects.filter(improvement=improvement.pk, item=None))
    for _again in range(2):
        draft_message_to_givers(events)
        plan_effect_measurement(events)
        background()
    telling.refresh_from_db()
    assert telling.texts == {"fi": "Muokattu"} and Telling.objects.count() == 1 and EffectReading.objects.count() == 1


def test_a_message_that_cannot_be_delivered_is_shown_and_the_news_stay_on_the_page(lumi, gives, settings):
    settings.EMAIL_BACKEND, settings.MAIL_URL = "luuppi.delivery.backends.MailUrlBackend", "smtp://127.0.0.1:1"
    item = gives(text="Odotin", language="fi", customer=AINO)
    tell_givers(done(lumi, [item]), by=lumi.leena, at=timezone.now() - timedelta(hours=1))
    for _attempt in range(12):
        todo.run_due(now=timezone.now() + timedelta(hours=3))
    assert Notice.objects.get().state == "failed" and "telling_failed" in kinds_of(item) and "told" not in steps_of(item)
    [news] = news_of(item, language="fi")
    told_on_page(news.notice_id, item_id=item.pk, heard="yes")
    assert "told" in steps_of(item)


def done(lumi, items, title="Lajittelu lauantaisin") -> Improvement:
    improvement = propose_improvement({"fi": title, "sv": title, "en": title}, type="process", by=lumi.mikko, because_of=[item.pk for item in items])
    improvement = decide_improvement(improvement, accepted=True, reason="Kyllä", by=lumi.leena)
    return complete_improvement(improvement, by=lumi.leena, text=DONE)
