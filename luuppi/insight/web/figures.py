"""/o/{organisation}/figures: NPS, CSAT, CES and the loop over time, by the filters in the address. Every figure opens its items."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from pydantic import ValidationError

from luuppi.capture.queries.stream import Filters
from luuppi.errors import NotNow
from luuppi.insight.queries.change import Change, read_change
from luuppi.insight.queries.comparison import Compared, compare_touchpoints
from luuppi.insight.queries.filters import Asked, understand
from luuppi.insight.queries.loop import Loop, read_loop
from luuppi.insight.queries.opening import Opening, read_opening
from luuppi.insight.queries.scores import MEASURES, Scores, read_scores
from luuppi.insight.refusals import FiguresAreBusy, FiguresAreRebuilding, FilterNotUnderstood
from luuppi.insight.web import drawing, table
from luuppi.insight.web.addresses import Addresses
from luuppi.insight.web.forms import FilterForm
from luuppi.insight.web.period import groupings_for, starts_between, usual_grouping, usual_since
from luuppi.people.models import Member
from luuppi.people.web.membership import needs
from luuppi.ui import writing

GROUPING_NAMES = {"day": gettext_lazy("By day"), "week": gettext_lazy("By week"), "month": gettext_lazy("By month")}


@dataclass(frozen=True, slots=True)
class Tile:
    name: str
    estimate: Any
    of: str
    href: str
    spark: tuple[float, ...] = ()
    trend: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The figures of the page, as the page and its table show them."""

    by_measure: dict[str, Scores]
    changes: dict[str, Change | None]
    loop: Loop
    compared: Compared


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows once the figures are there."""

    title: str
    tiles: list[Tile]
    before: str  # the days that changes are counted against
    by_score: list[Any]
    beside: list[Any]
    opening: Opening
    as_of: datetime | None


@needs("figures.read")
@require_safe
def figures_page(request: HttpRequest, organisation: str) -> HttpResponse:
    asked, grouping, to = _asked(request)
    context: dict[str, Any] = {
        "form": FilterForm(to.chosen, request.member),
        "tabs": [(GROUPING_NAMES[name], to.figures(by=name), name == grouping) for name in groupings_for(asked.since, asked.until)],
        "chips": [
            (f"{word}: {value}", to.figures(**{word: None}), word, value)
            for word, value in to.chosen.items()
            if word in ("segment", "score", "step", "loop")
        ],
        "is_narrowed": any(word not in ("since", "until") for word in to.chosen),
        "n_chosen": sum(word not in ("since", "until") for word in to.chosen),
        "grouping": grouping,
        "table": to.figures(by=grouping, name="figures_table"),
    }
    try:
        shown = read_shown(request.member, asked, grouping, to)
    except (FiguresAreRebuilding, FiguresAreBusy) as not_now:
        return _not_now(request, context, not_now)
    return render(request, "insight/figures.html", context | {"shown": shown})


@needs("figures.read")
@require_safe
def figures_table(request: HttpRequest, organisation: str) -> HttpResponse:
    """GET /o/{organisation}/figures.csv: what the page of the same words shows, for a spreadsheet or a program."""
    asked, grouping, _to = _asked(request)
    found = read_found(request.member, asked, grouping)
    written = table.written(found.by_measure, found.changes, found.loop, found.compared, grouping)
    name = f"{organisation}-{asked.since}-{asked.until}.csv"
    return HttpResponse(written, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _asked(request: HttpRequest) -> tuple[Asked, str, Addresses]:
    """What the address asks for with both ends of its days, how finely time is cut, and where the page leads. Raises FilterNotUnderstood."""
    address = read_address(request)
    today = timezone.localdate(timezone=request.organisation.zone)
    until = address.until or today
    since = address.since or min(usual_since(today), until)
    asked = understand(address.model_copy(update={"since": since, "until": until}), request.organisation)
    grouping = request.GET.get("by", "")
    if grouping not in groupings_for(since, until):
        grouping = usual_grouping(since, until)
    return asked, grouping, Addresses(request.organisation.slug, address.chosen() | {"since": since.isoformat(), "until": until.isoformat()})


def read_address(request: HttpRequest) -> Filters:
    """Raises FilterNotUnderstood, which names the word."""
    try:
        return Filters(**{word: value for word, value in request.GET.items() if word in Filters.model_fields and word != "q"})
    except ValidationError as wrong:
        word = str(wrong.errors()[0]["loc"][0])
        raise FilterNotUnderstood(word=word, value=request.GET.get(word, "")[:80]) from wrong


def read_found(member: Member, asked: Asked, grouping: str) -> Found:
    """Raises FiguresAreRebuilding, FiguresAreBusy."""
    at = timezone.now()
    by_measure = {measure: read_scores(member, measure, asked, by=(grouping,), at=at) for measure in MEASURES}
    return Found(
        by_measure=by_measure,
        changes={measure: read_change(member, scores, asked, at=at) for measure, scores in by_measure.items()},
        loop=read_loop(member, asked, hole_days=member.organisation.black_hole_days, by=(grouping,), at=at),
        compared=compare_touchpoints(member, asked),
    )


def read_shown(member: Member, asked: Asked, grouping: str, to: Addresses) -> Shown:
    """Raises FiguresAreRebuilding, FiguresAreBusy."""
    found = read_found(member, asked, grouping)
    loop, nps, starts = found.loop, found.by_measure["nps"], starts_between(grouping, asked.since, asked.until)
    spoken = [scores for scores in found.by_measure.values() if scores.whole.estimate.value is not None]
    opening = read_opening(member, asked)
    return Shown(
        title=drawing.headline(nps.whole, loop, opening.counted),
        tiles=[*_score_tiles(found, to), _hole_tile(loop, to)],
        before=next((f"{writing.day(change.since)}–{writing.day(change.until)}" for change in found.changes.values() if change), ""),
        by_score=_score_lines(spoken, grouping, starts, to),
        beside=[*_loop_charts(loop, grouping, starts, to), *_nps_beside(nps, found.compared, to)],
        opening=opening,
        as_of=loop.as_of,
    )


def _score_tiles(found: Found, to: Addresses) -> list[Tile]:
    return [
        Tile(
            drawing.MEASURE_NAMES[measure],
            scores.whole.estimate,
            measure,
            to.items(scale=measure),
            _spark(scores),
            drawing.change_words(measure, change) if (change := found.changes[measure]) else "",
        )
        for measure, scores in found.by_measure.items()
    ]


def _hole_tile(loop: Loop, to: Addresses) -> Tile:
    """Opens those that were counted: of the days asked for, and as old as the hole wants them at this moment."""
    return Tile(_("In the black hole"), loop.whole.black_hole, "share", to.items(step="hole"))


def _spark(scores: Scores) -> tuple[float, ...]:
    return tuple(figure.estimate.value for figure in scores.groups if figure.estimate.value is not None)


def _score_lines(spoken: list[Scores], grouping: str, starts: list[date], to: Addresses) -> list[Any]:
    titles = {"nps": _("Would they recommend us?"), "csat": _("Were they satisfied?"), "ces": _("Was it easy?")}
    return [drawing.score_line(scores, grouping, starts, titles[scores.measure], to) for scores in spoken]


def _nps_beside(nps: Scores, compared: Compared, to: Addresses) -> list[Any]:
    bands = drawing.nps_bands(nps.whole, _("How the recommendations are spread"), to)
    whiskers = [drawing.comparison(compared.ranked, compared.keys, _("Touchpoints compared"), to)] if compared.speaks else []
    return [*([bands] if bands else []), *whiskers]


def _loop_charts(loop: Loop, grouping: str, starts: list[date], to: Addresses) -> list[Any]:
    if not loop.whole.collected:
        return []
    over_time = drawing.loop_line(loop, grouping, starts, _("Answered and told, by when it was received"), to)
    return [drawing.funnel(loop, _("How far the loop has come"), to), over_time]


def _not_now(request: HttpRequest, context: dict[str, Any], not_now: NotNow) -> HttpResponse:
    response = render(request, "insight/figures.html", context | {"not_now": str(not_now)}, status=not_now.status)
    response["Retry-After"] = str(not_now.facts["retry_after"])
    return response
