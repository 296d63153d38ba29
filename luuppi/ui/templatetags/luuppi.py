"""`{% load luuppi %}`: the parts of the kit as template tags. README.md shows each with an example.

Small parts are written here; the ones that hold other markup are in `_blocks.py`.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luuppi.delivery.backends import stays_in_the_house

from .. import appearance, charts, forms, icons, places, toasts, writing
from ..figures import write_figure
from ..loop_line import is_closed, line_name, read_steps, say_line
from ._blocks import register_blocks

_STATIC = Path(__file__).parents[1] / "static" / "ui"
register = template.Library()
register_blocks(register)

register.filter("number", writing.number)
register.filter("signed", writing.signed)
register.filter("share", writing.share)
register.filter("exact", writing.exact)
register.filter("by_when", writing.by_when)
register.filter("written_day", writing.day)
register.filter("moment", writing.moment)
register.filter("duration", writing.duration)
register.simple_tag(writing.interval, name="interval")


# --- Icons and the mark ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str) -> SafeString:
    """{% icon "search" %}: decoration; the words beside it speak."""
    return icons.icon(name)


@register.inclusion_tag("ui/parts/mark.html")
def mark() -> dict:
    """{% mark %}: Luuppi's sign, 28 × 28."""
    return {}


# --- The loop line --------------------------------------------------------------------------------------------------------------


@register.simple_tag
def loop_line(code: str, of="item", silent: bool = False) -> SafeString:
    """{% loop_line "ddnoo" %}: the row size, one image with its whole sentence; `silent` where the words stand beside it."""
    return _draw_line(code, of if isinstance(of, str) else tuple(str(name) for name in of), silent, writing.language())


@lru_cache(maxsize=1024)
def _draw_line(code: str, of: str | tuple[str, ...], silent: bool, _language: str) -> SafeString:
    """A list shows the same few lines again and again; the language is part of the key."""
    dots = format_html_join("", '<i class="{}"></i>', ((step.css,) for step in read_steps(code, of=of)))
    closed = " closed" if is_closed(code) else ""
    if silent:
        return format_html('<span class="loop{}" aria-hidden="true">{}</span>', closed, dots)
    return format_html('<span class="loop{}" role="img" aria-label="{}">{}</span>', closed, say_line(code, of), dots)


@register.inclusion_tag("ui/parts/steps.html")
def steps(code: str, notes: Sequence[str] = (), of="item", css: str = "wide") -> dict:
    """{% steps "ddnoo" notes css="" %}: names and dates.

    css: "" upright (customer), "wide" lies down from 700 px, "wide small" in a staff page.
    """
    return {"steps": read_steps(code, notes, of), "css": css, "closed": is_closed(code), "line": line_name(of)}


@register.inclusion_tag("ui/parts/journey.html")
def journey(code: str, notes: Sequence[str] = (), now: str = "", of="item") -> dict:
    """{% journey code notes now="Tell 148 customers" %}: a page's head; on a phone the dots and the one sentence that matters."""
    return {"code": code, "notes": notes, "now": now, "of": of}


# --- Scores, clocks, bands ------------------------------------------------------------------------------------------------------

BANDS = {"nps": (7, 9), "csat": (3, 4), "ces": (4, 6), "five": (3, 4)}


@register.simple_tag
def score(value: float | None, of: str = "nps", big: bool = False) -> SafeString:
    """{% score 3 %} {% score 4 of="csat" %}: the shape tells the band, the label says the measure. None: no score."""
    size = " big" if big else ""
    if value is None:
        return format_html('<span class="score none{}" role="img" aria-label="{}">–</span>', size, _("No score"))
    middle, high = BANDS[of]
    shape = "low" if value < middle else "mid" if value < high else "high"
    name = {"five": _("Rating")}.get(of, of.upper())
    return format_html(
        '<span class="score {}{}" role="img" aria-label="{} {}">{}</span>', shape, size, name, writing.number(value), writing.number(value)
    )


@register.simple_tag
def clock(due: datetime | None, promise: timedelta | None = None, state: str = "", now: datetime | None = None) -> SafeString:
    """{% clock case.answer_due_at case.promise %}: words for the time left, the exact moment on hover. None: the clock stands.

    state: "", "calm", "warn" or "late"; left out it follows from `due`, warning when a quarter of `promise` is left.
    """
    if due is None:
        return format_html('<span class="clock">{}{}</span>', icons.icon("clock"), _("clock stopped, waiting for the customer"))
    now = now or timezone.now()
    left = due - now
    if not state:
        state = "late" if left <= timedelta() else "warn" if promise and left <= promise / 4 else "calm"
    words = {
        "calm": _calm_words(due, now),
        "warn": pgettext("clock", "{time} left").format(time=writing.rough_duration(left)),
        "late": pgettext("clock", "{time} late").format(time=writing.rough_duration(left)),
    }[state]
    name = {"calm": "clock", "warn": "hourglass", "late": "alarm-clock"}[state]
    return format_html(
        '<span class="clock {}" title="{}">{}{}</span>',
        state,
        pgettext("clock", "Promised by {moment}").format(moment=writing.by_when(due)),
        icons.icon(name),
        words,
    )


