"""Judged as it will be used: learned from earlier answers only, tried on later ones."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from luuppi.measures.experience.encoding import learn_encoding
from luuppi.measures.experience.models import Kind, fit, probabilities
from luuppi.measures.experience.watching import refreshed
from luuppi.measures.inputs import Floats, Ints
from luuppi.measures.judged import log_loss_each

_N_BLOCKS = 5
_FEWEST_TO_LEARN = 60
_BOOSTING_FROM = 500


@dataclass(frozen=True, slots=True)
class Forward:
    """What was promised for later answers, in order of time. kind: the way that was chosen; rows: their positions."""

    kind: Kind
    probability: Floats
    happened: Floats
    rows: Ints


def validate_forward(features: Any, outcome: Floats, at: Floats, seed: int) -> Forward | None:
    """Five blocks by time: each after the first is foretold from all before it. None when no block has earlier answers.

    The straight model is kept unless there are 500 answers and the challenger's log-loss is better by more than a standard
    error of the difference. Promises are refreshed every 200 answers, as they will be in use.
    """
    order = np.argsort(at, kind="stable").astype(np.int64)
    edges = _edges(at[order])
    promised: dict[Kind, list[Floats]] = {"logistic": [], "boosting": []}
    rows: list[Ints] = []
    for start, end in pairwise(edges):
        earlier, later = order[:start], order[start:end]
        if len(earlier) < _FEWEST_TO_LEARN or len(set(outcome[earlier])) < 2:
            continue
        encoding = learn_encoding(features.iloc[earlier])
        before, after = encoding.encode(features.iloc[earlier]), encoding.encode(features.iloc[later])
        rows.append(later)
        promised["logistic"].append(probabilities(fit("logistic", before, outcome[earlier]), after))
        if len(order) >= _BOOSTING_FROM:
            # Where no word was yet said often enough there is no column, and both know the level alone.
            told = probabilities(fit("boosting", before, outcome[earlier], seed), after) if before.shape[1] else promised["logistic"][-1]
            promised["boosting"].append(told)
    if not rows:
        return None
    all_rows = np.concatenate(rows)
    happened = outcome[all_rows]
    tried: dict[Kind, Floats] = {kind: refreshed(np.concatenate(parts), happened) for kind, parts in promised.items() if parts}
    kind = choose(tried, happened)
    return Forward(kind, tried[kind], happened, all_rows)


def choose(tried: dict[Kind, Floats], happened: Floats) -> Kind:
    """The straight model, unless the challenger is better by more than a standard error."""
    if "boosting" not in tried:
        return "logistic"
    gain = log_loss_each(tried["logistic"], happened) - log_loss_each(tried["boosting"], happened)
    return "boosting" if gain.mean() > gain.std() / np.sqrt(len(gain)) else "logistic"


def _edges(sorted_at: Floats) -> list[int]:
    """Starts of the blocks after the first, and the end; answers of one moment are never on both sides."""
    wanted = [len(sorted_at) * k // _N_BLOCKS for k in range(1, _N_BLOCKS)]
    starts = {int(np.searchsorted(sorted_at, sorted_at[place], side="left")) for place in wanted}
    return [*sorted(start for start in starts if start > 0), len(sorted_at)]
