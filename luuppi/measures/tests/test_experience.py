"""What customers would have said: learned without cheating, honest about time, silent where it cannot tell."""

import json
import pickle
import threading

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import StratifiedKFold

from luuppi.measures import experience
from luuppi.measures.experience.encoding import learn_encoding
from luuppi.measures.experience.models import fit, probabilities
from luuppi.measures.experience.watching import level_shift
from luuppi.measures.judged import auc, judge, reliability
from luuppi.measures.logistic import chance

FEATURES = ["wait_min", "transfers", "channel", "solved"]


def answers(n, seed, drift=0.0, bent=False):
    """(features frame, detractor 0/1, week of the answer, true probability). bent: two features matter only together."""
    rng = np.random.default_rng(seed)
    features = pd.DataFrame(
        {
            "wait_min": rng.gamma(2, 3, n),
            "transfers": rng.poisson(0.5, n),
            "channel": rng.choice(["phone", "chat", "store"], n),
            "solved": rng.random(n) < 0.7,
        }
    )
    week = np.sort(rng.integers(0, 104, n))
    log_odds = -1.0 + 0.15 * features["wait_min"] + 0.5 * features["transfers"] - 1.6 * features["solved"] + drift * week / 104
    if bent:
        log_odds = np.where((features["wait_min"] > 5) ^ features["solved"], 1.5, -2.5)
    true = 1 / (1 + np.exp(-np.asarray(log_odds, dtype=float)))
    return features, (rng.random(n) < true).astype(float), week, true


@pytest.fixture(scope="module")
def learned():
    features, outcome, week, _ = answers(1_500, seed=1)
    return experience.learn_experience(features, outcome, week)


# --- reference values -----------------------------------------------------------------------------------------------------------


def in_folds(features, outcome, kind):
    promised = np.zeros(len(outcome))
    for learn, judge_on in StratifiedKFold(5, shuffle=True, random_state=0).split(features, outcome):
        encoding = learn_encoding(features.iloc[learn])
        model = fit(kind, encoding.encode(features.iloc[learn]), outcome[learn])
        promised[judge_on] = probabilities(model, encoding.encode(features.iloc[judge_on]))
    return judge(promised, outcome)


def test_leaving_customers_are_told_as_well_as_in_the_reference(shared_data):
    folder = shared_data / "behaviour"
    expected = json.loads((folder / "expected.json").read_text())
    telco = pd.read_csv(folder / "telco_churn.csv.gz")
    telco["TotalCharges"] = pd.to_numeric(telco["TotalCharges"], errors="coerce")
    outcome = (telco.pop("Churn") == "Yes").to_numpy(dtype=float)
    found = in_folds(telco.drop(columns="customerID"), outcome, "logistic")
    reference = expected["telco_churn"]
    assert found.auc == pytest.approx(reference["logistic"]["auc"], abs=reference["tol_auc"])
    assert found.brier == pytest.approx(reference["logistic"]["brier"], abs=0.001)
    iranian = pd.read_csv(folder / "iranian_churn.csv.gz")
    outcome = iranian.pop("Churn").to_numpy(dtype=float)
    reference = expected["iranian_churn"]
    assert in_folds(iranian, outcome, "logistic").auc == pytest.approx(reference["logistic_auc"], abs=reference["tol_auc"])
    assert in_folds(iranian, outcome, "boosting").auc == pytest.approx(reference["hgb"]["auc"], abs=reference["tol_auc"])


def test_a_moving_world_is_noticed_and_the_level_follows(shared_data):
    folder = shared_data / "behaviour"
    reference = json.loads((folder / "expected.json").read_text())["bank_contacts"]
    bank = pd.read_csv(folder / "bank_contacts.csv.gz").sort_values("row_in_time")
    outcome = (bank["y"].astype(str).isin(["yes", "1"])).to_numpy(dtype=float)
    calendar = ["emp_var_rate", "cons_price_idx", "cons_conf_idx", "euribor3m", "nr_employed", "month"]
    features = bank.drop(columns=[*calendar, "row_in_time", "y", "duration"])
    cut = int(0.7 * len(bank))
    encoding = learn_encoding(features[:cut])
    static = probabilities(fit("logistic", encoding.encode(features[:cut]), outcome[:cut]), encoding.encode(features[cut:]))
    later = outcome[cut:]
    followed = judge(experience.refreshed(static, later), later)
    assert auc(static, later) == pytest.approx(reference["without_duration_macro_month"]["temporal_auc_logit"], abs=reference["tol_auc"])
    assert judge(static, later).calibration_error == pytest.approx(reference["static_ece"], abs=0.01)
    assert followed.calibration_error == pytest.approx(reference["ece_after_intercept_refresh_every_200_labels"], abs=0.005)
    assert 500 < experience.find_drift(static, later).at < 1_500


