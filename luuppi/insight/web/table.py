"""What the figures page shows as a table for other programs: one row a figure, plain numbers, keys instead of names."""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

from luuppi.insight.queries.change import Change
from luuppi.insight.queries.comparison import Compared
from luuppi.insight.queries.loop import Funnel, Loop
from luuppi.insight.queries.scores import BANDS, Figure, Scores
from luuppi.insight.question import STEPS
from luuppi.measures import scores
from luuppi.measures.estimate import Estimate

HEAD = ("measure", "period", "begins", "touchpoint", "value", "low", "high", "n", "why_silent")


def written(by_measure: dict[str, Scores], changes: dict[str, Change | None], loop: Loop, compared: Compared, grouping: str) -> str:
    """CSV with a comma, a point in numbers and UTF-8. NPS in points −100…100, shares 0–1, CES as the mean 1–7; a figure without a value is
    empty and says why. `begins` is the first day of a day, week or month; the row of the whole period has none.
    """
    paper = StringIO()
    table = csv.writer(paper, lineterminator="\r\n")
    table.writerow(HEAD)
    for measure, found in by_measure.items():
        table.writerow(_row(measure, "whole", found.whole))
        table.writerows(_row(measure, grouping, figure, begins=figure.key[0]) for figure in found.groups)
        if change := changes.get(measure):
            table.writerow(_line(f"{measure}_change", "whole", change.estimate))
    table.writerows(_bands(by_measure["nps"].whole))
    for funnel in (loop.whole, *loop.groups):
        table.writerows(_steps(funnel, grouping if funnel.key else "whole", funnel.key[0] if funnel.key else None))
    if compared.speaks:
        for one in compared.ranked:
            if one.value is not None:
                estimate = Estimate(one.value, one.low, one.high, one.n)
                table.writerow(_line("nps_shrunk", "whole", estimate, touchpoint=compared.keys.get(one.name, "")))
    return paper.getvalue()


def _row(measure: str, period: str, figure: Figure, *, begins: date | None = None) -> tuple[Any, ...]:
    return _line(measure, period, figure.estimate, begins=begins, why=figure.why or "" if figure.level == "silent" else "")


def _bands(whole: Figure) -> Iterator[tuple[Any, ...]]:
    for band, n in zip(BANDS, whole.distribution, strict=False):
        yield _line(f"nps_{band}", "whole", scores.csat_of(n, sum(whole.distribution)))


def _steps(funnel: Funnel, period: str, begins: date | None) -> Iterator[tuple[Any, ...]]:
    for step in STEPS:
        yield _line(f"loop_{step}", period, funnel.share(step), begins=begins)
    yield _line("loop_black_hole", period, funnel.black_hole, begins=begins)


def _line(measure: str, period: str, estimate: Estimate, *, begins: date | None = None, touchpoint: str = "", why: str = "") -> tuple[Any, ...]:
    numbers = ("", "", "") if estimate.value is None else (_plain(estimate.value), _plain(estimate.low), _plain(estimate.high))
    return (measure, period, begins.isoformat() if begins else "", touchpoint, *numbers, "" if why == "privacy" else estimate.n, why)


def _plain(value: float) -> str:
    return f"{value:.6g}"
