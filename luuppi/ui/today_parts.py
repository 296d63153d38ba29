"""Parts of Today that the stages bring: each says at start where on the page it stands, and gives its markup for whoever reads.

A page has one next step: of the parts that want to lead, the first that has something to show does, and a case steps back for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

LEAD, MAIN, SIDE = "lead", "main", "side"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a part shows: a template with its context, and the sentence that it gives the page's greeting ("" for none)."""

    template: str
    context: dict[str, Any]
    sentence: str = ""


Read = Callable[[Any], Shown | None]  # the member → None where there is nothing to show to them


@dataclass(frozen=True, slots=True)
class Drawn:
    """The markup of each place, in order. sentence: what the leading part says of itself."""

    lead: SafeString = field(default_factory=SafeString)
    sentence: str = ""
    main: list[SafeString] = field(default_factory=list)
    side: list[SafeString] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Part:
    place: str
    order: int
    read: Read


_parts: dict[str, _Part] = {}


def register(name: str, read: Read, *, place: str, order: int = 50) -> None:
    """Say, once at start, what else Today shows. The same name again replaces the earlier one."""
    _parts[name] = _Part(place, order, read)


def draw_parts(request: Any) -> Drawn:
    lead, sentence = SafeString(""), ""
    places: dict[str, list[SafeString]] = {MAIN: [], SIDE: []}
    for part in sorted(_parts.values(), key=lambda part: part.order):
        if (part.place == LEAD and lead) or (shown := part.read(request.member)) is None:
            continue
        markup = mark_safe(render_to_string(shown.template, shown.context, request=request))  # noqa: S308 our own templates
        if part.place == LEAD:
            lead, sentence = markup, shown.sentence
        else:
            places[part.place].append(markup)
    return Drawn(lead, sentence, places[MAIN], places[SIDE])
