"""The page of the themes: proposals, the codebook with its counts, how good the coding is, and which texts to ask about next."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Q
from django.utils import timezone

from luuppi.capture.models import FeedbackItem, sees_customer
from luuppi.meaning.coding import newest_codebook
from luuppi.meaning.models import Codebook, Coding, Reading, Rise, Theme, ThemeProposal
from luuppi.meaning.passages import questions_of
from luuppi.running.models import Todo

SHOWN_PROPOSALS = 10  # the next ones come as these are settled; the codebook stays near
SHOWN_EXAMPLES = 3
SHOWN_RISES = 8
SHOWN_RETIRED = 20
FEWEST_TEXTS = 100  # under it groups of texts are chance (luuppi.language.theming)
LOOKED_AT = 500
NEWEST = 10_000


@dataclass(frozen=True, slots=True)
class Example:
    item: FeedbackItem
    words: str


@dataclass(frozen=True, slots=True)
class Proposed:
    proposal: ThemeProposal
    examples: list[Example]

    @property
    def further_words(self) -> list[str]:
        """Those that its label does not say."""
        said = set(self.proposal.label.split(", "))
        return [word for word in self.proposal.words if word not in said]


@dataclass(frozen=True, slots=True)
class Quality:
    """micro_f1: how often the coding agreed with people on texts it had not seen, 0–1; None where too few to tell."""

    language: str
    micro_f1: float | None
    n: int
    learnt_at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """What the software is at in the background."""

    is_reading: bool
    is_learning: bool

    @property
    def is_under_way(self) -> bool:
        return self.is_reading or self.is_learning


@dataclass(frozen=True, slots=True)
class CodebookPage:
    themes: list[Theme]  # each with n_items, n_bad, n_good, n_by_people
    proposals: list[Proposed]
    quality: list[Quality]
    work: Work
    needs_more: bool = field(default=False)
    rises: list[Rise] = field(default_factory=list)
    n_proposals: int = 0  # open ones in all; `proposals` are the first of them
    retired: list[Theme] = field(default_factory=list)  # the last ones first

    @property
    def n_further(self) -> int:
        return self.n_proposals - len(self.proposals)


def read_codebook(who) -> CodebookPage:
    """As many queries however many themes and items there are."""
    organisation = who.organisation
    themes = sorted(_counted(list(Theme.objects.visible_to(who).in_use())), key=lambda theme: (-theme.n_items, theme.key))
    open_ones = ThemeProposal.objects.visible_to(who).filter(state="open")
    proposals = list(open_ones.select_related("inside").order_by(F("inside").asc(nulls_last=True), "-size", "pk")[:SHOWN_PROPOSALS])
    n_proposals = open_ones.count()
    retired = list(Theme.objects.visible_to(who).filter(merged_into=None).exclude(retired_at=None).order_by("-retired_at")[:SHOWN_RETIRED])
    return CodebookPage(
        themes,
        with_examples(who, proposals),
        _quality(organisation),
        read_work(organisation),
        not _has_texts(organisation),
        read_rises(who),
        n_proposals,
        retired,
    )


def read_work(organisation) -> Work:
    """What is due now; learning that waits for more corrections is not under way."""
    due = Todo.objects.filter(
        kind__in=["themes.propose", "themes.split", "themes.learn"],
        organisation_id=organisation.pk,
        parked_at=None,
        due_at__lte=timezone.now(),
    )
    kinds = set(due.values_list("kind", flat=True))
    return Work(bool(kinds & {"themes.propose", "themes.split"}), "themes.learn" in kinds)


def read_theme(who, theme: Theme) -> Theme:
    """The theme with its counts, as in the codebook; it must have come through its `visible_to`."""
    return _counted([Theme.objects.visible_to(who).get(pk=theme.pk)])[0]


def _counted(themes: list[Theme]) -> list[Theme]:
    """The themes with n_items, n_bad, n_good and n_by_people. From an index alone: half a million codings in a tenth of a second."""
    rows = (
        Coding.objects.filter(theme__in=[theme.pk for theme in themes])
        .values("theme", "polarity")
        .order_by()
        .annotate(n=Count("by"), people=Count("by", filter=~Q(by="system")))
    )
    found = {(row["theme"], row["polarity"]): row for row in rows}
    for theme in themes:
        bad, _neither, good = counts = [found.get((theme.pk, polarity), {"n": 0, "people": 0}) for polarity in (-1, 0, 1)]
        theme.n_items, theme.n_bad, theme.n_good = sum(row["n"] for row in counts), bad["n"], good["n"]
        theme.n_by_people = sum(row["people"] for row in counts)
    return themes


def _has_texts(organisation) -> bool:
    """Whether there are enough to propose themes. What is said in answers alone is looked for among the newest items."""
    items = FeedbackItem.objects.filter(organisation=organisation, withdrawn_at=None)
    if items.exclude(text="")[:FEWEST_TEXTS].count() == FEWEST_TEXTS:
        return True
    newest = items.order_by("-pk").values("pk")[:NEWEST]
    return Reading.objects.filter(item__in=newest).exclude(masked_text="")[:FEWEST_TEXTS].count() == FEWEST_TEXTS


def read_rises(who) -> list[Rise]:
    """What is said more often than before, the strongest of the newest week first."""
    return list(Rise.objects.visible_to(who).in_use().select_related("theme").order_by("-week", "-times", "pk")[:SHOWN_RISES])


def ask_next(who, language: str, *, n: int = 10) -> list[Example]:
    """The texts from which a person's answer would teach most, among the newest that nobody has sorted. Loads the codebook: not for a list page."""
    book = newest_codebook(who.organisation.pk, language)
    rows = Reading.objects.filter(item__in=FeedbackItem.objects.visible_to(who).not_gone(), language=language).exclude(masked_text="")
    rows = rows.exclude(Q(item__codings__isnull=False) & ~Q(item__codings__by="system")).select_related("item__team").order_by("-item_id")
    found = list(rows[: LOOKED_AT if book else n])
    places = book.ask_next([reading.masked_text for reading in found], n) if book else range(len(found))
    return [_example(who, found[i].item, found[i].masked_words) for i in places]