def test_the_silent_of_the_reference_contact_centre_are_read_moderately(shared_data):
    folder = shared_data / "behaviour" / "contacts_a"
    reference = json.loads((shared_data / "behaviour" / "expected.json").read_text())["contacts_a"]["detractor_model_cut_2025-04-01"]
    contacts = pd.read_csv(folder / "contacts.csv.gz").merge(pd.read_csv(folder / "truth_contacts.csv.gz"), on="contact_id")
    features = ["channel", "reason", "wait_min", "abandoned", "team", "transfers", "resolved", "sale", "hour"]
    early = contacts[(contacts["date"] < "2025-04-01") & contacts["nps_score"].notna()]
    later = contacts[contacts["date"] >= "2025-04-01"]
    learned = experience.learn_experience(early[features], early["nps_score"] <= 6, early["date"])
    found = judge(
        learned.estimate(later[features], with_reasons=False).probability, (later["true_score"] <= 6).to_numpy(dtype=float)
    )
    assert learned.kind == "logistic"
    assert found.auc >= reference["logit_auc_all"] - 0.01
    assert found.calibration_error < 0.06


# --- planted truth --------------------------------------------------------------------------------------------------------------


def test_estimates_are_near_the_truth_and_as_good_as_promised(learned):
    features, outcome, _, true = answers(8_000, seed=2)
    estimated = learned.estimate(features, with_reasons=False).probability
    assert np.abs(estimated - true).mean() < 0.03
    found = judge(estimated, outcome)
    assert found.auc == pytest.approx(learned.validation.auc, abs=0.03)
    assert found.brier == pytest.approx(learned.validation.brier, abs=0.02)


def test_the_straight_way_is_kept_unless_the_other_is_clearly_better(learned):
    bent_features, bent, week, _ = answers(2_000, seed=3, bent=True)
    assert learned.kind == "logistic"
    assert experience.learn_experience(bent_features, bent, week).kind == "boosting"


def test_the_level_follows_the_newest_answers():
    features, outcome, week, _ = answers(4_000, seed=4, drift=2.5)
    learned = experience.learn_experience(features, outcome, week)
    newer, newer_outcome, _, newer_true = answers(3_000, seed=5)
    shifted = chance(np.log(newer_true / (1 - newer_true)) + 4.0)
    came = (np.random.default_rng(5).random(3_000) < shifted).astype(float)
    before = np.abs(learned.estimate(newer, with_reasons=False).probability.mean() - shifted.mean())
    after = learned.refresh(newer[:300], came[:300]).estimate(newer[300:], with_reasons=False).probability.mean()
    assert abs(after - shifted[300:].mean()) < min(0.04, before)
    assert learned.watch(newer, came).at is not None
    assert learned.watch(newer, newer_outcome).n == 3_000


@pytest.mark.parametrize("smallest", [0.01, 0.1])
def test_the_alarm_rings_no_oftener_than_is_told_while_nothing_moves(smallest):
    """At most once in 20 000 answers; a hundred series of 5 000 may hold 25 alarms, of 600 three."""
    fired = {600: 0, 5_000: 0}
    for seed in range(100):
        rng = np.random.default_rng(seed)
        promised = rng.uniform(smallest, 6 * smallest, 5_000)
        at = experience.find_drift(promised, rng.random(5_000) < promised).at
        for n in fired:
            fired[n] += at is not None and at < n
    assert fired[600] <= 3 and fired[5_000] <= 25


@pytest.mark.parametrize(("before", "moved"), [(0, 0.8), (300, 0.8), (8_000, 0.8), (8_000, -0.8)])
def test_the_alarm_rings_within_three_hundred_answers_however_late_the_world_moves(before, moved):
    rang = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        promised = rng.uniform(0.05, 0.6, before + 300)
        came = rng.random(len(promised)) < chance(np.log(promised / (1 - promised)) + moved * (np.arange(len(promised)) >= before))
        rang.append(experience.find_drift(promised, came).at)
    not_before = [at for at in rang if at is None or at >= before]
    assert np.mean([at is not None for at in not_before]) >= 0.9


def test_the_alarm_adds_up_how_much_likelier_each_answer_is_after_a_move():
    """By hand: of answers that all come at a chance of a half, each is 1.20 times likelier after a move up, and 0.80 times after one down."""
    up, down = 2 * chance(np.array([0.4]))[0], 2 * chance(np.array([-0.4]))[0]
    n = 1
    while sum((up**k + down**k) / 2 for k in range(1, n + 1)) < 20_000:
        n += 1
    assert experience.find_drift([0.5] * (n + 5), [1] * (n + 5)).at == n - 1


