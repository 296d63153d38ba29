"""Answers of a library as flat values, so that they can be written down and held against those of another run, thread or Python."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def flat(answer: Any) -> list[Any]:
    """The values inside any nest of dataclasses, lists, mappings and arrays, in order: floats, texts and None."""
    if answer is None or isinstance(answer, str):
        return [answer]
    if isinstance(answer, (bool, int, float, np.bool_, np.number)):
        return [float(answer)]
    if is_dataclass(answer):
        return [value for one in fields(answer) for value in flat(getattr(answer, one.name))]
    if isinstance(answer, (set, frozenset)):
        return [value for one in sorted(answer) for value in flat(one)]
    if isinstance(answer, Mapping):
        return [value for key, one in answer.items() for value in [*flat(key), *flat(one)]]
    if isinstance(answer, np.ndarray):
        return [value for one in answer.tolist() for value in flat(one)]
    if isinstance(answer, Iterable):
        return [value for one in answer for value in flat(one)]
    raise TypeError(f"{type(answer).__name__} holds no values that could be compared")


def digest(answer: Any) -> dict[str, Any]:
    """How many values there are, the sum of the numbers, the first forty numbers, and all texts counted by their letters."""
    values = flat(answer)
    numbers = [value for value in values if isinstance(value, float)]
    finite = [value for value in numbers if abs(value) < 1e300]
    return {
        "values": len(values),
        "sum of sizes": float(np.sum(np.abs(finite))),
        "first": numbers[:40],
        "letters": sum(len(value) * (place % 97 + 1) for place, value in enumerate(values) if isinstance(value, str)),
    }