def with_examples(who, proposals: list[ThemeProposal]) -> list[Proposed]:
    """Each with a few texts of it, as `who` may see them; one query for all."""
    wanted = [item for proposal in proposals for item in proposal.examples[:SHOWN_EXAMPLES]]
    items = FeedbackItem.objects.visible_to(who).not_gone().filter(erased_at=None).select_related("team", "reading").in_bulk(wanted)
    return [
        Proposed(
            proposal,
            [_example(who, items[item], items[item].reading.masked_words) for item in proposal.examples[:SHOWN_EXAMPLES] if item in items],
        )
        for proposal in proposals
    ]


def _example(who, item: FeedbackItem, masked: str) -> Example:
    return Example(item, item.text if item.text and sees_customer(who, item) else masked)


def _quality(organisation) -> list[Quality]:
    newest: dict[str, Quality] = {}
    for row in Codebook.objects.filter(organisation=organisation).defer("model").order_by(F("learnt_at").desc())[:30]:
        newest.setdefault(row.language, Quality(row.language, row.quality.get("micro_f1"), row.quality.get("n", row.n_examples), row.learnt_at))
    return sorted(newest.values(), key=lambda quality: quality.language)


@dataclass(frozen=True, slots=True)
class ItemThemes:
    """For the part of an item's page: each theme in use with what is coded now; `by_person` when a person said so.

    questions: those that the customer answered in words, where there are several: a theme may be told to be in one answer.
    """

    rows: list[dict]
    questions: list[str]
    by_person: bool
    may_correct: bool

    @property
    def coded(self) -> list[dict]:
        return [row for row in self.rows if row["coding"]]

    @property
    def others(self) -> list[dict]:
        return [row for row in self.rows if not row["coding"]]


def read_item_themes(who, item: FeedbackItem) -> ItemThemes:
    """The item must have come through its `visible_to`."""
    codings = {coding.theme_id: coding for coding in item.codings.all()}
    themes = Theme.objects.visible_to(who).in_use().order_by("key")
    rows = [{"theme": theme, "coding": codings.get(theme.pk)} for theme in themes]
    rows.sort(key=lambda row: -row["coding"].confidence if row["coding"] else 1)
    asked = questions_of(item)
    return ItemThemes(
        rows, asked if len(asked) > 1 else [], any(coding.is_by_person for coding in codings.values()), who.grants.may("themes.propose")
    )
