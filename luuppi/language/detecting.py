"""Which language a text is in: Finnish, Swedish and English, told apart from their neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from luuppi.language.checking import checked_text, checked_texts, told

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Neighbours that customers of a Finnish or Swedish house also write in. Knowing them keeps Norwegian from being called Swedish.
NEIGHBOURS = ("fi", "sv", "en", "et", "da", "no", "de", "ru")
# Under this many letters the form's language is the better guess (insight-text 1).
SHORT = 20
# Neighbours win only when they are this likely together: Norwegian and Danish share one sentence between them, and neither wins it alone.
# Lower calls Swedish Danish, higher calls Danish Swedish.
STRANGER_FROM = 0.9
# Who answers a Swedish form writes Swedish, even without the dots over å, ä and ö: then they must be surer still.
STRANGER_ON_A_FORM_FROM = 0.97
# The beginning tells the language as well as the whole (measured), and a text of 10 MB must not take a second.
READ_LETTERS = 120


@dataclass(frozen=True)
class Guess:
    """language: a code out of `among`, or None: no letters, or a language that is not among them. confidence: 0–1."""

    language: str | None
    confidence: float


def detect_language(text: str, among: Sequence[str] = ("fi", "sv", "en"), hint: str | None = None) -> Guess:
    """The language of one text.

    text: any string; its first 120 characters are read. among: codes that may be answered. hint: the form's language; it is the
    answer where the text has fewer than 20 letters and the hint is in `among`.
    Returns Guess(language, confidence 0–1). With no letter at all: the hint, else None, both with confidence 0.
    Raises ValueError when `text` or `hint` is not a string, `among` is empty or holds a code that the model does not know.
    Source: Lui & Baldwin (2012), langid.py, ACL system demonstrations, in the package py3langid; probabilities tempered by length there.
    """
    checked_text(text, "text")
    choices = tuple(checked_texts(among, "among"))
    if not choices:
        raise ValueError("among: needs at least one language code")
    if hint is not None:
        checked_text(hint, "hint")
    strange = set(choices) - set(NEIGHBOURS)
    unknown = sorted(strange - _known()) if strange else []
    if unknown:
        raise ValueError(f"among: no model for {', '.join(map(told, unknown))}")
    fallback = hint if hint in choices else None
    # Lone surrogates are no letters of any language and cannot be encoded.
    read = text[:READ_LETTERS].encode("utf-8", "ignore").decode("utf-8")
    n_letters = sum(map(str.isalpha, read))
    if n_letters == 0:
        return Guess(fallback, 0.0)
    ranked = _identifier(tuple(sorted({*NEIGHBOURS, *choices}))).rank(read)
    within = [(language, share) for language, share in ranked if language in choices]
    total = sum(share for _, share in within)
    if n_letters < SHORT and fallback is not None:
        return Guess(fallback, round(min(1.0, dict(within)[fallback] / total if total > 0 else 0.0), 6))
    strangers = sum(share for _, share in ranked) - total
    if strangers >= (STRANGER_FROM if fallback is None else STRANGER_ON_A_FORM_FROM):
        return Guess(None, round(min(1.0, strangers), 6))
    best, best_share = within[0]
    return Guess(best, round(min(1.0, best_share / total if total > 0 else 0.0), 6))


@lru_cache(maxsize=16)
def _identifier(codes: tuple[str, ...]) -> LanguageIdentifier:
    """The model limited to some languages. Read-only after this function, so one copy serves all threads."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(codes))
    return identifier


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """The codes that the model knows."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return frozenset(LanguageIdentifier.from_model_file(MODEL_FILE).labels)
