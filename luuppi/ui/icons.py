"""Icons, inline and silent: the words beside an icon speak, or the aria-label of its button. From lucide (ISC licence, icons.LICENSE)."""

import json
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString

_FRAME = (
    '<svg class="i" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
)


@cache
def icon(name: str) -> SafeString:
    """The icon as SVG. Raises KeyError with the name when it has not been taken in (README.md says how)."""
    return SafeString(_FRAME + _drawn()[name] + "</svg>")


@cache
def _drawn() -> dict[str, str]:
    return json.loads((Path(__file__).parent / "icons.json").read_text())
