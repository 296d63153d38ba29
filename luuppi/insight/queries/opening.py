"""What a figure opens for its reader: all levels see all figures, but with the customer only the items of their own teams."""

from dataclasses import dataclass

from luuppi.insight.asking import ask
from luuppi.insight.queries.filters import Asked
from luuppi.insight.question import Question, Reach
from luuppi.people.models import Member


@dataclass(frozen=True, slots=True)
class Opening:
    """Of the items counted: how many open with the customer; the others open masked."""

    counted: int
    with_customer: int

    @property
    def masked(self) -> int:
        return self.counted - self.with_customer


@dataclass(frozen=True, slots=True)
class _WithCustomer:
    """The same person, asking for the items whose giver they may know."""

    member: Member

    @property
    def organisation_id(self) -> int:
        return self.member.organisation_id

    @property
    def grants(self) -> "_WithCustomer":
        return self

    def reach(self, _act: str) -> Reach:
        return self.member.grants.reach("items.with_customer")


def read_opening(who: Member, asked: Asked) -> Opening:
    """Raises FiguresAreRebuilding, FiguresAreBusy."""
    counted = _count(who, asked)
    if who.grants.reach("items.with_customer").everywhere:
        return Opening(counted, counted)
    return Opening(counted, _count(_WithCustomer(who), asked))


def _count(who: Member | _WithCustomer, asked: Asked) -> int:
    [(n,)] = ask(Question.for_(who, "counts", filters=asked.filters, period=asked.period("received"))).rows
    return n
