"""Draws the pictures of silence, experience, correction, tolerance, asking, forecasts and staffing from real output.

    python docs/methods/draw_numbers_b.py

Everything shown is computed by luuppi.measures on simulated customers whose truth is known; the same pictures come out each time.
"""

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import matplotlib as mpl  # noqa: E402

mpl.use("svg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from luuppi.measures import arrivals, asking, experience, nonresponse, silence, staffing, tolerance  # noqa: E402
from luuppi.measures.tests.contact_centre import MARGINS, contact_centre, nps_of  # noqa: E402
from luuppi.measures.tests.waiting import true_wait, waits_and_csat  # noqa: E402
from luuppi.measures.tests.weekly import weekly_counts  # noqa: E402

INK, CALM, WARM, PALE = "#22303a", "#1f6f78", "#b8541a", "#cfe3e4"
mpl.rcParams.update(
    {
        "svg.hashsalt": "luuppi", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10, "figure.figsize": (6.4, 3.4),
        "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK,
        "xtick.color": INK, "ytick.color": INK, "legend.frameon": False,
    }
)  # fmt: skip


def draw_silence() -> None:
    """Chance of contact of one customer while the silence lasts, and the moment of the report."""
    rhythm = _a_rhythm()
    silent = np.linspace(0, 26, 105)
    chance = rhythm.chance_of_contact([8.0] * 105, [40.0] * 105, 40 + silent)
    usual = float(rhythm.usual_chance([8], [40], [40])[0])
    figure, axes = plt.subplots()
    axes.plot(silent, 100 * chance, color=CALM)
    axes.axhline(100 * usual, color=INK, linewidth=0.8, linestyle=":")
    axes.axhline(50 * usual, color=WARM, linewidth=0.8, linestyle="--")
    when = silent[np.argmax(chance < usual / 2)]
    axes.plot([when], [50 * usual], "o", color=WARM)
    axes.annotate(f"reported after {when:.0f} weeks", (when, 50 * usual), (when + 1, 50 * usual + 8))
    axes.annotate("the customer's own usual", (14, 100 * usual + 2))
    labels = {"xlabel": "weeks of silence", "ylabel": "chance of contact in 13 weeks, %"}
    axes.set(**labels, ylim=(0, 105), title="A customer with 9 contacts in 40 weeks")
    _save(figure, "silence")


def draw_experience() -> None:
    """Promised and happened in tenths, forwards in time."""
    features, outcome, week = _answers()
    learned = experience.learn_experience(features, outcome, week)
    figure, axes = plt.subplots()
    axes.plot([0, 100], [0, 100], color=INK, linewidth=0.8, linestyle=":")
    axes.plot([100 * band.promised for band in learned.bands], [100 * band.happened for band in learned.bands], "o-", color=CALM)
    title = f"Later answers foretold from earlier ones ({learned.validation.n:,} answers)".replace(",", " ")
    axes.set(xlabel="promised share of detractors, %", ylabel="share that came, %", title=title)
    _save(figure, "experience")


def draw_nonresponse() -> None:
    """Measured, corrected, with calls, and the range, against the truth."""
    contacts, score, truth = contact_centre(n=6_000, seed=21)
    found = nonresponse.corrected_nps(contacts, score, MARGINS, customer=contacts["customer"])
    called = np.full(len(score), np.nan)
    drawn = nonresponse.draw_silent(score, 130, seed=1)[:100]
    called[drawn] = truth[drawn]
    with_calls = nonresponse.nps_with_callbacks(contacts, score, called, MARGINS, customer=contacts["customer"])
    figure, axes = plt.subplots()
    lines = [("measured", found.plain), ("corrected", found), ("cross-check", found.cross_check), ("with 100 calls", with_calls)]
    for place, (name, one) in enumerate(lines):
        axes.plot([one.low, one.high], [-place, -place], color=CALM)
        axes.plot([one.value], [-place], "o", color=WARM if place == 0 else CALM)
        axes.annotate(name, (one.high + 1.5, -place - 0.08))
    worse = found.if_silent_worse_by
    axes.plot([worse[20], worse[0]], [-4, -4], color=PALE, linewidth=7, solid_capstyle="butt")
    axes.annotate("if the silent are 0–20 points less content", (worse[0] + 1.5, -4.08))
    axes.axvline(nps_of(truth), color=INK, linewidth=0.8, linestyle=":")
    axes.annotate("truth (simulated)", (nps_of(truth), 0.55), ha="center")
    axes.set(xlabel="NPS points", yticks=[], ylim=(-4.7, 1))
    axes.set_xlim(right=axes.get_xlim()[1] + 22)
    axes.spines["left"].set_visible(False)
    _save(figure, "nonresponse")


def draw_tolerance() -> None:
    """The falling curve with its band and the wait that hurts."""
    found = tolerance.material_wait(*waits_and_csat("smooth", 8_000, seed=3))
    minutes = np.array([point.wait_seconds for point in found.curve]) / 60
    figure, axes = plt.subplots()
    axes.fill_between(minutes, [point.low for point in found.curve], [point.high for point in found.curve], color=PALE)
    axes.plot(minutes, [point.value for point in found.curve], color=CALM)
    axes.axvspan(found.low / 60, found.high / 60, color=WARM, alpha=0.15, linewidth=0)
    axes.axvline(found.value / 60, color=WARM)
    words = f"hurts from {found.value / 60:.1f} min\n({found.low / 60:.1f}–{found.high / 60:.1f}; truth {true_wait('smooth') / 60:.1f})"
    axes.annotate(words, (found.high / 60 + 0.4, 4.0))
    axes.set(xlabel="minutes waited", ylabel="satisfaction, 1–5", xlim=(0, 16), title="8 000 answers")
    _save(figure, "tolerance")


def draw_asking() -> None:
    """What an answer is worth, by what is expected already."""
    p = np.linspace(0, 1, 201)
    worth = asking.value_of_asking(0.2, p, worth=20, cost=6)
    figure, axes = plt.subplots()
    axes.plot(100 * p, worth, color=CALM)
    axes.axhline(0.2, color=WARM, linestyle="--", linewidth=0.8)
    axes.annotate("price of asking one who was not asked this year", (38, 0.225))
    axes.fill_between(100 * p, 0, worth, where=worth > 0.2, color=PALE)
    axes.annotate("asked", (31, 0.42))
    labels = {"xlabel": "expected chance of a detractor, %", "ylabel": "worth of an answer"}
    axes.set(**labels, title="Known already on both sides: only a random tenth is asked")
    _save(figure, "asking")


def draw_arrivals() -> None:
    """Two years of weeks, the forecast made then, and what came."""
    counts = weekly_counts("seasonal", 128, 5)
    known, came = counts[:120], counts[120:]
    found = arrivals.forecast(known)
    ahead = np.arange(120, 128)
    figure, axes = plt.subplots()
    axes.plot(np.arange(60, 120), known[60:], color=INK, linewidth=0.9)
    axes.fill_between(ahead, [one.low for one in found], [one.high for one in found], color=PALE)
    axes.plot(ahead, [one.value for one in found], color=CALM, label="forecast, with 95 % interval")
    axes.plot(ahead, arrivals.naive_forecast(known), color=WARM, linestyle="--", linewidth=0.9, label="same week last year")
    axes.plot(ahead, came, "o", color=INK, markersize=4, label="what came")
    axes.set(xlabel="week", ylabel="contacts a week", ylim=(0, None))
    axes.legend(loc="lower left")
    _save(figure, "arrivals")


def draw_staffing() -> None:
    """Wait and hang-ups by the number of people."""
    people = np.arange(44, 58)
    with_patience = [staffing.erlang_a(48, 1, int(n), 2) for n in people]
    endless = [staffing.erlang_c(48, 1, int(n)).mean_wait_seconds for n in people]
    figure, axes = plt.subplots()
    shown = [(n, wait) for n, wait in zip(people, endless, strict=True) if wait is not None]
    ceiling, likely = "nobody hangs up (Erlang-C): ceiling", "mean patience 2 minutes (Erlang-A)"
    axes.plot([n for n, _ in shown], [wait for _, wait in shown], "o--", color=WARM, markersize=4, label=ceiling)
    axes.plot(people, [one.mean_wait_seconds for one in with_patience], "o-", color=CALM, markersize=4, label=likely)
    for n, one in zip(people[:9:3], with_patience[:9:3], strict=True):
        place = (n, one.mean_wait_seconds + 2)
        axes.annotate(f"{100 * one.abandoned_share:.0f} %\nhang up", place, ha="center", fontsize=8)
    axes.set(xlabel="people answering", ylabel="mean wait, seconds", title="48 calls a minute, one minute each", ylim=(0, 50))
    axes.legend()
    _save(figure, "staffing")


def _a_rhythm() -> silence.Rhythm:
    rng = np.random.default_rng(0)
    customer, day = [], []
    for who in range(3_000):
        rate, leaves, at = rng.gamma(0.8, 1 / 30), rng.beta(1, 6), float(rng.uniform(0, 300))
        while at < 400:
            customer.append(who)
            day.append(at)
            if rng.random() < leaves:
                break
            at += rng.exponential(1 / rate)
    known = silence.count_events(customer, day, 400)
    return silence.fit_rhythm(known.frequency, known.recency, known.age)


def _answers() -> tuple[pd.DataFrame, Any, Any]:
    contacts, _, truth = contact_centre(n=4_000, seed=11)
    return contacts.drop(columns="customer"), truth <= 6, np.arange(4_000) // 40


def _save(figure: Any, name: str) -> None:
    figure.tight_layout()
    figure.savefig(Path(__file__).parent / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    for draw in (draw_silence, draw_experience, draw_nonresponse, draw_tolerance, draw_asking, draw_arrivals, draw_staffing):
        draw()
