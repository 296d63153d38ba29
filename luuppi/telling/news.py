"""What the tracking page tells a giver about the improvements their feedback led to: one door for the journey stage."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.wording import in_language
from luuppi.telling.models import NoticeItem


@dataclass(frozen=True, slots=True)
class News:
    """notice_id goes back to `sending.told_on_page` when the giver presses something. effect: "" until it was measured."""

    notice_id: int
    improvement: Improvement
    title: str
    text: str
    declined: bool
    at: datetime
    told_at: datetime | None
    verdict: str
    effect_points: float | None
    heard: str


def news_of(item: FeedbackItem, *, language: str) -> list[News]:
    """The news for the giver of this item, newest first; a notice shows once its sender can no longer take it back."""
    rows = (
        NoticeItem.objects.filter(item=item, notice__shown_from__lte=timezone.now())
        .select_related("notice__telling__improvement")
        .order_by("-notice__shown_from")
    )
    return [_news(row.notice, language) for row in rows]


def _news(notice, language: str) -> News:
    telling = notice.telling
    improvement = telling.improvement
    reading = improvement.readings.filter(is_final=True).first() if improvement.measured_at else None
    return News(
        notice_id=notice.pk,
        improvement=improvement,
        title=in_language(improvement.titles, language),
        text=notice.text if language == notice.language else telling.texts.get(language, notice.text),
        declined=improvement.state == Improvement.DECLINED,
        at=notice.shown_from,
        told_at=notice.told_at,
        verdict=improvement.verdict if reading else "",
        effect_points=reading.value if reading else None,
        heard=notice.heard,
    )
