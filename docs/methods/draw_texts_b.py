"""Draws the pictures of sentiment, rising, advising and urgency from what the library says about simulated and labelled texts.

python docs/methods/draw_texts_b.py    writes docs/methods/*.svg; the same seed draws the same picture
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from luuppi.language import advising, rising, sentiment, urgency
from luuppi.language.tests.labelled import Found, counted

HERE = Path(__file__).resolve().parent
LAKE, BERRY, STONE, INK, LINE = "#0f5063", "#d96f16", "#8a7f72", "#26211c", "#e6dfd4"
PLAIN = {
    "svg.fonttype": "none", "svg.hashsalt": "luuppi", "font.family": "sans-serif", "font.size": 11, "text.color": INK,
    "axes.edgecolor": LINE, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False,
    "axes.spines.right": False, "figure.facecolor": "#ffffff",
}  # fmt: skip

SAID = [
    "Loistavaa palvelua, kiitos!", "Paketti tuli ajoissa ja oli siististi pakattu.", "Ihan ok.",
    "Toimitus oli hidas, mutta palvelu ystävällistä.",
    "Ei mitään ongelmia.", "Ei ollut hyvä kokemus.", "Paketti myöhästyi ja oli rikki.", "Asiakaspalvelija oli todella töykeä.",
]  # fmt: skip


def main() -> None:
    with plt.rc_context(PLAIN):
        draw_sentiment()
        draw_rising()
        draw_advising()
        draw_urgency()


def draw_sentiment() -> None:
    axes = sheet("Word lists tell praise from complaint on the first day", "Polarity and confidence, by the lists alone")
    for place, judged in enumerate(sentiment.learn_sentiment(language="fi").judge(SAID)):
        shown = judged.confidence >= sentiment.SHOW_FROM
        axes.barh(-place, judged.polarity, color=(LAKE if judged.polarity > 0 else BERRY) if shown else STONE, height=0.55)
        axes.annotate(f"{judged.confidence:.2f}", (judged.polarity, -place), (4 if judged.polarity >= 0 else -4, 0),
                      textcoords="offset points", va="center", ha="left" if judged.polarity >= 0 else "right")  # fmt: skip
    axes.set_yticks([-place for place in range(len(SAID))], SAID)
    axes.set_xlim(-1.2, 1.2)
    axes.axvline(0, color=LINE)
    save(axes, "sentiment")


def draw_rising() -> None:
    rng = np.random.default_rng(5)
    usual = ["paketti", "kuljettaja", "lasku", "palautus", "myymälä", "hinta", "laatu", "chat", "puhelin", "jono"]
    weeks, texts = [], []
    for week in range(1, 19):
        for number in range(120):
            burnt = week >= 13 and number < 4 + 2 * (week - 13)
            texts.append(" ".join([*rng.choice(usual, size=5, replace=False), *(["akku", "kuumeni"] if burnt else [])]))
            weeks.append(week)
    found = [rise for rise in rising.find_rises(weeks, texts, language="fi") if "akku" in rise.words]
    counts = [sum("akku" in text for text, of in zip(texts, weeks, strict=True) if of == week) for week in range(1, 19)]
    first = found[0]
    finding = f"“{first.words[0]}” was found in week {first.week}, at {first.n} comments of 120"
    axes = sheet(finding, "Comments a week that hold “akku”; orange is the week in which it was found")
    axes.bar(range(1, 19), counts, color=[BERRY if week == first.week else LAKE if week > first.week else STONE for week in range(1, 19)])
    axes.set_xlabel("week")
    axes.set_xticks(range(1, 19))
    save(axes, "rising")


def draw_advising() -> None:
    found = counted(
        "replies", "judge", advising.KINDS, lambda row: set(row["kinds"]),
        lambda row: {one.kind for one in advising.advise(row["text"], row["language"], about=row["about"])},
    )  # fmt: skip
    shown = [one for one in found if one.language == "all"]
    draw_found(shown, "Missing thanks and regret are found; blame and excuses more often than not", "advising")


def draw_urgency() -> None:
    found = counted(
        "messages", "judge", (2, 1, 0), lambda row: {row["urgency"]}, lambda row: {urgency.judge_urgency(row["text"], row["language"])}
    )
    shown = [one for one in found if one.language == "all"]
    draw_found(shown, "Most urgent messages are found, not all: people read the rest", "urgency")


def draw_found(found: list[Found], title: str, name: str) -> None:
    axes = sheet(title, "Share on the half of the labelled texts that the rules' writer did not see")
    places = np.arange(len(found))
    axes.bar(places - 0.2, [one.precision for one in found], 0.38, color=LAKE, label="of those said, right (precision)")
    axes.bar(places + 0.2, [one.recall for one in found], 0.38, color=BERRY, label="of those there, found (recall)")
    axes.set_xticks(places, [f"{str(one.label).replace('_', ' ')}\nn = {one.there}" for one in found])
    axes.set_ylim(0, 1.3)
    axes.legend(frameon=False, ncols=2, loc="upper left")
    save(axes, name)


def sheet(finding: str, what: str, height: float = 3.6) -> Axes:
    figure, axes = plt.subplots(figsize=(7.6, height), layout="constrained")
    figure.suptitle(finding, x=0.01, ha="left", fontweight="bold")
    axes.set_title(what, loc="left", fontsize=10, color="#625a50")
    axes.grid(axis="y", color=LINE)
    axes.set_axisbelow(True)
    return axes


def save(axes: Axes, name: str) -> None:
    axes.figure.savefig(HERE / f"{name}.svg", metadata={"Date": None, "Creator": None})
    plt.close(axes.figure)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
