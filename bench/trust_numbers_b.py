"""How far silence, experience, correction, tolerance, asking, forecasts and staffing can be trusted.

Measured against reference sets and planted truth. Run by bench/trust.py.
"""

import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.speed_measures import a_million_customers
from bench.verdicts import Planned, Row, at_least, at_most, near, row, shared_data
from luuppi.measures import arrivals, asking, experience, nonresponse, silence, staffing, tolerance
from luuppi.measures.experience.encoding import learn_encoding
from luuppi.measures.experience.models import fit, probabilities
from luuppi.measures.judged import Judged, judge
from luuppi.measures.logistic import chance, log_odds
from luuppi.measures.tests.contact_centre import MARGINS, contact_centre, nps_of
from luuppi.measures.tests.waiting import REFERENCE, true_wait, waits_and_csat
from luuppi.measures.tests.weekly import weekly_counts

TRIED_WEEKS = [
    ("steady", 26, 200), ("wandering", 60, 200), ("seasonal", 60, 200), ("seasonal", 160, 200), ("wild", 160, 200), ("steady", 60, 10)
]  # fmt: skip


def planned() -> list[Planned]:
    """What this part measures; the simulations that take long come last."""
    data = shared_data()
    sets = (cdnow_sample, quiet_customers, telco_churn, iranian_churn, bank_contacts, silent_customers, corrected_contacts,
            call_patience, downs_bc, erlang, value_of_asking, wait_csat)  # fmt: skip
    long = (planted_arrivals, planted_asking, planted_nonresponse, planted_waits)
    return [
        *(Planned(one.__name__, one, (data / "behaviour",) if data else None, long=one is wait_csat) for one in sets),
        *(Planned("planted truth", one, ()) for one in (speed, planted_drift)),
        *(Planned("planted truth", one, (), long=True) for one in long),
    ]


def expected(folder: Path, name: str) -> Any:
    return json.loads((folder / "expected.json").read_text())[name]


# --- reference sets -------------------------------------------------------------------------------------------------------------


def cdnow_sample(folder: Path) -> Iterator[Row]:
    values = expected(folder, "cdnow_sample")
    events = pd.read_csv(folder / "cdnow_sample.csv.gz")
    day = (pd.to_datetime(events["date"].astype(str)) - pd.Timestamp("1997-01-01")).dt.days.to_numpy()
    cut = days_to(values["calibration_end"], "1997-01-01")
    later = days_to("1998-03-31", "1997-01-01")
    for within, at, reference in ((39, cut, values["holdout_39w"]), (13, later, values["fit_1998-03-31_horizon_13w"])):
        tried = silence.backtest(events["sample_id"], day, at, within_weeks=within)
        if within == 39:
            for name, value in zip(("r", "alpha", "a", "b"), tried.rhythm.parameters, strict=True):
                yield near("cdnow_sample", f"MBG/NBD {name}", value, values["MBG_NBD"][name], 0.005 * values["MBG_NBD"][name])
            yield near("cdnow_sample", "MBG/NBD log-likelihood", tried.rhythm.log_likelihood, values["MBG_NBD"]["ll"], 0.01)
        yield near("cdnow_sample", f"AUC of contact in {within} weeks", tried.judged.auc, reference["MBG"]["auc"], values["tol_auc"])
        yield near("cdnow_sample", f"Brier of contact in {within} weeks", tried.judged.brier, reference["MBG"]["brier"], 0.001)


def quiet_customers(folder: Path) -> Iterator[Row]:
    values = expected(folder, "contacts_a")["quiet_cut_2025-06-30_13w"]
    contacts = pd.read_csv(folder / "contacts_a" / "contacts.csv.gz")
    day = (pd.to_datetime(contacts["date"]) - pd.Timestamp("2024-01-01")).dt.days.to_numpy()
    tried = silence.backtest(contacts["customer_id"], day, days_to("2025-06-30", "2024-01-01"))
    yield near("contacts_a", "quiet: AUC of contact in 13 weeks", tried.judged.auc, values["MBG_auc"], 0.003)
    yield near("contacts_a", "quiet: Brier", tried.judged.brier, values["MBG_brier"], 0.002)
    yield at_most("contacts_a", "quiet: promised against happened", tried.judged.calibration_error, values["MBG_ece"], 0.003)


