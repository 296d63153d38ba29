"""Draws the pictures of docs/methods for language, masking, likeness, themes and coding: `python docs/methods/draw_texts_a.py`.

Each is drawn from what the functions really answer, on sentences that were invented for the purpose.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import matplotlib  # noqa: E402

matplotlib.use("svg")
matplotlib.rcParams.update(
    {"svg.hashsalt": "luuppi", "svg.fonttype": "none", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
)

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

from luuppi.language import coding, detecting, likeness, masking, theming  # noqa: E402
from luuppi.language.tests.invented import comments  # noqa: E402
from luuppi.language.tokens import read_words  # noqa: E402
from luuppi.language.vectors import learn_vectors  # noqa: E402

BLUE, ORANGE, GREY = "#1f5f8b", "#c2571a", "#8a8f94"
COLOURS = [
    "#1f5f8b",
    "#c2571a",
    "#3d7d3d",
    "#8a4f9e",
    "#a8892b",
    "#4a8f8f",
    "#b04a6a",
    "#6b6b6b",
    "#7a5230",
    "#3a3a8c",
    "#9ab04a",
    "#d08fb0",
]


def draw_detecting() -> None:
    """The confidence of the right language as a sentence grows word by word."""
    sentences = {
        "fi": "Paketti tuli kaksi viikkoa myöhässä ja laatikko oli rikki",
        "sv": "Paketet kom två veckor för sent och lådan var trasig",
        "en": "The parcel came two weeks late and the box was broken",
    }
    figure, axes = plt.subplots(figsize=(6, 2.8))
    for (language, sentence), colour in zip(sentences.items(), COLOURS, strict=False):
        words = sentence.split()
        grown = [" ".join(words[:n]) for n in range(1, len(words) + 1)]
        guesses = [detecting.detect_language(text) for text in grown]
        shares = [guess.confidence if guess.language == language else 0.0 for guess in guesses]
        axes.plot([len(text) for text in grown], shares, "o-", ms=4, color=colour, label=language)
    axes.axvline(detecting.SHORT, color=GREY, ls=":")
    axes.text(detecting.SHORT + 0.5, 0.05, "from here the text, before it the form decides", color=GREY)
    axes.set(xlabel="characters read", ylabel="confidence of the right language", ylim=(0, 1.05))
    axes.legend(frameon=False)
    save(figure, "detecting.svg")


def draw_masking() -> None:
    """A comment as it was written and as it travels further."""
    text = "Terveisin Aino Virtanen, puh. 040 123 4567, aino@example.com. Tilausnumero 20240115-1234 on auki."
    spans = masking.find_personal_data(text, "fi")
    figure, axes = plt.subplots(figsize=(8.6, 1.5))
    axes.axis("off")
    axes.text(0, 0.85, text, family="monospace", size=8)
    for span in spans:
        colour, label = (BLUE, span.kind) if span.certain else (ORANGE, f"{span.kind}?")
        axes.text(0, 0.62, " " * span.start + "─" * (span.end - span.start), family="monospace", size=8, color=colour)
        axes.text(0, 0.42, " " * span.start + label, family="monospace", size=8, color=colour)
    axes.text(0, 0.0, masking.mask(text, [span for span in spans if span.certain]), family="monospace", size=8)
    save(figure, "masking.svg")


def draw_likeness() -> None:
    first = "The parcel came two weeks late"
    others = [
        "The parcel came two weeks late!!",
        "the parcels came two weeks too late",
        "My parcel was late by two weeks",
        "Two weeks for a refund",
        "Lovely staff",
    ]
    figure, axes = plt.subplots(figsize=(6, 2.2))
    values = [likeness.similarity(first, other) for other in others]
    axes.barh(others[::-1], values[::-1], color=[BLUE if value >= 0.6 else GREY for value in values[::-1]])
    axes.axvline(0.6, color=ORANGE, ls=":")
    axes.set(xlim=(0, 1.05), xlabel=f"similarity to “{first}”")
    save(figure, "likeness.svg")


def draw_theming() -> None:
    """Invented comments by their two strongest directions, coloured by the theme that was proposed for them."""
    texts, _ = comments(600)
    proposal = theming.propose_themes(texts, "en", fineness=0.5)
    vectors = learn_vectors(read_words(texts), "en").embed(texts)
    flat = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)[0][:, :2]
    figure, axes = plt.subplots(figsize=(7, 4))
    for number, theme in enumerate(proposal.themes[: len(COLOURS)]):
        members = proposal.assigned == number
        axes.scatter(*flat[members].T, s=9, color=COLOURS[number], label=f"{theme.label} ({theme.size})")
    axes.set(xticks=[], yticks=[])
    axes.legend(frameon=False, bbox_to_anchor=(1, 1), loc="upper left", fontsize=8)
    save(figure, "theming.svg")


def draw_coding() -> None:
    """Votes for each theme of a new comment, beside the threshold of the theme."""
    texts, themes = comments(240, seed=1)
    both = [f"{one} {other}" for one, other in zip(texts[::2], texts[1::2], strict=True)]
    of_both = [{one, other} for one, other in zip(themes[::2], themes[1::2], strict=True)]
    book = coding.learn_codebook(texts + both, [{theme} for theme in themes] + of_both, "en")
    new = ["The parcel came late and the bill was charged twice", "Friendly staff, good advice", "Sunny weather on Sunday"]
    figure, axes = plt.subplots(1, len(new), figsize=(9, 2.2), sharex=True, sharey=True)
    for part, text in zip(axes, new, strict=True):
        votes = {coded.theme: coded.confidence for coded in book.rank([text])[0]}
        values = [votes[theme] for theme in book.themes]
        enough = [value >= least for value, least in zip(values, book.thresholds, strict=True)]
        part.barh([str(theme) for theme in book.themes], values, color=[BLUE if flag else GREY for flag in enough])
        part.scatter(book.thresholds, range(len(values)), marker="|", s=160, color=ORANGE)
        part.set_title(f"“{text}”", fontsize=7)
        part.set(xlim=(0, 1))
    figure.supxlabel("share of votes; orange: the threshold of the theme", fontsize=8)
    save(figure, "coding.svg")


def save(figure: plt.Figure, name: str) -> None:
    figure.tight_layout()
    figure.savefig(HERE / name, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    for draw in (draw_detecting, draw_masking, draw_likeness, draw_theming, draw_coding):
        draw()
