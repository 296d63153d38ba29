"""Messages of which nobody knows whether they left: the program was stopped between handing one over and noting it. A person decides."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from luuppi.delivery.models import Outgoing
from luuppi.outer_loop.authority import need
from luuppi.telling.givers import givers_of
from luuppi.telling.models import Notice, Telling
from luuppi.telling.refusals import NotInDoubt
from luuppi.telling.sending import post_letter, told


def in_doubt(tellings: QuerySet[Telling]) -> QuerySet[Notice]:
    """The notices of these tellings that were perhaps sent."""
    # Said twice for the index of what is not sent.
    perhaps = Outgoing.objects.filter(purpose="telling", state="perhaps_sent", refers_to__isnull=False).exclude(state="sent")
    return Notice.objects.filter(telling__in=tellings, state=Notice.WAITING, pk__in=perhaps.values("refers_to")).order_by("pk")


@transaction.atomic
def send_again(notice: Notice, *, by: Any) -> None:
    """Send it once more: the giver may get it twice. Raises OutsideYourAuthority, NotInDoubt, also when there is no giver any more."""
    notice = _held(notice, by)
    giver = next((one for one in givers_of(notice.telling.improvement) if one.key == notice.giver and one.address), None)
    if giver is None:
        raise NotInDoubt()
    n_before = Outgoing.objects.filter(purpose="telling", refers_to=notice.pk).update(state="gave_up")
    post_letter(notice, giver, attempt=n_before)


@transaction.atomic
def count_as_told(notice: Notice, *, by: Any) -> None:
    """A person knows that it has arrived. Raises OutsideYourAuthority, NotInDoubt."""
    notice = _held(notice, by)
    Outgoing.objects.filter(purpose="telling", refers_to=notice.pk, state="perhaps_sent").update(state="sent")
    told(notice, by=by, at=None)


def _held(notice: Notice, by: Any) -> Notice:
    notice = Notice.objects.select_for_update(of=("self",)).select_related("telling__improvement__team", "telling__organisation").get(pk=notice.pk)
    need(by, "improvements.tell", team_path=notice.telling.improvement.team.path)
    if not in_doubt(Telling.objects.filter(pk=notice.telling_id)).filter(pk=notice.pk).exists():
        raise NotInDoubt()
    return notice
