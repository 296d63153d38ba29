"""A draft is read before it goes: thanks, regret, a next step with its day, and no blame, excuse or jargon (I6).

The rules are phrases in `rules/advice_*.toml`, to which an organisation adds its own; blame and excuses in other
words are `learnt`. Advice is a hint for the person who writes, never a gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from luuppi.language.checking import checked_language, checked_text
from luuppi.language.learnt import SAID, Pieces, learnt, pieces_of
from luuppi.language.rules import Own, Rules, read_rules, sentences
from luuppi.language.words import clean_text

KINDS = ("no_thanks", "no_regret", "no_solution", "no_date", "blame", "excuse", "jargon")

_CAPITALS = re.compile(r"(?<![\w-])[A-ZÅÄÖ]{2,7}\d{0,3}(?![\w])|(?<![\w-])[A-Z]\d{2,4}(?!\w)")
_MOSTLY_CAPITALS = 0.5


@dataclass(frozen=True)
class Advice:
    """`kind` one of `KINDS`; `sentence` that of the draft which is meant, "" where something is missing; `suggestion` what to do."""

    kind: str
    sentence: str
    suggestion: str


def advise(draft: str, language: str = "fi", *, about: str | None = None, own: Own = None, said_in: str = "") -> list[Advice]:
    """What a careful colleague would say of a draft, in the order of `KINDS`; [] for an empty draft or one without fault.

    draft: the reply as written; language: that of the draft; about: what the customer had said, where it is at hand (regret is asked
    for where there was trouble, and the draft alone tells that badly); own: the organisation's own rules (see `rules`).
    The suggestions are in the language of the draft, or in `said_in`, that of the person who writes.
    Raises ValueError for another language of the draft or of the suggestions, or a draft that is no text.

    Source: own phrase rules, and for blame and excuses a logistic regression learnt from labelled sentences (`learnt`); measured on replies that
    neither saw (docs/methods/advising.md).
    """
    rules, shown_in = read_rules("advice", language, own), language
    if checked_text(said_in, "said_in"):
        shown_in = checked_language(said_in, "said_in")
    text = clean_text(checked_text(draft, "draft"))
    customer = None if about is None else clean_text(checked_text(about, "about"))
    if not any(sign.isalnum() for sign in text):
        return []
    rules = rules.on(f"{text}\n{customer or ''}")
    found = [*_missing(text, customer, rules), *_said(text, rules)]
    found.sort(key=lambda of_one: KINDS.index(of_one[0]))
    suggestions = read_rules("advice", shown_in, own).suggestions
    return [Advice(kind, sentence, suggestions.get(kind, "")) for kind, sentence in found]


def _missing(text: str, customer: str | None, rules: Rules) -> Iterator[tuple[str, str]]:
    if not rules.found("thanks", rules.without("no_real_thanks", text)):
        yield "no_thanks", ""
    if not rules.found("regret", rules.without("no_real_regret", text)) and _had_trouble(text, customer, rules):
        yield "no_regret", ""
    parts = sentences(text)
    # What only sounds like a solution is taken out first, so that "we will pass it on" is no promise.
    real = [rules.without("hollow", part) for part in parts]
    promised = [part for part, kept in zip(parts, real, strict=True) if rules.found("promise", kept)]
    dated = rules.found("date", rules.without("no_real_date", text))
    solved = any(rules.found("done", kept) for kept in real) or any(
        # A sentence that tells what the customer did wrong offers nothing, though it may say "you can" and "because".
        (rules.found("offer", kept) or (dated and _says_more(kept))) and not _is_said("blame", part, rules)
        for part, kept in zip(parts, real, strict=True)
    )
    if promised and not dated:
        yield "no_date", promised[0]
    elif not (promised or solved or rules.found("praise", text) or (customer is not None and rules.found("about_praise", customer))):
        yield "no_solution", ""


def _says_more(kept: str) -> bool:
    return any(sign.isalpha() for sign in kept)


def _had_trouble(text: str, customer: str | None, rules: Rules) -> bool:
    if customer is not None:
        return not (rules.found("about_no_trouble", customer) or rules.found("about_praise", customer))
    return not (rules.found("praise", text) or rules.found("no_trouble", text))


def _said(text: str, rules: Rules) -> Iterator[tuple[str, str]]:
    shouted = sum(map(str.isupper, text)) > _MOSTLY_CAPITALS * sum(map(str.isalpha, text))
    # Who owns up to the fault excuses nothing, whatever else is told.
    asked = [kind for kind in ("blame", "excuse", "jargon") if kind != "excuse" or not rules.found("own_fault", text)]
    parts = sentences(text)
    pieces = {part: pieces_of(part, rules.language) for part in parts} if rules.learns else {}
    likely = {kind: _likeliest(kind, pieces, rules) for kind in asked if kind in SAID}
    for sentence in parts:
        said = [kind for kind in asked if likely.get(kind) == sentence or _is_said(kind, sentence, rules)]
        if "jargon" not in said and not shouted and _abbreviations(sentence, rules):
            said.append("jargon")
        yield from ((kind, sentence) for kind in said)


def _likeliest(kind: str, pieces: dict[str, Pieces], rules: Rules) -> str | None:
    """The sentence that most likely is of this kind, by what was learnt; None where none is likely enough."""
    model = learnt(kind, rules.language)
    chances = {part: model.chance(of_part) for part, of_part in pieces.items() if not rules.found(f"beside_no_{kind}", part)}
    best = max(chances, key=chances.__getitem__, default=None)
    return best if best is not None and chances[best] >= SAID[kind] else None


def _is_said(kind: str, sentence: str, rules: Rules) -> bool:
    if rules.found(f"beside_no_{kind}", sentence):
        return False
    kept = rules.without(f"no_{kind}", sentence)
    if rules.found(kind, kept):
        return True
    # A storm or a courier is an excuse only where it is told as the reason, and not beside what was done about it.
    return rules.found(f"{kind}_if", kept) and rules.found(f"{kind}_because", kept) and not rules.found("done", sentence)


def _abbreviations(sentence: str, rules: Rules) -> list[str]:
    """Words of capitals that customers do not use."""
    return [found for found in _CAPITALS.findall(sentence) if not rules.found("known_abbreviations", found)]
