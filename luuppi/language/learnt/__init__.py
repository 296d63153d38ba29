"""What phrases do not know: how likely people would say it of a text, by the pieces that labelled texts had, too.

One file of weights for each question and language, made by `make` from the labelled texts: a logistic regression, readable line by line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from luuppi.language.learnt.pieces import KINDS, Pieces, is_long, pieces_of, share_of_one

# From which chance on it is said without any phrase. Of the texts that were learnt from one in five is a blame, an excuse or an emergency, and
# of everyday ones far fewer: a hint that often is none is read by nobody. A missed danger costs more than a needless look.
SAID = {"act_now": 0.45, "answer_soon": 0.6, "blame": 0.8, "excuse": 0.85}
QUESTIONS = tuple(SAID)
# Below this chance a phrase stands in a long message by coincidence: there, aside, it takes nearly only what is wrong.
_DOUBTED = 0.06
_RULED_OUT = 0.02

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Learnt:
    """weights: for each kind of pieces the weight of each in hundredths, none for one that was rare."""

    offset: float
    weights: tuple[dict[str, int], ...]

    @cached_property
    def _known(self) -> Pieces:
        return tuple(map(frozenset, self.weights))

    def chance(self, pieces: Pieces) -> float:
        """0–1. A text without any piece gets the chance of the offset alone; a short one stays near it, for want of evidence."""
        margin = self.offset
        for kind, (weights, known, of_kind) in enumerate(zip(self.weights, self._known, pieces, strict=True)):
            told = sum(map(weights.__getitem__, known & of_kind))  # whole numbers: in any order the same
            margin += told / 100 * share_of_one(kind, len(of_kind))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, margin))))


def is_doubted(chance: float, pieces: Pieces, *, in_few_words: bool) -> bool:
    """Whether a phrase stands there by coincidence, so unlikely is it. In a few words it hardly does, unless `in_few_words` allows for it
    ("thank you for your help" asks for no help): then it must be less likely still."""
    return (is_long(pieces) and chance < _DOUBTED) or (in_few_words and chance < _RULED_OUT)


@lru_cache(maxsize=16)
def learnt(question: str, language: str) -> Learnt:
    """What was learnt about `question`, one of `QUESTIONS`, for fi, sv or en.

    Source: logistic regression with an L2 penalty (Hastie, Tibshirani & Friedman 2009, 4.4) on pieces of words and of sentences.
    """
    lines = (_FOLDER / f"{question}_{language}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    [offset] = [float(value) for kind, _name, value in rows if kind == "fact"]
    weights = tuple({piece: round(float(weight) * 100) for kind, piece, weight in rows if kind == wanted} for wanted in KINDS)
    return Learnt(offset, weights)


__all__ = ["QUESTIONS", "SAID", "Learnt", "Pieces", "is_doubted", "learnt", "pieces_of"]
