"""A frame of numbers and words as columns that a model can read, learned once and the same ever after."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from luuppi.measures.inputs import Floats, numbers

_RAREST = 20  # rows; rarer words share one column
_LOOKED_AT = 1000  # rows that tell what a column of objects holds


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """mean and spread of learning; typical: the median; has_gaps: missing values were seen."""

    name: str
    mean: float
    spread: float
    typical: float
    has_gaps: bool


@dataclass(frozen=True, slots=True)
class WordColumn:
    """words: those with a column of their own; typical: the commonest one."""

    name: str
    words: tuple[str, ...]
    typical: str


Column = NumberColumn | WordColumn


@dataclass(frozen=True, slots=True)
class Encoding:
    """The columns learned, in the order of the frame."""

    columns: tuple[Column, ...]

    def encode(self, features: Any) -> Floats:
        """Numbers float[n, p]: numbers in standard units with gaps at 0 and marked, words as 0/1.

        Raises ValueError for a missing column, infinities or words in a number column. Unknown words are all zeros.
        """
        n = len(features)
        parts = [self._encode_one(column, features) for column in self.columns]
        return np.column_stack(parts) if parts else np.zeros((n, 0))

    def _encode_one(self, column: Column, features: Any) -> Floats:
        if column.name not in features.columns:
            raise ValueError(f"features: column {column.name!r}, which was learned from, is missing")
        if isinstance(column, NumberColumn):
            return encode_numbers(column, numbers_of(features, column.name))
        return encode_words(column, words_of(features, column.name))


def learn_encoding(features: Any) -> Encoding:
    """Learn from a frame of n ≥ 1 rows. Columns without any variation are left out.

    Raises ValueError for infinities, and for dates, moments and durations: what of them may tell (the hour, the weekday, minutes) is the
    caller's to say.
    """
    columns: list[Column] = []
    for name in features.columns:
        found = _learn_numbers(features, name) if is_number(features[name]) else _learn_words(features, name)
        if found is not None:
            columns.append(found)
    return Encoding(tuple(columns))


def encode_numbers(column: NumberColumn, values: Floats) -> Floats:
    """float[n, 1 or 2]; the second says where a value is missing."""
    gap = np.isnan(values)
    # Far outside of what was learned a straight line has no evidence: ten spreads is as far as it is drawn.
    scaled = np.clip(np.where(gap, 0.0, (values - column.mean) / column.spread), -10.0, 10.0)
    return np.column_stack([scaled, gap]) if column.has_gaps else scaled[:, None]


def encode_words(column: WordColumn, values: Any) -> Floats:
    """float[n, words]: 1 where the row has the word."""
    hits: Floats = (values[:, None] == np.array(column.words, dtype=object)[None, :]).astype(np.float64)
    return hits


def numbers_of(features: Any, name: str) -> Floats:
    """A number column as float[n] with NaN for gaps. Raises ValueError for infinities or words, naming column and row."""
    return numbers(f"features[{name!r}]", features[name], missing=True, yes_no=True)


def words_of(features: Any, name: str) -> Any:
    """A word column as object[n]; missing is the word ''. Raises ValueError for dates, moments and durations."""
    column = features[name]
    timed = [value for value in column.head(_LOOKED_AT) if isinstance(value, (date, timedelta, np.datetime64, np.timedelta64))]
    if column.dtype.kind in "mM" or timed:
        raise ValueError(f"features: column {name!r} holds dates or times; make numbers or words of them first (hour, weekday, minutes)")
    column = column.astype(object)
    try:
        is_told = column.notna()
    except ArithmeticError as reason:  # a signalling NaN among decimals
        raise ValueError(f"features: column {name!r} holds what is neither a number nor a word ({type(reason).__name__})") from reason
    return column.where(is_told, "").astype(str).to_numpy(dtype=object)


def is_number(column: Any) -> bool:
    """Whether a column of a frame is read as numbers (true and false are, and numbers that stand in a column of objects)."""
    import pandas as pd

    if column.dtype.kind == "O":
        return pd.api.types.infer_dtype(column, skipna=True) in ("integer", "floating", "mixed-integer-float", "decimal", "boolean")
    return bool(pd.api.types.is_numeric_dtype(column))


def _learn_numbers(features: Any, name: str) -> NumberColumn | None:
    values = numbers_of(features, name)
    seen = values[~np.isnan(values)]
    if len(seen) == 0:
        return None
    spread = float(seen.std())
    has_gaps = len(seen) < len(values)
    if spread == 0 and not has_gaps:
        return None
    return NumberColumn(name, float(seen.mean()), spread or 1.0, float(np.median(seen)), has_gaps)


def _learn_words(features: Any, name: str) -> WordColumn | None:
    n_rows = Counter(words_of(features, name))
    common = sorted(word for word, n in n_rows.items() if n >= _RAREST)
    if len(n_rows) < 2 or not common:
        return None
    return WordColumn(name, tuple(common), max(common, key=lambda word: n_rows[word]))
