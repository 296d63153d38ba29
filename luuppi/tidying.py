"""What is thrown away each night, because nobody needs it any more: answers kept for repeated sends, used links, old sessions."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from luuppi.api.models import KeptAnswer
from luuppi.capture.models import Sending, SurveyDraft
from luuppi.meaning.models import ThemeChange
from luuppi.people.models import SignInLink

_AT_ONCE = 2_000  # deleted in short transactions: nobody waits for the tidying


def tidy() -> dict[str, int]:
    """Do it; may run twice. Returns how many rows went, by their table."""
    now = timezone.now()
    yesterday = now - timedelta(days=1)
    old = [
        KeptAnswer.objects.filter(at__lt=yesterday),
        ThemeChange.objects.filter(at__lt=yesterday),
        Sending.objects.filter(at__lt=now - timedelta(days=2)),
        SurveyDraft.objects.filter(item_id__isnull=False, updated_at__lt=now - timedelta(days=30)),
        # A day longer than they work, so that whoever opens one late reads that it was used rather than that it never was.
        SignInLink.objects.filter(Q(used_at__lt=yesterday) | Q(expires_at__lt=yesterday)),
        Session.objects.filter(expire_date__lt=now),
    ]
    return {rows.model._meta.db_table: _throw_away(rows) for rows in old}


def _throw_away(rows: QuerySet) -> int:
    n = 0
    while some := list(rows.values_list("pk", flat=True)[:_AT_ONCE]):
        rows.model._default_manager.filter(pk__in=some).delete()
        n += len(some)
    return n
