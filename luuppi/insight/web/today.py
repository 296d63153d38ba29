"""Figures on Today: thirty days of what the reader answers for. Own teams for who works in one, the whole organisation for who leads it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from luuppi.insight.asking import within
from luuppi.insight.queries.filters import Asked
from luuppi.insight.queries.loop import read_loop
from luuppi.insight.queries.scores import read_scores
from luuppi.insight.question import Filters
from luuppi.insight.refusals import FiguresAreBusy, FiguresAreRebuilding
from luuppi.insight.web.addresses import Addresses
from luuppi.insight.web.drawing import MEASURE_NAMES
from luuppi.measures.estimate import Estimate
from luuppi.measures.speaking import told
from luuppi.ui.today_parts import SIDE, Shown, register

DAYS = 30
SECONDS = 1.5
_OF_OWN_TEAM = frozenset({"frontline", "supervisor"})


@dataclass(frozen=True, slots=True)
class Tile:
    name: str
    estimate: Estimate
    of: str
    href: str


def connect() -> None:
    register("figures", figures_of_today, place=SIDE, order=20)


def figures_of_today(member: Any) -> Shown | None:
    """Nothing to who may read no figures; the figures service away or busy is said, and the rest of the page stands."""
    if not member.grants.reach("figures.read"):
        return None
    today = timezone.localdate(timezone=member.organisation.zone)
    own = teams_of(member)
    paths = tuple(sorted(team.path for team in own))
    asked = Asked(Filters(team=paths), today - timedelta(days=DAYS - 1), today)
    chosen = {"since": str(asked.since), "until": str(today)} | ({"team": own[0].key} if len(own) == 1 else {})
    to = Addresses(member.organisation.slug, chosen)
    # The list takes one team: with several the figure opens the page of figures instead.
    context = {"own": own, "days": DAYS, "figures_url": to.figures()}
    try:
        with within(SECONDS):
            tiles = _read_tiles(member, asked, to, has_list=len(own) < 2)
        return Shown("insight/_today.html", context | {"tiles": tiles})
    except (FiguresAreRebuilding, FiguresAreBusy) as not_now:
        return Shown("insight/_today.html", context | {"not_now": str(not_now)})


def teams_of(member: Any) -> list[Any]:
    """The teams in which this member serves customers; none for who leads the organisation or measures it."""
    if not member.role_names <= _OF_OWN_TEAM:
        return []
    return sorted({role.team for role in member.roles.select_related("team")}, key=lambda team: team.path)


def _read_tiles(member: Any, asked: Asked, to: Addresses, *, has_list: bool) -> list[Tile]:
    at = timezone.now()
    hole_days = member.organisation.black_hole_days
    loop = read_loop(member, asked, hole_days=hole_days, at=at).whole
    nps = read_scores(member, "nps", asked, at=at).whole.estimate
    tiles = [
        (MEASURE_NAMES["nps"], nps, "nps", to.items(scale="nps")),
        (_("Answered"), loop.share("answered"), "share", to.items(step="answered")),
        (_("In the black hole"), loop.black_hole, "share", to.items(step="hole")),
    ]
    return [Tile(name, told(estimate), of, href if has_list else to.figures()) for name, estimate, of, href in tiles]
