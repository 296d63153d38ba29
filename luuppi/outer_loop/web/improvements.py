"""/o/{organisation}/improvements: the board, one improvement, and the acts on it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luuppi.capture.drafts import clean_text
from luuppi.capture.models import FeedbackItem, Touchpoint
from luuppi.errors import Refusal
from luuppi.outer_loop.authority import may_work_on
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.measuring import ask_for_reading
from luuppi.outer_loop.models import CauseEvidence, Improvement, RootCause
from luuppi.outer_loop.parts import render_parts
from luuppi.outer_loop.proposing import Plan, add_items, change_plan, propose_improvement
from luuppi.outer_loop.queries.board import read_board
from luuppi.outer_loop.queries.effect_words import draw_effect, explain, say_verdict
from luuppi.outer_loop.queries.improvement_page import find_improvement, read_improvement
from luuppi.outer_loop.web.forms import DecisionForm, ItemsForm, PlanForm, ProposalForm, TextsForm
from luuppi.outer_loop.web.item_codes import ids_of_codes
from luuppi.outer_loop.working import complete_improvement, start_improvement
from luuppi.people.models import Member
from luuppi.people.web.membership import needs
from luuppi.running.ids import id_in
from luuppi.ui.toasts import say


@needs("improvements.read")
@require_GET
def board(request: HttpRequest, organisation: str) -> HttpResponse:
    chosen = {
        "type": request.GET.get("type", ""),
        "touchpoint": clean_text(request.GET.get("touchpoint", "")),
        "mine": request.GET.get("mine") == "1",
    }
    lanes = read_board(request.member, **chosen)
    n_waiting = next(lane.n for lane in lanes if lane.state == Improvement.PROPOSED)
    context = {
        "lanes": lanes,
        "chosen": chosen,
        "n": sum(lane.n for lane in lanes),
        "n_waiting": n_waiting,
        "n_open": sum(lane.n for lane in lanes if lane.state != Improvement.DECLINED),
        "types": Improvement.TYPES,
        "may_propose": request.member.grants.may("improvements.propose"),
        "may_own": request.member.grants.may("improvements.own"),
    }
    return render(request, "outer_loop/improvements.html", context)


@needs("improvements.propose")
@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, organisation: str) -> HttpResponse:
    asked = request.GET
    initial = {
        "root_causes": asked.getlist("cause"),
        "because_of": " ".join([*asked.getlist("item"), *_evidence_of(request.member, asked.getlist("cause"))]),
        "touchpoint": asked.get("touchpoint", ""),
        "title": asked.get("title", ""),
    }
    form = ProposalForm(request.POST or None, initial=initial)
    touchpoints = {t.key: t for t in Touchpoint.objects.visible_to(request.member).order_by("key")}
    form.fields["touchpoint"].choices = [("", _("The one most of the feedback is about")), *((key, t.name) for key, t in touchpoints.items())]
    form.fields["root_causes"].choices = [(str(cause.pk), str(cause)) for cause in RootCause.objects.visible_to(request.member).order_by("-id")[:50]]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = propose_improvement(
                said["title"],
                type=said["type"],
                by=request.member,
                description=said["description"],
                because_of=ids_of_codes(request.member, said["because_of"]),
                root_causes=[int(one) for one in said["root_causes"]],
                touchpoint=touchpoints.get(said["touchpoint"]),
            )
        except Refusal as refusal:
            form.add_error("because_of" if refusal.code == "unknown-feedback" else None, str(refusal))
        else:
            say(request, _("Proposed. It waits for a decision."))
            return redirect("improvement", organisation, made.number)
    return render(request, "outer_loop/proposal.html", {"form": form, "here": "improvements"}, status=422 if form.is_bound else 200)


@needs("improvements.read")
@require_GET
def improvement(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    return _page(request, number)


@needs("improvements.decide")
@require_POST
def decision(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """POST …/decision, from the improvement's page."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, number, decision_form=form)
    accepted = form.cleaned_data["accepted"] == "yes"
    return _act(
        request,
        number,
        lambda one: decide_improvement(one, accepted=accepted, reason=form.cleaned_data["reason"], by=request.member),
        _("Decided."),
    )


