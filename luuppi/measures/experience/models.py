"""The two ways of reading a probability from columns: a straight one that needs few answers, and a challenger for many."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from luuppi.measures.inputs import Floats
from luuppi.measures.logistic import Dense, chance, fit_logistic, log_odds

Kind = Literal["logistic", "boosting"]
_RIDGE = 1 / 0.3


@dataclass(frozen=True, slots=True)
class Straight:
    """Logistic regression, ridge with C = 0.3; coefficients float[1 + p], the constant first."""

    coefficients: Floats = field(repr=False)

    def log_odds(self, columns: Floats) -> Floats:
        """float[n, p] -> float[n]."""
        return np.asarray(self.coefficients[0] + columns @ self.coefficients[1:], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Boosted:
    """150 small trees of 8 leaves, each leaf at least 20 answers, learning rate 0.05.

    Source: Friedman (2001), Ann. Statist. 29, 1189–1232, as built in scikit-learn (histogram gradient boosting).
    """

    trees: Any = field(repr=False)

    def log_odds(self, columns: Floats) -> Floats:
        """float[n, p] -> float[n]."""
        return log_odds(self.trees.predict_proba(columns)[:, 1]) if len(columns) else np.zeros(0)


Model = Straight | Boosted


def fit(kind: Kind, columns: Floats, outcome: Floats, seed: int = 0) -> Model:
    """Fit one of the two to float[n, p] and 0/1 outcomes float[n] that have both kinds."""
    if kind == "logistic":
        return Straight(fit_logistic(Dense.of(columns), outcome, ridge=_RIDGE))
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees: Any = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=20, early_stopping=False, random_state=seed
    )
    return Boosted(trees.fit(columns, outcome))


def probabilities(model: Model, columns: Floats, shift: float = 0.0) -> Floats:
    """float[n] in 0–1; shift is added to the log-odds."""
    return chance(model.log_odds(columns) + shift)
