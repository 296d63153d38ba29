"""Telling the givers, once each: by mail where there is an address, else on the tracking page. `told` is recorded when it has left."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.delivery import mailing
from luuppi.delivery.models import Outgoing
from luuppi.journal import kinds
from luuppi.journal.recording import CUSTOMER, SYSTEM, record
from luuppi.outer_loop.authority import need
from luuppi.outer_loop.models import Improvement
from luuppi.telling.drafting import NAMES, draft_telling, with_what_was_sent
from luuppi.telling.givers import Giver, givers_of
from luuppi.telling.letters import write_letter
from luuppi.telling.models import Notice, NoticeItem, Telling
from luuppi.telling.refusals import TextNeeded, TooLateToTakeBack

TIME_TO_UNDO = timedelta(seconds=10)


@transaction.atomic
def tell_givers(improvement: Improvement, *, by: Any, texts: dict[str, str] | None = None, at: datetime | None = None) -> list[Notice]:
    """Tell everybody who has not been told about this improvement; the row is locked, so two who press at once tell once.

    Returns the notices made now. Raises OutsideYourAuthority, NothingToTell, TextNeeded, TextWasSent.
    """
    improvement = Improvement.objects.select_for_update(of=("self",)).select_related("team", "organisation").get(pk=improvement.pk)
    need(by, "improvements.tell", team_path=improvement.team.path)
    telling = draft_telling(improvement)
    if texts:
        telling.texts = with_what_was_sent(telling, telling.texts | texts)
    untold = not_told_yet(telling)
    if not untold and telling.sent_at:
        return []
    _need_texts(telling, untold)
    moment = at or timezone.now()
    notices = [_notice(telling, giver, moment) for giver in untold]
    telling.sent_at, telling.sent_by = telling.sent_at or moment, telling.sent_by or by.actor
    telling.save(update_fields=["texts", "sent_at", "sent_by"])
    if improvement.told_at is None:
        improvement.told_at = moment
        improvement.save(update_fields=["told_at"])
    record(
        kinds.TELLING_STARTED,
        organisation=improvement.organisation_id,
        by=by,
        improvement=improvement.pk,
        at=at,
        title=improvement.title,
        number=improvement.number,
        n=len(notices),
    )
    return notices


def not_told_yet(telling: Telling) -> list[Giver]:
    """The givers without a notice of this telling, so that later items can still be told, and nobody hears twice."""
    known = set(telling.notices.values_list("giver", flat=True))
    heard = set(NoticeItem.objects.filter(notice__telling=telling).values_list("item_id", flat=True))
    # A giver who became a known customer meanwhile has a new key, but the items tell that they have heard.
    return [giver for giver in givers_of(telling.improvement) if giver.key not in known and not any(item.pk in heard for item in giver.items)]


@transaction.atomic
def take_back(telling: Telling, *, by: Any) -> int:
    """Undo within ten seconds. Returns how many were not told after all. Raises OutsideYourAuthority, TooLateToTakeBack."""
    improvement = Improvement.objects.select_for_update(of=("self",)).select_related("team").get(pk=telling.improvement_id)
    need(by, "improvements.tell", team_path=improvement.team.path)
    now = timezone.now()
    waiting = list(Notice.objects.select_for_update().filter(telling=telling, state=Notice.WAITING, shown_from__gt=now))
    outgoing = {one.refers_to: one for one in Outgoing.objects.filter(purpose="telling", refers_to__in=[notice.pk for notice in waiting])}
    taken = [notice for notice in waiting if notice.pk not in outgoing or mailing.take_back(outgoing[notice.pk])]
    if not taken:
        raise TooLateToTakeBack()
    Notice.objects.filter(pk__in=[notice.pk for notice in taken]).delete()
    if not telling.notices.exists():
        Telling.objects.filter(pk=telling.pk).update(sent_at=None, sent_by="")
        Improvement.objects.filter(pk=improvement.pk).update(told_at=None)
    record(
        kinds.TELLING_TAKEN_BACK,
        organisation=improvement.organisation_id,
        by=by,
        improvement=improvement.pk,
        title=improvement.title,
        number=improvement.number,
        n=len(taken),
    )
    return len(taken)


def note_sent(outgoing: Outgoing) -> None:
    """The message has left: its giver was told. Called by delivery, in its transaction."""
    notice = Notice.objects.select_for_update().filter(pk=outgoing.refers_to).first()
    if notice is not None:
        told(notice, by=SYSTEM, at=outgoing.sent_at)


def note_failed(outgoing: Outgoing) -> None:
    """The message will never leave: the news still stands on the tracking page, and somebody must know."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("telling").filter(pk=outgoing.refers_to).first()
    if notice is None or notice.state != Notice.WAITING:
        return
    notice.state = Notice.FAILED
    notice.save(update_fields=["state"])
    record(
        kinds.TELLING_FAILED,
        organisation=notice.telling.organisation_id,
        by=SYSTEM,
        items=_items(notice),
        improvement=notice.telling.improvement_id,
        reason=outgoing.problem.partition(":")[0],
    )


