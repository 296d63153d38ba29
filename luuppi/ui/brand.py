"""An organisation's own colour on the customer's pages, made readable: at least 4.5:1 on paper and card in both themes.

Colours alone, no database: the view gets the organisation from the request.
"""

import re
from functools import lru_cache

PAPERS = {
    "light": ("#faf7f2", "#ffffff", "#f4efe7"),
    "dark": ("#181613", "#211e1a", "#2a2621"),
}  # --paper --card --sunken of css/tokens.css
ON = {"light": "#ffffff", "dark": "#14100c"}
ENOUGH = 4.5


@lru_cache(maxsize=256)
def brand_css(colour: str) -> str:
    """The stylesheet that sets --org, --on-org and --org-text. An empty colour gives an empty sheet: Luuppi's own lake stays.

    Raises ValueError when the colour is not "#rrggbb".
    """
    if not colour:
        return ""
    light, dark = nearest_passing(colour, "light"), nearest_passing(colour, "dark")
    one = "--org:{0};--on-org:{1};--org-text:{0}"
    return (
        f":root{{{one.format(light, ON['light'])}}}\n"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{one.format(dark, ON["dark"])}}}}}\n'
        f':root[data-theme="dark"]{{{one.format(dark, ON["dark"])}}}\n'
    )


def passes(colour: str, theme: str = "light") -> bool:
    """Whether text of this colour, and text on it, can be read in the theme."""
    return all(contrast(colour, paper) >= ENOUGH for paper in (*PAPERS[theme], ON[theme]))


def nearest_passing(colour: str, theme: str = "light") -> str:
    """The colour itself where it passes, else the nearest shade of it that does: darker on light paper, lighter on dark."""
    rgb = _rgb(colour)
    end = (0, 0, 0) if theme == "light" else (255, 255, 255)
    for step in range(101):
        shade = "#" + "".join(f"{round(a + (b - a) * step / 100):02x}" for a, b in zip(rgb, end, strict=True))
        if passes(shade, theme):
            return shade
    raise ValueError(f"no shade of {colour} can be read")  # never for a colour: black and white pass


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1–21 of two colours. Source: WCAG 2.2, definitions of relative luminance and contrast ratio."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    r, g, b = (c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _rgb(colour: str) -> tuple[int, int, int]:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"a colour is written #rrggbb; got {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
