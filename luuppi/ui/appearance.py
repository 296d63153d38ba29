"""What the reader has chosen: theme and single-key commands, read from cookies. Works without a request (a 500 page has none)."""

from django.http import HttpRequest

THEME_COOKIE = "theme"
KEYS_COOKIE = "keys"
THEMES = ("light", "dark")


def theme_of(request: HttpRequest | None) -> str:
    """light, dark, or "" for the system's."""
    chosen = request.COOKIES.get(THEME_COOKIE, "") if request is not None else ""
    return chosen if chosen in THEMES else ""


def keys_on(request: HttpRequest | None) -> bool:
    return request is None or request.COOKIES.get(KEYS_COOKIE) != "off"
