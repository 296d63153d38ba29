"""What weighs: themes with how many speak of them and how, and what those answers were; the heaviest harm first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from luuppi.meaning.models import Coding, Theme
from luuppi.outer_loop.models import Improvement, RootCause
from luuppi.running.ids import first_id_at

DAYS = 84
SHOWN = 50


@dataclass(frozen=True, slots=True)
class WeighedTheme:
    """share_of_harm: this theme's part of all bad mentions, 0–1. nps: Estimate of those who speak of it, value None under ten answers."""

    theme: Theme
    n: int
    n_bad: int
    n_neutral: int
    n_good: int
    share_of_harm: float
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
    themes: list[WeighedTheme]
    n_items: int
    n_bad: int
    since: datetime

    @property
    def harmful(self) -> list[WeighedTheme]:
        return [theme for theme in self.themes if theme.n_bad]

    @property
    def heaviest(self) -> list[WeighedTheme]:
        """The few themes, three at most, that bring most of the harm."""
        return self.harmful[:3]

    @property
    def share_of_heaviest(self) -> float:
        return sum(theme.share_of_harm for theme in self.heaviest)


def read_weights(who, *, days: int = DAYS) -> Weights:
    """Themes of the last `days` by how many bad mentions they have; whole-organisation figures, so a token of one team sees its own."""
    since = timezone.now() - timedelta(days=days)
    visible = Q(organisation=who.organisation, item__gte=first_id_at(since), item__withdrawn_at=None, item__progress__held=False)
    if who.root_path:
        visible &= Q(item__team__path__startswith=who.root_path)
    rows = (
        Coding.objects.filter(visible, theme__merged_into=None, theme__retired_at=None)
        .values("theme")
        .annotate(
            n=Count("pk"), bad=Count("pk", filter=Q(polarity=-1)), good=Count("pk", filter=Q(polarity=1)), promoters=Count("pk", filter=Q(item__nps__gte=9)),
            detractors=Count("pk", filter=Q(item__nps__lte=6)), answers=Count("pk", filter=Q(item__nps__isnull=False)),
        )
        .order_by("-bad", "-n", "theme")[:SHOWN]
    )  # fmt: skip
    rows = list(rows)
    themes = Theme.objects.visible_to(who).in_bulk([row["theme"] for row in rows])
    total = Coding.objects.filter(visible, polarity=-1, theme__merged_into=None, theme__retired_at=None).count()
    estimates = _estimates(rows)
    states = _states(who, themes)
    weighed = [
        WeighedTheme(themes[row["theme"]], row["n"], row["bad"], row["n"] - row["bad"] - row["good"], row["good"], row["bad"] / total if total else 0.0, estimate, states.get(row["theme"], ""))
        for row, estimate in zip(rows, estimates, strict=True)
        if row["theme"] in themes
    ]
    n_items = Coding.objects.filter(visible).values("item").distinct().count()
    return Weights(weighed, n_items, total, since)


def _estimates(rows: list[dict]) -> list[Any]:
    from luuppi.measures.estimate import Estimate
    from luuppi.measures.scores import nps_of
    from luuppi.measures.speaking import speaking

    made = []
    for row in rows:
        n = row["answers"]
        if speaking("figure", n).level == "silent":
            made.append(Estimate(None, -100.0, 100.0, n))
        else:
            made.append(nps_of(row["promoters"], n - row["promoters"] - row["detractors"], row["detractors"]))
    return made


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
    return list(RootCause.objects.visible_to(who).annotate(n_evidence=Count("evidence")).prefetch_related("themes", "improvements").order_by("-id")[:limit])
