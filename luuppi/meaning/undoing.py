"""Taking a decision about the codebook back: a proposal accepted or dismissed, a theme merged, by a slip among ten on a page."""

from typing import Any

from django.db import transaction

from luuppi.journal.recording import touch
from luuppi.meaning.coding import ask_for_learning
from luuppi.meaning.models import Coding, Theme, ThemeChange, ThemeProposal
from luuppi.meaning.moving import move_back
from luuppi.meaning.refusals import NotByThisRole, NothingToTakeBack, UsedSince
from luuppi.meaning.theming import bring_parts_back


@transaction.atomic
def take_back(change: ThemeChange, *, by: Any) -> None:
    """Everything is as it was before the decision, but for what people have said of single items since.

    Raises NotByThisRole, NothingToTakeBack (it was taken back already, or decided anew), UsedSince.
    """
    if not by.grants.may("themes.decide"):
        raise NotByThisRole()
    found = ThemeChange.objects.select_for_update().filter(pk=change.pk).first()
    if found is None:
        raise NothingToTakeBack()
    {ThemeChange.ACCEPTED: _accepted, ThemeChange.DISMISSED: _open_again, ThemeChange.MERGED: _merged}[found.act](found)
    found.delete()
    if found.act != ThemeChange.DISMISSED:
        ask_for_learning(by.organisation)


def _open_again(change: ThemeChange) -> None:
    proposal = ThemeProposal.objects.select_for_update().filter(pk=change.proposal_id, state=change.act, theme=change.theme_id).first()
    if proposal is None:
        raise NothingToTakeBack()
    proposal.state, proposal.theme = "open", None
    proposal.save(update_fields=["state", "theme"])


def _accepted(change: ThemeChange) -> None:
    theme = _taken(change.theme_id)
    _open_again(change)
    if change.before["made"] and _is_used(theme, change):
        raise UsedSince(name=theme.name)
    if "moved" in change.before:
        whole = _taken(ThemeProposal.objects.values_list("inside", flat=True).get(pk=change.proposal_id))
        move_back(change.before["moved"], out_of=theme, into=whole, until=change.at)
        for earlier, items in change.before["taught"].items():
            ThemeProposal.objects.filter(pk=earlier).update(items=items)
    else:
        Coding.objects.filter(theme=theme, item__in=change.before["coded"], by="system").delete()
        touch(change.before["coded"])
    if change.before["made"]:
        touch(list(Coding.objects.filter(theme=theme).values_list("item_id", flat=True)))
        theme.delete()


def _merged(change: ThemeChange) -> None:
    theme = Theme.objects.select_for_update().filter(pk=change.theme_id).exclude(merged_into=None).first()
    if theme is None:
        raise NothingToTakeBack()
    into, theme.merged_into = _taken(theme.merged_into_id), None
    theme.save(update_fields=["merged_into"])
    move_back(change.before["moved"], out_of=into, into=theme, until=change.at)
    ThemeProposal.objects.filter(pk__in=change.before["taught_by"]).update(theme=theme)
    bring_parts_back(theme)


def _taken(pk: int | None) -> Theme:
    theme = Theme.objects.select_for_update().in_use().filter(pk=pk).first()
    if theme is None:
        raise NothingToTakeBack()
    return theme


def _is_used(theme: Theme, change: ThemeChange) -> bool:
    """Whether people have built upon a theme that the decision made: it cannot simply vanish."""
    said = Coding.objects.filter(theme=theme, at__gt=change.at).exclude(by="system")
    others = (
        theme.children.all(),
        theme.merged.all(),
        theme.root_causes.all(),
        theme.parts_proposed.all(),
        ThemeProposal.objects.filter(theme=theme),
    )
    return said.exists() or any(rows.exists() for rows in others)
