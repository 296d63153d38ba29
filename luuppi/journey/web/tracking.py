"""/t/{token}: the journey of one feedback item, like a parcel tracker. No account; the address is the key, so it goes nowhere else."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from luuppi.capture.drafts import clean_text
from luuppi.capture.models import FeedbackItem
from luuppi.capture.sending import new_sending
from luuppi.capture.tracking_links import is_genuine, item_id_in
from luuppi.errors import Refusal
from luuppi.inner_loop import closing
from luuppi.journey import following
from luuppi.journey.erasing import ask_for_erasure
from luuppi.journey.queries.tracking import read_tracking
from luuppi.journey.refusals import NothingWritten
from luuppi.people.web.membership import public_page, stand_in
from luuppi.running.ids import id_in
from luuppi.telling.sending import told_on_page


def _sent(act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a form of the page does. Refused, the page stands at the act's own address: whoever asks for that anew, by another language or the
    address bar, gets the page itself.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(act)
    def door(request: HttpRequest, token: str) -> HttpResponse:
        if request.method == "POST":
            return act(request, token)
        _item(request, token)  # 404 where the link is not ours
        asked = request.GET.urlencode()
        return _leads_to(reverse("tracking", args=[token]) + (f"?{asked}" if asked else ""), status=302)

    return door


@public_page
@require_GET
def tracking(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, _item(request, token), token)


@csrf_exempt
@public_page
@_sent
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """POST /t/{token}/reply: more words to us."""
    item = _item(request, token)
    text = request.POST.get("text", "")
    try:
        following.say_more(item, text=text, key=_sending(request) or new_sending())
    except Refusal as refusal:
        return _page(request, item, token, refusal=refusal, kept=text)
    return _back(token, to="latest")


@csrf_exempt
@public_page
@_sent
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """POST /t/{token}/confirmation: solved, or not yet; how easy it was and the new score may come with it or later."""
    item = _item(request, token)
    try:
        solved = {"yes": True, "no": False}[request.POST.get("solved", "")]
        closing.confirm(
            item,
            solved=solved,
            key=_sending(request),
            ces=_number(request, "ces"),
            new_nps=_number(request, "new_nps"),
            will_stay=_yes_no(request, "will_stay"),
        )
        if not solved and request.POST.get("text", "").strip():
            following.say_more(item, text=request.POST["text"], key=_sending(request) or new_sending())
    except (KeyError, ValueError):
        return _page(request, item, token, refusal=NothingWritten())
    except Refusal as refusal:
        return _page(request, item, token, refusal=refusal, kept=request.POST.get("text", ""))
    return _back(token)


@csrf_exempt
@public_page
@_sent
def heard(request: HttpRequest, token: str) -> HttpResponse:
    """POST /t/{token}/heard: the giver has read what came of it, and says whether we told it well."""
    item = _item(request, token)
    notice = id_in(request.POST.get("notice", ""))
    if notice is None:
        raise Http404
    try:
        told_on_page(notice, item_id=item.pk, heard=request.POST.get("heard", ""))
    except Refusal as refusal:
        return _page(request, item, token, refusal=refusal)
    return _back(token)


@csrf_exempt
@public_page
@_sent
def withdrawal(request: HttpRequest, token: str) -> HttpResponse:
    """POST /t/{token}/withdrawal: withdraw, take that back, or ask for erasure."""
    item = _item(request, token)
    act = {"withdraw": following.withdraw, "restore": following.take_withdrawal_back, "erase": ask_for_erasure}.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        act(item)
    except Refusal as refusal:
        return _page(request, item, token, refusal=refusal)
    return _back(token, to="erasing" if act is ask_for_erasure else "")


def _item(request: HttpRequest, token: str) -> FeedbackItem:
    """The item of a genuine token, else 404: a wrong letter opens nothing and tells nothing."""
    item = FeedbackItem.objects.select_related("organisation", "progress", "touchpoint").filter(pk=item_id_in(token)).first()
    if item is None or not is_genuine(token, counter=item.link_counter):
        raise Http404
    stand_in(request, item.organisation)
    return item


def _page(request: HttpRequest, item: FeedbackItem, token: str, *, refusal: Refusal | None = None, kept: str = "") -> HttpResponse:
    language = (
        request.language
        if request.GET.get("lang") or request.COOKIES.get("language")
        else (item.language[:2] if item.language[:2] in ("fi", "sv", "en") else request.language)
    )
    with translation.override(language):
        item = FeedbackItem.objects.select_related("organisation", "progress", "touchpoint").get(pk=item.pk)
        context = {
            "tracking": read_tracking(item, at=timezone.now()),
            "item": item,
            "token": token,
            "sending": _sending(request) or new_sending(),
            "refusal": refusal,
            "kept": kept,
            "noindex": True,
        }
        response = render(request, "journey/tracking.html", context, status=refusal.status if refusal else 200)
    response["Referrer-Policy"] = "no-referrer"
    # After a refusal Back leads to what was typed, as on the forms. The history that leads there holds the address, and so the key, anyway.
    response["Cache-Control"] = "private, no-cache" if refusal else "no-store"
    response["Content-Language"] = language
    if refusal and (retry_after := refusal.facts.get("retry_after")):
        response["Retry-After"] = str(retry_after)
    return response


def _sending(request: HttpRequest) -> str:
    """The token of the form that was sent, "" without one: what was refused is sent again under the same."""
    return clean_text(request.POST.get("sending", ""))[:64]


def _back(token: str, *, to: str = "") -> HttpResponse:
    """The page again, on a phone at the place where the reader sees what their act did."""
    return _leads_to(reverse("tracking", args=[token]) + (f"#{to}" if to else ""), status=303)


def _leads_to(address: str, *, status: int) -> HttpResponse:
    response = redirect(address)
    response.status_code = status
    response["Referrer-Policy"] = "no-referrer"
    return response


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.POST.get(name, "")
    return int(value) if value else None


def _yes_no(request: HttpRequest, name: str) -> bool | None:
    return {"yes": True, "no": False}.get(request.POST.get(name, ""))
