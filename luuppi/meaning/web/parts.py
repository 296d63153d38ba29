"""The part of an item's page that says what the item is about. The item's page asks for it by name (luuppi.reactions)."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from luuppi.capture.models import FeedbackItem
from luuppi.meaning.queries.codebook import read_item_themes


def themes_of_item(item: FeedbackItem, member, request: HttpRequest) -> str:
    if not member.grants.reach("themes.read"):
        return ""
    return render_to_string("meaning/_themes.html", {"item": item, "item_themes": read_item_themes(member, item)}, request=request)
