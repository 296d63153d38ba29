"""/o/{organisation}/causes: what weighs, why it is so, and with which feedback that is shown."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luuppi.capture.models import FeedbackItem
from luuppi.errors import Refusal
from luuppi.meaning.models import Theme
from luuppi.outer_loop.models import RootCause
from luuppi.outer_loop.queries.improvement_page import quotes_of, quotes_that_may_show
from luuppi.outer_loop.queries.weights import read_causes, read_weights
from luuppi.outer_loop.tracing import add_evidence, name_root_cause, word_root_cause
from luuppi.outer_loop.web.forms import LANGUAGES, CauseForm, CauseWordsForm, ItemsForm
from luuppi.outer_loop.web.item_codes import ids_of_codes
from luuppi.outer_loop.web.weighing import heading_of
from luuppi.people.web.membership import needs
from luuppi.ui.toasts import say


@needs("themes.read")
@require_GET
def causes(request: HttpRequest, organisation: str) -> HttpResponse:
    weights = read_weights(request.member)
    shown = {"weights": weights, "heading": heading_of(weights), "causes": read_causes(request.member)}
    return render(request, "outer_loop/causes.html", shown | {"may_propose": request.member.grants.may("themes.propose"), "here": "causes"})


@needs("themes.propose")
@require_http_methods(["GET", "POST"])
def new_cause(request: HttpRequest, organisation: str) -> HttpResponse:
    form = CauseForm(request.POST or None, initial={"themes": request.GET.getlist("theme"), "evidence": " ".join(request.GET.getlist("item"))})
    form.fields["themes"].choices = [(str(theme.pk), theme.name) for theme in Theme.objects.visible_to(request.member).in_use()]
    form.fields["themes"].choices = sorted(form.fields["themes"].choices, key=lambda choice: choice[1].casefold())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            cause = name_root_cause(
                said["title"],
                by=request.member,
                polarity=said["polarity"],
                whys=said["whys"].splitlines(),
                themes=[int(one) for one in said["themes"]],
                evidence=ids_of_codes(request.member, said["evidence"]),
            )
        except Refusal as refusal:
            form.add_error("evidence" if refusal.code == "unknown-feedback" else None, str(refusal))
        else:
            say(request, _("The root cause is named."))
            return redirect("root_cause", organisation, cause.pk)
    return render(request, "outer_loop/cause_new.html", {"form": form, "here": "causes"}, status=422 if form.is_bound else 200)


@needs("themes.read")
@require_http_methods(["GET", "POST"])
def cause(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """One root cause with its evidence; a POST adds evidence."""
    found = _find(request, pk)
    form = ItemsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_evidence(found, ids_of_codes(request.member, form.cleaned_data["items"]), by=request.member)
        except Refusal as refusal:
            form.add_error("items", str(refusal))
        else:
            return redirect("root_cause", organisation, pk)
    return _page(request, found, form=form)


@needs("themes.propose")
@require_POST
def cause_words(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """POST …/causes/{pk}/words: its title and whys in each language."""
    found = _find(request, pk)
    form = CauseWordsForm(request.POST)
    if form.is_valid():
        try:
            word_root_cause(found, titles=form.titles(), whys=form.whys(), by=request.member)
        except Refusal as refusal:
            form.add_error(f"title_{found.language}", str(refusal))
        else:
            say(request, _("Saved."))
            return redirect("root_cause", organisation, pk)
    return _page(request, found, words=form)


def _find(request: HttpRequest, pk: int) -> RootCause:
    return get_object_or_404(RootCause.objects.visible_to(request.member).prefetch_related("themes", "improvements"), pk=pk)


def _page(request: HttpRequest, found: RootCause, *, form: ItemsForm | None = None, words: CauseWordsForm | None = None) -> HttpResponse:
    form, words = form or ItemsForm(), words or CauseWordsForm(initial=CauseWordsForm.initial_of(found))
    may_propose = request.member.grants.may("themes.propose")
    items = FeedbackItem.objects.visible_to(request.member).not_gone().filter(pk__in=found.evidence.values("item"))
    context = {
        "cause": found,
        "quotes": quotes_of(request.member, items, most=10),
        "n_items": items.count(),
        "offered": quotes_that_may_show(request.member, found) if may_propose else [],
        "form": form,
        "words": words,
        "written_in": dict(LANGUAGES).get(found.said.title_lang, ""),
        "here": "causes",
        "may_propose": may_propose,
        "may_improve": request.member.grants.may("improvements.propose"),
    }
    return render(request, "outer_loop/cause.html", context, status=422 if form.is_bound or words.is_bound else 200)
