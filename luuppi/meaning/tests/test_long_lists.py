"""A common word has more hits than are listed at once, and a common theme more codings: every page to the last is right."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from luuppi.api.lists import page
from luuppi.capture.models import FeedbackItem
from luuppi.capture.queries import stream
from luuppi.capture.queries.stream import Filters, read_items
from luuppi.journal.models import Progress
from luuppi.meaning import searching
from luuppi.meaning.models import Coding, Reading, Theme
from luuppi.running.ids import first_id_at

pytestmark = pytest.mark.slow
N = 11_000
COMMON, OTHER = "paketti", "myöhässä"


@pytest.fixture
def eleven_thousand(lumi, gives):
    """Every second says *paketti*, every third *myöhässä*; the common theme stands on every second, a rare one on ten."""
    organisation, team = lumi.organisation, lumi.teams["delivery"]
    start = timezone.now() - timedelta(days=100)
    ids = [first_id_at(start + timedelta(minutes=10 * n)) for n in range(N)]
    texts = [f"{COMMON if n % 2 == 0 else 'kirje'} {OTHER if n % 3 == 0 else 'ajoissa'}" for n in range(N)]
    at = [start + timedelta(minutes=10 * n) for n in range(N)]
    FeedbackItem.objects.bulk_create(
        [FeedbackItem(pk=pk, organisation=organisation, team=team, kind="complaint", channel="api", occurred_at=when, received_at=when, text=text, source="t") for pk, text, when in zip(ids, texts, at, strict=True)],
        batch_size=500,
    )
    Progress.objects.bulk_create([Progress(item_id=pk, organisation=organisation, team=team, kind="complaint", received_at=when) for pk, when in zip(ids, at, strict=True)], batch_size=500)
    readings = [Reading(item_id=pk, language="fi", stems=searching.stems_of(text, "fi"), read_at=when) for pk, text, when in zip(ids, texts, at, strict=True)]
    Reading.objects.bulk_create(readings, batch_size=500)
    searching.index(readings)
    common, rare = [Theme.objects.create(organisation=organisation, key=key, names={"fi": key}) for key in ("common", "rare")]
    codings = [(pk, common) for pk in ids[::2]] + [(pk, rare) for pk in ids[:10]]
    Coding.objects.bulk_create([Coding(item_id=pk, organisation=organisation, theme=theme, polarity=-1, at=start) for pk, theme in codings], batch_size=500)
    assert len(ids[::2]) > max(searching._NEWEST, stream._MOST_LISTED)
    return ids


def walked(who, filters: Filters) -> tuple[list[int], int]:
    """The ids on all pages, and the most queries that one of them took."""
    found, cursor, most = [], None, 0
    while True:
        with CaptureQueriesContext(connection) as asked:
            rows, cursor = page(read_items(who, filters), cursor=cursor, limit=200)
        most = max(most, len(asked))
        found += [item.pk for item in rows]
        if cursor is None:
            return found, most


def test_all_pages_of_a_common_word_and_a_common_theme(lumi, eleven_thousand):
    ids = eleven_thousand
    wanted = {
        "q=paketti": (Filters(q=COMMON), ids[::2]),
        "two words": (Filters(q=f"{COMMON} {OTHER}"), ids[::6]),
        "theme=common": (Filters(theme="common"), ids[::2]),
        "theme=rare": (Filters(theme="rare"), ids[:10]),
        "word and theme": (Filters(q=OTHER, theme="common"), ids[::6]),
        "theme and step": (Filters(theme="common", step="!read"), ids[::2]),
    }
    for name, (filters, expected) in wanted.items():
        found, most = walked(lumi.leena, filters)
        assert found == expected[::-1], (name, len(found), len(expected))
        assert most <= 8, name
