"""/o/{organisation}/themes: the codebook: proposals to accept, themes to name, merge and correct."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luuppi.capture.models import FeedbackItem
from luuppi.errors import Refusal
from luuppi.meaning.correcting import ThemeOfItem, correct_themes
from luuppi.meaning.models import Theme, ThemeChange, ThemeProposal
from luuppi.meaning.passages import SPOKEN, questions_of
from luuppi.meaning.queries.codebook import ask_next, read_codebook, read_item_themes, read_theme, read_work
from luuppi.meaning.splitting import FEWEST_TO_SPLIT, split_theme
from luuppi.meaning.theming import (
    accept_proposal,
    add_theme,
    ask_for_proposals,
    dismiss_proposal,
    merge_themes,
    rename_theme,
    restore_theme,
    retire_theme,
)
from luuppi.meaning.undoing import take_back
from luuppi.people.web.membership import needs
from luuppi.running.ids import id_in
from luuppi.ui.toasts import say

FINENESS = {"fewer": 1.0, "usual": 2.0, "more": 4.0}


@needs("themes.read")
@require_GET
def themes(request: HttpRequest, organisation: str) -> HttpResponse:
    return _page(request)


@needs("themes.read")
@require_GET
def work(request: HttpRequest, organisation: str) -> HttpResponse:
    """GET …/themes/work: the part of the page that says what the software is at."""
    return render(request, "meaning/_work.html", {"work": read_work(request.organisation)})


@needs("themes.decide")
@require_POST
def add(request: HttpRequest, organisation: str) -> HttpResponse:
    return _act(request, lambda: add_theme(_names(request), by=request.member), _("Added."))


@needs("themes.propose")
@require_POST
def propose(request: HttpRequest, organisation: str) -> HttpResponse:
    fineness = FINENESS.get(request.POST.get("fineness", ""), 2.0)
    return _act(
        request,
        lambda: ask_for_proposals(by=request.member, fineness=fineness),
        _("The texts are being read. Proposals appear here in a minute or two."),
    )


@needs("themes.decide")
@require_POST
def settle(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """Accept (under a name, or into a theme that is there) or dismiss a proposal."""
    proposal = get_object_or_404(ThemeProposal.objects.visible_to(request.member), pk=pk)
    if request.POST.get("act") == "dismiss":
        return _act(request, lambda: dismiss_proposal(proposal, by=request.member), _("Dismissed."))
    into = id_in(request.POST.get("into", ""))
    theme = None if into is None else get_object_or_404(Theme.objects.visible_to(request.member).in_use(), pk=into)
    return _act(
        request,
        lambda: accept_proposal(proposal, by=request.member, names=_names(request), theme=theme),
        _("Accepted. The coding learns from it."),
    )


@needs("themes.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def theme(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """One theme of the codebook, to rename, merge, split or retire."""
    found = get_object_or_404(Theme.objects.visible_to(request.member).in_use(), pk=pk)
    if request.method != "POST":
        return _theme_page(request, found)
    act = request.POST.get("act")
    if act == "merge":
        other = get_object_or_404(Theme.objects.visible_to(request.member).in_use(), pk=id_in(request.POST.get("into", "")))
        words = _("Merged. What was about %(name)s is now about %(other)s.") % {"name": found.name, "other": other.name}
        return _act(request, lambda: merge_themes(found, into=other, by=request.member), words, of=found)
    if act == "split":
        return _act(
            request,
            lambda: split_theme(found, by=request.member),
            _("Its texts are being read. Parts of it appear among the proposals in a minute or two."),
            of=found,
        )
    if act == "retire":
        undo = reverse("theme_restoring", args=[organisation, pk])
        return _act(
            request,
            lambda: retire_theme(found, by=request.member),
            _("Retired: %(name)s. What was coded with it stays.") % {"name": found.name},
            of=found,
            undo_url=undo,
        )
    return _act(request, lambda: rename_theme(found, _names(request), by=request.member), _("Renamed."), of=found)


@needs("themes.decide")
@require_POST
def restoring(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """POST …/themes/{pk}/restoring: a theme that was retired is in use again."""
    found = get_object_or_404(Theme.objects.visible_to(request.member).filter(merged_into=None), pk=pk)
    return _act(request, lambda: restore_theme(found, by=request.member), _("In use again: %(name)s") % {"name": found.name})


@needs("themes.decide")
@require_POST
def undoing(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """POST …/themes/changes/{pk}/undoing: accepting, dismissing or merging is taken back."""
    change = get_object_or_404(ThemeChange.objects.visible_to(request.member), pk=pk)
    return _act(request, lambda: take_back(change, by=request.member), _("Taken back."))


@needs("themes.propose")
@require_GET
def next_texts(request: HttpRequest, organisation: str) -> HttpResponse:
    """The texts from which an answer teaches most; each leads to its item, where its themes are corrected."""
    language = request.GET.get("language") if request.GET.get("language") in SPOKEN else request.organisation.language[:2]
    return render(
        request,
        "meaning/next_texts.html",
        {"examples": ask_next(request.member, language), "language": language, "languages": SPOKEN, "here": "causes"},
    )


@needs("themes.propose")
@require_http_methods(["GET", "POST"])
def item_themes(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """The themes of one item; alone for htmx, and as a page of its own without script. POST corrects them."""
    item = get_object_or_404(FeedbackItem.objects.visible_to(request.member).not_gone().select_related("team", "reading"), pk=pk)
    if request.method == "POST":
        chosen = [one for one in request.POST.getlist("theme") if id_in(one) is not None]
        correct_themes(item, [_theme_of_item(request, item, one) for one in chosen], by=request.member)
        say(request, _("Thank you. The coding learns from it."))
        if not request.htmx:
            return redirect("item_themes", organisation, pk)
    context = {"item": item, "item_themes": read_item_themes(request.member, item), "here": "feedback"}
    return render(request, "meaning/_themes.html" if request.htmx else "meaning/item_themes.html", context)


def _theme_of_item(request: HttpRequest, item: FeedbackItem, theme: str) -> ThemeOfItem:
    """As the form has it: a tone, and the answers that the theme is in by their numbers."""
    asked, named = questions_of(item), set(request.POST.getlist(f"answer_{theme}"))
    answers = tuple(question for number, question in enumerate(asked) if str(number) in named)
    return ThemeOfItem(int(theme), {"-1": -1, "1": 1}.get(request.POST.get(f"polarity_{theme}", ""), 0), answers)


def _names(request: HttpRequest) -> dict[str, str]:
    return {language: request.POST.get(f"name_{language}", "") for language in SPOKEN}


def _act(request: HttpRequest, act, words: str, *, of: Theme | None = None, undo_url: str = "") -> HttpResponse:
    """of: the theme on whose page the act stands, where a refusal is shown. A change that `act` returns can be undone."""
    try:
        done = act()
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        return _theme_page(request, of, problem=str(refusal)) if of else _page(request, problem=str(refusal))
    if isinstance(done, ThemeChange):
        undo_url = reverse("theme_undoing", args=[request.organisation.slug, done.pk])
    say(request, words, undo_url=undo_url)
    return redirect("themes", request.organisation.slug)


def _theme_page(request: HttpRequest, found: Theme, problem: str = "") -> HttpResponse:
    names = _names(request) if problem else found.names
    context = {
        "one": read_theme(request.member, found),
        "problem": problem,
        "names": [(language, names.get(language, "")) for language in SPOKEN],
        "others": Theme.objects.visible_to(request.member).in_use().exclude(pk=found.pk).order_by("key"),
        "fewest_to_split": FEWEST_TO_SPLIT,
        "here": "causes",
    }
    return render(request, "meaning/theme.html", context, status=422 if problem else 200)


def _page(request: HttpRequest, problem: str = "") -> HttpResponse:
    grants = request.member.grants
    context = {
        "page": read_codebook(request.member),
        "problem": problem,
        "may_decide": grants.may("themes.decide"),
        "may_propose": grants.may("themes.propose"),
        "languages": SPOKEN,
        "here": "causes",
    }
    return render(request, "meaning/themes.html", context, status=422 if problem else 200)