def telco_churn(folder: Path) -> Iterator[Row]:
    values = expected(folder, "telco_churn")
    telco = pd.read_csv(folder / "telco_churn.csv.gz")
    stayed = telco[telco["tenure"] > 0]
    staying = silence.staying(stayed["tenure"], stayed["Churn"] == "Yes")
    for months in (12, 24, 48, 72):
        share = staying.share_after([months])[0].value
        yield near("telco_churn", f"share still there after {months} months", share, values["km_survival"][str(months)], 5e-5)
    telco["TotalCharges"] = pd.to_numeric(telco["TotalCharges"], errors="coerce")
    outcome = (telco["Churn"] == "Yes").to_numpy(dtype=float)
    features = telco.drop(columns=["customerID", "Churn"])
    for kind, name in (("logistic", "logistic"), ("boosting", "hist_gradient_boosting")):
        found = in_folds(features, outcome, kind)
        yield at_least("telco_churn", f"{kind}: AUC, 5 folds", found.auc, values[name]["auc"], values["tol_auc"])
        yield at_most("telco_churn", f"{kind}: Brier", found.brier, values[name]["brier"], 0.001)


def iranian_churn(folder: Path) -> Iterator[Row]:
    values = expected(folder, "iranian_churn")
    features = pd.read_csv(folder / "iranian_churn.csv.gz")
    outcome = features.pop("Churn").to_numpy(dtype=float)
    for kind, reference in (("logistic", values["logistic_auc"]), ("boosting", values["hgb"]["auc"])):
        yield near("iranian_churn", f"{kind}: AUC, 5 folds", in_folds(features, outcome, kind).auc, reference, values["tol_auc"])


def bank_contacts(folder: Path) -> Iterator[Row]:
    values = expected(folder, "bank_contacts")
    bank = pd.read_csv(folder / "bank_contacts.csv.gz").sort_values("row_in_time")
    outcome = bank["y"].astype(str).isin(["yes", "1"]).to_numpy(dtype=float)
    calendar = ["emp_var_rate", "cons_price_idx", "cons_conf_idx", "euribor3m", "nr_employed", "month"]
    features, cut = bank.drop(columns=[*calendar, "row_in_time", "y", "duration"]), int(0.7 * len(bank))
    encoding = learn_encoding(features[:cut])
    static = probabilities(fit("logistic", encoding.encode(features[:cut]), outcome[:cut]), encoding.encode(features[cut:]))
    later = outcome[cut:]
    before, after = judge(static, later), judge(experience.refreshed(static, later), later)
    logit = values["without_duration_macro_month"]["temporal_auc_logit"]
    yield near("bank_contacts", "AUC forwards in time, without what was known only later", before.auc, logit, values["tol_auc"])
    yield near("bank_contacts", "promised against happened, left alone", before.calibration_error, values["static_ece"], 0.01)
    refreshed = values["ece_after_intercept_refresh_every_200_labels"]
    yield at_most("bank_contacts", "the same, level refreshed every 200 answers", after.calibration_error, refreshed, 0.005)
    yield near("bank_contacts", "the alarm rings after how many answers", experience.find_drift(static, later).at, 1000, 250)


def silent_customers(folder: Path) -> Iterator[Row]:
    values = expected(folder, "contacts_a")["detractor_model_cut_2025-04-01"]
    contacts = contacts_a(folder).merge(pd.read_csv(folder / "contacts_a" / "truth_contacts.csv.gz"), on="contact_id")
    names = ["channel", "reason", "wait_min", "abandoned", "team", "transfers", "resolved", "sale", "hour", "segment", "age_group"]
    answered = contacts["nps_score"].notna()
    early, later = contacts[(contacts["date"] < "2025-04-01") & answered], contacts[contacts["date"] >= "2025-04-01"]
    learned = experience.learn_experience(early[names], early["nps_score"] <= 6, early["date"])
    all_found = judge(learned.estimate(later[names], with_reasons=False).probability, (later["true_score"] <= 6).to_numpy(dtype=float))
    yield at_least("contacts_a", "detractors among all later contacts: AUC", all_found.auc, values["logit_auc_all"])
    yield at_most("contacts_a", "detractors among all later contacts: promised against happened", all_found.calibration_error, 0.04, 0.005)
    leaky = in_time_refused(early, names)
    yield row("contacts_a", "a feature stamped after the answer is refused", leaky, True, "equal", holds=leaky)