@needs("improvements.read")
@require_POST
def start(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    return _act(request, number, lambda one: start_improvement(one, by=request.member), _("Work has begun."))


@needs("improvements.read")
@require_POST
def completion(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    form = TextsForm(request.POST, name="done")
    if form.is_valid() and not form.texts():
        form.add_error(None, _("Say in one language at least what is different now: the givers will read it."))
    if not form.is_valid():
        return _page(request, number, done_form=form)
    return _act(
        request,
        number,
        lambda one: complete_improvement(one, by=request.member, text=form.texts()),
        _("Done. The message to the givers is drafted."),
    )


@needs("improvements.read")
@require_POST
def plan(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    form = _plan_form(request, find_improvement(request.member, number), request.POST)
    if not form.is_valid():
        return _page(request, number, plan_form=form)
    said = form.cleaned_data
    people = {str(member.pk): member for member in Member.objects.visible_to(request.member)}
    new = Plan(
        owner=people.get(said.get("owner", "")),
        sponsor=people.get(said.get("sponsor", "")),
        due_on=said.get("due_on"),
        people_needed=said.get("people_needed"),
        time_needed=said.get("time_needed"),
        money_eur=said.get("money_eur"),
    )
    return _act(request, number, lambda one: change_plan(one, new, by=request.member), _("Saved."))


@needs("improvements.propose")
@require_POST
def items(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    form = ItemsForm(request.POST)
    if not form.is_valid():
        return _page(request, number, items_form=form)
    return _act(request, number, lambda one: add_items(one, ids_of_codes(request.member, form.cleaned_data["items"]), by=request.member), _("Added."))


@needs("improvements.measure")
@require_POST
def reading(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    return _act(request, number, lambda one: ask_for_reading(one, by=request.member), _("The effect is being read. Reload in a moment."))


def _act(request: HttpRequest, number: int, act: Callable[[Improvement], object], words: str) -> HttpResponse:
    """Do the act and go back to the page; a refusal of what was typed stays on the page."""
    found = find_improvement(request.member, number)
    try:
        act(found)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        return _page(request, number, problem=str(refusal))
    say(request, words)
    return redirect("improvement", request.organisation.slug, number)


def _evidence_of(who, causes: list[str]) -> list[str]:
    """Reference codes of the feedback that shows these causes, the newest hundred: it stands behind what is proposed to mend them."""
    known = [number for pk in causes if (number := id_in(pk)) is not None]
    shown = CauseEvidence.objects.filter(cause__in=RootCause.objects.visible_to(who).filter(pk__in=known)).values("item")
    return [item.reference for item in FeedbackItem.objects.visible_to(who).not_gone().filter(pk__in=shown).order_by("-id")[:100]]


def _page(request: HttpRequest, number: int, *, problem: str = "", **forms) -> HttpResponse:
    page = read_improvement(request.member, number)
    one, grants = page.improvement, request.member.grants
    path = one.team.path
    may = {
        "decide": one.state == Improvement.PROPOSED and grants.may("improvements.decide", path),
        "start": one.state == Improvement.ACCEPTED and may_work_on(request.member, one),
        "finish": one.state in (Improvement.ACCEPTED, Improvement.UNDER_WAY) and may_work_on(request.member, one),
        "plan": not one.is_settled and (may_work_on(request.member, one) or grants.may("improvements.money", path)),
        "add": one.state != Improvement.DECLINED and grants.may("improvements.propose", path),
        "measure": one.state == Improvement.DONE and grants.may("improvements.measure", path),
    }
    context = {
        "page": page,
        "improvement": one,
        "may": may,
        "problem": problem,
        "verdict": say_verdict(page.reading, one),
        "explanation": explain(page.reading, one),
        "chart": draw_effect(page.reading, one),
        "parts": render_parts(one, request),
        "here": "improvements",
        "decision_form": forms.get("decision_form") or DecisionForm(),
        "done_form": forms.get("done_form") or TextsForm(name="done"),
        "plan_form": forms.get("plan_form") or _plan_form(request, one),
        "items_form": forms.get("items_form") or ItemsForm(),
    }
    return render(request, "outer_loop/improvement.html", context, status=422 if problem or forms else 200)


def _plan_form(request: HttpRequest, one: Improvement, data=None) -> PlanForm:
    initial = {
        "owner": one.owner_id or "",
        "sponsor": one.sponsor_id or "",
        "due_on": one.due_on,
        "people_needed": one.people_needed,
        "time_needed": one.time_needed,
        "money_eur": one.money_eur,
    }
    form = PlanForm(data, initial=initial)
    people = [("", _("Nobody yet")), *((str(m.pk), m.name) for m in Member.objects.visible_to(request.member).order_by("name"))]
    form.fields["owner"].choices = form.fields["sponsor"].choices = people
    if not request.member.grants.may("improvements.money", one.team.path):
        del form.fields["money_eur"]
    if not may_work_on(request.member, one):
        form.fields = {name: field for name, field in form.fields.items() if name == "money_eur"}
    return form
