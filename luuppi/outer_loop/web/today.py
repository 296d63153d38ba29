"""The outer loop on Today: what waits for a decision, what weighs, and what is being done."""

from typing import Any

from django.utils.translation import get_language, ngettext

from luuppi.capture.models import FeedbackItem
from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.queries.board import Card, line
from luuppi.outer_loop.queries.improvement_page import Quote, quotes_of
from luuppi.outer_loop.queries.weights import read_weights
from luuppi.outer_loop.web.weighing import heading_of
from luuppi.ui.today_parts import LEAD, MAIN, SIDE, Shown, register

WEIGHED, SHOWN, QUOTES_LOOKED_AT = 5, 4, 10
_LEADERS = frozenset({"manager", "executive", "analyst", "admin"})


def connect() -> None:
    register("decision", decision, place=LEAD, order=10)
    register("weights", weights, place=MAIN, order=60)
    register("going", going, place=SIDE, order=40)


def decision(member: Any) -> Shown | None:
    """The proposal that has waited longest for this member's decision, with a customer's words, and how many wait after it."""
    if not member.grants.reach("improvements.decide"):
        return None
    waiting = list(Improvement.objects.visible_to(member).filter(state=Improvement.PROPOSED).select_related("touchpoint").order_by("id")[:2])
    if not waiting:
        return None
    first = waiting[0]
    behind = FeedbackItem.objects.visible_to(member).not_gone().filter(improvement_items__improvement=first)
    n = Improvement.objects.visible_to(member).filter(state=Improvement.PROPOSED).count()
    context = {"one": first, "quote": _quote(member, behind), "n_items": behind.count(), "after": waiting[1:], "n_after": n - 1}
    sentence = ngettext("One improvement waits for your decision.", "%(n)s improvements wait for your decision.", n) % {"n": n}
    return Shown("outer_loop/_today_decision.html", context, sentence)


def _quote(member: Any, behind: Any) -> Quote | None:
    """Of the newest words behind it those in the reader's own language, else the very newest."""
    newest = quotes_of(member, behind, most=QUOTES_LOOKED_AT)
    mine = (get_language() or "")[:2]
    return next((quote for quote in newest if quote.language == mine), newest[0] if newest else None)


def weights(member: Any) -> Shown | None:
    if not member.role_names & _LEADERS:
        return None
    found = read_weights(member)
    return Shown("outer_loop/_today_weights.html", {"weights": found, "heading": heading_of(found), "most": WEIGHED})


def going(member: Any) -> Shown | None:
    """What is being done or was done last; nothing while no improvement was ever accepted."""
    rows = Improvement.objects.visible_to(member).filter(state__in=(Improvement.ACCEPTED, Improvement.UNDER_WAY, Improvement.DONE))
    newest = list(rows.select_related("owner").order_by("-decided_at", "-id")[:SHOWN])
    return Shown("outer_loop/_today_going.html", {"cards": [Card(one, 0, line(one)) for one in newest]}) if newest else None
