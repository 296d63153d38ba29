"""Did a change help? Difference in differences against touchpoints that were left as they were, in blocks of four weeks.

A touchpoint that is mended because it did badly for a while gets better by itself, and all touchpoints move together with
holidays and headlines. So the weeks that triggered the change are left out of the baseline, and what counts is the gap between
the changed touchpoint and the untouched ones. Blocks of four weeks make the figures nearly independent of each other, which weeks are not;
where the blocks still follow each other, the interval grows (`wandering`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from luuppi.measures import inputs, options
from luuppi.measures.inputs import Floats
from luuppi.measures.wandering import contrasts, local_noise, widening

__all__ = ["Block", "Effect", "blocks_of_change", "effect_of_change"]

Verdict: TypeAlias = Literal["better", "worse", "no_visible_effect", "too_early"]
WhySilent: TypeAlias = Literal["no_control", "too_few_weeks_before", "too_few_weeks_after", "before_reading_date", "no_variation"]

BLOCK_WEEKS = 4
WEEKS_BEFORE = 16
WEEKS_AFTER = 8
MOST_WEEKS = 10_000
USUAL_READING = 12  # weeks after the change; plans the smallest visible effect where no reading date is given
POWER = 0.8
# The always-valid band is sharpest for effects of about a tenth of one answer's standard deviation: 8–11 NPS points.
EFFECT_VARIANCE_PER_ANSWER = 0.01
USUAL_ANSWERS_A_WEEK = 80.0
_UNEVEN = math.log(1.25)  # less than a quarter more or fewer answers after the change moves the interval by a few hundredths


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change did. value, low, high: change of the gap to the controls, in the unit of the figures; None when silent.

    n: answers in the weeks used, or the number of those weeks where answers were not told.
    verdict: None when no verdict can be given and waiting will not help. smallest_visible: the smallest effect that this comparison
    finds four times out of five (for a later reading, when it is too early); None when the noise is not known.
    why_silent: stable key, None when there is a value.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    verdict: Verdict | None
    smallest_visible: float | None
    why_silent: WhySilent | None


@dataclass(frozen=True, slots=True)
class Block:
    """About four weeks of the gap between the changed touchpoint and the controls, for the chart. part: before | trigger | after."""

    first_week: int
    last_week: int
    gap: float
    part: Literal["before", "trigger", "after"]


def effect_of_change(
    weeks: ArrayLike,
    treated: ArrayLike,
    control: Any,
    n_answers: ArrayLike | None = None,
    trigger_weeks: Iterable[int] = (),
    higher_is_better: bool = True,
    read_at: int | None = None,
    always_valid: bool = False,
    *,
    confidence: float = 0.95,
) -> Effect:
    """The effect of a change on one touchpoint, against touchpoints without it.

    weeks: int[n] in any order, each once, the change at 0 (week 0 is the first with it). treated: float[n], NaN or None where the
    week has no figure. control: float[n] or [n, k], one column an untouched touchpoint; gaps allowed, a column without figures in
    half of the weeks on either side is not used; None or no columns: silent. n_answers: answers of the treated touchpoint a week;
    weigh the weeks of a block, and 0 means no figure. trigger_weeks: the weeks (below 0) whose figures led to the change.
    read_at: the number of weeks after which it was agreed to read; earlier the verdict is too_early, later weeks are not looked at.
    always_valid: a wider band that may be looked at every week; read_at is then not waited for and whole blocks are used.
    Silent with fewer than 16 weeks before or 8 after, without a control, or when nothing varies (the noise is then unknown).
    Raises ValueError on lengths that differ, a week given twice, an infinite value, a trigger week from 0 on, read_at below 8.
    Source: Bertrand, Duflo & Mullainathan (2004), QJE 119, 249–275 (few blocks instead of many correlated weeks); the band: Gönen et
    al. (2005), The American Statistician 59, 252–257, read at any time as Hendriksen, de Heide & Grünwald (2021), Bayesian Analysis 16.
    """
    read_at = None if read_at is None else options.whole_number("read_at", read_at, low=WEEKS_AFTER, high=MOST_WEEKS)
    higher_is_better = options.yes_no("higher_is_better", higher_is_better)
    always_valid, confidence = options.yes_no("always_valid", always_valid), options.share("confidence", confidence)
    series = _series(weeks, treated, control, n_answers, trigger_weeks)
    before = series.part("before")
    after = series.part("after") if always_valid or read_at is None else series.part("after").until(read_at)
    planned = _planned_visible(before, read_at or USUAL_READING, confidence) if series.has_control else None
    n = before.total + after.total

    if not series.has_control:
        return _silent("no_control", None, n, None)
    if len(before) < WEEKS_BEFORE:
        return _silent("too_few_weeks_before", None, n, planned)
    if read_at is not None and not always_valid and series.last_week < read_at - 1:
        return _silent("before_reading_date", "too_early", n, planned)
    if len(after) < WEEKS_AFTER:
        return _silent("too_few_weeks_after", "too_early", n, planned)

    return _compare(before, after, planned, confidence, higher_is_better, always_valid)


def blocks_of_change(
    weeks: ArrayLike, treated: ArrayLike, control: Any, n_answers: ArrayLike | None = None, trigger_weeks: Iterable[int] = ()
) -> list[Block]:
    """The gaps that effect_of_change compares, oldest first, with the trigger weeks shown apart: the chart of a pre-trend.

    Arguments and errors as there; a part with fewer than four weeks is one block. Nothing to compare with: [].
    """
    series = _series(weeks, treated, control, n_answers, trigger_weeks)
    if not series.has_control:
        return []
    blocks = []
    for part in ("before", "trigger", "after"):
        chosen = series.part(part)
        for where in chosen.blocks() if len(chosen) else []:
            gap = float(np.average(chosen.gap[where], weights=chosen.weight[where]))
            blocks.append(Block(int(chosen.week[where].min()), int(chosen.week[where].max()), gap, part))
    return sorted(blocks, key=lambda block: (block.first_week, block.last_week))


def _compare(
    before: _Weeks, after: _Weeks, planned: float | None, confidence: float, higher_is_better: bool, always_valid: bool
) -> Effect:
    if always_valid:
        after = after.until_whole_blocks()  # the band holds only if a block, once read, never changes
    n = before.total + after.total
    first, second = before.block_gaps(), after.block_gaps()
    degrees = len(first) + len(second) - 2
    apart = np.concatenate([first - first.mean(), second - second.mean()])
    variance = float((apart**2).sum()) / degrees
    if variance <= (1e-9 * max(before.size, after.size)) ** 2:
        return _silent("no_variation", None, n, None)
    spread = _spread(before, after, apart, variance)
    error = math.sqrt(variance * spread)
    radius = _t(degrees, (1 + confidence) / 2) * error
    if always_valid:
        wider = _always_valid_factor(spread, degrees, before.answers_a_week, confidence)
        if wider is None:
            return _silent("too_few_weeks_after", "too_early", n, planned)
        radius = wider * error
    wider_by = _widening(before, after, first, second, degrees, confidence)
    value, radius = float(second.mean() - first.mean()), wider_by * radius
    smallest = radius + wider_by * _t(degrees, POWER) * error
    return Effect(value, value - radius, value + radius, n, _verdict(value, radius, higher_is_better), smallest, None)


def _widening(before: _Weeks, after: _Weeks, first: Floats, second: Floats, degrees: int, confidence: float) -> float:
    """By how much the interval grows because blocks follow each other: touchpoints that wander for months look like changed ones."""
    k = max(before.apart.shape[1], 1)
    # Of one touchpoint: the gap has the noise of the controls' mean in it, a control against that mean lacks as much.
    noise, of_each = local_noise(before.gap) / (1 + 1 / k), [local_noise(row) / (1 - 1 / k) for row in before.apart.T]
    likely_size = np.array([np.clip(noise / own, 0.1, 10.0) if own > 0 and noise > 0 else 1.0 for own in of_each])
    at, others = (np.concatenate([getattr(side, name)() for side in (before, after)]) for name in ("block_places", "block_contrasts"))
    return widening(at, np.concatenate([first, second]), len(first), others, likely_size, degrees=degrees, confidence=confidence)


def _spread(before: _Weeks, after: _Weeks, apart: Floats, variance: float) -> float:
    """Variance of the effect, in variances of one block: as if every block told as much, or, where that is more, by the answers of each.

    Blocks of few answers vary more. Where the touchpoint gets far fewer answers after the change, the many even blocks before it would
    vouch for the few uneven ones after it. What of the variation comes from the answers is not known, so the wider of both counts.
    Source: weighted least squares, each block by its number of answers; Aitken (1936), Proc. R. Soc. Edinburgh 55, 42–48.
    """
    even = 1 / before.n_blocks + 1 / after.n_blocks
    earlier, later = before.block_answers(), after.block_answers()
    if earlier is None or later is None or abs(math.log(float(later.mean() / earlier.mean()))) < _UNEVEN:
        return even
    # The variance of each block is 1 / answers, up to a factor that the blocks themselves tell.
    factor = float((apart**2 * np.concatenate([earlier, later])).sum()) / (len(apart) - 2)
    by_answers = sum(float((1 / side).sum()) / len(side) ** 2 for side in (earlier, later))
    return max(even, factor * by_answers / variance)


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Weeks with a figure on both sides, in order: week number, gap treated − control, weight, and the answers behind.

    apart: float[n, k], each control against the mean of all; no columns with one control.
    size: the largest figure behind the gaps, which tells how much of a gap's variation can be rounding.
    """

    week: Floats
    gap: Floats
    weight: Floats
    answers: Floats | None
    apart: Floats
    size: float

    def __len__(self) -> int:
        return len(self.week)

    @property
    def total(self) -> int:
        return int(len(self) if self.answers is None else self.answers.sum())

    @property
    def answers_a_week(self) -> float:
        return USUAL_ANSWERS_A_WEEK if self.answers is None else float(self.answers.mean())

    def pick(self, chosen: Any) -> _Weeks:
        answers = None if self.answers is None else self.answers[chosen]
        return _Weeks(self.week[chosen], self.gap[chosen], self.weight[chosen], answers, self.apart[chosen], self.size)

    def until(self, week: int) -> _Weeks:
        return self.pick(self.week < week)

    def until_whole_blocks(self) -> _Weeks:
        return self.pick(slice(0, len(self) // BLOCK_WEEKS * BLOCK_WEEKS))

    def blocks(self) -> list[Any]:
        # Weeks left over by fours are spread over the blocks rather than thrown away.
        return np.array_split(np.arange(len(self)), max(1, len(self) // BLOCK_WEEKS))

    @property
    def n_blocks(self) -> int:
        return len(self.blocks())

    def block_answers(self) -> Floats | None:
        """Answers a week in each block; None where they were not told."""
        return None if self.answers is None else np.array([max(float(self.answers[where].mean()), 1.0) for where in self.blocks()])

    def block_gaps(self) -> Floats:
        return np.array([np.average(self.gap[where], weights=self.weight[where]) for where in self.blocks()])

    def block_places(self) -> Floats:
        return np.array([self.week[where].mean() / BLOCK_WEEKS for where in self.blocks()])

    def block_contrasts(self) -> Floats:
        return np.array([self.apart[where].mean(axis=0) for where in self.blocks()])


@dataclass(frozen=True, slots=True)
class _Series:
    weeks: _Weeks
    in_trigger: Any
    has_control: bool
    last_week: float

    def part(self, name: str) -> _Weeks:
        week = self.weeks.week
        chosen = {"before": (week < 0) & ~self.in_trigger, "trigger": self.in_trigger, "after": week >= 0}[name]
        return self.weeks.pick(chosen)


def _series(weeks: ArrayLike, treated: ArrayLike, control: Any, n_answers: ArrayLike | None, trigger_weeks: Iterable[int]) -> _Series:
    week = inputs.whole("weeks", inputs.numbers("weeks", weeks, low=-MOST_WEEKS, high=MOST_WEEKS))
    figure = inputs.numbers("treated", treated, missing=True)
    others = np.empty((len(week), 0)) if control is None else inputs.table("control", control, missing=True)
    answers = None if n_answers is None else inputs.counts("n_answers", n_answers)
    inputs.same_length(weeks=week, treated=figure, control=others, **({} if answers is None else {"n_answers": answers}))
    listed = list(trigger_weeks) if isinstance(trigger_weeks, (set, frozenset)) else trigger_weeks  # of these the order does not matter
    trigger = inputs.whole("trigger_weeks", inputs.numbers("trigger_weeks", listed))
    if (trigger >= 0).any():
        raise ValueError(f"trigger_weeks: week {trigger[trigger >= 0][0]:g} is not before the change, which is at 0")

    order = np.argsort(week, kind="stable")
    week, figure, others = week[order], figure[order], others[order]
    twice = np.flatnonzero(np.diff(week) == 0)
    if twice.size:
        raise ValueError(f"weeks: week {week[twice[0]]:g} is given twice")
    if answers is not None:
        answers = answers[order]
        figure = np.where(answers > 0, figure, np.nan)

    in_trigger = np.isin(week, trigger)
    level, filled = _control_level(week, others, in_trigger)
    size = max((float(np.nanmax(np.abs(part))) for part in (figure, others) if np.isfinite(part).any()), default=0.0)
    usable = np.isfinite(figure) & np.isfinite(level)
    gap = np.where(usable, figure - level, 0.0)
    weight = np.ones(len(week)) if answers is None else np.maximum(answers, 1.0)
    seen = week[np.isfinite(figure) | np.isfinite(level)]  # weeks to come may stand in a frame as empty rows
    last_week = float(seen[-1]) if seen.size else -math.inf
    found = _Weeks(week, gap, weight, answers, contrasts(filled), size)
    return _Series(found.pick(usable), in_trigger[usable], filled.shape[1] > 0, last_week)


def _control_level(week: Floats, others: Floats, in_trigger: Any) -> tuple[Floats, Floats]:
    """Mean of the controls a week, each taken from its own level before, so that a gap in one does not move the mean.

    And the controls that are used, float[n, k], their gaps filled with what the others did; k = 0 where there is none.
    """
    known = np.isfinite(others)
    before, after = (week < 0) & ~in_trigger, week >= 0
    enough = np.array([
        bool(column.any()) and all(2 * column[side].sum() >= side.sum() for side in (before, after)) for column in known.T
    ], dtype=bool)  # fmt: skip
    if not enough.any() or not before.any():
        return np.full(len(week), np.nan), np.zeros((len(week), int(enough.sum())))
    kept = np.where(known, others, 0.0)[:, enough]
    present = known[:, enough]
    own = kept[before].sum(axis=0) / present[before].sum(axis=0)
    n_present = present.sum(axis=1)
    apart = ((kept - own) * present).sum(axis=1) / np.maximum(n_present, 1)
    filled = np.where(present, kept, own + apart[:, None])
    return np.where(n_present > 0, apart + own.mean(), np.nan), filled


def _planned_visible(before: _Weeks, read_at: int, confidence: float) -> float | None:
    if len(before) < 2 * BLOCK_WEEKS:
        return None
    gaps = before.block_gaps()
    variance = float(gaps.var(ddof=1))
    if variance <= (1e-9 * before.size) ** 2:
        return None
    blocks_after = read_at // BLOCK_WEEKS
    degrees = len(gaps) + blocks_after - 2
    error = math.sqrt(variance * (1 / len(gaps) + 1 / blocks_after))
    return (_t(degrees, (1 + confidence) / 2) + _t(degrees, POWER)) * error


def _always_valid_factor(spread: float, degrees: int, answers_a_week: float, confidence: float) -> float | None:
    """Standard errors at which the Bayes factor of the t statistic reaches 1 / (1 − confidence); None while no effect could reach it.

    The factor is a martingale when there is no effect, so it exceeds that limit ever with a probability of at most 1 − confidence.
    """
    prior = EFFECT_VARIANCE_PER_ANSWER * BLOCK_WEEKS * answers_a_week  # of the effect, in variances of one block
    ratio = spread / (spread + prior)
    limit = (1 / ((1 - confidence) * math.sqrt(ratio))) ** (2 / (degrees + 1))
    if ratio * limit >= 1:
        return None
    return math.sqrt(degrees * (limit - 1) / (1 - ratio * limit))


def _verdict(value: float, radius: float, higher_is_better: bool) -> Verdict:
    if abs(value) <= radius:
        return "no_visible_effect"
    return "better" if (value > 0) == higher_is_better else "worse"


def _silent(why: WhySilent, verdict: Verdict | None, n: int, smallest: float | None) -> Effect:
    return Effect(None, None, None, n, verdict, smallest, why)


def _t(degrees: int, probability: float) -> float:
    from scipy.special import stdtrit  # heavy, and needed only here

    return float(stdtrit(degrees, probability))
