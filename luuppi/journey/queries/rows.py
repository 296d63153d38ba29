"""One row of a list of items: what the stream and the black-hole list show of each, masked where the reader may not know who it was."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from luuppi.capture.models import FeedbackItem, sees_customer
from luuppi.capture.wording import KIND_ICONS, KIND_NAMES
from luuppi.meaning.passages import instead_of_words, words_of

_SHOWN = 400  # letters of the words in a row; the page of the item shows them all


@dataclass(frozen=True, slots=True)
class Row:
    """`words`: the customer's own; "" where there are none to show, and then `instead` says why."""

    item: FeedbackItem
    words: str
    instead: str
    language: str
    who: str
    kind_name: str
    kind_icon: str
    touchpoint: str
    themes: list[str]
    masked: bool
    score: int | None
    score_of: str
    line: str
    received_at: datetime
    url: str


def row_of(item: FeedbackItem, who, *, url: str) -> Row:
    """The item must come with touchpoint, team, customer, progress, reading and codings__theme loaded."""
    full = sees_customer(who, item)
    reading = getattr(item, "reading", None)
    score = item.score or ("nps", None)
    return Row(
        item=item,
        words=(words := words_for(item, full)[:_SHOWN]),
        instead="" if words else instead_of_words(item),
        language=reading.language if reading else item.language,
        who=name_of_giver(item) if full else _("A customer of %(team)s") % {"team": item.team.name},
        kind_name=str(KIND_NAMES[item.kind]),
        kind_icon=KIND_ICONS[item.kind],
        touchpoint=item.touchpoint.name if item.touchpoint else "",
        themes=[coding.theme.name for coding in item.codings.all()][:3],
        masked=not full,
        score=score[1],
        score_of=score[0],
        line=item.progress.line.code,
        received_at=item.received_at,
        url=url,
    )


def words_for(item: FeedbackItem, full: bool) -> str:
    """What this reader may read of it; before the personal data was looked for, other teams see nothing of it."""
    if full:
        return item.text or words_of(item)
    reading = getattr(item, "reading", None)
    return reading.masked_words if reading else ""


def name_of_giver(item: FeedbackItem) -> str:
    if item.customer:
        return str(item.customer)
    if says := item.says_to_be.get("name") or item.says_to_be.get("email") or item.says_to_be.get("phone"):
        return _("says they are %(name)s") % {"name": says}
    return _("anonymous")
