"""The labelled replies and messages, and what rules are worth on one half of them: counts only, so that nobody reads the judging half."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Found:
    """Of one label: `right` of `said` were right (precision), and of `there` that stood in the labels (recall)."""

    label: Hashable
    language: str
    right: int
    said: int
    there: int

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 1.0


def counted(
    name: str, part: str, labels: Iterable[Hashable], truth: Callable[[Any], set[Any]], judged: Callable[[Any], set[Any]]
) -> list[Found]:
    """For each label and language, and "all" of them, how often it was said, right, and there. name: replies or messages."""
    lines = (_FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["part"] == part]
    pairs = [(row["language"], truth(row), judged(row)) for row in rows]
    found = []
    for label in labels:
        for language in ("all", "fi", "sv", "en"):
            inside = [(label in there, label in said) for of_row, there, said in pairs if language in ("all", of_row)]
            right = sum(there and said for there, said in inside)
            found.append(Found(label, language, right, sum(said for _, said in inside), sum(there for there, _ in inside)))
    return found
