"""What every function of this package asks of the texts that it is given, said in the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterable

LANGUAGES = ("fi", "sv", "en")


def checked_text(text: object, name: str) -> str:
    """`text` itself. Raises ValueError naming the argument when it is not a string (None and NaN are not)."""
    if not isinstance(text, str):
        raise ValueError(f"{name}: expected a text, got {_kind(text)}")
    return text


def checked_texts(texts: Iterable[object], name: str = "texts") -> list[str]:
    """The texts as a list; a pandas column or numpy array will do. Empty texts may be among them.

    Raises ValueError naming the argument, what was there and the index of the first that is not a string.
    """
    if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
        raise ValueError(f"{name}: expected a list of texts, got {_kind(texts)}")
    found = list(texts)
    for index, text in enumerate(found):
        if not isinstance(text, str):
            raise ValueError(f"{name}[{index}]: expected a text, got {_kind(text)}")
    return [str(text) for text in found]


def checked_language(language: object) -> str:
    """A language that words can be read in. Raises ValueError for any other than fi, sv, en."""
    if language not in LANGUAGES:
        raise ValueError(f"language: expected one of {', '.join(LANGUAGES)}, got {language!r}")
    return str(language)


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__
