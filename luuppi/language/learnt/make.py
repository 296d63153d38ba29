"""Learn anew from the labelled texts: `python -m luuppi.language.learnt.make`, some minutes. The judging parts are never read."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from luuppi.language.learnt import QUESTIONS, SAID
from luuppi.language.learnt.pieces import KINDS, Pieces, pieces_of, share_of_one
from luuppi.language.rules import sentences
from luuppi.language.words import clean_text

FOLDER = Path(__file__).parent
LABELLED = FOLDER.parent / "tests" / "labelled"
_MESSAGES, _REPLIES = ("messages", "more_messages"), ("replies", "drafts", "sentences")
FILES = {"act_now": _MESSAGES, "answer_soon": _MESSAGES, "blame": _REPLIES, "excuse": _REPLIES}

# Inverse regularisation, rarest piece and number of pieces kept: chosen by cross-validation; the first two are flat about here, of pieces
# 60 000 are a little better still, in files three times as large.
SURE, AT_LEAST, KEPT = 10.0, 2, 20_000
FOLDS = 10


def labelled(name: str, language: str, part: str = "develop") -> Iterator[dict[str, Any]]:
    """The lines of one file of labelled texts, in one language and part."""
    for line in (LABELLED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["part"] == part and row["language"] == language:
            yield row


def examples(question: str, language: str) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """The texts to learn from, of the developing parts alone, and for each whether the question is answered with yes."""
    found = [(clean_text(text), said) for name in FILES[question] for row in labelled(name, language) for text, said in _told(name, row, question)]
    return [text for text, _ in found], np.array([said for _, said in found], dtype=bool)


class Counted:
    """The pieces of many texts as a matrix, n × p: rarity of the piece · `share_of_one` where a text has it."""

    def __init__(self, pieces: Sequence[Pieces]) -> None:
        from scipy import sparse

        blocks, self.columns, scale, spread = [], [], [], []
        for kind in range(len(KINDS)):
            counts = Counter(piece for of_one in pieces for piece in of_one[kind])
            known = {piece: place for place, piece in enumerate(sorted(piece for piece, n in counts.items() if n >= AT_LEAST))}
            places = [sorted(known[piece] for piece in of_one[kind] if piece in known) for of_one in pieces]
            rarity = np.array([np.log((1 + len(pieces)) / (1 + counts[piece])) + 1 for piece in known])
            shares = [share_of_one(kind, len(of_one[kind])) for of_one in pieces]
            values = [rarity[of_text] * share for of_text, share in zip(places, shares, strict=True)]
            starts = np.cumsum([0, *map(len, places)])
            columns = np.concatenate(places).astype(np.int64)
            blocks.append(sparse.csr_matrix((np.concatenate(values), columns, starts), shape=(len(pieces), len(known))))
            self.columns += [(kind, piece) for piece in known]
            scale.append(rarity)
            spread.append([counts[piece] ** 0.5 for piece in known])
        self.matrix, self.scale, self.spread = sparse.hstack(blocks).tocsr(), np.concatenate(scale), np.concatenate(spread)

    def fit(self, said: npt.NDArray[np.bool_], rows: npt.NDArray[np.int64] | None = None) -> tuple[npt.NDArray[np.float64], float]:
        """Weights float64[p], 0 but for the `KEPT` that tell most, and the offset."""
        from sklearn.linear_model import LogisticRegression

        taken = np.arange(len(said)) if rows is None else rows
        model = LogisticRegression(C=SURE, max_iter=3_000).fit(self.matrix[taken], said[taken])
        weights = model.coef_[0].copy()
        weights[np.argsort(-np.abs(weights) * self.scale * self.spread, kind="stable")[KEPT:]] = 0
        return weights, float(model.intercept_[0])

    def chances_aside(self, said: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """For each text the chance by what was learnt from the others, in `FOLDS` folds."""
        from sklearn.model_selection import StratifiedKFold

        margins = np.zeros(len(said))
        for taken, aside in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(said, said):
            weights, offset = self.fit(said, taken)
            margins[aside] = self.matrix[aside] @ weights + offset
        return 1 / (1 + np.exp(-margins))


def written(counted: Counted, weights: npt.NDArray[np.float64], offset: float, title: str) -> str:
    """The file of a model: its offset, then the pieces of each kind in the order of the alphabet."""
    lines = [f"# {title}", f"fact\toffset\t{offset:.4f}"]
    kept = np.flatnonzero(weights)
    lines += [f"{KINDS[kind]}\t{piece}\t{weights[place] * counted.scale[place]:.2f}" for place in kept for kind, piece in [counted.columns[place]]]
    return "\n".join(lines) + "\n"


def digest(question: str, language: str) -> str:
    """Names the examples: other texts or labels, another name."""
    texts, said = examples(question, language)
    return hashlib.sha256("\n".join(f"{int(yes)} {text}" for text, yes in zip(texts, said, strict=True)).encode()).hexdigest()[:16]


def _told(name: str, row: dict[str, Any], question: str) -> Iterator[tuple[str, bool]]:
    if "urgency" in row:
        yield row["text"], row["urgency"] >= (2 if question == "act_now" else 1)
    elif name != "replies":
        yield row["text"], row["kind"] == question
    elif question not in row["kinds"]:
        # Of a whole reply with blame nobody wrote down which sentence it is in; in one without it is in none.
        yield from ((sentence, False) for sentence in sentences(clean_text(row["text"])))


def main() -> None:
    for language in ("fi", "sv", "en"):
        for question in QUESTIONS:
            texts, said = examples(question, language)
            counted = Counted([pieces_of(text, language) for text in texts])
            chances = counted.chances_aside(said)
            weights, offset = counted.fit(said)
            title = f"{question}, {language}: kind, piece, weight. Made by luuppi.language.learnt.make from {digest(question, language)}"
            text = written(counted, weights, offset, title)
            (FOLDER / f"{question}_{language}.tsv").write_text(text, encoding="utf-8")
            named = chances >= SAID[question]
            right = (named & said).sum()
            worth = f"precision {right / max(1, named.sum()):.2f}, recall {right / said.sum():.2f}"
            print(f"{question} {language}: {len(said)} texts, {said.sum()} yes; aside, from {SAID[question]} on: {worth}", flush=True)


if __name__ == "__main__":
    main()
