"""The codebook on Today: what the software proposes, for those who decide on themes and serve no customers themselves."""

from typing import Any

from django.utils.translation import ngettext

from luuppi.meaning.models import ThemeProposal
from luuppi.meaning.queries.codebook import with_examples
from luuppi.ui.today_parts import LEAD, Shown, register


def connect() -> None:
    register("proposals", proposals, place=LEAD, order=20)


def proposals(member: Any) -> Shown | None:
    """The largest theme that is proposed, with what customers say of it. Those with a queue of customers have their next step there."""
    if not member.grants.reach("themes.decide") or member.grants.reach("cases.read"):
        return None
    waiting = ThemeProposal.objects.visible_to(member).filter(state="open")
    n = waiting.count()
    if not n:
        return None
    first = with_examples(member, list(waiting.order_by("-size", "pk")[:1]))[0]
    sentence = ngettext("One theme is proposed from what customers write.", "%(n)s themes are proposed from what customers write.", n) % {"n": n}
    return Shown("meaning/_today.html", {"first": first, "n": n}, sentence)
