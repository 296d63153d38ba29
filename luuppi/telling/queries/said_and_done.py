"""The public page "you said, we did": what was told, newest first. It shows our words, never a customer's."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch
from django.utils.translation import get_language

from luuppi.outer_loop.models import EffectReading, Improvement
from luuppi.outer_loop.queries.board import line
from luuppi.people.models import Organisation
from luuppi.telling.models import Telling

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Pair:
    telling: Telling
    said: str
    declined: bool
    line: str
    n_items: int
    reading: EffectReading | None


@dataclass(frozen=True, slots=True)
class SaidAndDone:
    pairs: list[Pair]
    n_changed: int
    before: int | None


def read_said_and_done(organisation: Organisation, *, before: int | None = None) -> SaidAndDone:
    """One page; `before` is the id of the last telling shown."""
    public = Telling.objects.filter(organisation=organisation).public()
    finals = Prefetch("improvement__readings", EffectReading.objects.filter(is_final=True), to_attr="final_readings")
    rows = public.filter(pk__lt=before) if before is not None else public
    rows = (
        rows.select_related("organisation", "improvement")
        .prefetch_related(finals)
        .annotate(n_items=Count("improvement__because_of"))
        .order_by("-id")
    )
    tellings = list(rows[: SHOWN + 1])
    pairs = [
        Pair(
            one,
            _said(one),
            one.improvement.state == Improvement.DECLINED,
            line(one.improvement),
            one.n_items,
            next(iter(one.improvement.final_readings), None),
        )
        for one in tellings[:SHOWN]
    ]
    return SaidAndDone(pairs, public.filter(improvement__state=Improvement.DONE).count(), tellings[SHOWN - 1].pk if len(tellings) > SHOWN else None)


def _said(telling: Telling) -> str:
    """What the givers said in the reader's language; where nobody wrote it in that language, the title of the improvement in it."""
    language = (get_language() or "en")[:2]
    return telling.you_said.get(language) or telling.improvement.titles.get(language) or telling.said or telling.improvement.title
