"""From figures to charts: each mark with its interval, n and the address of the items behind it."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luuppi.insight.queries.change import Change
from luuppi.insight.queries.groups import day_names
from luuppi.insight.queries.loop import Loop
from luuppi.insight.queries.scores import BANDS, Figure, Scores
from luuppi.insight.question import STEPS
from luuppi.insight.web.addresses import NPS_BANDS, Addresses, span_of
from luuppi.journal.steps import STEP_NAMES, Step
from luuppi.measures.estimate import Estimate
from luuppi.measures.shrinkage import Ranked
from luuppi.measures.speaking import told
from luuppi.ui import writing
from luuppi.ui.charts import BandLine, Bars, Funnel, Mark, Series, Whiskers

MEASURE_NAMES = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}


def score_line(found: Scores, grouping: str, starts: list[date], title: str, to: Addresses) -> BandLine:
    """A measure over time; a group with too few answers, or with none, is a gap."""
    known = {figure.key[0]: figure for figure in found.groups}
    names = day_names(grouping, starts)
    marks = [_score_mark(found.measure, known.get(start), name, span_of(grouping, start), to) for start, name in zip(starts, names, strict=True)]
    series = Series(MEASURE_NAMES[found.measure], marks)
    return BandLine(title, what_is_measured(found.measure), [series], n=found.whole.estimate.n, of=found.measure)


def what_is_measured(measure: str) -> str:
    return {
        # xgettext:no-python-format
        "nps": _("NPS, points −100…100, with the 95% interval"),
        # xgettext:no-python-format
        "csat": _("CSAT, share of satisfied answers (4 and 5 of 5), with the 95% interval"),
        # xgettext:no-python-format
        "ces": _("CES, mean 1–7, with the 95% interval"),
    }[measure]


def _score_mark(measure: str, figure: Figure | None, label: str, days: tuple[date, date], to: Addresses) -> Mark:
    if figure is None:
        return Mark(label, None, n=0)
    href = to.items(scale=measure, since=days[0], until=days[1])
    estimate = figure.estimate
    if estimate.value is None:
        # For privacy not even the number of answers is told.
        return Mark(label, None, n=None if figure.why == "privacy" else estimate.n, href="" if figure.why == "privacy" else href)
    return Mark(label, estimate.value, estimate.low, estimate.high, estimate.n, href)


def change_words(measure: str, change: Change) -> str:
    """How a score has moved, in its own unit; a direction only where the interval leaves no doubt of it."""
    if not change.is_sure:
        return _("no sure change")
    by, decimals = (100, 0) if measure == "csat" else (1, 1 if measure == "ces" else 0)
    moved = change.estimate
    points = writing.signed(moved.value * by, decimals)
    between = writing.interval(moved.low * by, moved.high * by, decimals, negatives=True)
    if measure == "csat":
        return _("change %(points)s (%(between)s) percentage points") % {"points": points, "between": between}
    return _("change %(points)s (%(between)s)") % {"points": points, "between": between}


def nps_bands(figure: Figure, title: str, to: Addresses) -> Bars | None:
    """How the answers lie; None where a person could be known."""
    if not figure.distribution:
        return None
    names = {"detractors": _("Detractors, 0–6"), "passives": _("Passives, 7–8"), "promoters": _("Promoters, 9–10")}
    counts = dict(zip(BANDS, figure.distribution, strict=True))
    marks = [Mark(names[band], counts[band], href=to.items(scale="nps", score=NPS_BANDS[band])) for band in reversed(BANDS)]
    n = sum(figure.distribution)
    if figure.estimate.value is None:  # a share of few answers would say more than they know
        return Bars(title, _("answers"), marks, n=n)
    return Bars(title, _("share of the answers, and how many they are"), marks, n=n, whole=n)


def funnel(loop: Loop, title: str, to: Addresses) -> Funnel:
    marks = []
    for step in STEPS:
        share = told(loop.whole.share(step))
        bounds = (None, None) if share.value is None or step == STEPS[0] else (share.low, share.high)
        marks.append(Mark(str(STEP_NAMES[Step(step)]), loop.whole.counts[step], *bounds, href=to.items(step=step, loop="yes")))
    # xgettext:no-python-format
    return Funnel(title, _("items that reached each step, of those collected, with the 95% interval"), marks, n=loop.whole.collected)


def loop_line(loop: Loop, grouping: str, starts: list[date], title: str, to: Addresses) -> BandLine:
    """Share of what was collected in each group that has been answered and told by now."""
    known = {group.key[0]: group for group in loop.groups}
    series = []
    for step, role in (("answered", "subject"), ("told", "comparison")):
        marks = []
        for start, name in zip(starts, day_names(grouping, starts), strict=True):
            since, until = span_of(grouping, start)
            href = to.items(since=since, until=until, step=step, loop="yes")
            share = known[start].share(step) if start in known else Estimate(None, 0, 1, 0)
            marks.append(_share_mark(name, share, href))
        series.append(Series(str(STEP_NAMES[Step(step)]), marks, role))
    # xgettext:no-python-format
    return BandLine(title, _("share of the items received then, with the 95% interval"), series, n=loop.whole.collected, of="share")


def _share_mark(label: str, share: Estimate, href: str) -> Mark:
    """A share of three items jumps from nothing to everything: below ten there is a gap, as with scores."""
    if told(share).value is None:
        return Mark(label, None, n=share.n, href=href if share.n else "")
    return Mark(label, share.value, share.low, share.high, share.n, href)


def comparison(ranked: list[Ranked], keys: dict[str, str], title: str, to: Addresses) -> Whiskers:
    """Touchpoints by NPS, drawn towards each other as far as chance alone would drive them apart; only sure differences are hot."""
    marks = [
        Mark(one.name, one.value, one.low, one.high, one.n, to.items(scale="nps", touchpoint=keys.get(one.name)), hot=one.flag == "below")
        for one in ranked
        if one.value is not None
    ]
    # xgettext:no-python-format
    measure = _("NPS of each touchpoint, shrunk, with the 95% interval")
    if any(mark.hot for mark in marks):
        # xgettext:no-python-format
        measure = _("NPS of each touchpoint, shrunk, with the 95% interval; in orange those surely below the mean")
    return Whiskers(title, measure, marks, n=sum(one.n for one in ranked if one.value is not None))


def headline(nps: Figure, loop: Loop, counted: int) -> str:
    """The finding, as the page's title. counted: all items, also imported ones, whose loop began elsewhere."""
    answered = loop.whole.share("answered")
    if nps.estimate.value is not None:
        points = writing.number(nps.estimate.value)
        if answered.value is None:
            return _("NPS is %(nps)s") % {"nps": points}
        return _("NPS is %(nps)s, and %(share)s of the feedback was answered") % {"nps": points, "share": writing.share(answered.value)}
    if answered.value is not None:
        return ngettext("%(n)s item collected, %(share)s answered", "%(n)s items collected, %(share)s answered", loop.whole.collected) % {
            "n": writing.number(loop.whole.collected),
            "share": writing.share(answered.value),
        }
    if counted:
        return ngettext("%(n)s item of feedback", "%(n)s items of feedback", counted) % {"n": writing.number(counted)}
    return _("No feedback here yet")
