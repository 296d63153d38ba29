"""What weighs: themes with how many speak of them and how, and what those answers were; the heaviest harm first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.meaning.models import Coding, Theme
from luuppi.outer_loop.models import Improvement, RootCause
from luuppi.running.ids import first_id_at

DAYS = 84
SHOWN = 50
MOST_IN_TRUTH = 30_000  # items of the days that a page may count without the figures service, in about a quarter of a second


@dataclass(frozen=True, slots=True)
class WeighedTheme:
    """share: Estimate of this theme's part of all bad mentions, 0–1, n of them; value None under ten. stands_out: clearly above the next.
    nps: Estimate of those who speak of it, value None under ten answers.
    """

    theme: Theme
    n: int
    n_bad: int
    n_good: int
    share: Any
    stands_out: bool
    nps: Any
    state: str  # of the furthest improvement behind it; "" when there is none

    @property
    def is_strength(self) -> bool:
        return self.n_good > self.n_bad

    @property
    def good_percent(self) -> int:
        return round(100 * self.n_good / self.n)

    @property
    def bad_percent(self) -> int:
        return round(100 * self.n_bad / self.n)

    @property
    def neutral_percent(self) -> int:
        return 100 - self.good_percent - self.bad_percent

    @property
    def rest_at(self) -> int:
        return self.good_percent + self.neutral_percent


@dataclass(frozen=True, slots=True)
class Weights:
    """is_waiting: too much to count while the figures service is away; then nothing is known."""

    themes: list[WeighedTheme]
    n_items: int
    n_bad: int
    since: date
    is_waiting: bool = False

    @property
    def harmful(self) -> list[WeighedTheme]:
        return [theme for theme in self.themes if theme.n_bad]

    @property
    def heaviest(self) -> list[WeighedTheme]:
        """The few themes, three at most, that clearly bring more harm than the others; none where they lie close together or few are told."""
        return [theme for theme in self.themes if theme.stands_out and theme.share.value is not None]

    @property
    def largest_share(self) -> float:
        """Of any theme, 0–1; the others' bars are drawn against it. 0 where none is told."""
        return max((theme.share.value or 0 for theme in self.themes), default=0)

    @property
    def share_of_heaviest(self) -> Any:
        return _share(sum(theme.n_bad for theme in self.heaviest), self.n_bad)


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """n: codings with this theme, bad and good by polarity; of their items promoters, detractors and answers to the NPS question."""

    theme: int
    n: int
    bad: int
    good: int
    promoters: int
    detractors: int
    answers: int


@dataclass(frozen=True, slots=True)
class Counted:
    """themes: those in use, the heaviest harm first, at most SHOWN. n_items: with one of the themes in use. n_bad: of all themes in use."""

    themes: list[ThemeCount]
    n_items: int
    n_bad: int


# Who can count at any size: a later stage puts its function (who, first local day of receipt) here. None: not just now.
COUNTING: list[Callable[[Any, date], Counted | None]] = []


def read_weights(who, *, days: int = DAYS) -> Weights:
    """Themes of the last `days` by how many bad mentions they have; whole-organisation figures, so a token of one team sees its own."""
    since = timezone.localdate(timezone=who.organisation.zone) - timedelta(days=days)
    counted = next((found for count in COUNTING if (found := count(who, since)) is not None), None)
    if counted is None:
        if _is_much(who, since):
            return Weights([], 0, 0, since, is_waiting=True)
        counted = count_in_truth(who, since)
    themes = Theme.objects.visible_to(who).in_bulk([one.theme for one in counted.themes])
    states = _states(who, themes)
    n_out = _standing_out(counted.themes)
    weighed = [
        WeighedTheme(
            themes[one.theme], one.n, one.bad, one.good, _share(one.bad, counted.n_bad), place < n_out, _nps(one), states.get(one.theme, "")
        )
        for place, one in enumerate(counted.themes)
        if one.theme in themes
    ]
    return Weights(weighed, counted.n_items, counted.n_bad, since)


def count_in_truth(who, since: date) -> Counted:
    """From the codings themselves: right to the second, and quick while they are not millions."""
    visible = Q(
        organisation=who.organisation,
        item__gte=_first_item(who, since),
        item__withdrawn_at=None,
        item__progress__held=False,
        theme__merged_into=None,
        theme__retired_at=None,
    )
    if who.root_path:
        visible &= Q(item__team__path__startswith=who.root_path)
    codings = Coding.objects.filter(visible)
    rows = codings.values("theme").annotate(
        n=Count("pk"),
        bad=Count("pk", filter=Q(polarity=-1)),
        good=Count("pk", filter=Q(polarity=1)),
        promoters=Count("pk", filter=Q(item__nps__gte=9)),
        detractors=Count("pk", filter=Q(item__nps__lte=6)),
        answers=Count("pk", filter=Q(item__nps__isnull=False)),
    )
    themes = [ThemeCount(**row) for row in rows.order_by("-bad", "-n", "theme")[:SHOWN]]
    return Counted(themes, codings.values("item").distinct().count(), codings.filter(polarity=-1).count())


def _is_much(who, since: date) -> bool:
    """Answered by the index of the stream, however many there are."""
    found = FeedbackItem.objects.filter(organisation=who.organisation, pk__gte=_first_item(who, since)).order_by()
    return found[: MOST_IN_TRUTH + 1].count() > MOST_IN_TRUTH


def _first_item(who, since: date) -> int:
    return first_id_at(datetime.combine(since, time.min, tzinfo=who.organisation.zone))


def _standing_out(heaviest_first: list[ThemeCount]) -> int:
    from luuppi.measures.weighing import standing_out

    return standing_out([one.bad for one in heaviest_first])


def _share(n_bad: int, of: int) -> Any:
    from luuppi.measures.scores import csat_of
    from luuppi.measures.speaking import told

    return told(csat_of(n_bad, of))


def _nps(one: ThemeCount) -> Any:
    from luuppi.measures.scores import nps_of
    from luuppi.measures.speaking import told

    return told(nps_of(one.promoters, one.answers - one.promoters - one.detractors, one.detractors))


def _states(who, themes: dict[int, Theme]) -> dict[int, str]:
    """theme → the state of the improvement that is furthest, among those behind a cause of the theme."""
    order = [Improvement.DECLINED, Improvement.PROPOSED, Improvement.ACCEPTED, Improvement.UNDER_WAY, Improvement.DONE]
    found: dict[int, str] = {}
    rows = Improvement.objects.visible_to(who).filter(causes__themes__in=list(themes)).values_list("causes__themes", "state")
    for theme, state in rows:
        if (theme in themes and order.index(state) > order.index(found.get(theme, Improvement.DECLINED))) or theme not in found:
            found[theme] = state
    return found


def read_causes(who, *, limit: int = 50) -> list[RootCause]:
    """Root causes, newest first, with how many items show each."""
    return list(
        RootCause.objects.visible_to(who)
        .annotate(n_evidence=Count("evidence"))
        .prefetch_related("themes", "improvements")
        .order_by("-id")[:limit]
    )
