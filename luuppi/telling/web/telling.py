"""/o/{organisation}/telling: drafts that wait, what was sent; one draft with its texts, the confirmation, and the undo."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luuppi.capture.models import FeedbackItem
from luuppi.errors import Refusal
from luuppi.outer_loop.queries.improvement_page import find_improvement, quotes_of
from luuppi.outer_loop.queries.names import names_of
from luuppi.outer_loop.web.forms import LANGUAGES, TextsForm
from luuppi.people.web.membership import needs
from luuppi.running.ids import id_in
from luuppi.telling.doubting import count_as_told, in_doubt, send_again
from luuppi.telling.drafting import draft_telling, edit_draft
from luuppi.telling.models import Notice, Telling
from luuppi.telling.queries.of_improvement import Audience, read_audience
from luuppi.telling.queries.overview import read_overview
from luuppi.telling.sending import take_back, tell_givers
from luuppi.ui.toasts import say


@needs("improvements.read")
@require_GET
def overview(request: HttpRequest, organisation: str) -> HttpResponse:
    shown = read_overview(request.member, before=id_in(request.GET.get("before", "")))
    return render(request, "telling/overview.html", {"overview": shown, "may_tell": request.member.grants.may("improvements.tell")})


@needs("improvements.read")
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """The texts, for whom; a POST saves them, with `then` on the way to telling. What givers have got is shown as it was sent."""
    improvement = find_improvement(request.member, number)
    telling = draft_telling(improvement)
    may_tell = request.member.grants.may("improvements.tell", improvement.team.path)
    sent = telling.sent_languages
    texts = TextsForm(
        request.POST or None, name="text", rows=6, without=sent, initial={f"text_{code}": words for code, words in telling.texts.items()}
    )
    said = TextsForm(request.POST or None, name="said", rows=2, initial={f"said_{code}": words for code, words in telling.you_said.items()})
    if request.method == "POST" and texts.is_valid() and said.is_valid():
        # From a page that was opened before it was sent.
        before = {code: request.POST[f"text_{code}"] for code in sent if f"text_{code}" in request.POST}
        edit_draft(telling, texts=texts.texts() | before, you_said=said.texts(), is_public=request.POST.get("is_public") == "on", by=request.member)
        if "then" in request.POST:  # what stands in the editor is what the next page asks about, saved by hand or not
            return redirect("telling_sending", organisation, number)
        say(request, _("Saved."))
        return redirect("telling_draft", organisation, number)
    behind = FeedbackItem.objects.visible_to(request.member).not_gone().filter(improvement_items__improvement=improvement)
    audience = read_audience(improvement)
    context = {
        "improvement": improvement,
        "telling": telling,
        "missing": _missing(audience),
        "texts": texts,
        "said": said,
        "may_tell": may_tell,
        "fixed": [(code, telling.texts[code]) for code, _label in LANGUAGES if code in telling.texts and (code in sent or not may_tell)],
        "sender": names_of([telling.sent_by], improvement.organisation).get(telling.sent_by, ""),
        "audience": audience,
        "here": "telling",
        "in_doubt": in_doubt(Telling.objects.filter(pk=telling.pk)).prefetch_related("items__item")[:50] if may_tell else [],
        "quotes": quotes_of(request.member, behind),
    }
    return render(request, "telling/draft.html", context)


@needs("improvements.tell")
@require_http_methods(["GET", "POST"])
def sending(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """GET asks first, saying how many and whom; POST tells them."""
    improvement = find_improvement(request.member, number)
    audience = read_audience(improvement)
    problem = ""
    if request.method == "POST":
        try:
            notices = tell_givers(improvement, by=request.member)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            problem = str(refusal)
        else:
            n = sum(notice.channel != "not_wanted" for notice in notices)
            words = _("On its way to %(n)s givers.") % {"n": n} if notices else _("It is on the public page.")
            say(request, words, undo_url=reverse("telling_undo", args=[organisation, number]) if notices else "")
            return redirect("improvement", organisation, number)
    context = {
        "improvement": improvement,
        "audience": audience,
        "missing": _missing(audience),
        "texts": draft_telling(improvement).texts,
        "problem": problem,
        "here": "telling",
    }
    return render(request, "telling/confirm.html", context, status=422 if problem else 200)


@needs("improvements.tell")
@require_POST
def doubt(request: HttpRequest, organisation: str, number: int, notice: int, act: str) -> HttpResponse:
    """POST …/notices/{id}/again and …/arrived: what becomes of a message that was perhaps sent."""
    tellings = Telling.objects.visible_to(request.member).filter(improvement__number=number)
    found = get_object_or_404(Notice.objects.filter(telling__in=tellings), pk=notice)
    if act == "again":
        send_again(found, by=request.member)
        say(request, _("It is sent once more."))
    else:
        count_as_told(found, by=request.member)
        say(request, _("Noted: it has arrived."))
    return redirect("telling_draft", organisation, number)


@needs("improvements.tell")
@require_POST
def undo(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    telling = get_object_or_404(Telling.objects.visible_to(request.member), improvement__number=number)
    take_back(telling, by=request.member)
    say(request, _("Taken back. Nobody was told."))
    return redirect("improvement", organisation, number)


def _missing(audience: Audience) -> str:
    """The languages that a text is missing for, as "in Swedish and in English"; "" where none is."""
    labels = [str(label) for code, label in LANGUAGES if code in audience.missing_languages]
    return get_text_list([label[:1].lower() + label[1:] for label in labels], pgettext("before the last of a list", "and"))
