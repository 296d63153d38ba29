"""Which rule fits a feedback item, and what follows: computed from values alone, so that a dry run is the same code."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

BAD_SCORES = {"nps": 6, "csat": 2, "ces": 2}  # at most: NPS 0–6 is a detractor, the two lowest of CSAT 1–5 and of CES 1–7
_KINDS_THAT_NEED_A_PERSON = ("complaint", "question")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may look at in one item."""

    kind: str
    nps: int | None = None
    csat: int | None = None
    ces: int | None = None
    touchpoint: str = ""
    language: str = ""
    themes: frozenset[str] = frozenset()
    text: str = ""
    wants_contact: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)
    team: int | None = None  # of its touchpoint, else the root team


@dataclass(frozen=True, slots=True)
class Conditions:
    """Every condition that is set must hold; one that is empty holds for all. Lists mean "one of these"."""

    kinds: tuple[str, ...] = ()
    nps_at_most: int | None = None  # of the three scores it is enough that one is as bad as this
    csat_at_most: int | None = None
    ces_at_most: int | None = None
    touchpoints: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # each may be several words; found anywhere in the text, in any case
    wants_contact: bool | None = None
    attributes: tuple[tuple[str, str], ...] = ()  # (name, value), as in ("segment", "home"); all must hold

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Conditions":
        """From what the database keeps; names that are not conditions are left out."""
        known = {f.name for f in fields(cls)}
        made = {name: tuple(map(_tuple, value)) if isinstance(value, list) else value for name, value in stored.items() if name in known}
        return cls(**made)

    def to_json(self) -> dict[str, Any]:
        """Only what is set."""
        return {name: value for name, value in asdict(self).items() if value not in ((), None)}


@dataclass(frozen=True, slots=True)
class RuleValue:
    id: int | None
    conditions: Conditions
    opens_case: bool = True
    team: int | None = None
    owner: int | None = None
    priority: int = 0
    promise_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows for an item. `team` is always known where a case opens: nothing is ever unrouted."""

    opens_case: bool
    rule: int | None = None
    team: int | None = None
    owner: int | None = None
    priority: int = 0
    promise_hours: int | None = None


def decide(rules: Sequence[RuleValue], facts: Facts) -> Decision:
    """The first rule that fits decides. Without one, the last resort: what needs a person goes to the team of its touchpoint."""
    for rule in rules:
        if fits(rule.conditions, facts):
            if not rule.opens_case:
                return Decision(opens_case=False, rule=rule.id)
            return Decision(True, rule.id, rule.team or facts.team, rule.owner, rule.priority, rule.promise_hours)
    if needs_a_person(facts):
        return Decision(True, None, facts.team)
    return Decision(opens_case=False)


def fits(conditions: Conditions, facts: Facts) -> bool:
    return (
        _one_of(conditions.kinds, facts.kind)
        and _is_as_bad(conditions, facts)
        and _one_of(conditions.touchpoints, facts.touchpoint)
        and _one_of(conditions.languages, facts.language)
        and (not conditions.themes or bool(facts.themes.intersection(conditions.themes)))
        and _has_words(conditions.words, facts.text)
        and (conditions.wants_contact is None or conditions.wants_contact == facts.wants_contact)
        and all(str(facts.attributes.get(name, "")).casefold() == value.casefold() for name, value in conditions.attributes)
    )


def needs_a_person(facts: Facts) -> bool:
    """Complaints, questions, contact wishes and bad scores. Praise, ideas and good scores do not open a case by themselves."""
    return facts.wants_contact or facts.kind in _KINDS_THAT_NEED_A_PERSON or _at_most(facts, BAD_SCORES)


def _one_of(wanted: tuple[str, ...], value: str) -> bool:
    return not wanted or value in wanted


def _is_as_bad(conditions: Conditions, facts: Facts) -> bool:
    limits = {"nps": conditions.nps_at_most, "csat": conditions.csat_at_most, "ces": conditions.ces_at_most}
    limits = {name: limit for name, limit in limits.items() if limit is not None}
    return not limits or _at_most(facts, limits)


def _at_most(facts: Facts, limits: Mapping[str, int]) -> bool:
    return any((score := getattr(facts, name)) is not None and score <= limit for name, limit in limits.items())


def _has_words(words: tuple[str, ...], text: str) -> bool:
    if not words:
        return True
    plain = " ".join(text.casefold().split())
    return any(" ".join(word.casefold().split()) in plain for word in words)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
