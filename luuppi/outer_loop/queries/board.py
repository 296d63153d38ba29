"""The board of improvements: a lane for each state, the newest of each first."""

from dataclasses import dataclass, field

from django.db.models import Count

from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.rules.journey import line_of

PER_LANE = 30


@dataclass(frozen=True, slots=True)
class Card:
    improvement: Improvement
    n_items: int
    line: str


@dataclass(frozen=True, slots=True)
class Lane:
    state: str
    name: str
    cards: list[Card] = field(default_factory=list)
    n: int = 0

    @property
    def n_more(self) -> int:
        return self.n - len(self.cards)


def read_board(who, *, type: str = "", touchpoint: str = "", mine: bool = False) -> list[Lane]:
    """All states in the order in which an improvement passes them; as many queries for ten as for a thousand improvements."""
    rows = Improvement.objects.visible_to(who)
    if type:
        rows = rows.filter(type=type)
    if touchpoint:
        rows = rows.filter(touchpoint__key=touchpoint)
    if mine:
        rows = rows.filter(owner=who)
    counts = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
    lanes = []
    for state, name in Improvement.STATES:
        cards = list(rows.filter(state=state).select_related("owner", "touchpoint").annotate(n_items=Count("because_of")).order_by("-id")[:PER_LANE])
        lanes.append(Lane(state, str(name), [Card(one, one.n_items, line(one)) for one in cards], counts.get(state, 0)))
    return lanes


def line(improvement: Improvement) -> str:
    return line_of(
        decided=improvement.decided_at,
        declined=improvement.state == Improvement.DECLINED,
        done=improvement.done_at,
        measured=improvement.measured_at,
        told=improvement.told_at,
        can_be_measured=improvement.touchpoint_id is not None,
    )
