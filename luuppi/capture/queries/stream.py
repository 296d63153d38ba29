"""The stream of feedback items, narrowed by the same filter words on the page and in the API."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field, field_validator

from luuppi.capture.models import FeedbackItem
from luuppi.capture.scales import SCORES
from luuppi.journal.steps import KEPT_STEPS
from luuppi.people.models import Team
from luuppi.running.ids import first_id_at, ids_of_reference

_SCORE = re.compile(r"(nps|csat|ces):([0-9]{1,2})(?:-([0-9]{1,2}))?")
_STEPS = "|".join(KEPT_STEPS)

HOLE = "hole"  # a step that nobody wants: in the black hole
_MOST_LISTED = 5_000

# How words are looked for: the stage that knows about stems puts its function here. What waits for eyes: the one that knows about cases.
SEARCH: list[Callable[[QuerySet, str, Any], QuerySet]] = []
UNREAD: list[Callable[[QuerySet, Any], QuerySet]] = []


class Filters(BaseModel):
    """What to show. An unknown word or value is refused by name rather than passed over."""

    model_config = ConfigDict(extra="ignore")
    since: date | None = None
    until: date | None = None
    kind: Literal["survey", "complaint", "praise", "idea", "question"] | None = None
    channel: Annotated[str, Field(max_length=20)] | None = None
    touchpoint: Annotated[str, Field(max_length=100)] | None = None
    team: Annotated[str, Field(max_length=50)] | None = None
    theme: Annotated[str, Field(max_length=80)] | None = None
    language: Annotated[str, Field(max_length=8)] | None = None
    segment: Annotated[str, Field(max_length=80)] | None = None
    score: Annotated[str, Field(max_length=12)] | None = None
    step: Annotated[str, Field(pattern=rf"^!?(received|{_STEPS}|{HOLE})$")] | None = None
    words: Literal["yes"] | None = None  # only what says something in words
    loop: Literal["yes"] | None = None  # only what the loop funnel counts: not imported, not held back
    unread: Literal["yes"] | None = None  # only what nobody has gone through and no case has, of the teams whose customers one sees
    from_import: Annotated[int, Field(ge=1, lt=1 << 31)] | None = None  # only what came in with this import
    q: Annotated[str, Field(max_length=200)] | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_absent(cls, value):
        return None if value == "" else value

    @field_validator("score")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        if value is not None:
            score_range(value)
        return value

    def chosen(self) -> dict[str, str]:
        """The filters in use, as they stand in an address."""
        return {name: str(value) for name, value in self.model_dump(exclude_none=True).items()}


def score_range(written: str) -> tuple[str, int, int]:
    """The scale of a score filter and its bounds, both included. Raises ValueError, also for what the scale does not hold."""
    found = _SCORE.fullmatch(written)
    if found is None:
        raise ValueError("write a score filter as nps:0-6, csat:1-2 or ces:5")
    scale, low, high = found[1], int(found[2]), int(found[3] or found[2])
    least, most = SCORES[scale]
    if not least <= low <= high <= most:
        raise ValueError(f"{scale} goes from {least} to {most}, low first; got {written.partition(':')[2]}")
    return scale, low, high


def read_items(who, filters: Filters) -> QuerySet[FeedbackItem]:
    """The items that `who` may see under these filters, with what a row shows; order and page come from the caller."""
    rows = (
        FeedbackItem.objects.visible_to(who)
        .not_gone()
        .select_related("touchpoint", "team", "customer", "progress", "reading")
        .prefetch_related("codings__theme")
    )
    if filters.unread:
        for only in UNREAD:
            rows = only(rows, who)
    return narrow(rows, filters, who)


def narrow(rows: QuerySet[FeedbackItem], filters: Filters, who) -> QuerySet[FeedbackItem]:
    f, organisation = filters, who.organisation
    # Days are local days of receipt, and ids rise with receipt: a bound on ids uses the order that the list has anyway.
    if f.since:
        rows = rows.filter(pk__gte=_first_id(f.since, organisation.zone))
    if f.until and f.until != date.max:  # after the last day that there is lies nothing to leave out
        rows = rows.filter(pk__lt=_first_id(f.until + timedelta(days=1), organisation.zone))
    for name in ("kind", "channel"):
        if value := getattr(f, name):
            rows = rows.filter(**{name: value})
    if f.touchpoint:
        rows = rows.filter(touchpoint__in=list(organisation.touchpoints.filter(key=f.touchpoint).values_list("pk", flat=True)))
    if f.team:
        rows = rows.filter(team__in=_team_and_below(organisation, f.team))
    if f.theme:
        rows = _of_theme(rows, f, organisation)
    if f.language:
        rows = rows.filter(reading__language=f.language)
    if f.segment:
        rows = rows.filter(attributes__segment=f.segment)
    if f.score:
        scale, low, high = score_range(f.score)
        rows = rows.filter(**{f"{scale}__gte": low, f"{scale}__lte": high})
    if f.words:
        rows = rows.exclude(text="")
    if f.step:
        rows = _by_step(rows, f.step, organisation)
    if f.from_import:
        rows = rows.filter(imported_by=f.from_import)
    if f.loop:
        rows = rows.filter(progress__imported=False, progress__held=False)
    if f.q:
        rows = search(rows, f.q, who)
    return rows


def search(rows: QuerySet[FeedbackItem], words: str, who) -> QuerySet[FeedbackItem]:
    """By the short code when it is one, else by words."""
    if codes := ids_of_reference(words):
        return rows.filter(pk__gte=codes[0], pk__lte=codes[1])
    for find in SEARCH:
        return find(rows, words, who)
    return rows.filter(text__icontains=words)


def hole_ends_at(organisation, at: datetime) -> int:
    """The first id that is too young for the black hole: whoever was received before it, to the minute, has waited N days."""
    return first_id_at(at - timedelta(days=organisation.black_hole_days))


def _by_step(rows: QuerySet[FeedbackItem], step: str, organisation) -> QuerySet[FeedbackItem]:
    is_not, name = step.startswith("!"), step.lstrip("!")
    if name == "received":
        return rows.none() if is_not else rows
    if name == HOLE:
        in_hole = Q(progress__unheard=True, pk__lt=hole_ends_at(organisation, timezone.now()))
        return rows.exclude(in_hole) if is_not else rows.filter(in_hole)
    return rows.filter(**{f"progress__{name}_at__isnull": is_not})


def _of_theme(rows: QuerySet[FeedbackItem], f: Filters, organisation) -> QuerySet[FeedbackItem]:
    """A rare theme is found from its codings, a common one on the way through the items: each way is quick only for its kind."""
    codings = FeedbackItem.codings.rel.related_model.objects.filter(theme__key=f.theme, theme__organisation=organisation)
    if f.touchpoint:
        codings = codings.filter(touchpoint__in=list(organisation.touchpoints.filter(key=f.touchpoint).values_list("pk", flat=True)))
    if list(codings.order_by().values_list("pk")[_MOST_LISTED : _MOST_LISTED + 1]):
        return rows.filter(codings__theme__key=f.theme, codings__theme__organisation=organisation)
    return rows.filter(pk__in=codings.order_by().values("item_id"))


def _first_id(day: date, zone) -> int:
    return first_id_at(datetime.combine(day, time.min, tzinfo=zone))


def _team_and_below(organisation, key: str) -> list[int]:
    team = Team.objects.filter(organisation=organisation, key=key).first()
    return list(Team.objects.filter(organisation=organisation).below(team.path).values_list("pk", flat=True)) if team else []
