"""The language of a page: the reader's own choice (cookie, or `?lang=` on customer pages), else what the browser asks for."""

import functools

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

CHOICES = {code for code, _name in settings.LANGUAGES}


@functools.lru_cache(1_000)
def preferred(accepted: str) -> str:
    """The language for somebody who chose none, by the browser's Accept-Language header."""
    asking = HttpRequest()
    asking.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    language = translation.get_language_from_request(asking)[:2]
    return language if language in CHOICES else "en"


class LanguageMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = request.GET.get("lang")
        chosen = asked if asked in CHOICES else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        request.language = chosen if chosen in CHOICES else preferred(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        with translation.override(request.language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.language)
        response["Vary"] = "Accept-Language, Cookie"
        if asked in CHOICES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, asked, max_age=365 * 86400, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
        return response
