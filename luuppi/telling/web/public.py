"""What everybody may open: /said-and-done/{organisation} with its Atom feed, and /u/{token}, where messages are stopped."""


from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import feedgenerator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from luuppi.people.web.membership import public_page
from luuppi.running.ids import id_in
from luuppi.telling.queries.said_and_done import SHOWN, read_said_and_done
from luuppi.telling.stopping import go_on, read_wishes, stop


@public_page
@require_GET
def said_and_done(request: HttpRequest, organisation: str) -> HttpResponse:
    page = read_said_and_done(request.organisation, before=id_in(request.GET.get("before", "")))
    return render(request, "telling/said_and_done.html", {"page": page, "broad": True})


class SaidAndDoneFeed(Feed):
    """…/feed.atom: the same, newest first. What stands in it is public already."""

    is_public = True
    feed_type = feedgenerator.Atom1Feed

    def get_object(self, request: HttpRequest, organisation: str):
        self.language = get_language()
        return request.organisation

    def title(self, organisation) -> str:
        return _("%(organisation)s: you said, we did") % {"organisation": organisation.name}

    subtitle = title

    def link(self, organisation) -> str:
        return f"{settings.BASE_URL}{reverse('said_and_done', args=[organisation.slug])}"

    feed_guid = link

    def items(self, organisation):
        return read_said_and_done(organisation).pairs[:SHOWN]

    def item_title(self, pair) -> str:
        return pair.telling.improvement.title

    def item_description(self, pair) -> str:
        return pair.telling.text

    def item_link(self, pair) -> str:
        return f"{settings.BASE_URL}{reverse('said_and_done', args=[pair.telling.organisation.slug])}#improvement-{pair.telling.improvement.number}"

    item_guid = item_link

    def item_updateddate(self, pair):
        return pair.telling.sent_at

    item_pubdate = item_updateddate


@csrf_exempt  # mail programs send the one-click POST (RFC 8058) without a cookie; the token itself is the permission
@public_page
@require_http_methods(["GET", "POST"])
def stop_messages(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing, for scanners open every link; POST acts. Mail programs' one-click POST stops telling."""
    if request.method == "POST":
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        if request.POST.get("act") == "go_on" and not one_click:
            go_on(token)
        else:
            stop(token, telling=True, asking=request.POST.get("asking") == "on" and not one_click)
        response = HttpResponse(status=200) if one_click else redirect("stop_messages", token)
    else:
        wishes = read_wishes(token)
        request.organisation = wishes.item.organisation
        response = render(request, "telling/stop.html", {"wishes": wishes, "token": token, "noindex": True})
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
