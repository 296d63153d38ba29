"""The two ways of reading a probability from columns: a straight one that needs few answers, and a challenger for many."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from luuppi.measures.given import Floats
from luuppi.measures.logistic import Dense, chance, fit_logistic, log_odds

Kind = Literal["logistic", "boosting"]
_RIDGE = 1 / 0.3


@dataclass(frozen=True, slots=True)
class Model:
    """kind: which of the two. log_odds: float[n, p] -> float[n]."""

    kind: Kind
    log_odds: Callable[[Floats], Floats]


def fit(kind: Kind, columns: Floats, outcome: Floats, seed: int = 0) -> Model:
    """Fit one of the two to float[n, p] and 0/1 outcomes float[n] that have both kinds."""
    return fit_logistic_model(columns, outcome) if kind == "logistic" else fit_boosting_model(columns, outcome, seed)


def fit_logistic_model(columns: Floats, outcome: Floats) -> Model:
    """Logistic regression, ridge with C = 0.3. See `luuppi.measures.logistic`."""
    b = fit_logistic(Dense.of(columns), outcome, ridge=_RIDGE)
    return Model("logistic", lambda new: b[0] + new @ b[1:])


def fit_boosting_model(columns: Floats, outcome: Floats, seed: int) -> Model:
    """150 small trees of 8 leaves, each leaf at least 20 answers, learning rate 0.05.

    Source: Friedman (2001), Ann. Statist. 29, 1189–1232, as built in scikit-learn (histogram gradient boosting).
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees: Any = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=20, early_stopping=False, random_state=seed
    )
    trees.fit(columns, outcome)
    return Model("boosting", lambda new: log_odds(trees.predict_proba(new)[:, 1]) if len(new) else np.zeros(0))


def probabilities(model: Model, columns: Floats, shift: float = 0.0) -> Floats:
    """float[n] in 0–1; shift is added to the log-odds."""
    return chance(model.log_odds(columns) + shift)