def test_refreshing_does_not_shake_a_quiet_world():
    worse = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        promised = rng.uniform(0.05, 0.6, 3_000)
        came = (rng.random(3_000) < promised).astype(float)
        worse.append(judge(experience.refreshed(promised, came), came).brier - judge(promised, came).brier)
    assert np.mean(worse) < 0.001


def test_what_it_calls_known_is_right_more_often_than_the_rest(learned):
    features, outcome, _, _ = answers(8_000, seed=6)
    estimates = learned.estimate(features, with_reasons=False)
    right = np.where(estimates.known, estimates.outcome, estimates.probability > 0.5) == outcome
    assert 0.2 < estimates.known.mean() < 0.95
    assert ((estimates.outcome >= 0) == estimates.known).all()
    assert max((estimates.outcome == 1 - of)[outcome == of].mean() for of in (0, 1)) < 0.13  # a tenth, and what the draw adds
    assert right[estimates.known].mean() > right[~estimates.known].mean() + 0.05
    # Each class is inside its own 90 % set.
    at_most, at_least = learned._sides
    assert (estimates.probability[outcome == 0] <= at_most).mean() == pytest.approx(0.9, abs=0.035)
    assert (estimates.probability[outcome == 1] >= at_least).mean() == pytest.approx(0.9, abs=0.035)


def test_reasons_name_what_is_unusual_without_claiming_a_cause(learned):
    features = pd.DataFrame({"wait_min": [40.0, 5.0], "transfers": [0, 0], "channel": ["phone", "phone"], "solved": [True, True]})
    first, second = learned.estimate(features).reasons
    assert first[0].feature == "wait_min"
    assert first[0].effect > 0.1
    assert first[0].words.startswith("wait_min is 40; with the usual ")
    assert "lower" in first[0].words
    assert "because" not in first[0].words
    assert all(abs(reason.effect) >= 0.01 for reason in first + second)


def test_the_weightiest_features_are_those_that_matter(learned):
    features, outcome, _, _ = answers(3_000, seed=7)
    weights = learned.weigh_features(features, outcome)
    assert {weight.feature for weight in weights[:2]} == {"solved", "wait_min"}
    assert next(weight.fall for weight in weights if weight.feature == "channel") < 0.01


# --- nothing from after the answer ----------------------------------------------------------------------------------------------


def test_what_came_after_the_answer_is_refused_by_name():
    features, outcome, week, _ = answers(400, seed=8)
    features["call_back_made"] = outcome
    seen_at = dict.fromkeys(FEATURES, week - 0.5) | {"call_back_made": np.where(outcome == 1, week + 1.0, np.nan)}
    with pytest.raises(ValueError, match=r"known only after the answer: 'call_back_made' \(row \d+\)"):
        experience.learn_experience(features, outcome, week, seen_at=seen_at)
    assert experience.features_known_in_time(features, week, seen_at) == FEATURES
    assert experience.learn_experience(features[FEATURES], outcome, week, seen_at=seen_at).why_silent is None


def test_moments_with_zones_are_compared_as_moments():
    features, outcome, week, _ = answers(300, seed=9)
    at = pd.Timestamp("2026-01-05T10:00:00+02:00") + pd.to_timedelta(week, unit="D")
    seen_at = pd.DataFrame({name: at.tz_convert("UTC") - pd.Timedelta(minutes=1) for name in FEATURES})
    assert experience.learn_experience(features, outcome, at, seen_at=seen_at).n == 300
    with pytest.raises(ValueError, match="seen_at: says nothing of the column 'solved'"):
        experience.learn_experience(features, outcome, at, seen_at=seen_at.drop(columns="solved"))


# --- too little and bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda f, y, w: (f[:199], y[:199], w[:199]), "too_few_answers"),
        (lambda f, y, w: (f[:0], y[:0], w[:0]), "too_few_answers"),
        (lambda f, y, w: (f, np.zeros(len(y)), w), "too_few_detractors"),
        (lambda f, y, w: (f, y, np.zeros(len(y))), "no_order_in_time"),
        (lambda f, y, w: (f.assign(wait_min=1, transfers=0, channel="phone", solved=True), y, w), "nothing_varies"),
    ],
)
def test_with_too_little_it_says_so_and_knows_nobody(change, why):
    learned = experience.learn_experience(*change(*answers(400, seed=10)[:3]))
    assert (learned.why_silent, learned.level) == (why, "silent")
    estimates = learned.estimate(answers(5, seed=11)[0])
    assert not estimates.known.any()
    assert (estimates.outcome == -1).all()
    assert ((estimates.probability > 0) & (estimates.probability < 1)).all()
    assert estimates.reasons == [[]] * 5


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda f, y, w: (f, y + 1, w), "outcome: position"),
        (lambda f, y, w: (f, y[1:], w), "outcome"),
        (lambda f, y, w: (f, y, [None, *w[1:]]), "at: position 0"),
        (lambda f, y, w: (f, y, ["soon", *map(str, w[1:])]), "at: position 0 is 'soon', no moment that can be read"),
        (lambda f, y, w: (f.assign(wait_min=[float("inf"), *f["wait_min"][1:]]), y, w), r"features\['wait_min'\]: position 0 is inf"),
        (lambda f, y, w: ([1, 2], y, w), "features: needs a data frame"),
        (lambda f, y, w: (pd.concat([f, f], axis=1), y, w), "more than one column is named 'wait_min'"),
    ],
)
def test_what_is_wrong_is_named(change, named):
    with pytest.raises(ValueError, match=named):
        experience.learn_experience(*change(*answers(400, seed=12)[:3]))