def corrected_contacts(folder: Path) -> Iterator[Row]:
    values = expected(folder, "contacts_a")
    contacts = contacts_a(folder)
    margins = ["channel", "reason", "resolved", "abandoned", "transfers", "segment", "age_group", ("channel", "wait_min")]
    found = nonresponse.corrected_nps(contacts, contacts["nps_score"], margins, customer=contacts["customer_id"])
    true = values["nps_true_all_contacts"]
    yield near("contacts_a", "NPS measured", found.plain.value, values["nps_naive"], 0.05)
    yield near("contacts_a", "NPS corrected, against the truth", found.value, true, 4)
    yield near("contacts_a", "NPS cross-check, against the truth", found.cross_check.value, true, 4)
    held = found.low <= true <= found.high
    interval = [round(found.low, 1), round(found.high, 1)]
    yield row("contacts_a", "the corrected interval holds the truth", interval, true, "inside", holds=held)
    yield at_most("contacts_a", "half width of the corrected interval", (found.high - found.low) / 2, values["raking_7_margins"][1])


def wait_csat(folder: Path) -> Iterator[Row]:
    waits = pd.read_csv(folder / "wait_csat.csv.gz")
    for scenario, values in expected(folder, "wait_csat").items():
        here = waits[waits["scenario"] == scenario]
        found = tolerance.material_wait(here["wait_s"], here["csat"])
        true = values["true_material_wait_min"]
        if scenario in ("s2", "s5"):
            why = "not_seen" if scenario == "s2" else "too_few_answers"
            yield row("wait_csat", f"{scenario}: silent, because", found.why_silent, why, "equal", holds=found.why_silent == why)
            continue
        yield near("wait_csat", f"{scenario}: minutes that hurt", None if found.value is None else found.value / 60, true, 0.35)
        held = found.low is not None and found.low / 60 <= true <= (found.high or math.inf) / 60
        interval = [minutes(found.low), minutes(found.high)]
        yield row("wait_csat", f"{scenario}: the interval holds the truth", interval, true, "inside", holds=held)


def call_patience(folder: Path) -> Iterator[Row]:
    calls = pd.read_csv(folder / "call_patience.csv.gz")
    found = tolerance.patience(calls["wait_min"] * 60, calls["abandoned"])
    for share, estimate, reference in zip((10, 25, 50), found, expected(folder, "call_patience")["kaplan_meier"], strict=True):
        waited = None if estimate.value is None else estimate.value / 60
        yield near("call_patience", f"minutes until {share} % hang up", waited, reference, 0.005)


def downs_bc(folder: Path) -> Iterator[Row]:
    births, values = pd.read_csv(folder / "downs_bc.csv"), expected(folder, "downs_bc")
    found = tolerance.find_kink(births["age"], births["r"], births["m"])
    yield near("downs_bc", "bend, as R's segmented", found.value, values["R_segmented_published"]["psi"], values["tol"])
    yield near("downs_bc", "its standard error", found.error, values["R_segmented_published"]["se"], 0.01)


def erlang(folder: Path) -> Iterator[Row]:
    values = expected(folder, "erlang")
    c = staffing.erlang_c(100 / 30, 3, 14)
    yield near("erlang", "C: chance of a wait", c.wait_probability, values["C"]["p_wait"], 1e-6)
    yield near("erlang", "C: answered in 20 s", staffing.service_level(100 / 30, 3, 14, 20), values["C"]["service_level"], 1e-5)
    a = staffing.erlang_a(48, 1, 50, 2)
    yield near("erlang", "A: seconds of wait", a.mean_wait_seconds, values["C_vs_A"]["A_wait_s"], 0.01)
    yield near("erlang", "A: share that hangs up", a.abandoned_share, values["C_vs_A"]["A_abandon"], 1e-5)


def value_of_asking(folder: Path) -> Iterator[Row]:
    for case in expected(folder, "value_of_asking")["cases"]:
        found = asking.value_of_asking([case["p_resp"]], [case["p"]], case["B"], case["c"])[0]
        yield near("value_of_asking", f"p = {case['p']}", float(found), case["voi"], 1e-9)


# --- planted truth --------------------------------------------------------------------------------------------------------------


