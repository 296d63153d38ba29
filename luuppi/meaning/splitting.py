"""Splitting a theme that has grown too wide: the software proposes its parts, a person accepts those that are themes of their own."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from luuppi.meaning.models import Coding, Theme, ThemeProposal
from luuppi.meaning.passages import LONGEST, SPOKEN, passages_in
from luuppi.meaning.refusals import NotByThisRole, TooFewToSplit
from luuppi.meaning.theming import MOST_TEXTS, proposals_of
from luuppi.running import todo

FEWEST_TO_SPLIT = 100  # under it groups of texts are chance (luuppi.language.theming)
FINENESS = 1.0  # few parts: what falls into many was no theme


@transaction.atomic
def split_theme(theme: Theme, *, by: Any) -> None:
    """Have the texts of the theme read and parts of it proposed; asking twice reads once. Nothing changes until a part is accepted.

    Raises NotByThisRole, TooFewToSplit.
    """
    if not by.grants.may("themes.decide"):
        raise NotByThisRole()
    if Coding.objects.filter(theme=theme)[:FEWEST_TO_SPLIT].count() < FEWEST_TO_SPLIT:
        raise TooFewToSplit(least=FEWEST_TO_SPLIT)
    todo.add("themes.split", f"theme-{theme.pk}", {"theme": theme.pk}, organisation_id=theme.organisation_id)


def propose_parts(todos: Sequence[todo.Todo]) -> None:
    """The job, in a child process: the parts take the place of those proposed before that nobody settled."""
    for one in todos:
        theme = Theme.objects.in_use().filter(pk=one.payload["theme"]).first()
        if theme is not None:
            for language in SPOKEN:
                propose_parts_in_language(theme, language)


def propose_parts_in_language(theme: Theme, language: str) -> int:
    """Returns how many parts are proposed. None under a hundred texts, and none where all texts are one part."""
    from luuppi.language import theming

    items, texts = _texts_of(theme, language)
    proposal = theming.propose_themes(texts, language=language, fineness=FINENESS)
    made = proposals_of(proposal, items, theme.organisation_id, language, inside=theme) if len(proposal.themes) > 1 else []
    with transaction.atomic():
        ThemeProposal.objects.filter(inside=theme, language=language, state="open").delete()
        ThemeProposal.objects.bulk_create(made)
    return len(made)


def _texts_of(theme: Theme, language: str) -> tuple[list[int], list[str]]:
    """The items of the theme with what they say of it: the answers that hold it, where they are known."""
    rows = (
        Coding.objects.filter(theme=theme, item__reading__language=language, item__withdrawn_at=None)
        .exclude(item__reading__masked_text="")
        .order_by("-item_id")
    )
    items, texts = [], []
    for item, answers, masked, parts in rows.values_list("item_id", "answers", "item__reading__masked_text", "item__reading__parts")[:MOST_TEXTS]:
        passages = passages_in(masked, parts, LONGEST)
        items.append(item)
        texts.append("\n".join(passage.text for passage in passages if not answers or passage.question in answers) or masked[:LONGEST])
    return items, texts
