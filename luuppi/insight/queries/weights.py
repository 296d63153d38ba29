"""What weighs, counted by the figures service: the causes page of the outer loop asks it where codings are too many to count each time."""

from datetime import date
from typing import Any

from luuppi.insight.asking import ask, within
from luuppi.insight.question import Filters, Period, Question
from luuppi.insight.refusals import FiguresAreBusy, FiguresAreRebuilding
from luuppi.meaning.models import Theme
from luuppi.outer_loop.queries.weights import SHOWN, Counted, ThemeCount

MOST_THEMES = 500
SECONDS = 1.5


def count_weights(who: Any, since: date) -> Counted | None:
    """As `count_in_truth` half a second ago. None where the service is away, may not be asked by this reader, or has too many themes."""
    in_use = list(Theme.objects.visible_to(who).in_use().values_list("pk", flat=True)[: MOST_THEMES + 1])
    if len(in_use) > MOST_THEMES or not who.grants.reach("figures.read"):
        return None
    if not in_use:
        return Counted([], 0, 0)
    asked = {"filters": Filters(theme=tuple(in_use)), "period": Period(since=since, of="received")}
    try:
        with within(SECONDS):
            mentions = ask(Question.for_(who, "themes", **asked)).rows
            scores = {row[0]: row[1:] for row in ask(Question.for_(who, "nps", by=("theme",), **asked)).rows}
            [(n_items,)] = ask(Question.for_(who, "counts", **asked)).rows
    except (FiguresAreRebuilding, FiguresAreBusy):
        return None
    counts = [_count(row, scores.get(row[0], (0, 0, 0, 0))) for row in mentions if row[0] in set(in_use)]
    heaviest = sorted(counts, key=lambda one: (-one.bad, -one.n, one.theme))
    return Counted(heaviest[:SHOWN], n_items, sum(one.bad for one in counts))


def _count(mentions: tuple[int, ...], scores: tuple[int, ...]) -> ThemeCount:
    theme, n, negative, _neutral, positive = mentions
    answers, promoters, _passives, detractors = scores
    return ThemeCount(theme, n, bad=negative, good=positive, promoters=promoters, detractors=detractors, answers=answers)
