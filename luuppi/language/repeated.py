"""Which of many answers say nothing, and which say the same: "Nothing." and "ei mitään" hold no theme, and a copy is no second opinion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from luuppi.language.words import LONGEST_READ

_WORD = re.compile(r"[^\W_]+")


def first_said(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """The place of the first text with the same words, int64[n]: its own where nobody said it before, −1 for a text that says nothing.

    Capitals and signs make no difference. Nothing is said by a text without words, or by one of data/no_answer.txt as a whole, in any of
    the three languages.
    """
    nothing = _no_answers()
    first: dict[str, int] = {}
    found = np.full(len(texts), -1, dtype=np.int64)
    for place, text in enumerate(texts):
        said = _plain(text)
        if said and said not in nothing:
            found[place] = first.setdefault(said, place)
    return found


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text[:LONGEST_READ].lower()))


@lru_cache(maxsize=1)
def _no_answers() -> frozenset[str]:
    lines = files("luuppi.language").joinpath("data", "no_answer.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_plain(line) for line in lines if not line.startswith("#"))
