"""GET /o/{organisation}/today: what should I do now?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from luuppi.inner_loop.queries.queue import COUNTED_TO
from luuppi.inner_loop.queries.today import read_today

_WAYS_ON = ("black_hole", "causes", "improvements", "figures")


@require_safe
def today(request: HttpRequest, organisation: str) -> HttpResponse:
    found = read_today(request, at=timezone.now())
    hour = timezone.localtime(timezone=request.organisation.zone).hour
    links = {name: url for name in _WAYS_ON if (url := _url(name, organisation))}
    return render(request, "inner_loop/today.html", {"today": found, "hour": hour, "links": links, "most": COUNTED_TO, "record_url": _url("record", organisation)})


def _url(name: str, organisation: str) -> str:
    """The address of a page of another stage; "" while there is none."""
    try:
        return reverse(name, args=[organisation])
    except NoReverseMatch:
        return ""
