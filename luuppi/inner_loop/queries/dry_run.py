"""What a rule would have done to past feedback: the same code as routing, and nothing is written."""

from dataclasses import dataclass
from typing import Any

from luuppi.capture.models import FeedbackItem
from luuppi.inner_loop.default_rules import rules_of
from luuppi.inner_loop.models import Rule
from luuppi.inner_loop.routing import facts_of, themes_of
from luuppi.inner_loop.rules.matching import Decision, Facts, RuleValue, decide, fits
from luuppi.meaning.passages import instead_of_words
from luuppi.people.models import Member, Team

LOOKED_AT = 1_000
_SHOWN = 8

# What becomes of an item by the rule, in the order in which examples are shown.
OPENS, MOVES, LEAVES, SAME, EARLIER = "opens", "moves", "leaves", "same", "earlier"


@dataclass(frozen=True, slots=True)
class Example:
    """to: where its case goes by this rule, and now: without it, as "Team" or "Team, owner"; "" where no case opens."""

    item: int
    score: int | None
    score_of: str
    words: str
    instead: str
    language: str
    becomes: str
    to: str
    now: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """n_fits: the conditions hold. n_decides: and no rule before it decides. Of these n_opens get a case that they would not get without it,
    n_moves a case of another team or owner, and n_leaves none although they would."""

    n_looked_at: int
    n_fits: int
    n_decides: int
    n_opens: int
    n_moves: int
    n_leaves: int
    examples: list[Example]

    @property
    def n_earlier(self) -> int:
        return self.n_fits - self.n_decides


def try_rule(who: Any, draft: RuleValue, *, position: int) -> DryRun:
    """Over the newest feedback that who asks may see, imported feedback too. draft.id: of the rule that is being changed, else None."""
    others = [rule for rule in rules_of(who.organisation) if rule.id != draft.id]
    before = _before(who, others, position, draft.id)
    rules = [*others[:before], draft, *others[before:]]
    items = list(FeedbackItem.objects.visible_to(who).not_gone().select_related("touchpoint", "reading").order_by("-id")[:LOOKED_AT])
    themes = themes_of(items) if any(rule.conditions.themes for rule in rules) else {}
    found: dict[str, list[tuple[FeedbackItem, Decision, Decision]]] = {OPENS: [], MOVES: [], LEAVES: [], SAME: [], EARLIER: []}
    for item in items:
        facts = facts_of(item, themes.get(item.pk, ()))
        if fits(draft.conditions, facts):
            becomes, to, now = _compared(rules, others, before, facts)
            found[becomes].append((item, to, now))
    n = {becomes: len(rows) for becomes, rows in found.items()}
    # First what has words: it tells best what the rule would do.
    shown = [(becomes, *row) for becomes, rows in found.items() for row in sorted(rows, key=_is_wordless)][:_SHOWN]
    return DryRun(len(items), sum(n.values()), sum(n.values()) - n[EARLIER], n[OPENS], n[MOVES], n[LEAVES], _examples(shown))


def _before(who: Any, others: list[RuleValue], position: int, draft: int | None) -> int:
    """How many rules come before one at this position; of the same position the older decides."""
    positions = dict(Rule.objects.filter(organisation=who.organisation).values_list("pk", "position"))
    return sum(positions[rule.id] < position or (positions[rule.id] == position and (draft is None or rule.id < draft)) for rule in others)


def _compared(rules: list[RuleValue], others: list[RuleValue], before: int, facts: Facts) -> tuple[str, Decision, Decision]:
    """What the rule does to an item that fits it, with the decision by all rules and the one without it."""
    to, now = decide(rules, facts), decide(others, facts)
    if any(fits(rule.conditions, facts) for rule in rules[:before]):
        return EARLIER, to, now
    if to.opens_case != now.opens_case:
        return (OPENS if to.opens_case else LEAVES), to, now
    return (SAME if (to.team, to.owner) == (now.team, now.owner) else MOVES), to, now


def _examples(rows: list[tuple[str, FeedbackItem, Decision, Decision]]) -> list[Example]:
    decisions = [decision for _, _, *both in rows for decision in both]
    teams = Team.objects.in_bulk({decision.team for decision in decisions if decision.team})
    owners = Member.objects.in_bulk({decision.owner for decision in decisions if decision.owner})

    def place(decision: Decision) -> str:
        return ", ".join(str(one.name) for one in (teams.get(decision.team), owners.get(decision.owner)) if one) if decision.opens_case else ""

    return [_example(item, becomes, place(to), place(now)) for becomes, item, to, now in rows]


def _example(item: FeedbackItem, becomes: str, to: str, now: str) -> Example:
    """Masked, since a rule may look at feedback of every team."""
    reading = getattr(item, "reading", None)
    words = reading.masked_words[:200] if reading else ""
    measure, value = item.score or ("nps", None)
    instead, language = "" if words else instead_of_words(item), reading.language if reading else item.language
    return Example(item.pk, value, measure, words, instead, language, becomes, to, now)


def _is_wordless(row: tuple[FeedbackItem, Decision, Decision]) -> bool:
    reading = getattr(row[0], "reading", None)
    return not (reading and reading.masked_text)
