"""Every door of luuppi.language called once on seeded comments: for the tests that hold all of them to the same promise, and the bench."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from luuppi.language import advising, coding, detecting, likeness, masking, rising, sentiment, strangers, theming, urgency
from luuppi.language.tests.invented import comments

PERSONAL = "Soita 040 123 4567, hetu 131052-308T, aino@example.com, Koivukuja 5 B 12. Terveisin Aino Virtanen"


def _one_at_a_time(seed: int) -> Any:
    texts = [*comments(20, seed)[0], "Paketti tuli myöhässä.", "Paketet kom för sent.", "Pistorasia savuaa!", "", "👍", PERSONAL]
    return [
        (
            detecting.detect_language(text), masking.find_personal_data(text), masking.mask(text, masking.find_personal_data(text, "en")),
            [urgency.judge_urgency(text, language) for language in ("fi", "sv", "en")], advising.advise(text, "en"),
        )
        for text in texts
    ]  # fmt: skip


def _likeness(seed: int) -> Any:
    texts = comments(120, seed)[0]
    vectors = np.random.default_rng(seed).normal(size=(500, 40)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return likeness.similarity(texts[0], texts[1]), likeness.near_duplicates(texts)[:30], likeness.MostSimilar(vectors).find(vectors[3])


def _theming(seed: int) -> Any:
    proposal = theming.propose_themes(comments(700, seed)[0], "en")
    return proposal.assigned, [(theme.label, theme.size, theme.examples) for theme in proposal.themes]


def _coding(seed: int) -> Any:
    texts, themes = comments(260, seed)
    book = coding.learn_codebook(texts[:160], [{theme} for theme in themes[:160]], "en")
    return book.code(texts[160:]), book.rank(texts[200:210]), book.ask_next(texts[160:], 5)


def _strangers(seed: int) -> Any:
    places = np.random.default_rng(seed).normal(size=(900, 12)).astype(np.float32) + np.repeat(np.eye(12, dtype=np.float32)[:3] * 6, 300, axis=0)
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    votes = np.random.default_rng(seed + 1).random((900, 2))
    known, others, new = (strangers.Compared(places[at::3], votes[at::3], np.arange(300) * side) for at, side in ((0, 1), (1, -1), (2, 1)))
    found, lost = strangers.learn_strangers(known.take(np.arange(150)), others, seed)
    return found.least, lost, found.among(new.places, new.shares)


def _sentiment(seed: int) -> Any:
    texts = [f"{text} {'Great, thank you.' if i % 2 else 'Bad and annoying.'}" for i, text in enumerate(comments(260, seed)[0])]
    return sentiment.learn_sentiment(texts[:220], [1 if i % 2 else -1 for i in range(220)], "en").judge(texts[220:])


def _rising(seed: int) -> Any:
    texts = comments(900, seed)[0]
    weeks = np.repeat(np.arange(15), 60)
    for place in range(841, 900, 4):
        texts[place] = "The battery of the charger overheats."
    return rising.find_rises(weeks, texts, language="en")


DOORS: dict[str, Callable[[int], Any]] = {
    "one comment": _one_at_a_time, "likeness": _likeness, "theming": _theming, "coding": _coding, "strangers": _strangers, "sentiment": _sentiment, "rising": _rising,
}  # fmt: skip
