"""The mail that tells what came of it: plain text and its HTML twin, in the giver's language, referring to what that giver said."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luuppi.capture.correspondence import Dot, dots
from luuppi.capture.models import FeedbackItem
from luuppi.capture.tracking_links import UNSUBSCRIBE, token_of, tracking_url
from luuppi.journal.steps import Step
from luuppi.outer_loop.models import Improvement
from luuppi.telling.givers import Giver
from luuppi.telling.models import Telling
from luuppi.ui.brand import nearest_passing

LONGEST_QUOTE = 280


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str
    from_name: str
    headers: dict[str, str]


def write_letter(telling: Telling, giver: Giver, text: str) -> Letter:
    """The mail to one giver. Words of theirs are repeated only to an address that is known to be theirs: a typed one may be anybody's."""
    item, organisation = giver.lead, telling.organisation
    stop = stop_url(item)
    with translation.override(giver.language), timezone.override(organisation.zone):
        declined = telling.improvement.state == Improvement.DECLINED
        title = _("What came of your feedback") if declined else _("Your feedback led to a change")
        facts = {
            "organisation": organisation,
            "title": title,
            "name": giver.items[0].customer.name.split(" ")[0] if giver.items[0].customer else "",
            "text": text,
            "paragraphs": [part.strip() for part in text.split("\n\n") if part.strip()],
            "item": item,
            "words": short_quote(item.text) if giver.address_is_known else "",
            "n_others": len(giver.items) - 1,
            "link": tracking_url(item.pk, counter=item.link_counter),
            "stop": stop,
            "dots": _dots(item),
            "colour": nearest_passing(organisation.colour),
            "news": f"{settings.BASE_URL}/said-and-done/{organisation.slug}",
        }
        return Letter(
            subject=f"{title} · {item.reference}",
            text=render_to_string("telling/mail/told.txt", facts),
            html=render_to_string("telling/mail/told.html", facts),
            from_name=organisation.name,
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )


def stop_url(item: FeedbackItem) -> str:
    return f"{settings.BASE_URL}/u/{token_of(item.pk, counter=item.link_counter, purpose=UNSUBSCRIBE)}"


def short_quote(text: str) -> str:
    """The giver's own words, cut at a sentence or a word, so that it is plain which feedback is meant."""
    text = " ".join(text.split())
    if len(text) <= LONGEST_QUOTE:
        return text
    cut = text[:LONGEST_QUOTE]
    end = max(cut.rfind(sign) for sign in (". ", "! ", "? "))
    return cut[: end + 1] if end > LONGEST_QUOTE // 3 else cut.rsplit(" ", 1)[0] + " …"


def _dots(item: FeedbackItem) -> list[Dot]:
    """The line as it is once this mail has left: told closes it."""
    times = item.progress.times
    times[Step.TOLD] = times[Step.TOLD] or timezone.now()
    return dots(times)
