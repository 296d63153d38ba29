"""What every function of this package asks of what it is given, said in the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LANGUAGES = ("fi", "sv", "en")
_LONGEST_TOLD = 60
_LARGEST = 1e30  # of a vector's numbers: their squares stay within float32's reach when they are summed as float64


def checked_text(text: object, name: str) -> str:
    """`text` itself. Raises ValueError naming the argument when it is not a string (None and NaN are not)."""
    if not isinstance(text, str):
        many = "; it takes one text, give them one by one" if hasattr(text, "__iter__") and not isinstance(text, bytes) else ""
        raise ValueError(f"{name}: expected a text, got {_kind(text)}{many}")
    return text


def checked_texts(texts: Iterable[object], name: str = "texts") -> list[str]:
    """The texts as a list; a pandas column or numpy array will do. Empty texts may be among them.

    Raises ValueError naming the argument, what was there and the index of the first that is not a string.
    """
    found = listed(texts, name, "texts")
    for index, text in enumerate(found):
        if not isinstance(text, str):
            is_gap = text is None or (isinstance(text, float) and text != text) or _kind(text) == "NAType"
            missing = "; fill gaps with an empty text" if is_gap else ""
            raise ValueError(f"{name}[{index}]: expected a text, got {_kind(text)}{missing}")
    return [str(text) for text in found]


def listed(values: Any, name: str, of_what: str) -> list[Any]:
    """What stands in a list, an array, a column or a generator, in its order.

    Raises ValueError naming the argument for a single text, for what has no order (a set, a mapping), and for a frame, of which a column is meant.
    """
    if isinstance(values, str | bytes | Mapping | Set) or hasattr(values, "columns"):
        which = "; give one of its columns" if hasattr(values, "columns") else ""
        raise ValueError(f"{name}: expected a list of {of_what}, got {_kind(values)}{which}")
    if not isinstance(values, Iterable) or getattr(values, "ndim", 1) == 0:
        raise ValueError(f"{name}: expected a list of {of_what}, got {_kind(values)}")
    return list(values)


def checked_language(language: object, name: str = "language") -> str:
    """A language that words can be read in. Raises ValueError for any other than fi, sv, en."""
    if not isinstance(language, str) or language not in LANGUAGES:
        given = told(language) if isinstance(language, str) else _kind(language)
        raise ValueError(f"{name}: expected one of {', '.join(LANGUAGES)}, got {given}")
    return str(language)


def checked_key(value: Any, place: str) -> Any:
    """A name or number of a person, an item, a theme. Raises ValueError naming the place of a missing one, or of what cannot be a key."""
    try:
        hash(value)
        is_itself = bool(value == value)
    except (TypeError, ValueError) as reason:
        raise ValueError(f"{place}: expected a key, got {_kind(value)}") from reason
    if value is None or not is_itself:
        raise ValueError(f"{place}: is missing")
    return value


def checked_vectors(values: npt.ArrayLike, name: str) -> npt.NDArray[np.float32]:
    """float32[n, d]; a single vector becomes one row. Raises ValueError naming the argument for anything but finite numbers in rows of one length."""
    import numpy as np

    try:
        found = np.atleast_2d(np.asarray(values))
    except ValueError as ragged:
        raise ValueError(f"{name}: the vectors are of different lengths") from ragged
    if found.ndim != 2 or found.dtype.kind not in "iuf":
        raise ValueError(f"{name}: expected rows of numbers, got {found.ndim} dimensions of {found.dtype}")
    if found.size and not float(np.abs(found).max()) <= _LARGEST:
        row, column = np.argwhere(~(np.abs(found) <= _LARGEST))[0]
        raise ValueError(f"{name}: row {row}, column {column} is {found[row, column]}, not a number that can be counted with")
    return np.ascontiguousarray(found, dtype=np.float32)


def told(text: str) -> str:
    """A text as it stands in a refusal: in quotation marks, a long one by its length."""
    return repr(text) if len(text) <= _LONGEST_TOLD else f"a text of {len(text)} characters"


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__
