"""Speed of luuppi.measures on one core, beside plain scikit-learn, scipy and numpy in the same run: `./run bench speed_measures`.

Where the plain way would take many minutes it works on a part, which its name says, and is told for the whole.
"""

import sys
from typing import Any

import numpy as np

from bench.speed import Figure, peak_mb, run, seconds, timed
from luuppi.measures.tests.contact_centre import MARGINS, contact_centre
from luuppi.measures.tests.waiting import waits_and_csat


def counts() -> Any:
    return np.random.default_rng(5).integers(0, 100, (3, 100_000))


def nps() -> dict[str, float]:
    from luuppi.measures import scores

    given = counts()
    return timed(lambda: scores.nps_of(*given), 100_000)


def nps_plainly() -> dict[str, float]:
    """Wald by numpy, arrays and no Estimate: the least that could be done."""
    up, _, down = given = counts()

    def work() -> object:
        n = np.maximum(given.sum(axis=0), 1)
        p, d = up / n, down / n
        half = 1.96 * np.sqrt((p + d - (p - d) ** 2) / n)
        return 100 * (p - d - half), 100 * (p - d + half)

    return timed(work, 100_000)


def csat() -> dict[str, float]:
    from luuppi.measures import scores

    given = counts()
    return timed(lambda: scores.csat_of(given[0], given[0] + given[1]), 100_000)


def csat_plainly() -> dict[str, float]:
    from statsmodels.stats.proportion import proportion_confint

    given = counts()
    return timed(lambda: proportion_confint(given[0], np.maximum(given[0] + given[1], 1), method="wilson"), 100_000)


def ces() -> dict[str, float]:
    from luuppi.measures import scores

    n = counts()[0]
    return timed(lambda: scores.mean_of(n, n * 3.0, n * 9.5, lowest=1, highest=7), 100_000)


def ces_plainly() -> dict[str, float]:
    from scipy import stats

    n = np.maximum(counts()[0], 2)
    return timed(lambda: stats.t.interval(0.95, n - 1, loc=np.full(len(n), 3.0), scale=np.sqrt(0.5 / n)), 100_000)


def a_million_ratings() -> tuple[Any, Any]:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(1_000_000, 12)) + rng.normal(size=(1_000_000, 1))
    return x, x @ rng.normal(size=12) + 5 * rng.normal(size=1_000_000)


def drivers_of_a_million() -> dict[str, float]:
    from luuppi.measures import drivers

    x, y = a_million_ratings()
    return timed(lambda: drivers.relative_weights(x, y, "lmg"), len(y))


def drivers_of_a_million_plainly() -> dict[str, float]:
    """Johnson's weights by numpy, rows drawn with replacement: 5 of the 500 samples, told for all."""
    x, y = a_million_ratings()
    rng = np.random.default_rng(0)

    def work() -> None:
        for _ in range(5):
            drawn = rng.integers(0, len(y), len(y))
            johnson(x[drawn], y[drawn])

    found = timed(work, len(y))
    return found | {"seconds": 100 * found["seconds"]}


def johnson(x: Any, y: Any) -> Any:
    r = np.corrcoef(np.column_stack([x, y]), rowvar=False)
    values, vectors = np.linalg.eigh(r[:-1, :-1])
    half = vectors * np.sqrt(values) @ vectors.T
    return half**2 @ np.linalg.solve(half, r[:-1, -1]) ** 2


def a_million_customers(n: int = 1_000_000) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    age, rate, leaves = rng.integers(1, 900, n) / 7, rng.gamma(0.55, 1 / 6, n), rng.beta(0.9, 1.6, n)
    frequency, recency, at, stays = np.zeros(n), np.zeros(n), np.zeros(n), rng.random(n) > leaves
    while stays.any():
        at = at + np.ceil(7 * rng.exponential(1 / rate)) / 7
        stays &= at <= age
        frequency, recency = frequency + stays, np.where(stays, at, recency)
        stays &= rng.random(n) > leaves
    return frequency, recency, age


def rhythm() -> dict[str, float]:
    from luuppi.measures import silence

    given = a_million_customers()

    def work() -> None:
        fitted = silence.fit_rhythm(*given)
        fitted.chance_of_contact(*given)
        fitted.usual_chance(*given)

    return timed(work, len(given[0]))


def rhythm_plainly() -> dict[str, float]:
    """The same likelihood handed to scipy's L-BFGS-B row by row, with its own slopes: 50 000 customers, told for a million."""
    from scipy.optimize import minimize
    from scipy.special import betaln, gammaln

    x, t, age = a_million_customers(50_000)

    def misfit(logs: Any) -> float:
        r, alpha, a, b = np.exp(logs)
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
        stays = betaln(a, b + x + 1) - (r + x) * np.log(alpha + age)
        left = betaln(a + 1, b + x) - (r + x) * np.log(alpha + t)
        return -float((common + np.logaddexp(stays, left)).sum())

    found = timed(lambda: minimize(misfit, (0.0, 1.0, 0.0, 1.0), method="L-BFGS-B"), len(x))
    return found | {"seconds": 20 * found["seconds"]}


def corrected() -> dict[str, float]:
    from luuppi.measures import nonresponse

    contacts, score, _ = contact_centre(n=100_000, seed=1)
    return timed(lambda: nonresponse.corrected_nps(contacts, score, MARGINS, customer=contacts["customer"]), len(score))


