"""Why an estimate differs from that of a typical customer, feature by feature, in words that claim no cause."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from luuppi.measures.experience.encoding import Column, Encoding, NumberColumn, encode_numbers, encode_words, numbers_of, words_of
from luuppi.measures.experience.models import Model, probabilities
from luuppi.measures.inputs import Floats

_N_REASONS = 3
_SMALLEST = 0.01


@dataclass(frozen=True, slots=True)
class Reason:
    """feature: the column. words: a sentence. effect: probability now − probability with the typical value, −1…1."""

    feature: str
    words: str
    effect: float


def find_reasons(model: Model, encoding: Encoding, features: Any, columns: Floats, shift: float) -> list[list[Reason]]:
    """For each of n rows up to three reasons of at least one percentage point, the largest first; [] for none.

    Each feature is put to its typical value (median, commonest word) alone, all others kept.
    """
    n = len(columns)
    now = probabilities(model, columns, shift)
    effects = np.zeros((n, len(encoding.columns)))
    start = 0
    for j, column in enumerate(encoding.columns):
        typical = _encode_typical(column)
        end = start + len(typical)
        other = np.flatnonzero((columns[:, start:end] != typical).any(axis=1))
        changed = columns[other]
        changed[:, start:end] = typical
        effects[other, j] = now[other] - probabilities(model, changed, shift)
        start = end
    shown = [_shown_values(column, features) for column in encoding.columns]
    order = np.argsort(-np.abs(effects), axis=1, kind="stable")[:, :_N_REASONS]
    return [
        [_reason(encoding.columns[j], shown[j][i], float(effects[i, j])) for j in order[i] if abs(effects[i, j]) >= _SMALLEST]
        for i in range(n)
    ]


def _encode_typical(column: Column) -> Floats:
    if isinstance(column, NumberColumn):
        return encode_numbers(column, np.array([column.typical])).reshape(-1)
    return encode_words(column, np.array([column.typical], dtype=object)).reshape(-1)


def _shown_values(column: Column, features: Any) -> list[str]:
    if isinstance(column, NumberColumn):
        return ["" if np.isnan(value) else f"{value:.6g}" for value in numbers_of(features, column.name)]
    return list(words_of(features, column.name))


def _reason(column: Column, value: str, effect: float) -> Reason:
    typical = f"{column.typical:.6g}" if isinstance(column, NumberColumn) else column.typical
    is_what = f"is {value}" if value else "is not known"
    direction = "lower" if effect > 0 else "higher"
    points = f"{100 * abs(effect):.0f} percentage point{'' if round(100 * abs(effect)) == 1 else 's'}"
    otherwise = f"with the usual {typical or 'empty value'} the estimate would be {points} {direction}"
    return Reason(column.name, f"{column.name} {is_what}; {otherwise}", effect)
