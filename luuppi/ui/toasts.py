"""Saying that something was done, with undo for ten seconds. Carried over a redirect by Django's messages."""

from django.contrib import messages
from django.http import HttpRequest

_UNDO = "undo:"
_OPEN = "open:"


def say(request: HttpRequest, words: str, *, undo_url: str = "", open_url: str = "") -> None:
    """Show `words` on the next page or part; `undo_url` gets a POST when the reader regrets, else `open_url` leads to what was made."""
    messages.success(request, words, extra_tags=_UNDO + undo_url if undo_url else _OPEN + open_url if open_url else "")


def undo_url_of(message) -> str:
    """The address that undoes what the message tells, or ""."""
    tags = message.extra_tags or ""
    return tags[len(_UNDO) :] if tags.startswith(_UNDO) else ""


def open_url_of(message) -> str:
    """The address of what the message tells, or ""."""
    tags = message.extra_tags or ""
    return tags[len(_OPEN) :] if tags.startswith(_OPEN) else ""
