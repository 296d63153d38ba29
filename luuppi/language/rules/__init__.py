"""Phrase rules as data files: one TOML file for each kind and language here, and the organisation's own beside them.

A phrase is words in lower case; ` ; ` stands between several phrases in one line. `*` stands for any letters (`korja*`, `*pula`), `a|b`
for either word, `_` for the blank inside one of them (`nobody|no_one`), `..` for up to four words between, `^` for the
beginning, `#` for a number. `own` may add phrases to a list, make new lists, and take a phrase
of ours out by writing it with `!` before it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from luuppi.language.checking import checked_language
from luuppi.language.rules.phrases import Index, Phrases, phrases_of

_FOLDER = Path(__file__).parent
_SENTENCE = re.compile(r"[^.!?\n]*(?:\.(?=[\w(])[^.!?\n]*)*[.!?\n]*")

Own = Mapping[str, Any] | Path | str | None


@dataclass(frozen=True)
class Rules:
    """The phrase lists of one kind and language, ready to look for; `suggestions` are the sentences shown to people."""

    language: str
    lists: Mapping[str, Phrases]
    suggestions: Mapping[str, str]
    together: tuple[tuple[str, ...], ...]
    learns: bool = True  # whether what was learnt from labelled texts speaks beside the phrases

    def on(self, text: str) -> Rules:
        """The rules for this text and its parts: without the phrases that surely stand in none of them, so that a part is soon looked through."""
        return replace(self, lists=self._index.possible_in(text.lower()))

    @cached_property
    def _index(self) -> Index:
        return Index(self.lists)

    def found(self, name: str, text: str) -> bool:
        """Whether a phrase of the list `name` stands in the text; False for a list that is not there."""
        return name in self.lists and self.lists[name].are_in(text.lower())

    def without(self, name: str, text: str) -> str:
        """The text in lower case with the phrases of the list `name` taken out."""
        return self.lists[name].taken_out_of(text.lower()) if name in self.lists else text.lower()


def read_rules(kind: str, language: str, own: Own = None) -> Rules:
    """The rules of `kind` ("advice", "urgency") for fi, sv or en, with the organisation's own.

    own: a path of a TOML file, or a mapping of the same form: {"phrases": {list: [phrase, …]}, "suggestions": {…}, "together": [[…], …],
    "learns": false}; with `learns` false the phrases alone speak.
    Raises ValueError for another language, for a file that cannot be read, and naming the place of what is no list of phrases, or no true or
    false, in `own`.
    """
    checked_language(language)
    ours = _ours(kind, language)
    if own is None:
        return ours
    given = _read_own(own)
    phrases = {name: list(of_one.written) for name, of_one in ours.lists.items()}
    for name, added in _table(given, "phrases").items():
        for phrase in _phrase_list(added, f"own.phrases.{name}"):
            mine = phrases.setdefault(name, [])
            if phrase.startswith("!"):
                phrases[name] = [kept for kept in mine if kept != phrase[1:].strip()]
            elif phrase not in mine:
                mine.append(phrase)
    together = (*ours.together, *(tuple(_phrase_list(one, "own.together")) for one in given.get("together", ())))
    suggestions = {**ours.suggestions, **{str(name): str(words) for name, words in _table(given, "suggestions").items()}}
    learns = given.get("learns", True)
    if not isinstance(learns, bool):
        raise ValueError(f"own.learns: expected true or false, got {learns!r}")
    return replace(_rules(language, phrases, suggestions, together), learns=learns)


def sentences(text: str) -> list[str]:
    """The sentences of a cleaned text as they are written, without the spaces around them; [] for an empty text."""
    return [found.strip() for found in _SENTENCE.findall(text) if any(sign.isalnum() for sign in found)]


@lru_cache(maxsize=16)
def _ours(kind: str, language: str) -> Rules:
    given = tomllib.loads((_FOLDER / f"{kind}_{language}.toml").read_text(encoding="utf-8"))
    together = tuple(tuple(one) for one in given.get("together", ()))
    phrases = {name: _phrase_list(lines, f"{kind}_{language}.phrases.{name}") for name, lines in given["phrases"].items()}
    return _rules(language, phrases, given.get("suggestions", {}), together)


def _rules(
    language: str, phrases: Mapping[str, Iterable[str]], suggestions: Mapping[str, str], together: Iterable[tuple[str, ...]]
) -> Rules:
    lists = {name: phrases_of(tuple(of_one)) for name, of_one in phrases.items()}
    return Rules(language, MappingProxyType(lists), MappingProxyType(dict(suggestions)), tuple(together))


def _read_own(own: Mapping[str, Any] | Path | str) -> Mapping[str, Any]:
    if isinstance(own, Mapping):
        return own
    if not isinstance(own, (str, Path)):
        raise ValueError(f"own: expected a path or a mapping of rules, got {type(own).__name__}")
    try:
        return tomllib.loads(Path(own).read_text(encoding="utf-8"))
    except (OSError, ValueError) as reason:  # not there, no name of a file, or not written as rules are
        raise ValueError(f"own: cannot be read as a file of rules ({type(reason).__name__}: {str(reason)[:200]})") from reason


def _table(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = given.get(name, {})
    if not isinstance(table, Mapping):
        raise ValueError(f"own.{name}: expected a table, got {type(table).__name__}")
    return table


def _phrase_list(given: object, place: str) -> list[str]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ValueError(f"{place}: expected a list of phrases, got {type(given).__name__}")
    listed = list(given)
    for position, phrase in enumerate(listed):
        if not isinstance(phrase, str) or not all(part.strip(" !*|.") for part in phrase.split(";")):
            raise ValueError(f"{place}[{position}]: expected a phrase, got {phrase!r}")
    return [phrase.strip().lower() for line in listed for phrase in line.split(";")]
