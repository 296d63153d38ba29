"""Who was told is forgotten; that somebody was told, and when, stays."""

from collections.abc import Sequence

from luuppi.telling.models import Notice


def forget_givers(items: Sequence[int]) -> list[int]:
    """The notices to the givers of these items name nobody any more; what still waits is not sent. Returns their ids. In the caller's transaction."""
    notices = list(Notice.objects.select_for_update(of=("self",)).filter(pk__in=Notice.objects.filter(items__item__in=items).values("pk")))
    for notice in notices:
        notice.giver = f"erased:{notice.pk}"
        notice.state = Notice.FAILED if notice.state == Notice.WAITING else notice.state
    Notice.objects.bulk_update(notices, ["giver", "state"], batch_size=200)
    return [notice.pk for notice in notices]
