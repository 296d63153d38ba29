"""The telling page: drafts that wait for a person, and what has been sent, with how many were told."""

from dataclasses import dataclass

from django.db.models import Count, Q

from luuppi.telling.doubting import in_doubt
from luuppi.telling.models import Notice, Telling

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Overview:
    waiting: list[Telling]
    sent: list[Telling]
    before: int | None  # the id to go on from, None on the last page


def read_overview(who, *, before: int | None = None) -> Overview:
    """Newest first; each telling carries n_items (drafts) or n_notices, n_told, n_failed,
    n_unopened (on the tracking page alone, waiting there), n_in_doubt and told_share (sent). Four queries however many there are."""
    rows = Telling.objects.visible_to(who).select_related("improvement__organisation", "improvement__owner").order_by("-id")
    waiting = list(rows.filter(sent_at=None).annotate(n_items=Count("improvement__because_of"))[:SHOWN]) if before is None else []
    counted = rows.filter(sent_at__isnull=False).annotate(
        n_notices=Count("notices"),
        n_told=Count("notices", filter=Q(notices__state=Notice.TOLD)),
        n_failed=Count("notices", filter=Q(notices__state=Notice.FAILED)),
        n_unopened=Count("notices", filter=Q(notices__state=Notice.WAITING, notices__channel=Notice.PAGE)),
    )
    if before is not None:
        counted = counted.filter(pk__lt=before)
    sent = list(counted[: SHOWN + 1])
    doubts = in_doubt(Telling.objects.filter(pk__in=[one.pk for one in sent]))
    counts = dict(doubts.order_by().values_list("telling").annotate(Count("pk")))
    for one in sent:
        one.n_in_doubt = counts.get(one.pk, 0)
        one.told_share = one.n_told / one.n_notices if one.n_notices else 0.0
    return Overview(waiting, sent[:SHOWN], sent[SHOWN - 1].pk if len(sent) > SHOWN else None)
