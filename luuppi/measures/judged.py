"""How good probabilities were, once it is known what happened: order, sharpness and honesty."""

from dataclasses import dataclass

import numpy as np

from luuppi.measures.inputs import Floats


@dataclass(frozen=True, slots=True)
class Judged:
    """auc: 0.5 a coin, 1 perfect order; None when all or none happened. brier: mean squared error, 0 best.
    calibration_error: mean distance of promised and happened, 0–1. base_rate: share that happened. n: how many."""

    auc: float | None
    brier: float | None
    calibration_error: float | None
    base_rate: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Band:
    """One tenth of the cases in order of what was promised: the mean promise, the share that happened, n cases."""

    promised: float
    happened: float
    n: int


def judge(probability: Floats, happened: Floats) -> Judged:
    """Judge n probabilities by what happened (0 or 1). With n = 0 every figure is None."""
    n = len(probability)
    if n == 0:
        return Judged(None, None, None, None, 0)
    brier = float(np.mean((probability - happened) ** 2))
    bands = reliability(probability, happened)
    error = sum(band.n * abs(band.promised - band.happened) for band in bands) / n
    return Judged(auc(probability, happened), brier, float(error), float(happened.mean()), n)


def auc(probability: Floats, happened: Floats) -> float | None:
    """Chance that a case that happened was promised more than one that did not; ties count half. None with one kind only.

    Source: Hanley and McNeil (1982), Radiology 143, 29–36 (the Mann–Whitney form).
    """
    n_yes = float(happened.sum())
    n_no = len(happened) - n_yes
    if n_yes == 0 or n_no == 0:
        return None
    _, place, counts = np.unique(probability, return_inverse=True, return_counts=True)
    middle_rank = np.cumsum(counts) - (counts - 1) / 2
    return float((middle_rank[place] @ happened - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))


def reliability(probability: Floats, happened: Floats, n_bands: int = 10) -> tuple[Band, ...]:
    """Bands of equal size in the order of the promise, fewer when there are fewer cases; () for none."""
    order = np.argsort(probability, kind="stable")
    parts = np.array_split(order, min(n_bands, len(order))) if len(order) else []
    return tuple(Band(float(probability[part].mean()), float(happened[part].mean()), len(part)) for part in parts)


def log_loss_each(probability: Floats, happened: Floats) -> Floats:
    """−ln of the probability given to what happened, for each case; probabilities kept 1e−9 from 0 and 1."""
    p = np.clip(probability, 1e-9, 1 - 1e-9)
    return -np.where(happened == 1, np.log(p), np.log1p(-p))
