"""The part of an item's page that says which improvements it stands behind, and where to propose one."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from luuppi.capture.models import FeedbackItem
from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.queries.board import line

SHOWN = 10


def improvements_of_item(item: FeedbackItem, member, request: HttpRequest) -> str:
    behind = list(Improvement.objects.visible_to(member).filter(because_of__item=item.pk).order_by("-id")[:SHOWN])
    may_propose = member.grants.may("improvements.propose")
    if not behind and not may_propose:
        return ""
    cards = [{"improvement": one, "line": line(one)} for one in behind]
    return render_to_string("outer_loop/_of_item.html", {"item": item, "cards": cards, "may_propose": may_propose}, request=request)
