"""An effect in words and as a chart: verdict, interval, the smallest effect that could have been seen, and when it will be known."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luuppi.outer_loop.models import EffectReading, Improvement
from luuppi.ui import writing
from luuppi.ui.charts import BandLine, Event, Mark, Series

VERDICTS = {
    "better": gettext_lazy("better"), "worse": gettext_lazy("worse"), "no_visible_effect": gettext_lazy("no visible effect"),
    "too_early": gettext_lazy("too early"), "": gettext_lazy("cannot be determined"),
}  # fmt: skip
_WHY = {
    "no_control": gettext_lazy("There is no untouched touchpoint with enough answers to compare with."),
    "too_few_weeks_before": gettext_lazy("There are fewer than 16 weeks of answers from before the change."),
    "too_few_weeks_after": gettext_lazy("There are fewer than 8 weeks of answers since the change."),
    "no_variation": gettext_lazy("The figures do not vary at all, so chance cannot be told from an effect."),
    "no_touchpoint": gettext_lazy("No touchpoint was named, so there is nothing to compare."),
}


def say_verdict(reading: EffectReading | None, improvement: Improvement) -> str:
    """The finding, as the title of the chart says it."""
    if reading is None and improvement.touchpoint_id is None:
        return _("The effect cannot be determined")
    if reading is None:
        return _("The effect has not been read yet")
    points = writing.number(abs(reading.value), 0) if reading.value is not None else ""
    if reading.verdict == "better":
        return _("Better: NPS rose by %(points)s points against the untouched touchpoints") % {"points": points}
    if reading.verdict == "worse":
        return _("Worse: NPS fell by %(points)s points against the untouched touchpoints") % {"points": points}
    if reading.verdict == "no_visible_effect":
        return _("No visible effect on NPS")
    if reading.verdict == "too_early":
        return _("Too early to tell: known on %(day)s") % {"day": _day(improvement)} if improvement.effect_reads_on else _("Too early to tell")
    return _("The effect cannot be determined")


def explain(reading: EffectReading | None, improvement: Improvement) -> str:
    """One or two sentences under the chart."""
    if reading is None and improvement.touchpoint_id is None:
        return str(_WHY["no_touchpoint"])
    if reading is None:
        return (
            _("It is read on %(day)s, the day that was agreed when it was decided.") % {"day": _day(improvement)}
            if improvement.effect_reads_on
            else ""
        )
    said = []
    if reading.value is not None:
        bounds = writing.interval(reading.low, reading.high, 1, negatives=True)
        said.append(_("Effect %(value)s NPS points (95%% interval %(bounds)s).") % {"value": writing.signed(reading.value, 1), "bounds": bounds})
    elif reading.why_silent in _WHY:
        said.append(str(_WHY[reading.why_silent]))
    if reading.smallest_visible is not None and reading.verdict in ("no_visible_effect", "too_early"):
        said.append(
            _("An effect under %(points)s points could not be seen with this many answers.")
            % {"points": writing.number(reading.smallest_visible, 0)}
        )
    return " ".join(said)


def draw_effect(reading: EffectReading | None, improvement: Improvement) -> BandLine | None:
    """The touchpoint and the untouched ones in blocks of four weeks, with the change marked; None with nothing to draw."""
    if reading is None or not any(block["treated"] for block in reading.series):
        return None
    blocks = reading.series
    series = [Series(improvement.touchpoint.name, [_mark(block, "treated") for block in blocks])]
    if reading.controls:
        series.append(Series(_("Untouched"), [_mark(block, "control") for block in blocks], role="comparison"))
    first_after = next((i for i, block in enumerate(blocks) if block["week"] >= 0), len(blocks))
    return BandLine(
        title=say_verdict(reading, improvement),
        measure=_("NPS in blocks of four weeks; weeks counted from the change"),
        series=series,
        n=reading.n,
        of="nps",
        event=Event(first_after - 0.5, _("the change")) if first_after < len(blocks) else None,
    )


def _mark(block: dict, side: str) -> Mark:
    figure = block[side] or {"value": None, "low": None, "high": None, "n": None}
    return Mark(_label(block["week"]), figure["value"], figure["low"], figure["high"], figure["n"])


def _label(week: int) -> str:
    return _("week %(week)s") % {"week": writing.signed(week, 0) if week else "0"}


def _day(improvement: Improvement) -> str:
    return date_format(improvement.effect_reads_on, "SHORT_DATE_FORMAT")
