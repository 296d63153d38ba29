"""Where things are: the places of the rail, the commands of the palette and the search page.

A stage registers its own in its AppConfig.ready(), so that ui knows no stage and nothing stands in the rail that does not exist.
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

    @property
    def url(self) -> str:
        return reverse(self.url_name)


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

    @property
    def url(self) -> str:
        return reverse(self.url_name)


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

    Orders: today 10, feedback 20, cases 30, causes 40, improvements 50, telling 60, figures 70, foresight 80, public 90, settings 100.
    """
    _known.places[key] = Place(key, icon, label, url_name, order, allowed, count, apart)


def register_command(key: str, icon: str, label: Words, url_name: str, order: int = 100, allowed: Allowed = everybody, *, key_hint: str = "") -> None:
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


def search_url() -> str:
    return reverse(_known.search) if _known.search else ""


def here_of(path: str, places: list[Place]) -> str:
    """The key of the place whose address the path lies under, the longest first; "" when none."""
    under = [(len(place.url), place.key) for place in places if path == place.url or (place.url != "/" and path.startswith(place.url))]
    return max(under, default=(0, ""))[1]


def _in_order(registered: dict, member: Any) -> list:
    if member is None:
        return []
    return sorted((one for one in registered.values() if one.allowed(member)), key=lambda one: (one.order, one.key))
