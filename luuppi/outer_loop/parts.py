"""Parts of the improvement's page that a later stage brings: it registers a function by name, the page asks for what it gives."""

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

# name → (improvement, who reads) → (template, context), or None where there is nothing to show.
Part = Callable[[Any, Any], tuple[str, dict] | None]
_PARTS: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """Say, once at start, what else an improvement's page shows. The same name again replaces the earlier one."""
    _PARTS[name] = part


def render_parts(improvement: Any, request: Any) -> dict[str, SafeString]:
    """name → HTML of each part that has something to show to this reader."""
    drawn = {name: part(improvement, request.member) for name, part in _PARTS.items()}
    # Our own templates: nothing in them is marked safe that came from outside.
    return {name: mark_safe(render_to_string(*shown, request=request)) for name, shown in drawn.items() if shown}  # noqa: S308
