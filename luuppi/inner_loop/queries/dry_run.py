"""What a rule would have done to past feedback: the same code as routing, and nothing is written."""

from dataclasses import dataclass
from typing import Any

from luuppi.capture.models import FeedbackItem
from luuppi.inner_loop.default_rules import rules_of
from luuppi.inner_loop.models import Rule
from luuppi.inner_loop.routing import facts_of, themes_of
from luuppi.inner_loop.rules.matching import RuleValue, decide, fits
from luuppi.meaning.passages import words_of

LOOKED_AT = 1_000
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Example:
    item: int
    words: str
    language: str
    decides: bool


@dataclass(frozen=True, slots=True)
class DryRun:
    """n_fits: the conditions hold; n_decides: and no rule before it decides. n_opened_otherwise: of these, a case would open without it too."""

    n_looked_at: int
    n_fits: int
    n_decides: int
    n_opened_otherwise: int
    examples: list[Example]


def try_rule(who: Any, draft: RuleValue, *, position: int) -> DryRun:
    """Over the newest feedback that who asks may see, imported feedback too. draft.id: of the rule that is being changed, else None."""
    others = [rule for rule in rules_of(who.organisation) if rule.id != draft.id]
    before = _before(who, others, position)
    rules = [*others[:before], draft, *others[before:]]
    items = list(FeedbackItem.objects.visible_to(who).not_gone().select_related("touchpoint", "reading").order_by("-id")[:LOOKED_AT])
    themes = themes_of(items) if any(rule.conditions.themes for rule in rules) else {}
    fitting, deciding, otherwise = 0, 0, 0
    examples: list[Example] = []
    for item in items:
        facts = facts_of(item, themes.get(item.pk, ()))
        if not fits(draft.conditions, facts):
            continue
        fitting += 1
        decides = not any(fits(rule.conditions, facts) for rule in rules[:before])
        deciding += decides
        otherwise += decides and decide(others, facts).opens_case
        if len(examples) < _SHOWN:
            examples.append(_example(item, decides))
    return DryRun(len(items), fitting, deciding, otherwise, examples)


def _before(who: Any, others: list[RuleValue], position: int) -> int:
    """How many rules come before one at this position."""
    positions = dict(Rule.objects.filter(organisation=who.organisation).values_list("pk", "position"))
    return sum(positions[rule.id] < position for rule in others)


def _example(item: FeedbackItem, decides: bool) -> Example:
    """Masked, since a rule may look at feedback of every team."""
    reading = getattr(item, "reading", None)
    return Example(item.pk, (reading.masked_text if reading else words_of(item) and "…")[:200], reading.language if reading else item.language, decides)