def _calm_words(due: datetime, now: datetime) -> str:
    """Today the hour is enough; another day is named."""
    due = writing.last_minute(due)
    if timezone.localdate(due) != timezone.localdate(now):
        return writing.moment(due, now)
    return pgettext("clock", "by {time}").format(time=writing.clock_time(due)).replace(" ", writing.NBSP)


@register.simple_tag
def when(at: datetime | date | None, now: datetime | None = None) -> SafeString:
    """{% when item.received_at %}: as people say it, the exact moment on hover; a date is written as a day."""
    if at is None:
        return mark_safe("")
    if isinstance(at, datetime):
        return format_html(
            '<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), writing.exact(at), writing.moment(at, now)
        )
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), writing.day(at, timezone.localdate(now).year))


@register.simple_tag
def band(estimate: Any, of: str = "nps", goal: float | None = None) -> SafeString:
    """{% band estimate of="share" %}: the interval as a thin band with its point; decoration beside the written interval."""
    return charts.band(write_figure(estimate, of), goal)


@register.filter
def interval_of(estimate: Any, of: str = "nps") -> str:
    """{{ estimate|interval_of:"share" }}: the interval alone, "19–34 %"; without a value, that there are too few answers."""
    return write_figure(estimate, of).interval


@register.simple_tag
def bar(value: float | None, hot: bool = False, longest: float | None = None) -> SafeString:
    """{% bar .38 %}: a share 0–1 as a bar; decoration beside the written share. `hot`: the one that matters now. `longest`: the largest of
    those that are compared, which fills the width."""
    return charts.bar(value, hot, longest)


@register.inclusion_tag("ui/parts/tile.html")
def tile(name: str, estimate: Any, of: str = "nps", href: str = "", spark: Sequence[float] = (), trend: str = "") -> dict:
    """{% tile name=_("NPS") estimate=nps of="nps" href=url spark=weeks trend="+5" %}: a link to the items behind the figure."""
    figure = write_figure(estimate, of)
    return {"name": name, "figure": figure, "band": charts.band(figure), "href": href, "spark": charts.sparkline(spark), "trend": trend}


@register.simple_tag
def chart(figure: Any, id: str = "") -> SafeString:
    """{% chart figure %}: a BandLine, Bars, Whiskers or Funnel of luuppi.ui.charts with finding, measure, n, drawing and table."""
    return charts.draw_figure(figure, id)


# --- Small marks ----------------------------------------------------------------------------------------------------------------


@register.simple_tag
def tag(words: str, icon: str = "", css: str = "") -> SafeString:
    """{% tag _("Complaint") icon="flag" %}: css is line, good, lake, berry, late or pro."""
    return format_html('<span class="tag {}">{}{}</span>', css, icons.icon(icon) if icon else "", words)


@register.inclusion_tag("ui/parts/copy.html")
def copy(words: str, of: str) -> dict:
    """{% copy url of=survey.name %}: a button that puts the words on the clipboard; not there without script.

    of: what they are, for screen readers."""
    return {"words": words, "of": of}


@register.simple_tag
def face(name: str, css: str = "me", big: bool = False) -> SafeString:
    """{% face "Mikko" %} {% face customer.name css="cust" %}: the first letter; decoration beside the name."""
    return format_html('<span class="face {}{}" aria-hidden="true">{}</span>', css, " big" if big else "", (name or "?")[:1].upper())


@register.simple_tag
def chip(label: str, off: str) -> SafeString:
    """{% chip label off=url %}: a filter that is on; `off` is the address without it ({% querystring theme=None %})."""
    return format_html('<a class="chip on" href="{}">{} {}<span class="vh">{}</span></a>', off, label, icons.icon("x"), _("remove"))


@register.inclusion_tag("ui/parts/pager.html")
def pager(newer: str = "", older: str = "", words: str = "", first: str = "", further: str = "") -> dict:
    """{% pager newer=url older=url words="1–25" %}: cursor paging; an address left out is not offered. For lists that do not go by time
    {% pager first=page.first further=page.further %} of `luuppi.ui.paging`."""
    return {"newer": newer, "older": older, "words": words, "first": first, "further": further}


# --- Forms ----------------------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def field(context, bound: BoundField, face: str = "", label: str = "", help: str = "", optional: bool = True) -> SafeString:
    """{% field form.text %}: label, help, error and widget. The face follows the page (customer.html sets it) or is named.
    optional=False: that it may be left empty is not said, since something else is then needed."""
    face = face or context.get("face") or "staff"
    widget = bound.field.widget
    css = forms.widget_class(widget, face)
    shape = forms.shape_of(widget)
    options = []
    if shape == "group":
        for option in bound:
            option.data["attrs"]["class"] = ("radio" if widget.input_type == "radio" else "checkbox") if face == "staff" else ""
            options.append(option)
    parts = {"field": bound, "shape": shape, "widget": bound.as_widget(attrs={"class": css} if css else {}), "options": options}
    words = {"label": label or bound.label, "help": help or bound.help_text, "may_stay_empty": optional and not bound.field.required}
    return mark_safe(render_to_string(f"ui/form/{face}_field.html", parts | words))  # noqa: S308  rendered by our own template