def test_gaps_unknown_words_and_extremes_give_probabilities(learned):
    features, outcome, week, _ = answers(600, seed=13)
    features["wait_min"] = features["wait_min"].where(np.arange(600) % 5 > 0)
    features["channel"] = features["channel"].where(np.arange(600) % 7 > 0)
    gappy = experience.learn_experience(features, outcome, week)
    odd = pd.DataFrame({"wait_min": [1e30, np.nan, 0.0], "transfers": [0, 500, 1], "channel": ["pigeon", None, ""], "solved": [1, 0, 1]})
    for model in (gappy, learned):
        probability = model.estimate(odd).probability
        assert ((probability >= 0) & (probability <= 1)).all()
    with pytest.raises(ValueError, match="column 'solved', which was learned from, is missing"):
        learned.estimate(odd.drop(columns="solved"))
    assert len(learned.estimate(odd[:0]).probability) == 0


def test_words_that_are_long_or_broken_are_words():
    features, outcome, week, _ = answers(300, seed=16)
    words = ["x" * 10_000_000, "\ud800", "🙂", " ", "\u202eabc", ""]
    features["channel"] = [words[i] if i < 6 else ["\ud800", "🙂"][i % 2] for i in range(300)]
    assert experience.learn_experience(features, outcome, week).why_silent is None


def test_what_was_learned_can_be_kept_on_disk(learned):
    features = answers(50, seed=17)[0]
    bent_features, bent, week, _ = answers(800, seed=3, bent=True)
    for model in (learned, experience.learn_experience(bent_features, bent, week)):
        again = pickle.loads(pickle.dumps(model))
        assert (again.estimate(features).probability == model.estimate(features).probability).all()


def test_more_columns_than_rows_and_the_same_column_twice():
    features, outcome, week, _ = answers(220, seed=14)
    rng = np.random.default_rng(0)
    noise = pd.DataFrame(rng.normal(size=(220, 300))).add_prefix("noise_")
    wide = pd.concat([features, noise], axis=1).assign(wait_again=features["wait_min"])
    learned = experience.learn_experience(wide, outcome, week)
    assert np.isfinite(learned.estimate(wide, with_reasons=False).probability).all()


def test_the_order_of_rows_does_not_matter_and_threads_agree():
    features, outcome, _, _ = answers(600, seed=15)
    at = np.arange(600.0)
    order = np.random.default_rng(0).permutation(600)
    one = experience.learn_experience(features, outcome, at)
    found = []
    work = lambda: found.append(experience.learn_experience(features.iloc[order], outcome[order], at[order]).estimate(features[:50]))  # noqa: E731
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for estimates in found:
        assert estimates.probability == pytest.approx(one.estimate(features[:50]).probability, abs=1e-6)


# --- judging --------------------------------------------------------------------------------------------------------------------


def test_judging_by_hand():
    assert auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0, 1, 1])) == pytest.approx(0.75)
    assert auc(np.array([0.5, 0.5]), np.array([0.0, 1])) == 0.5
    assert auc(np.array([0.5, 0.6]), np.array([1.0, 1])) is None
    assert judge(np.zeros(0), np.zeros(0)).brier is None
    assert judge(np.array([0.0, 1.0]), np.array([0.0, 1.0])).calibration_error == 0
    assert sum(band.n for band in reliability(np.linspace(0, 1, 33), np.zeros(33))) == 33


def test_a_shift_that_chance_explains_is_not_followed():
    odds = np.zeros(200)
    assert level_shift(odds, np.repeat([0.0, 1.0], 100)) == 0
    assert level_shift(odds, np.ones(200)) > 3
    assert np.isfinite(level_shift(odds, np.ones(200)))
    assert level_shift(odds[:0], odds[:0]) == 0
