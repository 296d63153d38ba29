"""Touchpoints beside each other, fair to small ones: shrunk, silent below thirty answers, and only sure differences marked."""

from dataclasses import dataclass

from luuppi.insight.asking import ask
from luuppi.insight.queries.filters import Asked
from luuppi.insight.queries.groups import Names
from luuppi.insight.question import Question
from luuppi.measures.shrinkage import Ranked, rank_groups
from luuppi.people.models import Member


@dataclass(frozen=True, slots=True)
class Compared:
    """ranked: by name, the lowest first. keys: name → the word that a filter takes."""

    ranked: list[Ranked]
    keys: dict[str, str]

    @property
    def speaks(self) -> bool:
        """A comparison needs two that may be shown."""
        return sum(one.value is not None for one in self.ranked) > 1


def compare_touchpoints(who: Member, asked: Asked) -> Compared:
    """Raises FiguresAreRebuilding, FiguresAreBusy."""
    answer = ask(Question.for_(who, "nps", filters=asked.filters, period=asked.period("occurred"), by=("touchpoint",)))
    names = Names(who.organisation, ("touchpoint",))
    rows = [row for row in answer.rows if row[0] is not None]
    labels = _each_once([(names.name("touchpoint", row[0]), names.key("touchpoint", row[0]) or "") for row in rows])
    means, variances = [], []
    for _touchpoint, n, promoters, _passives, detractors in rows:
        share, other = promoters / n, detractors / n
        means.append(100 * (share - other))
        variances.append(10_000 * (share + other - (share - other) ** 2))
    answers = [row[1] for row in rows]
    ranked = rank_groups([label for label, _ in labels], means, variances, answers, scale=(-100, 100)) if rows else []
    return Compared(ranked, dict(labels))


def _each_once(named: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Two touchpoints of one name are told apart by their keys."""
    names = [name for name, _ in named]
    return [(f"{name} ({key})" if names.count(name) > 1 else name, key) for name, key in named]