def corrected_plainly() -> dict[str, float]:
    """Weights by one logistic regression on dummy columns: no cross-check, range or interval."""
    import pandas as pd
    from sklearn.linear_model import LogisticRegression

    contacts, score, _ = contact_centre(n=100_000, seed=1)
    names = [name for margin in MARGINS for name in ([margin] if isinstance(margin, str) else margin)]

    def work() -> float:
        columns = pd.get_dummies(contacts[list(dict.fromkeys(names))])
        answered = ~np.isnan(np.asarray(score, dtype=float))
        weight = 1 / LogisticRegression(max_iter=500).fit(columns, answered).predict_proba(columns)[answered, 1]
        points = np.select([np.asarray(score)[answered] >= 9, np.asarray(score)[answered] <= 6], [100.0, -100.0], 0.0)
        return float(np.average(points, weights=weight))

    return timed(work, len(score))


def material_wait() -> dict[str, float]:
    from luuppi.measures import tolerance

    wait, score = waits_and_csat("kink", 100_000, seed=1)
    return timed(lambda: tolerance.material_wait(wait, score), len(wait))


def material_wait_plainly() -> dict[str, float]:
    """Isotonic regression of all answers, 200 samples drawn with replacement."""
    from sklearn.isotonic import IsotonicRegression

    wait, score = waits_and_csat("kink", 100_000, seed=1)
    rng = np.random.default_rng(0)

    def work() -> None:
        for _ in range(200):
            drawn = rng.integers(0, len(wait), len(wait))
            IsotonicRegression(increasing=False).fit(wait[drawn], score[drawn])

    return timed(work, len(wait))


def twenty_features() -> tuple[Any, Any, Any]:
    import pandas as pd

    rng = np.random.default_rng(7)
    x = rng.normal(size=(20_000, 20))
    low = rng.random(20_000) < 1 / (1 + np.exp(-(x[:, 0] * x[:, 1] + x[:, 2] - 1)))
    return pd.DataFrame(x, columns=[f"f{i}" for i in range(20)]), low, np.arange(20_000)


def experience_learned() -> dict[str, float]:
    from luuppi.measures import experience

    given = twenty_features()
    return timed(lambda: experience.learn_experience(*given), 20_000)


def experience_learned_plainly() -> dict[str, float]:
    """Both models once, without any validation forwards in time."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    x, low, _ = twenty_features()

    def work() -> None:
        LogisticRegression(C=0.3, max_iter=500).fit(x, low)
        HistGradientBoostingClassifier(max_iter=150, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=20).fit(x, low)

    return timed(work, len(low))


def thousand_teams_ranked() -> dict[str, float]:
    from luuppi.measures import shrinkage

    rng = np.random.default_rng(2)
    names, means = [f"t{i}" for i in range(1_000)], rng.normal(20, 20, 1_000)
    return timed(lambda: shrinkage.rank_groups(names, means, np.full(1_000, 6100.0), np.full(1_000, 50)), 1_000)


def import_all() -> dict[str, float]:
    """In a fresh process: this one has loaded them."""
    import subprocess

    parts = "scores, shrinkage, change, drivers, effects, silence, experience, nonresponse, asking, tolerance, arrivals, staffing, speaking"
    return fresh_import(subprocess, f"from luuppi.measures import {parts}")


def import_plainly() -> dict[str, float]:
    import subprocess

    return fresh_import(subprocess, "import numpy, scipy.stats, pandas")


def fresh_import(subprocess: Any, statement: str) -> dict[str, float]:
    program = f"import time; s = time.process_time(); {statement}; print(time.process_time() - s)"
    spent = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    return {"seconds": float(spent), "n": 1}


FIGURES = [
    Figure("import of luuppi.measures and all its parts, CPU-s (plain: numpy, scipy.stats, pandas)", import_all, import_plainly, seconds, 0.3, rounds=3),
    Figure("NPS of 100 000 groups, CPU-s (plain: numpy, arrays only)", nps, nps_plainly, seconds, 1),
    Figure("CSAT of 100 000 groups, CPU-s (plain: statsmodels, arrays only)", csat, csat_plainly, seconds, 1),
    Figure("CES of 100 000 groups, CPU-s (plain: scipy, arrays only)", ces, ces_plainly, seconds, 1),
    Figure("1 000 teams compared, CPU-s", thousand_teams_ranked, None, seconds, 1),
    Figure("drivers of 1 000 000 rows with 12 predictors, 500 samples, CPU-s (plain: from 5 samples)", drivers_of_a_million,
           drivers_of_a_million_plainly, seconds, 2),
    Figure("rhythm of 1 000 000 customers fitted and scored, CPU-s (plain: fit from 50 000)", rhythm, rhythm_plainly, seconds, 10),
    Figure("the same, peak MB", rhythm, None, peak_mb, None),
    Figure("NPS of 100 000 contacts corrected, CPU-s (plain: one weighting)", corrected, corrected_plainly, seconds, 1),
    Figure("the wait that hurts, 100 000 answers, 200 samples, CPU-s (plain: isotonic)", material_wait, material_wait_plainly, seconds, 10, rounds=1),
    Figure("experience learnt from 20 000 answers, CPU-s (plain: both models once)", experience_learned, experience_learned_plainly, seconds, None, rounds=1),
]  # fmt: skip


if __name__ == "__main__":
    sys.exit(run("speed_measures", FIGURES, globals(), __doc__))