def planted_nonresponse() -> Iterator[Row]:
    # Published: bias .3, .6 and, with calls, .7; an interval that promises 95 % (published .98 without calls, .96 with them). 200
    # simulations of an error of 4 points tell the bias to ± .6 and with calls (6.5) to ± .9, and the share to ± .03.
    for words, how, published in (("nothing", {"depends_on_contact": 0.0}, 0.3), ("contact data", {}, 0.6), ("mood, too", {"depends_on_mood": 1.0}, None)):
        raked, calls = [], []
        for seed in range(200):
            contacts, score, truth = contact_centre(seed=seed, **how)
            true, customer = nps_of(truth), contacts["customer"]
            found = nonresponse.corrected_nps(contacts, score, MARGINS, customer=customer)
            raked.append((found.value - true, found.low <= true <= found.high))
            called = np.full(len(score), np.nan)
            drawn = nonresponse.draw_silent(score, 100, seed=seed)
            reached = drawn[np.random.default_rng(seed).random(len(drawn)) < 0.75]
            called[reached] = truth[reached]
            with_calls = nonresponse.nps_with_callbacks(contacts, score, called, MARGINS, customer=customer)
            calls.append((with_calls.value - true, with_calls.low <= true <= with_calls.high))
        name = f"2 000 contacts, 20 % answer, by {words}"
        (bias, held), (call_bias, call_held) = np.mean(raked, axis=0), np.mean(calls, axis=0)
        if published is not None:
            yield at_most(name, "corrected NPS: bias, points", abs(bias), published, 0.6)
            yield at_least(name, "corrected NPS: interval holds", held, 0.95, 0.03)
        else:
            yield row(name, "corrected NPS without calls: bias, points (no weighting can know it)", round(abs(bias), 2), None, None, holds=None)
        yield at_most(name, "with 75 calls to the silent: bias, points", abs(call_bias), 0.7, 0.9)
        yield at_least(name, "with 75 calls to the silent: interval holds", call_held, 0.95, 0.03)


def planted_waits() -> Iterator[Row]:
    # Published for 10 000 answers, in a world whose waits, noise and slopes are those of wait_csat. 200 simulations tell the share to
    # ± .03 and the error to a tenth of itself.
    limits = {"kink": (0.33, 0.93), "smooth": (0.29, 0.95), "log": (0.15, 0.94)}
    for kind, (error, held) in limits.items():
        true = true_wait(kind, world=REFERENCE)
        found = [tolerance.material_wait(*waits_and_csat(kind, 10_000, seed, REFERENCE), seed=seed) for seed in range(200)]
        yield at_most(f"waits, {kind}, 10 000 answers", "error (RMSE), minutes", rmse([one.value - true for one in found]) / 60, error, error / 10)
        share = float(np.mean([one.low <= true <= (one.high or math.inf) for one in found]))
        yield at_least(f"waits, {kind}, 10 000 answers", "interval holds", share, held, 0.03)
    shown = [tolerance.material_wait(*waits_and_csat("flat", n, seed, REFERENCE)).value for n in (500, 1_000, 3_000) for seed in range(80)]
    yield at_most("waits that do not matter, 500–3 000 answers", "points shown in 240 samples", sum(v is not None for v in shown), 0)


def planted_arrivals() -> Iterator[Row]:
    for kind, n, level in TRIED_WEEKS:
        held, error, naive = [], [], []
        for seed in range(150):
            counts = weekly_counts(kind, n + 8, seed, level=level)
            simple = arrivals.naive_forecast(counts[:n])
            for one, other, came in zip(arrivals.forecast(counts[:n]), simple, counts[n:], strict=True):
                held.append(one.low <= came <= one.high)
                error.append(abs(one.value - came))
                naive.append(abs(other - came))
        name = f"{kind} weeks, {n} of about {level:g} contacts"
        yield at_least(name, "interval holds", float(np.mean(held)), 0.93)
        yield at_most(name, "error against the naive forecast's", float(np.mean(error) / np.mean(naive)), 1.0)


def planted_asking() -> Iterator[Row]:
    plain, weighted, held = [], [], []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        p = rng.beta(1.2, 2.5, 3_000)
        scores = np.where(rng.random(3_000) < p, 3, np.where(rng.random(3_000) < 0.5, 9, 7))
        value = asking.value_of_asking(0.25, p, worth=20, cost=6)
        chosen = asking.decide([f"{seed}-{i}" for i in range(3_000)], value, np.zeros(3_000), np.ones(3_000), price=0.7)
        answered = np.array([one.ask for one in chosen]) & (rng.random(3_000) < 0.25)
        found = asking.weighted_nps(scores[answered], np.array([one.probability for one in chosen])[answered])
        true = nps_of(scores)
        plain.append(nps_of(scores[answered]) - true)
        weighted.append(found.value - true)
        held.append(found.low <= true <= found.high)
    yield at_least("asked where it is worth it", "bias without weights, points (one is expected)", abs(float(np.mean(plain))), 2)
    yield at_most("asked where it is worth it", "bias of the weighted NPS, points", abs(float(np.mean(weighted))), 1.0)
    yield at_least("asked where it is worth it", "interval of the weighted NPS holds", float(np.mean(held)), 0.93)