@transaction.atomic
def told_on_page(notice_id: int, *, item_id: int, heard: str = "") -> None:
    """The giver of this item opened the news on the tracking page and pressed something there: that is being told.

    notice_id: from `news_of(item)`. heard: yes or no, to "did we tell you what happened". Twice is once; a notice of another item is passed over.
    """
    notice = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("telling")
        .filter(pk=notice_id, items__item=item_id, shown_from__lte=timezone.now())
        .first()
    )
    if notice is None:
        return
    if heard in ("yes", "no"):
        notice.heard = heard
        notice.save(update_fields=["heard"])
    told(notice, by=CUSTOMER, at=None)


def told(notice: Notice, *, by: Any, at: datetime | None) -> None:
    """The held notice has reached its giver; twice is once."""
    if notice.told_at is not None:
        return
    notice.state, notice.told_at = Notice.TOLD, at or timezone.now()
    notice.save(update_fields=["state", "told_at"])
    telling = Telling.objects.select_related("improvement").get(pk=notice.telling_id)
    record(
        kinds.TOLD,
        organisation=telling.organisation_id,
        by=by,
        items=_items(notice),
        improvement=telling.improvement_id,
        at=at,
        title=telling.improvement.title,
        number=telling.improvement.number,
    )


def _items(notice: Notice) -> list[int]:
    return list(notice.items.values_list("item_id", flat=True))


def _need_texts(telling: Telling, givers: list[Giver]) -> None:
    """Each giver is told in their own language: a text must be there for it. Raises TextNeeded for the language that most of them miss."""
    missing = Counter(giver.language for giver in givers if giver.language not in telling.texts)
    if missing:
        language, n = missing.most_common(1)[0]
        raise TextNeeded(language=NAMES[language], n=n)
    if not telling.texts:
        raise TextNeeded(language=NAMES.get(telling.organisation.language, NAMES["en"]), n=0)


def _notice(telling: Telling, giver: Giver, moment: datetime) -> Notice:
    shown_from = moment + TIME_TO_UNDO
    text = telling.texts[giver.language]
    notice = Notice.objects.create(telling=telling, giver=giver.key, channel=giver.channel, language=giver.language, text=text, shown_from=shown_from)
    lead = giver.lead
    NoticeItem.objects.bulk_create([NoticeItem(notice=notice, item=item) for item in (lead, *[item for item in giver.items if item.pk != lead.pk])])
    if giver.channel == Notice.MAIL:
        post_letter(notice, giver, due_at=shown_from)
    return notice


def post_letter(notice: Notice, giver: Giver, *, due_at: datetime | None = None, attempt: int = 0) -> None:
    """Hand the mail of this notice over, once for each attempt."""
    telling = notice.telling
    letter = write_letter(telling, giver, notice.text)
    again = f":{attempt}" if attempt else ""
    mailing.hand_over(
        key=f"telling:{telling.pk}:{giver.key}"[:110] + again,
        purpose="telling",
        organisation=telling.organisation,
        to=giver.address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        headers=letter.headers,
        from_name=letter.from_name,
        refers_to=notice.pk,
        due_at=due_at,
    )
