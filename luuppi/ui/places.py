"""Where things are: the places of the rail, the commands of the palette and the search page.

A stage registers its own in its AppConfig.ready(), so that ui knows no stage and nothing stands in the rail that does not exist.
Addresses are given by name; they are reversed with the slug of the member's organisation, as all staff addresses begin with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

Words = str | Promise
Allowed = Callable[[Any], bool]


@dataclass(frozen=True)
class Place:
    """One entry of the rail. `count` says how many wait there (None or 0: no badge); `apart` draws a line above."""

    key: str
    icon: str
    label: Words
    url_name: str
    order: int
    allowed: Allowed
    count: Callable[[Any], int | None] | None = None
    apart: bool = False

    def url_for(self, member: Any) -> str:
        return _url(self.url_name, member)


@dataclass(frozen=True)
class Command:
    """One line of the palette that is not a place: an act that starts on a page of its own. `key_hint` is shown beside it."""

    key: str
    icon: str
    label: Words
    url_name: str
    order: int
    allowed: Allowed
    key_hint: str = ""

    def url_for(self, member: Any) -> str:
        return _url(self.url_name, member)


@dataclass
class _Registry:
    places: dict[str, Place] = field(default_factory=dict)
    commands: dict[str, Command] = field(default_factory=dict)
    search: str = ""


_known = _Registry()


def everybody(member: Any) -> bool:
    """The usual `allowed`: every member of the organisation."""
    return member is not None


def register_place(
    key: str,
    icon: str,
    label: Words,
    url_name: str,
    order: int,
    allowed: Allowed = everybody,
    *,
    count: Callable[[Any], int | None] | None = None,
    apart: bool = False,
) -> None:
    """Put a place into the rail. The same key again replaces the earlier one.

    Orders: today 10, feedback 20, cases 30, causes 40, improvements 50, telling 60, figures 70, settings 100.
    """
    _known.places[key] = Place(key, icon, label, url_name, order, allowed, count, apart)


def register_command(
    key: str, icon: str, label: Words, url_name: str, order: int = 100, allowed: Allowed = everybody, *, key_hint: str = ""
) -> None:
    """Put an act into the palette, e.g. recording what a customer said. `key_hint` names its single key, pressed anywhere."""
    _known.commands[key] = Command(key, icon, label, url_name, order, allowed, key_hint)


def register_search(url_name: str) -> None:
    """The page that takes `?q=`. Without it the header has no search field."""
    _known.search = url_name


def places_of(member: Any) -> list[Place]:
    """What this member sees in the rail, in order; for nobody nothing."""
    return _in_order(_known.places, member)


def commands_of(member: Any) -> list[Command]:
    return _in_order(_known.commands, member)


def search_url(member: Any) -> str:
    return _url(_known.search, member) if _known.search and member is not None else ""


def here_of(path: str, urls: dict[str, str]) -> str:
    """The key of the place whose address the path lies under, the longest first; "" when none.

    urls: key → address. An address that all others lie under (Today) counts only for itself.
    """
    under = {
        key: url for key, url in urls.items() if path == url or (path.startswith(url.rstrip("/") + "/") and not _holds_others(url, urls))
    }
    return max(under, key=lambda key: len(under[key]), default="")


def _holds_others(url: str, urls: dict[str, str]) -> bool:
    return any(other != url and other.startswith(url.rstrip("/") + "/") for other in urls.values())


def _url(name: str, member: Any) -> str:
    return reverse(name, kwargs={"organisation": member.organisation.slug})


def _in_order(registered: dict, member: Any) -> list:
    if member is None:
        return []
    return sorted((one for one in registered.values() if one.allowed(member)), key=lambda one: (one.order, one.key))