def planted_drift() -> Iterator[Row]:
    """The rate that the alarm promises, n answers / 20 000; and how often a move is found, against a window of 300 and three standard errors.

    300 worlds each tell a share to ± .05. The window has no rate of its own: it rings the more often, the longer one watches.
    """
    for words, lowest, highest in (("", 0.05, 0.6), (", chances of 1–5 %", 0.01, 0.05)):
        quiet = [promised_and_came(seed, 20_000, lowest, highest) for seed in range(300)]
        rang = [experience.find_drift(*one).at for one in quiet]
        for n in (600, 5_000, 20_000):
            of = f"false alarms in {n} answers{words}"
            yield at_most("a world that does not move", of, float(np.mean([at is not None and at < n for at in rang])), n / 20_000)
        by_window = float(np.mean([rings_in_window(*(part[:5_000] for part in one)) is not None for one in quiet]))
        yield row("a world that does not move", f"the same in 5000 answers by the window{words}", round(by_window, 4), None, None, holds=None)
    for moved in (0.4, -0.4, 0.6, 1.0):
        worlds = [promised_and_came(seed, 3_500, 0.05, 0.6, moved, after=3_000) for seed in range(300)]
        ours, window = (
            float(np.mean([at is not None for at in (rule(*one) for one in worlds) if at is None or at >= 3_000]))
            for rule in (lambda p, y: experience.find_drift(p, y).at, rings_in_window)
        )
        of = f"log-odds {moved:+g} after 3 000 quiet answers: found within 500 (reference: by the window)"
        yield at_least("a world that moves", of, ours, round(window, 4), 0.05)


def speed() -> Iterator[Row]:
    frequency, recency, age = a_million_customers()
    started = time.process_time()
    rhythm = silence.fit_rhythm(frequency, recency, age)
    rhythm.chance_of_contact(frequency, recency, age)
    rhythm.usual_chance(frequency, recency, age)
    yield at_most("1 000 000 customers", "rhythm fitted and scored, CPU-seconds", time.process_time() - started, 10)
    contacts, score, _ = contact_centre(n=100_000, seed=1)
    started = time.process_time()
    nonresponse.corrected_nps(contacts, score, MARGINS, customer=contacts["customer"])
    yield at_most("100 000 contacts", "NPS corrected, CPU-seconds", time.process_time() - started, 1)
    wait, csat = waits_and_csat("kink", 100_000, seed=1)
    started = time.process_time()
    tolerance.material_wait(wait, csat)
    yield at_most("100 000 waits", "the wait that hurts with 200 samples, CPU-seconds", time.process_time() - started, 10)


# --- parts ----------------------------------------------------------------------------------------------------------------------


def in_folds(features: pd.DataFrame, outcome: Any, kind: Any) -> Judged:
    from sklearn.model_selection import StratifiedKFold

    promised = np.zeros(len(outcome))
    for learn, judge_on in StratifiedKFold(5, shuffle=True, random_state=0).split(features, outcome):
        encoding = learn_encoding(features.iloc[learn])
        model = fit(kind, encoding.encode(features.iloc[learn]), outcome[learn])
        promised[judge_on] = probabilities(model, encoding.encode(features.iloc[judge_on]))
    return judge(promised, outcome)


def in_time_refused(early: pd.DataFrame, names: list[str]) -> bool:
    """Whether call-backs, which follow a low answer, are refused when their time says so."""
    at = pd.to_datetime(early["date"])
    seen_at = dict.fromkeys(names, at) | {"callback_made": at + pd.Timedelta(days=1)}
    return experience.features_known_in_time(early[[*names, "callback_made"]], at, seen_at) == names


def contacts_a(folder: Path) -> pd.DataFrame:
    customers = pd.read_csv(folder / "contacts_a" / "customers.csv.gz")
    return pd.read_csv(folder / "contacts_a" / "contacts.csv.gz").merge(customers, on="customer_id").sort_values("contact_id")


def promised_and_came(seed: int, n: int, lowest: float, highest: float, moved: float = 0.0, after: int = 0) -> tuple[Any, Any]:
    """n chances between lowest and highest, and what came of them: after some answer with the log-odds moved."""
    rng = np.random.default_rng(seed)
    promised = rng.uniform(lowest, highest, n)
    return promised, rng.random(n) < chance(log_odds(promised) + moved * (np.arange(n) >= after))


def rings_in_window(promised: Any, came: Any) -> int | None:
    """Where the last 300 answers first differ from what was promised by more than three standard errors."""
    gap, variance = (np.convolve(part, np.ones(300), "valid") for part in (came - promised, promised * (1 - promised)))
    far = np.flatnonzero(np.abs(gap) > 3 * np.sqrt(variance))
    return int(far[0]) + 299 if len(far) else None


def days_to(date: str, start: str) -> int:
    return (pd.Timestamp(date) - pd.Timestamp(start)).days


def minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 2)


def rmse(misses: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(misses))))
