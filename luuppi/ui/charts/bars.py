"""Horizontal bars, whiskers and the funnel: a list of names, each with its mark drawn as SVG. Names wrap, so long words fit everywhere."""

from django.utils.html import escape

from .. import writing
from .axes import ticks
from .marks import Bars, Funnel, Mark, Whiskers, say_mark, scale_of, write_interval, write_value
from .small import bar


def draw_bars(chart: Bars) -> str:
    """A list of bars against the largest value (counts) or the whole (shares, and counts that are parts of a whole)."""
    known = [m.value for m in chart.marks if m.value is not None]
    whole = chart.whole or (max(known, default=0) if chart.of == "count" else scale_of(chart.of).high)
    rows = []
    for mark in chart.marks:
        words = write_value(mark.value, chart.of)
        if chart.whole and mark.value is not None:
            words = f"{writing.share(mark.value / chart.whole)} {_aside(words)}"
        rows.append((mark, bar((mark.value or 0) / whole if whole else 0, mark.hot), words, say_mark(mark, chart.of)))
    return _rows("bars", rows)


def draw_whiskers(chart: Whiskers) -> str:
    """Each estimate as a point with its whisker on one common scale; a dotted line at zero where the scale passes it."""
    values = [v for m in chart.marks for v in (m.value, m.low, m.high) if v is not None]
    if not values:
        return ""
    scale = ticks(values, scale_of(chart.of))
    low, high = write_value(scale[0], chart.of), write_value(scale[-1], chart.of)
    ends = f'<p class="ends" aria-hidden="true"><span></span><span>{low}</span><span>{high}</span><span></span></p>'
    rows = [
        (
            m,
            _whisker(m, scale),
            " ".join(filter(None, (write_value(m.value, chart.of), _aside(write_interval(m, chart.of))))),
            say_mark(m, chart.of),
        )
        for m in chart.marks
    ]
    return _rows("whiskers", rows) + ends


def draw_funnel(chart: Funnel) -> str:
    """Steps as shares of the first, with their intervals and counts."""
    first = chart.marks[0].value if chart.marks else 0
    rows = []
    for mark in chart.marks:
        share, interval = share_of(mark, first), write_interval(mark, "share")
        count = writing.number(mark.value)
        words = f"{writing.share(share)} {_aside(f'{interval} · {count}' if interval else count)}"
        said = f"{mark.label}: {writing.share(share)}{f' ({interval})' if interval else ''}, n{writing.NBSP}{count}"
        rows.append((mark, bar(share, mark.hot), words, said))
    return _rows("funnel", rows)


def share_of(mark: Mark, first: float | None) -> float | None:
    """A step's share of the first step, 0–1; None where nothing was collected."""
    return mark.value / first if first and mark.value is not None else None


def _rows(css: str, rows: list[tuple[Mark, str, str, str]]) -> str:
    items = []
    for mark, drawing, words, said in rows:
        name = (
            f'<a href="{escape(mark.href)}" title="{escape(said)}">{escape(mark.label)}</a>'
            if mark.href
            else f'<span title="{escape(said)}">{escape(mark.label)}</span>'
        )
        items.append(f'<li>{name}{drawing}<span class="num">{words}</span></li>')
    return f'<ol class="bar-rows {css}">{"".join(items)}</ol>'


def _aside(words: str) -> str:
    return f'<span class="quiet">{words}</span>' if words else ""


def _whisker(mark: Mark, scale: list[float]) -> str:
    place = lambda v: round((v - scale[0]) / (scale[-1] - scale[0]) * 200, 1)  # noqa: E731  three uses in three lines
    inner = '<path class="track" d="M0 5H200"/>'
    if scale[0] < 0 < scale[-1]:
        inner += f'<path class="zero" d="M{place(0)} 0V10"/>'
    if mark.low is not None and mark.high is not None:
        inner += f'<path class="iv{" hot" if mark.hot else ""}" d="M{place(mark.low)} 5H{place(mark.high)}"/>'
    if mark.value is not None:
        inner += f'<rect class="pt{" hot" if mark.hot else ""}" x="{place(mark.value) - 1.5:g}" y="0" width="3" height="10"/>'
    return f'<svg class="band" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">{inner}</svg>'
