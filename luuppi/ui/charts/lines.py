"""The band line: a measure over time. Drawn at three widths; the container shows the one that fits (css/parts/figures.css)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import escape

from .axes import spread, ticks
from .marks import BandLine, Mark, Series, say_mark, scale_of, write_value

SIZES = (("s", 340, 240, 3), ("m", 640, 280, 4), ("l", 980, 280, 6))
COLOURS = {"subject": 1, "event": 2, "comparison": 3}
_LETTER, _LONGEST_AT_END = 7.8, 18  # the room of a bold letter in the drawing; of a long name the beginning stands there
_Place = Callable[[float], float]
_Axis = list[tuple[float, str]]  # values of the horizontal lines and their words


@dataclass(frozen=True)
class _Frame:
    """The room of the drawing and its two scales."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    x: _Place
    y: _Place

    @property
    def wide(self) -> bool:
        return self.width > 500


def draw_lines(chart: BandLine) -> str:
    """Three SVG drawings. Without any value: an empty string."""
    values = [v for s in chart.series for m in s.marks for v in (m.value, m.low, m.high) if v is not None]
    if not values:
        return ""
    marks = ticks([*values, *([chart.goal] if chart.goal is not None else [])], scale_of(chart.of))
    axis = [(mark, write_value(mark, chart.of)) for mark in marks]
    said = _say_moments(chart)
    return "".join(
        f'<div class="{css}">{_draw(chart, axis, said, width, height, n_labels)}</div>' for css, width, height, n_labels in SIZES
    )


def _draw(chart: BandLine, axis: _Axis, said: list[str], width: int, height: int, n_labels: int) -> str:
    frame = _frame(chart, axis, width, height)
    inside = [*_grid(axis, frame), *_labels(chart.series[0].marks, frame, n_labels)]
    if chart.goal is not None:
        inside.append(_goal(chart, frame))
    inside += [_band(series, frame) for series in chart.series]
    if chart.event:
        inside.append(_event(chart, frame))
    inside += [part for series, y in zip(chart.series, _name_heights(chart.series, frame), strict=True) for part in _line(series, frame, y)]
    inside += _hits(chart.series[0].marks, said, frame)
    return f'<svg class="chart" viewBox="0 0 {width} {height}" role="group" aria-label="{escape(chart.title)}">{"".join(inside)}</svg>'


def _frame(chart: BandLine, axis: _Axis, width: int, height: int) -> _Frame:
    longest = max(len(words) for _mark, words in axis)
    names = max((len(_at_end(s)) for s in chart.series), default=0)
    left, right = 14.0 + 7 * longest, width - (18.0 + _LETTER * names if width > 500 else 12.0)
    top, bottom, last = 14.0, height - 26.0, max(1, len(chart.series[0].marks) - 1)
    low, high = axis[0][0], axis[-1][0]
    return _Frame(
        width,
        height,
        left,
        right,
        top,
        bottom,
        lambda i: round(left + i / last * (right - left), 1),
        lambda v: round(bottom - (v - low) / (high - low) * (bottom - top), 1),
    )


def _at_end(series: Series) -> str:
    """The name as it stands at the end of its line; the key above the chart has a long one whole."""
    return series.name if len(series.name) <= _LONGEST_AT_END else series.name[: _LONGEST_AT_END - 1].rstrip() + "…"


def _grid(axis: _Axis, f: _Frame) -> list[str]:
    drawn = []
    for mark, words in axis:
        css = "zero" if mark == 0 and axis[0][0] < 0 else "grid"
        drawn.append(
            f'<path class="{css}" d="M{f.left:g} {f.y(mark)}H{f.right:g}"/>'
            f'<text x="{f.left - 8:g}" y="{f.y(mark) + 4:g}" text-anchor="end">{words}</text>'
        )
    return drawn


def _labels(marks: Sequence[Mark], f: _Frame, most: int) -> list[str]:
    places = spread(len(marks), most)
    anchors = {0: "start", len(marks) - 1: "end"}
    return [
        f'<text x="{f.x(i)}" y="{f.height - 6}" text-anchor="{anchors.get(i, "middle")}">{escape(marks[i].label)}</text>' for i in places
    ]


def _goal(chart: BandLine, f: _Frame) -> str:
    y, words = f.y(chart.goal), write_value(chart.goal, chart.of)
    return f'<path class="goal-line" d="M{f.left:g} {y}H{f.right:g}"/><text x="{f.left + 6:g}" y="{y - 5:g}">{words}</text>'


