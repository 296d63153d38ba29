"""Reply help: the draft is read before it goes. It advises and never blocks."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luuppi.inner_loop.letters import language_of
from luuppi.inner_loop.models import Case
from luuppi.ui.writing import language

_WITHOUT_TROUBLE = ("question", "praise")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a reader looks for in an answer: there, or what would help."""

    is_there: bool
    words: str
    suggestion: str = ""
    sentence: str = ""  # of the draft, where it is one sentence


def advise(case: Case, draft: str) -> list[Check]:
    """How the draft reads after what the customer wrote, by the rules of their language and in the words of the member's. An empty draft: []."""
    if not draft.strip():
        return []
    from luuppi.language import advising

    advice = advising.advise(draft, language=language_of(case), about=case.lead_item.text.strip() or None, said_in=language())
    there = {
        "no_thanks": pgettext("advice", "Thanks"),
        "no_regret": _("Says sorry without blaming"),
        "no_solution": _("Says what is done"),
        "no_date": _("Says by when"),
    }
    if not owes_regret(case):
        advice = [one for one in advice if one.kind != "no_regret"]
        del there["no_regret"]
    missing = {one.kind for one in advice}
    lacks = {
        "no_thanks": _("Thanks are missing"),
        "no_regret": _("Regret is missing"),
        "no_solution": _("What is done is missing"),
        "no_date": _("The day is missing"),
        "blame": _("Sounds like blame"),
        "excuse": _("Sounds like an excuse"),
        "jargon": _("In-house jargon"),
    }
    if "no_solution" in missing:
        del there["no_date"]  # a date is looked for only where something is promised
    found = [Check(True, words) for kind, words in there.items() if kind not in missing]
    return found + [Check(False, lacks.get(one.kind, one.kind), one.suggestion or "", one.sentence) for one in advice]


def owes_regret(case: Case) -> bool:
    """Who asks or thanks, and has not had to come back, is owed none: the kind that they chose tells it better than their words."""
    return bool(case.reopened_count) or case.case_items.exclude(item__kind__in=_WITHOUT_TROUBLE).exists()