@register.inclusion_tag("ui/form/error_summary.html", takes_context=True)
def error_summary(context, form) -> dict:
    """{% error_summary form %}: above the form; links to the fields with the same sentences, gets focus."""
    wrong = [(bound, error) for bound in form if bound.name in form.errors for error in bound.errors] if form.is_bound else []
    whole = list(form.non_field_errors()) if form.is_bound else []
    return {"wrong": wrong, "whole": whole, "n": len(wrong) + len(whole), "face": context.get("face") or "staff"}


@register.simple_tag
@lru_cache
def asset(name: str) -> str:
    """{% asset "app.css" %}: the address of one of ui's files, new when the file is: no browser shows an old one after an upgrade."""
    print_of_file = hashlib.sha256(Path(f"{_STATIC}/{name}").read_bytes()).hexdigest()
    return f"{static(f'ui/{name}')}?v={print_of_file[:8]}"


# --- The page around --------------------------------------------------------------------------------------------------------------


@register.simple_tag
def mail_leaves() -> bool:
    """Whether mail leaves this server. Where it only becomes files, no page offers it as a way in."""
    return not stays_in_the_house()


@register.simple_tag(takes_context=True)
def theme(context) -> str:
    """The reader's theme: light, dark or "" for the system's."""
    return appearance.theme_of(context.get("request"))


@register.simple_tag(takes_context=True)
def keys_on(context) -> bool:
    return appearance.keys_on(context.get("request"))


@register.inclusion_tag("ui/parts/rail.html", takes_context=True)
def rail(context) -> dict:
    """The places that this member may see; the page's own is found from its address, or from `here` in the context."""
    request = context.get("request")
    member = getattr(request, "member", None)
    shown = places.places_of(member)
    urls = {place.key: place.url_for(member) for place in shown}
    here = context.get("here") or (places.here_of(request.path, urls) if request else "")
    entries = [{"place": place, "url": urls[place.key], "count": place.count(member) if place.count else None} for place in shown]
    # five fit into the bar of a phone; with more, the fifth is "more"
    first = 5 if len(entries) <= 5 else 4
    return {
        "first": entries[:first],
        "rest": entries[first:],
        "here": here,
        "here_in_rest": here in [e["place"].key for e in entries[first:]],
        "front": _front(shown, urls),
    }


@register.inclusion_tag("ui/parts/palette.html", takes_context=True)
def palette(context) -> dict:
    member = getattr(context.get("request"), "member", None)
    lines = [
        {"line": one, "url": one.url_for(member), "id": f"palette-{i}"}
        for i, one in enumerate([*places.commands_of(member), *places.places_of(member)])
    ]
    return {"lines": lines, "search": places.search_url(member)}


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """Codes with the languages' own names, in their order: a reader finds a language by its own name."""
    return list(settings.LANGUAGES)


@register.simple_tag(takes_context=True)
def search_url(context) -> str:
    return places.search_url(getattr(context.get("request"), "member", None))


@register.simple_tag(takes_context=True)
def front_url(context) -> str:
    """Where the mark leads: the member's first place, else the front page."""
    member = getattr(context.get("request"), "member", None)
    shown = places.places_of(member)
    return _front(shown, {place.key: place.url_for(member) for place in shown[:1]})


def _front(shown: list, urls: dict[str, str]) -> str:
    return urls[shown[0].key] if shown else "/"


@register.simple_tag(takes_context=True)
def back_here(context) -> str:
    """The address of this page, for forms that come back to it."""
    request = context.get("request")
    return request.get_full_path() if request else "/"


@register.simple_tag(takes_context=True)
def organisation_here(context):
    """Whose page this is: `organisation` of the context, else the request's; None where neither is known."""
    return context.get("organisation") or getattr(context.get("request"), "organisation", None)


@register.simple_tag
def brand_version(organisation: Any) -> str:
    """The colour without its #: makes the stylesheet's address new when the colour changes."""
    return (getattr(organisation, "colour", "") or "")[1:]


@register.inclusion_tag("ui/parts/toasts.html", takes_context=True)
def toasts_of(context, oob: bool = False) -> dict:
    """{% toasts_of %}: what was just done, with undo. `oob` in a part that htmx gets alone."""
    told = [
        {"words": str(m), "level": m.level_tag, "undo": toasts.undo_url_of(m), "open": toasts.open_url_of(m)}
        for m in context.get("messages") or []
    ]
    return {"toasts": told, "oob": oob, "csrf_token": context.get("csrf_token")}
