"""The kit's few forms of charts, drawn as SVG in the web process: classes only, no script, no inline style, a few milliseconds each.

A page makes one of the dataclasses and writes `{% chart figure %}`. The title says the finding, `measure` what is measured in which unit;
each mark may carry the address of the items behind it.
"""

from .figure import draw_figure
from .marks import BandLine, Bars, Event, Funnel, Mark, Series, Whiskers
from .small import band, bar, sparkline

__all__ = ["BandLine", "Bars", "Event", "Funnel", "Mark", "Series", "Whiskers", "band", "bar", "draw_figure", "sparkline"]
