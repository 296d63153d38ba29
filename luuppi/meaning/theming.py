"""The codebook: proposals from the texts, which a person accepts or dismisses, and the themes, which a person names, merges and renames."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from luuppi.capture.drafts import clean_text
from luuppi.capture.models import FeedbackItem
from luuppi.journal.recording import touch
from luuppi.meaning.coding import ask_for_learning, polarities_of
from luuppi.meaning.models import Coding, Reading, Theme, ThemeChange, ThemeProposal
from luuppi.meaning.moving import move_codings
from luuppi.meaning.passages import SPOKEN
from luuppi.meaning.refusals import IntoItself, NameNeeded, NoSuchTheme, NotByThisRole, NotOpenAnyMore, ThemeTaken
from luuppi.running import todo

MOST_TEXTS = 50_000
MOST_ITEMS = 2_000


# --- Proposals --------------------------------------------------------------------------------------------------------------------


def ask_for_proposals(*, by: Any, fineness: float = 2.0) -> None:
    """Have the software read the texts and propose themes; asking twice reads once. Raises NotByThisRole."""
    _need(by, "themes.propose")
    with transaction.atomic():
        todo.add(
            "themes.propose",
            f"organisation-{by.organisation.pk}",
            {"organisation": by.organisation.pk, "fineness": fineness},
            organisation_id=by.organisation.pk,
        )


def propose_themes(todos: Sequence[todo.Todo]) -> None:
    """The job, in a child process: groups of texts in each language become open proposals, in place of those nobody has settled."""
    for one in todos:
        for language in SPOKEN:
            propose_in_language(one.payload["organisation"], language, fineness=one.payload.get("fineness", 2.0))


def propose_in_language(organisation: int, language: str, *, fineness: float = 2.0) -> int:
    """Returns how many themes are proposed; none under 100 texts, where groups would be chance."""
    from luuppi.language import theming

    rows = Reading.objects.filter(
        item__organisation=organisation, language=language, item__withdrawn_at=None, item__progress__held=False
    ).exclude(masked_text="")
    found = list(rows.order_by("-item_id").values_list("item_id", "masked_text")[:MOST_TEXTS])
    proposal = theming.propose_themes([text for _, text in found], language=language, fineness=fineness)
    made = proposals_of(proposal, [item for item, _ in found], organisation, language)
    with transaction.atomic():
        ThemeProposal.objects.filter(organisation=organisation, language=language, state="open", inside=None).delete()
        ThemeProposal.objects.bulk_create(made)
    return len(made)


def proposals_of(proposal: Any, items: Sequence[int], organisation: int, language: str, inside: Theme | None = None) -> list[ThemeProposal]:
    """Unsaved rows of what luuppi.language.theming proposes. items: the item of each text that it was given.

    A group without a telling word is left out: texts that share none speak of nothing that a person could name.
    """
    made = []
    for place, theme in enumerate(proposal.themes):
        if not theme.label:
            continue
        members = list(dict.fromkeys(items[i] for i in range(len(items)) if proposal.assigned[i] == place))
        made.append(
            ThemeProposal(
                organisation_id=organisation,
                language=language,
                label=theme.label[:120],
                words=list(theme.words),
                examples=[items[i] for i in theme.example_indexes],
                items=members[:MOST_ITEMS],
                size=theme.size,
                inside=inside,
                made_at=timezone.now(),
            )
        )
    return made


@transaction.atomic
def accept_proposal(proposal: ThemeProposal, *, by: Any, names: dict[str, str] | None = None, theme: Theme | None = None) -> ThemeChange:
    """Make the proposal a theme (or add it to `theme`); its texts are coded with it until the codebook has learnt better.

    Returns the change, with its theme, for `undoing.take_back`. A proposal inside a theme takes its items out of that theme.
    Raises NotByThisRole, NotOpenAnyMore, NameNeeded, ThemeTaken, IntoItself.
    """
    _need(by, "themes.decide")
    proposal = _take_open(proposal)
    whole = proposal.inside
    if whole is not None and theme is not None and theme.pk == whole.pk:
        raise IntoItself()
    made = theme is None
    theme = theme or add_theme(names or {proposal.language: proposal.label}, by=by, parent=whole.parent if whole else None)
    proposal.state, proposal.theme = "accepted", theme
    proposal.save(update_fields=["state", "theme"])
    before = {"coded": _code_provisionally(theme, proposal.items)} if whole is None else _take_out(whole, proposal.items, into=theme)
    ask_for_learning(by.organisation)
    return _note(ThemeChange.ACCEPTED, by, proposal=proposal, theme=theme, before=before | {"made": made})


@transaction.atomic
def dismiss_proposal(proposal: ThemeProposal, *, by: Any) -> ThemeChange:
    """Raises NotByThisRole, NotOpenAnyMore."""
    _need(by, "themes.decide")
    proposal = _take_open(proposal)
    proposal.state = "dismissed"
    proposal.save(update_fields=["state"])
    return _note(ThemeChange.DISMISSED, by, proposal=proposal)


def _note(act: str, by: Any, **facts: Any) -> ThemeChange:
    return ThemeChange.objects.create(organisation=by.organisation, act=act, by=by.actor, **facts)


def _take_open(proposal: ThemeProposal) -> ThemeProposal:
    proposal = ThemeProposal.objects.select_for_update().filter(pk=proposal.pk).first()
    if proposal is None or proposal.state != "open":
        raise NotOpenAnyMore()
    return proposal


def _code_provisionally(theme: Theme, item_ids: Sequence[int]) -> list[int]:
    """A person accepted the group, not each text: the codings are the software's, and the codebook will judge them one by one.

    Returns the items that had not been coded with the theme before.
    """
    had_it = set(Coding.objects.filter(theme=theme, item__in=item_ids).values_list("item_id", flat=True))
    items = list(FeedbackItem.objects.filter(pk__in=item_ids, organisation=theme.organisation_id).exclude(pk__in=had_it).select_related("reading"))
    polarity, now = polarities_of(items), timezone.now()
    rows = [
        Coding(
            item=item,
            organisation_id=item.organisation_id,
            theme=theme,
            touchpoint=item.touchpoint_id,
            polarity=polarity[item.pk],
            confidence=0.5,
            at=now,
        )
        for item in items
    ]
    Coding.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    touch([item.pk for item in items])
    return [item.pk for item in items]


def _take_out(whole: Theme, item_ids: Sequence[int], *, into: Theme) -> dict[str, Any]:
    """These items are coded with the part instead of the whole, and teach the part. Also those that a person coded: what was said of the whole
    is said of its part, by the same person, as when themes are merged. Returns what was before."""
    moved = move_codings(Coding.objects.filter(theme=whole, item__in=item_ids), into=into)
    gone, taught = set(item_ids), {}
    for earlier in ThemeProposal.objects.filter(theme=whole, state="accepted"):
        if gone & set(earlier.items):
            taught[str(earlier.pk)] = earlier.items
            earlier.items = [item for item in earlier.items if item not in gone]
            earlier.save(update_fields=["items"])
    return {"moved": moved, "taught": taught}


# --- Themes -----------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_theme(names: dict[str, str], *, by: Any, parent: Theme | None = None, description: str = "", at: datetime | None = None) -> Theme:
    """A theme under these names, one for each language. Raises NotByThisRole, NameNeeded, ThemeTaken."""
    _need(by, "themes.decide")
    names = _clean(names)
    key = _key_of(names)
    taken = Theme.objects.select_for_update().filter(organisation=by.organisation, key=key).first()
    if taken is not None:
        if taken.merged_into_id is None and taken.retired_at is None:
            raise ThemeTaken(name=taken.name)
        key = f"{key[:70]}-{taken.pk}"
    try:
        with transaction.atomic():
            return Theme.objects.create(organisation=by.organisation, parent=parent, key=key, names=names, description=description)
    except IntegrityError:  # somebody else made it at the same moment
        raise ThemeTaken(name=next(iter(names.values()))) from None


@transaction.atomic
def rename_theme(theme: Theme, names: dict[str, str], *, by: Any) -> Theme:
    """Its key stays, so that links and codings stay. Raises NotByThisRole, NameNeeded."""
    _need(by, "themes.decide")
    theme.names = _clean(names)
    theme.save(update_fields=["names"])
    return theme


@transaction.atomic
def merge_themes(theme: Theme, *, into: Theme, by: Any) -> ThemeChange:
    """Everything coded with `theme` is coded with `into` from now on; a person's word about either wins over the software's.

    Returns the change, for `undoing.take_back`. Raises NotByThisRole, IntoItself, NoSuchTheme (either is merged or retired already).
    """
    _need(by, "themes.decide")
    if theme.pk == into.pk:
        raise IntoItself()
    locked = {one.pk: one for one in Theme.objects.select_for_update().in_use().filter(pk__in=[theme.pk, into.pk]).order_by("pk")}
    if len(locked) < 2:
        raise NoSuchTheme()
    taught = ThemeProposal.objects.filter(theme=theme)
    before = {"moved": move_codings(Coding.objects.filter(theme=theme), into=into), "taught_by": list(taught.values_list("pk", flat=True))}
    taught.update(theme=into)
    set_parts_aside(theme)
    theme.merged_into = into
    theme.save(update_fields=["merged_into"])
    ask_for_learning(by.organisation)
    return _note(ThemeChange.MERGED, by, theme=theme, before=before)


@transaction.atomic
def retire_theme(theme: Theme, *, by: Any) -> None:
    """Nothing is coded with it any more; what was stays. Raises NotByThisRole."""
    _need(by, "themes.decide")
    theme.retired_at = theme.retired_at or timezone.now()
    theme.save(update_fields=["retired_at"])
    set_parts_aside(theme)
    ask_for_learning(by.organisation)


@transaction.atomic
def restore_theme(theme: Theme, *, by: Any) -> None:
    """A retired theme is in use again, with what was coded with it. Raises NotByThisRole."""
    _need(by, "themes.decide")
    theme.retired_at = None
    theme.save(update_fields=["retired_at"])
    bring_parts_back(theme)
    ask_for_learning(by.organisation)


def set_parts_aside(theme: Theme) -> None:
    """What was proposed as a part of a theme that goes out of use waits for its return."""
    ThemeProposal.objects.filter(inside=theme, state="open").update(state="aside")


def bring_parts_back(theme: Theme) -> None:
    ThemeProposal.objects.filter(inside=theme, state="aside").update(state="open")


def _need(by: Any, act: str) -> None:
    if not by.grants.may(act):
        raise NotByThisRole()


def _clean(names: dict[str, str]) -> dict[str, str]:
    names = {language[:2]: " ".join(clean_text(name).split()) for language, name in names.items() if name and clean_text(name)}
    if not names or any(len(name) > 80 for name in names.values()):
        raise NameNeeded()
    return names


def _key_of(names: dict[str, str]) -> str:
    """A short key from the English name, else from any: small letters, digits and hyphens."""
    name = names.get("en") or next(iter(names.values()))
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:70] or f"theme-{timezone.now():%Y%m%d%H%M%S%f}"
