"""The filter words of an address as the figures service takes them: keys become ids and paths, days a period."""

from dataclasses import dataclass
from datetime import date

from luuppi.capture.queries.stream import HOLE, score_range
from luuppi.capture.queries.stream import Filters as AddressFilters
from luuppi.insight.question import Filters, Period, ScoreRange, StepFilter
from luuppi.insight.refusals import FilterNotUnderstood
from luuppi.meaning.models import Theme
from luuppi.people.models import Organisation, Team

_NOTHING = -1
_NO_TEAM = "none."


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, ready for a Question."""

    filters: Filters
    since: date | None
    until: date | None

    def period(self, of: str) -> Period:
        return Period(since=self.since, until=self.until, of=of)


def understand(address: AddressFilters, organisation: Organisation) -> Asked:
    """A key that the organisation does not have finds nothing, as in the lists. Raises FilterNotUnderstood for words in `q` and for one import:
    figures hold no texts and no files.
    """
    for word in ("q", "from_import"):
        if value := getattr(address, word):
            raise FilterNotUnderstood(word=word, value=str(value))
    return Asked(
        filters=Filters(
            kind=_one(address.kind),
            channel=_one(address.channel),
            touchpoint=_ids(organisation.touchpoints, address.touchpoint),
            team=_path(organisation, address.team),
            theme=_ids(Theme.objects.filter(organisation=organisation), address.theme),
            language=_one(address.language),
            segment=_one(address.segment),
            score=_score(address.score),
            step=_step(address.step),
            loop=address.loop == "yes",
        ),
        since=address.since,
        until=address.until,
    )


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _ids(rows, key: str | None) -> tuple[int, ...]:
    if not key:
        return ()
    return tuple(rows.filter(key=key).values_list("pk", flat=True)) or (_NOTHING,)


def _path(organisation: Organisation, key: str | None) -> tuple[str, ...]:
    if not key:
        return ()
    return tuple(Team.objects.filter(organisation=organisation, key=key).values_list("path", flat=True)) or (_NO_TEAM,)


def _score(written: str | None) -> tuple[ScoreRange, ...]:
    return (ScoreRange(*score_range(written)),) if written else ()


def _step(written: str | None) -> tuple[StepFilter, ...]:
    if not written:
        return ()
    name = written.removeprefix("!")
    if name == HOLE:
        raise FilterNotUnderstood(word="step", value=written)  # a share of the loop's own, and no filter of other figures
    return (StepFilter(name, reached=name == written),)
