"""/o/{organisation}/feedback: the stream with its filters in the address; /feedback/{id}: one item; /black-hole: who has not heard from us."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from pydantic import ValidationError

from luuppi.api.lists import BadCursor, page
from luuppi.capture.models import FeedbackItem, Import, Touchpoint, sees_customer
from luuppi.capture.queries.stream import HOLE, Filters, read_items
from luuppi.capture.sending import release
from luuppi.capture.wording import CHANNEL_NAMES, KIND_NAMES
from luuppi.inner_loop import going_through, routing
from luuppi.insight.queries.items import read_items_behind
from luuppi.journal.steps import STEP_NAMES
from luuppi.journey.queries.black_hole import read_hole, ways_out
from luuppi.journey.queries.item_page import read_item_page
from luuppi.journey.queries.rows import row_of
from luuppi.meaning.models import Theme
from luuppi.people.models import Team
from luuppi.people.web.membership import needs
from luuppi.ui import writing
from luuppi.ui.toasts import say

_ROWS = 25
_LABELS = {
    "kind": gettext_lazy("Kind"),
    "touchpoint": gettext_lazy("Touchpoint"),
    "team": gettext_lazy("Team"),
    "theme": gettext_lazy("Theme"),
    "step": gettext_lazy("Step"),
    "language": gettext_lazy("Language"),
    "score": gettext_lazy("Score"),
    "words": gettext_lazy("In words"),
    "loop": gettext_lazy("Counted in the loop"),
    "unread": gettext_lazy("Not gone through, without a case"),
    "q": gettext_lazy("Words"),
    "since": gettext_lazy("Since"),
    "until": gettext_lazy("Until"),
    "channel": gettext_lazy("Channel"),
    "segment": gettext_lazy("Segment"),
    "from_import": gettext_lazy("Imported file"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    off: str


@needs("items.masked")
@require_GET
def stream(request: HttpRequest, organisation: str) -> HttpResponse:
    filters, problem = _filters(request)
    by_happening = request.GET.get("day") == "occurred"  # scores count by the day when it happened, and open their items by it
    rows, older = _behind_a_score(request, filters) if by_happening else _page(read_items(request.member, filters), request)
    kept = {"day": "occurred"} if by_happening else {}
    choices = _choices(request, filters)
    shown = {"q", *(choice.name for choice in choices)}
    context = {
        "may_record": request.member.grants.may("items.write"),
        "rows": [row_of(item, request.member, url=reverse("feedback_item", args=[organisation, item.pk])) for item in rows],
        "filters": filters,
        "problem": problem,
        "views": _views(filters),
        "choices": choices,
        # What the form has no field for stays chosen.
        "unseen": {name: value for name, value in filters.chosen().items() if name not in shown} | kept,
        "chips": _chips(request, filters),
        "older": _address(filters, cursor=older, **kept) if older else "",
        "newer": "?" + urlencode(filters.chosen() | kept) if request.GET.get("cursor") else "",
    }
    return render(request, "journey/stream.html", context)


@needs("items.masked")
@require_GET
def item(request: HttpRequest, organisation: str, item_id: int) -> HttpResponse:
    return render(request, "journey/item.html", {"page": read_item_page(_item(request, item_id), request)})


@needs("items.with_customer")
@require_POST
def reading(request: HttpRequest, organisation: str, item_id: int) -> HttpResponse:
    """POST …/feedback/{id}/reading: somebody has gone through it. Who does so in the list of Today stays there, for the next one."""
    going_through.go_through(_item(request, item_id), by=request.member)
    say(request, _("Gone through."))
    today = reverse("today", args=[organisation])
    return redirect(today) if request.POST.get("next") == today else redirect("feedback_item", organisation, item_id)


@needs("cases.take")
@require_POST
def case(request: HttpRequest, organisation: str, item_id: int) -> HttpResponse:
    """POST …/feedback/{id}/case: open a case, to answer its giver."""
    opened = routing.open_case(_item(request, item_id), by=request.member)
    return redirect("case", organisation, opened.number)


@needs("items.with_customer")
@require_POST
def released(request: HttpRequest, organisation: str, item_id: int) -> HttpResponse:
    """POST …/feedback/{id}/release: it is no spam."""
    found = _item(request, item_id)
    if not sees_customer(request.member, found):
        raise Http404
    release(found, by=request.member)
    say(request, _("Released: it is now handled like any other feedback."))
    return redirect("feedback_item", organisation, item_id)


@needs("items.masked")
@require_GET
def black_hole(request: HttpRequest, organisation: str) -> HttpResponse:
    filters, _problem = _filters(request)
    filters = Filters(touchpoint=filters.touchpoint, team=filters.team, kind=filters.kind)
    at = timezone.now()
    reach = request.member.grants.reach("items.with_customer")
    everybody = request.GET.get("whose") == "all" or not reach.paths or bool(filters.team)
    rows, older = _page_of_hole(request, filters, at=at, below=() if everybody else reach.paths)
    shown, days = ways_out(rows, request.member, at=at), request.organisation.black_hole_days
    context = {
        "hole": {"title": _hole_title(len(shown), bool(older) or bool(request.GET.get("cursor")), days), "days": days},
        "nothing_yet": not rows and not FeedbackItem.objects.visible_to(request.member).exists(),
        "rows": shown,
        "choices": [c for c in _choices(request, filters) if c.name in ("touchpoint", "team", "kind")],
        "n_chosen": len(filters.chosen()),
        "older": _address(filters, cursor=older, **({"whose": "all"} if request.GET.get("whose") == "all" else {})) if older else "",
        "may_widen": bool(reach.paths) and not reach.everywhere,
        "everybody": everybody,
    }
    return render(request, "journey/black_hole.html", context)


def _page_of_hole(request: HttpRequest, filters: Filters, **which):
    try:
        return read_hole(request.member, filters, cursor=request.GET.get("cursor"), limit=_ROWS, **which)
    except BadCursor:
        return read_hole(request.member, filters, cursor=None, limit=_ROWS, **which)


def _hole_title(n: int, more: bool, days: int) -> str:
    if more:
        return _("More than %(n)s customers have not heard from us") % {"n": n}
    if n == 0:  # true too of who wrote yesterday, and where nobody has written
        return ngettext("Nobody has waited for us more than %(days)s day", "Nobody has waited for us more than %(days)s days", days) % {"days": days}
    return ngettext("%(n)s customer has not heard from us", "%(n)s customers have not heard from us", n) % {"n": n}


def _item(request: HttpRequest, item_id: int) -> FeedbackItem:
    rows = FeedbackItem.objects.visible_to(request.member).select_related("organisation", "touchpoint", "team", "customer", "progress", "reading")
    return get_object_or_404(rows, pk=item_id)


def _filters(request: HttpRequest) -> tuple[Filters, str]:
    """The filters of the address; what cannot be read is left out and said."""
    asked = {name: value for name, value in request.GET.items() if name in Filters.model_fields and value}
    try:
        return Filters(**asked), ""
    except ValidationError as error:
        wrong = {str(e["loc"][0]) for e in error.errors() if e["loc"]}
        readable = {name: value for name, value in asked.items() if name not in wrong}
        left_out = ", ".join(f"{_LABELS[name]} ({asked[name][:40]})" for name in sorted(wrong))
        return Filters(**readable), _("This filter could not be read and was left out: %(names)s") % {"names": left_out}


def _page(rows, request: HttpRequest):
    try:
        return page(rows, cursor=request.GET.get("cursor"), limit=_ROWS)
    except BadCursor:
        return page(rows, cursor=None, limit=_ROWS)


def _behind_a_score(request: HttpRequest, filters: Filters):
    try:
        return read_items_behind(request.member, filters, cursor=request.GET.get("cursor"), limit=_ROWS)
    except BadCursor:
        return read_items_behind(request.member, filters, cursor=None, limit=_ROWS)


def _address(filters: Filters, *, cursor: str, **more: str) -> str:
    return "?" + urlencode({**filters.chosen(), **more, "cursor": cursor})


def _views(filters: Filters) -> list[dict]:
    views = [
        ("", _("All")),
        ("words=yes", _("In words")),
        ("step=!read", _("Not gone through")),
        ("step=!told&score=nps:0-6", _("Detractors not told")),
        ("kind=praise", _("Praise")),
        ("kind=complaint", _("Complaints")),
    ]
    now = urlencode(filters.chosen())
    return [{"name": name, "url": "?" + query, "current": _same(query, now)} for query, name in views]


def _same(one: str, other: str) -> bool:
    return sorted(one.replace(":", "%3A").replace("!", "%21").split("&")) == sorted(other.split("&"))


def _choices(request: HttpRequest, filters: Filters) -> list[Choice]:
    member = request.member
    touchpoints = [(t.key, t.name) for t in Touchpoint.objects.visible_to(member).order_by("key")[:200]]
    teams = [(t.key, t.name) for t in Team.objects.visible_to(member).order_by("path")[:200]]
    themes = [(t.key, t.name) for t in Theme.objects.visible_to(member).in_use().order_by("key")[:200]]
    steps = (
        [(HOLE, _("In the black hole"))]
        + [(f"!{step}", _("Not yet: %(step)s") % {"step": name}) for step, name in STEP_NAMES.items() if step != "received"]
        + [(str(step), str(name)) for step, name in STEP_NAMES.items() if step != "received"]
    )
    offered = [
        Choice("kind", _LABELS["kind"], [(key, str(name)) for key, name in KIND_NAMES.items()], filters.kind or ""),
        Choice("touchpoint", _LABELS["touchpoint"], touchpoints, filters.touchpoint or ""),
        Choice("team", _LABELS["team"], teams, filters.team or ""),
        Choice("theme", _LABELS["theme"], themes, filters.theme or ""),
        Choice("step", _LABELS["step"], steps, filters.step or ""),
        Choice("language", _LABELS["language"], [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")], filters.language or ""),
        Choice(
            "score",
            _LABELS["score"],
            [
                ("nps:0-6", _("Detractors 0–6")),
                ("nps:7-8", _("Passives 7–8")),
                ("nps:9-10", _("Promoters 9–10")),
                ("csat:1-2", _("CSAT 1–2")),
            ],
            filters.score or "",
        ),
    ]
    return [choice for choice in offered if choice.options]


def _chips(request: HttpRequest, filters: Filters) -> list[Chip]:
    chosen = filters.chosen()
    names = {choice.name: (choice.label, dict(choice.options)) for choice in _choices(request, filters)}
    if filters.from_import:
        names["from_import"] = (
            _LABELS["from_import"],
            {str(run.pk): run.file_name for run in Import.objects.visible_to(request.member).filter(pk=filters.from_import)},
        )
    chips = []
    for name, value in chosen.items():
        label, options = names.get(name, (_LABELS[name], {}))
        off = "?" + urlencode({other: v for other, v in chosen.items() if other != name})
        chips.append(Chip(str(label) if name in ("words", "loop", "unread") else f"{label}: {options.get(value) or _in_words(name, filters)}", off))
    return chips


def _in_words(name: str, filters: Filters) -> str:
    """What a filter says where no list offers it: a day, a range of scores, a first step and a channel as the reader writes them, else the value."""
    value = getattr(filters, name)
    if isinstance(value, date):
        return writing.day(value)
    if name == "score":
        measure, _colon, band = value.partition(":")
        return f"{measure.upper()} {band.replace('-', '–')}"
    if name == "step" and (step := value.removeprefix("!")) in STEP_NAMES:
        return str(STEP_NAMES[step]) if step == value else _("Not yet: %(step)s") % {"step": STEP_NAMES[step]}
    return str(CHANNEL_NAMES[value]) if name == "channel" and value in CHANNEL_NAMES else str(value)
