"""A simulated contact centre with a known truth: what everybody would have answered, and who does."""

from typing import Any

import numpy as np
import pandas as pd


def contact_centre(
    n: int = 2_000, seed: int = 0, depends_on_contact: float = 1.0, depends_on_mood: float = 0.0, response: float = 0.2
) -> tuple[pd.DataFrame, Any, Any]:
    """(contacts frame, score float[n] with NaN where silent, true score float[n]).

    Content and answering both follow channel, reason, waiting and solving (depends_on_contact); with depends_on_mood the
    answering also follows the mood itself, which contact data do not show.
    """
    rng = np.random.default_rng(seed)
    customer = rng.integers(0, int(n * 0.7), n)
    kind = rng.normal(0, 0.5, int(n * 0.7))[customer]
    channel = rng.choice(["phone", "chat", "email", "store"], n, p=[0.5, 0.2, 0.2, 0.1])
    reason = rng.choice(["order", "fault", "billing", "advice"], n, p=[0.3, 0.3, 0.2, 0.2])
    solved = rng.random(n) < np.where(reason == "fault", 0.55, 0.8)
    abandoned = rng.random(n) < 0.08
    wait = rng.gamma(1.5, 3, n) * np.where(channel == "email", 60, 1)
    segment = rng.choice(["home", "business"], n, p=[0.7, 0.3])
    slow = np.where(channel == "email", wait / 60, wait) > 6
    quality = 1.4 * solved - 2.0 * abandoned - 1.0 * slow - 0.6 * (reason == "fault")
    quality += 0.5 * (channel == "store") - 0.2 * (segment == "business")
    mood = quality + kind + rng.normal(0, 1.6, n)
    truth = np.clip(np.round(6.6 + 1.3 * mood), 0, 10)
    drive = depends_on_contact * (0.8 * quality) + depends_on_mood * 0.5 * (mood - mood.mean())
    chance = 1 / (1 + np.exp(-(drive - np.quantile(drive, 0.5))))
    chance = np.clip(chance * response / chance.mean(), 0.005, 0.95)
    score = np.where(rng.random(n) < chance, truth, np.nan)
    contacts = pd.DataFrame({"customer": customer, "channel": channel, "reason": reason, "solved": solved, "abandoned": abandoned})
    contacts["wait_min"], contacts["segment"] = wait, segment
    return contacts, score, truth


MARGINS = ["channel", "reason", "solved", "abandoned", "segment", ("channel", "wait_min")]


def nps_of(scores: Any) -> float:
    return float(100 * (np.mean(scores >= 9) - np.mean(scores <= 6)))
