"""The few addresses of ui itself: theme, language and keys of the reader, and the organisation's colour.

Only the list of keys needs sign-in.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import brand
from .appearance import KEYS_COOKIE, THEME_COOKIE, THEMES
from .key_list import KEYS

A_YEAR = 365 * 24 * 3600


def for_everybody(view):
    """Pages are private unless marked; ui may not import the mark of people, so it says the same in the attribute that it sets."""
    view.is_public = True
    return view


@for_everybody
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """POST theme=light|dark|system: kept in a cookie; anything else is the system's."""
    return _keep(request, THEME_COOKIE, request.POST.get("theme", ""), THEMES)


@for_everybody
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """POST language=fi|sv|en."""
    return _keep(request, settings.LANGUAGE_COOKIE_NAME, request.POST.get("language", ""), dict(settings.LANGUAGES))


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest, organisation: str) -> HttpResponse:
    """GET: the list of keys. POST keys=on|off: single-key commands on or off (WCAG 2.1.4)."""
    if request.method == "POST":
        return _keep(request, KEYS_COOKIE, request.POST.get("keys", ""), ("off",))
    return render(request, "ui/keys.html", {"keys": KEYS})


@for_everybody
@require_GET
def brand_css(request: HttpRequest, organisation: str) -> HttpResponse:
    """The organisation's colour as a stylesheet. The address carries the colour (`?v=`), so a browser may keep it for long.

    An unknown organisation was refused with 404 before we come here.
    """
    response = HttpResponse(brand.brand_css(request.organisation.colour), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if request.GET.get("v") else "public, max-age=300"
    return response


def _keep(request: HttpRequest, cookie: str, value: str, allowed) -> HttpResponse:
    """Keep the choice and go back to the page that asked. A value that is not allowed forgets the choice."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    if value in allowed:
        response.set_cookie(cookie, value, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    else:
        response.delete_cookie(cookie, samesite="Lax")
    return response
