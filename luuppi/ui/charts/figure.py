"""A chart as a whole: the finding, what is measured, n, the drawing, and the same figures as a table one press away."""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .. import writing
from .bars import draw_bars, draw_funnel, draw_whiskers, share_of
from .lines import draw_lines, series_key
from .marks import BandLine, Bars, Funnel, Mark, Whiskers, write_interval, write_value

Chart = BandLine | Bars | Whiskers | Funnel
_WIDE_SPACE = "\N{EM SPACE}"
DRAW = {BandLine: draw_lines, Bars: draw_bars, Whiskers: draw_whiskers, Funnel: draw_funnel}


def draw_figure(chart: Chart, id: str = "") -> SafeString:
    """The whole `<figure>`; without any value it says so instead of drawing. `id` lets htmx swap it whole."""
    drawn = DRAW[type(chart)](chart)
    n = f'<span class="n">n{writing.NBSP}{writing.number(chart.n)}</span>' if chart.n is not None else ""
    sub = f'<span class="sub">{escape(chart.measure)}{_WIDE_SPACE}{series_key(chart) if isinstance(chart, BandLine) else ""}</span>'
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
    return _funnel_table(chart) if isinstance(chart, Funnel) else _table(chart.marks, chart.of)


def _funnel_table(chart: Funnel) -> str:
    first = chart.marks[0].value if chart.marks else 0
    # xgettext:no-python-format
    bounds = _("95% interval")
    return _grid(
        [_("Count"), _("Share"), bounds],
        [
            (mark, [writing.number(mark.value), writing.share(share_of(mark, first)), write_interval(mark, "share") or writing.DASH])
            for mark in chart.marks
        ],
    )


def _table(marks: Sequence[Mark], of: str, caption: str = "") -> str:
    with_interval = any(m.low is not None for m in marks)
    with_n = any(m.n is not None for m in marks)
    # xgettext:no-python-format
    bounds = _("95% interval")
    heads = [_("Value"), *([bounds] if with_interval else []), *(["n"] if with_n else [])]
    rows = []
    for mark in marks:
        cells = [write_value(mark.value, of)]
        cells += [write_interval(mark, of) or writing.DASH] if with_interval else []
        cells += [writing.number(mark.n)] if with_n else []
        rows.append((mark, cells))
    return _grid(heads, rows, caption)


def _grid(names: Sequence[str], rows: Sequence[tuple[Mark, Sequence[str]]], caption: str = "") -> str:
    """names: of the columns after the first. Each mark's cells are written already and hold no markup."""
    what = _("What")
    heads = [f'<th scope="col"><span class="vh">{what}</span></th>', *(f'<th scope="col" class="num">{name}</th>' for name in names)]
    body = "".join(
        f'<tr><th scope="row">{_name(mark)}</th>{"".join(f"""<td class="num">{cell}</td>""" for cell in cells)}</tr>'
        for mark, cells in rows
    )
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="table-wrap"><table class="grid-table">{named}<thead><tr>{"".join(heads)}</tr></thead><tbody>{body}</tbody></table></div>'


def _name(mark: Mark) -> str:
    return f'<a href="{escape(mark.href)}">{escape(mark.label)}</a>' if mark.href else escape(mark.label)


def _id(id: str) -> str:
    return f' id="{escape(id)}"' if id else ""
