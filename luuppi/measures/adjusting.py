"""Sharper figures for the same answers: what could be foreseen of each is taken out before they are averaged.

A week with many hard cases looks worse than it is. Where a model says beforehand what each contact would answer, the part of the answers
that it explains is chance of the mix, not the doing of a change; without it intervals are narrower.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from luuppi.measures import inputs
from luuppi.measures.inputs import Floats

__all__ = ["Adjusted", "adjusted_for_mix"]

FEWEST = 100


@dataclass(frozen=True, slots=True)
class Adjusted:
    """values: float[n], the answers as of an average contact, in their own unit. explained: share of their variance before the change
    that is gone, 0–1; an interval of their mean is √(1 − explained) as wide. why_silent: the values are then the answers as they were."""

    values: Floats
    explained: float
    why_silent: str | None


def adjusted_for_mix(answers: Any, foreseen: Any, before: Any) -> Adjusted:
    """The answers without what was foreseen of them, for the weekly means that `effects.effect_of_change` compares.

    answers: float[n] (for NPS −100, 0 or 100), of changed and untouched touchpoints alike. foreseen: float[n], what a model said of each
    from facts that the change could not touch (channel, reason, segment; not waiting if waiting was mended), learnt from earlier answers.
    before: bool[n], answers from before the change: the slope and the level are taken from them alone, so that no effect is taken out.
    Under 100 answers before: "too_few_answers"; foreseen all equal: "nothing_foreseen". n may be 0.
    Raises ValueError for missing or infinite numbers and unequal lengths.
    Source: Deng, Xu, Kohavi & Walker (2013), Improving the sensitivity of online controlled experiments (CUPED), WSDM, 123–132.
    """
    given, said, early = inputs.numbers("answers", answers), inputs.numbers("foreseen", foreseen), inputs.flags("before", before)
    inputs.same_length(answers=given, foreseen=said, before=early)
    if early.sum() < FEWEST:
        return Adjusted(given, 0.0, "too_few_answers")
    level = float(said[early].mean())
    apart, own = said[early] - level, given[early] - given[early].mean()
    spread, total = float(apart @ apart), float(own @ own)
    if spread <= (1e-9 * float(np.abs(said).max())) ** 2 * len(apart) or total == 0:
        return Adjusted(given, 0.0, "nothing_foreseen")
    slope = float(apart @ own) / spread
    return Adjusted(given - slope * (said - level), min(1.0, slope * float(apart @ own) / total), None)
