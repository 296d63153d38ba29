"""One row of a list of items: what the stream and the black-hole list show of each, masked where the reader may not know who it was."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from luuppi.capture.models import FeedbackItem, sees_customer
from luuppi.meaning.passages import instead_of_words, words_of

KIND_NAMES = {"survey": gettext_noop("Survey"), "complaint": gettext_noop("Complaint"), "praise": gettext_noop("Praise"), "idea": gettext_noop("Idea"), "question": gettext_noop("Question")}
KIND_ICONS = {"survey": "list", "complaint": "flag", "praise": "heart", "idea": "lightbulb", "question": "circle-question-mark"}
CHANNEL_NAMES = {
    "form": gettext_noop("Feedback form"), "survey": gettext_noop("Survey"), "api": gettext_noop("Another system"), "import": gettext_noop("Imported file"),
    "staff": gettext_noop("Through staff"), "email": gettext_noop("E-mail"), "kiosk": gettext_noop("Kiosk"), "widget": gettext_noop("Widget"),
}  # fmt: skip
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
        kind_name=_(KIND_NAMES[item.kind]),
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
