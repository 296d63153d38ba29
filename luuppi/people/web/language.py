"""The language of a page: the reader's own choice (cookie, or `?lang=` on customer pages), else what the browser asks for."""

from django.conf import settings
from django.utils import translation

CHOICES = {code for code, _name in settings.LANGUAGES}


class LanguageMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = request.GET.get("lang")
        chosen = asked if asked in CHOICES else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in CHOICES else translation.get_language_from_request(request)[:2]
        request.language = language if language in CHOICES else "en"
        request.language_is_chosen = chosen in CHOICES or bool(request.headers.get("Accept-Language"))
        with translation.override(request.language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.language)
        response["Vary"] = "Accept-Language, Cookie"
        if asked in CHOICES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, asked, max_age=365 * 86400, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
        return response