def _band(series: Series, f: _Frame) -> str:
    """The intervals, interrupted where there is no value; of a lone moment a narrow bar."""
    drawn = ""
    for run in _runs(series):
        known = [(f.x(i), m) for i, m in run if m.low is not None and m.high is not None]
        if len(known) == 1:
            [(x, mark)] = known
            known = [(x - 3, mark), (x + 3, mark)]
        if known:
            over = "L".join(f"{x:g} {f.y(m.high)}" for x, m in known)
            under = "L".join(f"{x:g} {f.y(m.low)}" for x, m in reversed(known))
            drawn += f"M{over}L{under}Z"
    return f'<path class="b{COLOURS[series.role]}" d="{drawn}"/>' if drawn else ""


def _runs(series: Series) -> list[list[tuple[int, Mark]]]:
    """The moments that have a value, in stretches without a gap."""
    runs: list[list[tuple[int, Mark]]] = [[]]
    for i, mark in enumerate(series.marks):
        if mark.value is None:
            runs.append([])
        else:
            runs[-1].append((i, mark))
    return [run for run in runs if run]


def _event(chart: BandLine, f: _Frame) -> str:
    x = f.x(chart.event.at)
    beyond = x > (f.left + f.right) / 2
    anchor, dx = ("end", -6) if beyond else ("start", 6)
    return (
        f'<path class="mark" d="M{x} {f.top:g}V{f.bottom:g}"/>'
        f'<text class="say" x="{x + dx:g}" y="{f.top + 11:g}" text-anchor="{anchor}">{escape(chart.event.label)}</text>'
    )


def _line(series: Series, f: _Frame, name_y: float | None) -> list[str]:
    """The line with gaps where there is no value, a dot for a moment alone between two gaps, its last point, and its name at the end where
    there is room."""
    runs, css = _runs(series), COLOURS[series.role]
    drawn = [f'<path class="line l{css}" d="{"".join("M" + "L".join(f"{f.x(i)} {f.y(m.value)}" for i, m in run) for run in runs)}"/>']
    drawn += [f'<circle class="f{css}" cx="{f.x(i)}" cy="{f.y(m.value)}" r="3"/>' for run in runs[:-1] if len(run) == 1 for i, m in run]
    if runs:
        i, mark = runs[-1][-1]
        drawn.append(f'<circle class="f{css} ring" cx="{f.x(i)}" cy="{f.y(mark.value)}" r="4"/>')
        if f.wide and name_y is not None:
            drawn.append(f'<text class="say" x="{f.right + 10:g}" y="{name_y + 4:g}">{escape(_at_end(series))}</text>')
    return drawn


def _name_heights(all_series: Sequence[Series], f: _Frame) -> list[float | None]:
    """Where the names stand at the right end, at least 15 apart so that none covers another."""
    ends = {i: f.y(known[-1]) for i, s in enumerate(all_series) if (known := [m.value for m in s.marks if m.value is not None])}
    lowest = float("-inf")
    for i in sorted(ends, key=ends.__getitem__):
        ends[i] = lowest = max(ends[i], lowest + 15)
    return [ends.get(i) for i in range(len(all_series))]


def _say_moments(chart: BandLine) -> list[str]:
    """What each moment tells on hover, one line per series; escaped."""
    many = len(chart.series) > 1
    moments = range(len(chart.series[0].marks))
    return [
        escape("\n".join(say_mark(s.marks[i], chart.of, s.name if many else "") for s in chart.series if i < len(s.marks))) for i in moments
    ]


def _hits(marks: Sequence[Mark], said: list[str], f: _Frame) -> list[str]:
    """A strip for each moment: hover tells the values, a press opens the items. Keyboards use the table's links."""
    half = (f.right - f.left) / max(1, len(marks) - 1) / 2
    strips = []
    for i, (mark, words) in enumerate(zip(marks, said, strict=True)):
        left, right = max(f.left, f.x(i) - half), min(f.right, f.x(i) + half)
        dot = f'<circle class="f1 dot" cx="{f.x(i)}" cy="{f.y(mark.value)}" r="4"/>' if mark.value is not None else ""
        area = f'<rect class="hit" x="{left:.1f}" y="{f.top:g}" width="{max(1.0, right - left):.1f}" height="{f.bottom - f.top:g}"/>'
        inner = f"<title>{words}</title>{area}{dot}"
        strips.append(f'<a href="{escape(mark.href)}" tabindex="-1">{inner}</a>' if mark.href else f"<g>{inner}</g>")
    return strips


def series_key(chart: BandLine) -> str:
    """Names with a stroke of their line, for a phone where they do not fit at the ends; "" for one series."""
    if len(chart.series) < 2:
        return ""
    keys = (
        f'<span class="key"><svg viewBox="0 0 18 8" aria-hidden="true"><path class="line l{COLOURS[s.role]}" d="M0 4H18"/></svg>'
        f"{escape(s.name)}</span>"
        for s in chart.series
    )
    return f'<span class="keys">{" ".join(keys)}</span>'
