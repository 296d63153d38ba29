"""How much data a screen needs before it speaks: one table for the whole house, asked by every page before it shows a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from luuppi.measures.estimate import Estimate
from luuppi.measures.options import choice, number, said

__all__ = ["Level", "Screen", "Speaking", "speaking", "told"]

Screen: TypeAlias = Literal[
    "figure", "change", "comparison", "weekly_alert", "corrected_nps", "customer_prediction", "wait_point", "drivers", "action_effect",
    "quiet_customers",
]  # fmt: skip
Level: TypeAlias = Literal["silent", "cautious", "normal"]


@dataclass(frozen=True, slots=True)
class Speaking:
    """What a screen may say. level: silent, cautious (interval, no verdict) or normal. why: stable key, None when normal.

    needed: the n at which this reason ends, where more of the same n would end it; else None.
    """

    level: Level
    why: str | None = None
    needed: int | None = None


def speaking(screen: Screen, n: float, **more: float) -> Speaking:
    """Whether `screen` may speak with n answers (what else n counts is in the table), and why not.

    | screen | n is | more | silent below | cautious below |
    | --- | --- | --- | --- | --- |
    | figure | answers | | 5 privacy, 10 too_few_answers | 30 few_answers |
    | change | answers of the smaller period | | 30 too_few_answers | 240 only_large_changes |
    | comparison | answers of the smallest unit shown | | 5 privacy, 30 too_few_answers | always only_sure_differences |
    | weekly_alert | answers a week | weeks of baseline | 26 too_few_weeks, 3 too_few_answers | 20 few_answers |
    | corrected_nps | answers | design_effect = 1 | 100 too_few_answers | 400 few_answers; design effect above 2 uneven_weights |
    | customer_prediction | answers | detractors | 200 too_few_answers, 30 too_few_detractors | 500 simple_model_only, 1 000 few_answers |
    | wait_point | answers of the channel | | 500 too_few_answers | 5 000 few_answers |
    | drivers | answers | | 200 too_few_answers | 500 few_answers |
    | action_effect | answers a week | weeks_before, weeks_after, controls, interval_width = 0 | 1 no_control, 16 too_few_weeks_before,
    8 too_few_weeks_after | width above 20 wide_interval; 52 or 12 weeks few_weeks; 80 few_answers |
    | quiet_customers | customers | weeks of events | 26 too_few_weeks, 500 too_few_customers | 3 000 few_customers |

    Raises ValueError for an unknown screen, a missing or unknown name in more, or a number that is negative or not a number.
    Source: the limits are our measurements (docs/methods), not a standard.
    """
    choice("screen", screen, get_args(Screen))
    given = {name: number(name, value, low=0) for name, value in {"n": n, **_given(screen, more)}.items()}
    for level, name, limit, why in _RULES[screen]:
        value = given[name]
        if value > -limit if limit < 0 else value < limit:
            return Speaking(level, why, int(limit) if name == "n" and limit != _NEVER else None)
    return Speaking("normal")


_NEVER = float("inf")
_REQUIRED = -1.0

_MORE: dict[str, dict[str, float]] = {
    "weekly_alert": {"weeks": _REQUIRED},
    "corrected_nps": {"design_effect": 1.0},
    "customer_prediction": {"detractors": _REQUIRED},
    "action_effect": {"weeks_before": _REQUIRED, "weeks_after": _REQUIRED, "controls": _REQUIRED, "interval_width": 0.0},
    "quiet_customers": {"weeks": _REQUIRED},
}

# In the order in which they are asked: (level, what is compared, limit, key). A value below the limit speaks no louder than the level;
# a negative limit is a ceiling instead: a value above it does.
_RULES: dict[str, tuple[tuple[Level, str, float, str], ...]] = {
    "figure": (("silent", "n", 5, "privacy"), ("silent", "n", 10, "too_few_answers"), ("cautious", "n", 30, "few_answers")),
    "change": (("silent", "n", 30, "too_few_answers"), ("cautious", "n", 240, "only_large_changes")),
    "comparison": (
        ("silent", "n", 5, "privacy"),
        ("silent", "n", 30, "too_few_answers"),
        ("cautious", "n", _NEVER, "only_sure_differences"),
    ),
    "weekly_alert": (
        ("silent", "weeks", 26, "too_few_weeks"),
        ("silent", "n", 3, "too_few_answers"),
        ("cautious", "n", 20, "few_answers"),
    ),
    "corrected_nps": (
        ("silent", "n", 100, "too_few_answers"),
        ("cautious", "design_effect", -2, "uneven_weights"),
        ("cautious", "n", 400, "few_answers"),
    ),
    "customer_prediction": (
        ("silent", "n", 200, "too_few_answers"),
        ("silent", "detractors", 30, "too_few_detractors"),
        ("cautious", "n", 500, "simple_model_only"),
        ("cautious", "n", 1000, "few_answers"),
    ),
    "wait_point": (("silent", "n", 500, "too_few_answers"), ("cautious", "n", 5000, "few_answers")),
    "drivers": (("silent", "n", 200, "too_few_answers"), ("cautious", "n", 500, "few_answers")),
    "action_effect": (
        ("silent", "controls", 1, "no_control"),
        ("silent", "weeks_before", 16, "too_few_weeks_before"),
        ("silent", "weeks_after", 8, "too_few_weeks_after"),
        ("cautious", "interval_width", -20, "wide_interval"),
        ("cautious", "weeks_before", 52, "few_weeks"),
        ("cautious", "weeks_after", 12, "few_weeks"),
        ("cautious", "n", 80, "few_answers"),
    ),
    "quiet_customers": (
        ("silent", "weeks", 26, "too_few_weeks"),
        ("silent", "n", 500, "too_few_customers"),
        ("cautious", "n", 3000, "few_customers"),
    ),
}


def told(estimate: Estimate) -> Estimate:
    """The estimate as a screen may show it: without its value where "figure" is silent with so few answers; bounds and n stay.

    Raises ValueError for what is no Estimate.
    """
    if not isinstance(estimate, Estimate):
        raise ValueError(f"estimate: must be an Estimate, got {said(estimate)}")
    is_silent = speaking("figure", estimate.n).level == "silent"
    return Estimate(None, estimate.low, estimate.high, estimate.n) if is_silent else estimate


def _given(screen: str, more: dict[str, float]) -> dict[str, float]:
    wanted = _MORE.get(screen, {})
    unknown = sorted(more.keys() - wanted.keys())
    if unknown:
        raise ValueError(f"{unknown[0]}: not asked by the screen {screen!r}")
    given = {**wanted, **more}
    missing = [name for name, default in wanted.items() if default == _REQUIRED and name not in more]
    if missing:
        raise ValueError(f"{missing[0]}: needed by the screen {screen!r}")
    return given
