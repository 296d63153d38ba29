"""A chart as a whole: the finding, what is measured, n, the drawing, and the same figures as a table one press away."""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .. import writing
from .bars import draw_bars, draw_funnel, draw_whiskers
from .lines import draw_lines, series_key
from .marks import BandLine, Bars, Funnel, Mark, Whiskers, write_interval, write_value

Chart = BandLine | Bars | Whiskers | Funnel
DRAW = {BandLine: draw_lines, Bars: draw_bars, Whiskers: draw_whiskers, Funnel: draw_funnel}


def draw_figure(chart: Chart, id: str = "") -> SafeString:
    """The whole `<figure>`; without any value it says so instead of drawing. `id` lets htmx swap it whole."""
    drawn = DRAW[type(chart)](chart)
    n = f'<span class="n">n{writing.NBSP}{writing.number(chart.n)}</span>' if chart.n is not None else ""
    sub = f'<span class="sub">{escape(chart.measure)} {series_key(chart) if isinstance(chart, BandLine) else ""}</span>'
    head = f"<figcaption><h2>{escape(chart.title)}</h2>{n}{sub}</figcaption>"
    if not drawn:
        too_few = _("Too few answers to draw this yet.")
        return SafeString(f'<figure class="figure"{_id(id)}>{head}<p class="draw quiet">{escape(too_few)}</p></figure>')
    as_table = _("The same figures as a table")
    table = f"<details><summary>{escape(as_table)}</summary>{_tables(chart)}</details>"
    return SafeString(f'<figure class="figure"{_id(id)}>{head}<div class="draw">{drawn}</div>{table}</figure>')


def _tables(chart: Chart) -> str:
    if isinstance(chart, BandLine):
        return "".join(_table(series.marks, chart.of, series.name if len(chart.series) > 1 else "") for series in chart.series)
    return _table(chart.marks, "count" if isinstance(chart, Funnel) else chart.of)


def _table(marks: Sequence[Mark], of: str, caption: str = "") -> str:
    with_interval = any(m.low is not None for m in marks)
    with_n = any(m.n is not None for m in marks)
    what, value = _("What"), _("Value")
    # xgettext:no-python-format
    bounds = _("95% interval")
    names = [value, *([bounds] if with_interval else []), *(["n"] if with_n else [])]
    heads = [f'<th scope="col"><span class="vh">{what}</span></th>', *(f'<th scope="col" class="num">{name}</th>' for name in names)]
    rows = "".join(_table_row(mark, of, with_interval, with_n) for mark in marks)
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    head = f"<thead><tr>{''.join(heads)}</tr></thead>"
    return f'<div class="table-wrap"><table class="grid-table">{named}{head}<tbody>{rows}</tbody></table></div>'


def _table_row(mark: Mark, of: str, with_interval: bool, with_n: bool) -> str:
    name = f'<a href="{escape(mark.href)}">{escape(mark.label)}</a>' if mark.href else escape(mark.label)
    cells = [f'<th scope="row">{name}</th>', f'<td class="num">{write_value(mark.value, of)}</td>']
    cells += [f'<td class="num">{write_interval(mark, of) or writing.DASH}</td>'] if with_interval else []
    cells += [f'<td class="num">{writing.number(mark.n)}</td>'] if with_n else []
    return f"<tr>{''.join(cells)}</tr>"


def _id(id: str) -> str:
    return f' id="{escape(id)}"' if id else ""
