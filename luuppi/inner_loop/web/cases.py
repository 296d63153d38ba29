"""The queues and the page of a case, and the acts that are done there. Every act is a POST that leads back to the case."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from luuppi.capture.wording import CHANNEL_NAMES, KIND_ICONS, KIND_NAMES
from luuppi.errors import Refusal
from luuppi.inner_loop import advising, answering, assigning, closing, escalating, noting, reopening
from luuppi.inner_loop.models import Case, Message
from luuppi.inner_loop.queries import case_page, queue
from luuppi.inner_loop.web.forms import AnswerForm, AssignmentForm, ClosureForm, EscalationForm, NoteForm
from luuppi.people.models import Member, Team
from luuppi.people.web.membership import needs
from luuppi.running.ids import id_in, new_id
from luuppi.ui.toasts import say

_ROWS_BESIDE_A_CASE = 12


@needs("cases.read")
@require_safe
def cases(request: HttpRequest, organisation: str) -> HttpResponse:
    """GET /o/{organisation}/cases?queue=&touchpoint=&cursor="""
    chosen = _queue(request)
    found = queue.read_queue(
        request.member, queue=chosen, at=timezone.now(), cursor=request.GET.get("cursor", ""), touchpoint=request.GET.get("touchpoint", "")
    )
    return render(
        request,
        "inner_loop/cases.html",
        {"queue": found, "tabs": _tabs(organisation, found), "first_page": not request.GET.get("cursor"), "most": queue.COUNTED_TO},
    )


@needs("cases.read")
@require_safe
def case(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """GET /o/{organisation}/cases/{number}: the case, and on a wide screen the queue beside it."""
    return _page(request, _find(request, number))


@needs("cases.read")
@require_POST
def assignment(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """POST …/assignment: take (nothing sent), or move to a colleague or a team."""
    found = _find(request, number)
    to = request.POST.get("to", "")

    def act() -> HttpResponse:
        if not to:
            assigning.take_case(found, by=request.member)
            say(request, _("The case is yours now"))
            return _back(request, found)
        kind, pk = to.partition(":")[::2]
        receiver = _receiver(request, kind, pk)
        if isinstance(receiver, Member):
            assigning.assign_case(found, to=receiver, by=request.member)
        else:
            assigning.move_to_team(found, team=receiver, by=request.member)
        say(request, _("Moved: %(name)s") % {"name": receiver.name}, undo_url=_url("case_assignment_undo", found))
        still_here = Case.objects.visible_to(request.member).filter(pk=found.pk).exists()
        return _back(request, found) if still_here else redirect("cases", organisation)

    return _try(request, found, act)


@needs("cases.read")
@require_POST
def assignment_undo(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """POST …/assignment/undo: who gave it away by mistake has it back, also from a team whose cases they do not see."""
    found = Case.objects.filter(organisation=request.organisation, number=number).first()
    if found is None:
        raise Http404
    try:
        assigning.take_back_move(found, by=request.member)
    except Refusal as refusal:
        found = _find(request, number)
        messages.error(request, str(refusal))
        return _page(request, found, status=refusal.status)
    say(request, _("The case is back where it was"))
    return _back(request, found) if Case.objects.visible_to(request.member).filter(pk=found.pk).exists() else redirect("cases", organisation)


@needs("cases.read")
@require_POST
def answers(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """POST …/answers: the answer leaves in ten seconds. With `check` it is only read through."""
    found = _find(request, number)
    form = AnswerForm(request.POST)
    if "check" in request.POST:
        return _page(request, found, answer_form=AnswerForm(initial=request.POST.dict()), advice=advising.advise(found, request.POST.get("text", "")))
    if not form.is_valid():
        return _page(request, found, answer_form=form, status=422)

    def act() -> HttpResponse:
        said = form.cleaned_data
        message = answering.write_answer(found, text=said["text"], promised_on=said["promised_on"], key=said["key"], by=request.member)
        if message.state == "queued":
            say(request, _("The answer leaves in ten seconds"), undo_url=_url("case_answer_undo", found, message.pk))
        else:
            say(request, _("The answer is on the tracking page"))
        return _back(request, found)

    return _try(request, found, act, answer_form=form)


@needs("cases.read")
@require_POST
def answer_undo(request: HttpRequest, organisation: str, number: int, message: int) -> HttpResponse:
    """POST …/answers/{message}/undo: it never leaves, and its text is in the editor again."""
    found = _find(request, number)

    def act() -> HttpResponse:
        written = _message(request, found, message)
        text = answering.take_back_answer(written, by=request.member)
        messages.success(request, _("The answer was taken back"))
        return _page(
            request,
            _find(request, number),
            answer_form=AnswerForm(initial={"text": text, "promised_on": written.promised_on, "key": _key()}),
        )

    return _try(request, found, act)


@needs("cases.read")
@require_POST
def answer_settle(request: HttpRequest, organisation: str, number: int, message: int, how: str) -> HttpResponse:
    """POST …/answers/{message}/again or /arrived: what to do about one that failed, or of which nobody knows."""
    found = _find(request, number)
    settle = {"again": answering.send_again, "arrived": answering.count_as_sent}[how]

    def act() -> HttpResponse:
        settle(_message(request, found, message), by=request.member)
        return _back(request, found)

    return _try(request, found, act)


@needs("cases.read")
@require_POST
def notes(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """POST …/notes"""
    found = _find(request, number)
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        return _page(request, found, note_form=form, status=422)

    def act() -> HttpResponse:
        noting.write_note(found, text=form.cleaned_data["text"], key=form.cleaned_data["key"], by=request.member)
        return _back(request, found)

    return _try(request, found, act, note_form=form)


@needs("cases.read")
@require_POST
def escalation(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """POST …/escalation"""
    found = _find(request, number)
    form = EscalationForm(request.POST, prefix="escalation", colleagues=case_page.colleagues_of(found))
    if not form.is_valid():
        return _page(request, found, escalation_form=form, status=422)

    def act() -> HttpResponse:
        said = form.cleaned_data
        escalating.escalate_case(found, reason=said["reason"], to=said["to"], key=said["key"], by=request.member)
        say(request, _("Help was asked for. The case stays with its owner."))
        return _back(request, found)

    return _try(request, found, act, escalation_form=form)


@needs("cases.read")
@require_POST
def closure(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """POST …/closure: the customer is told and asked; undo opens it again before anything has left."""
    found = _find(request, number)
    form = ClosureForm(request.POST, prefix="closure")
    if not form.is_valid():
        return _page(request, found, closure_form=form, status=422)

    def act() -> HttpResponse:
        closing.close_case(found, by=request.member, **form.cleaned_data)
        say(request, _("The case is closed"), undo_url=_url("case_reopening", found))
        return _back(request, found)

    return _try(request, found, act, closure_form=form)


@needs("cases.read")
@require_POST
def opening_again(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """POST …/reopening"""
    found = _find(request, number)

    def act() -> HttpResponse:
        reopening.reopen_case(found, by=request.member)
        say(request, _("The case is open again"))
        return _back(request, found)

    return _try(request, found, act)


@needs("cases.read")
@require_POST
def advice(request: HttpRequest, organisation: str, number: int) -> HttpResponse:
    """POST …/advice: the part beside the editor, while one writes."""
    found = _find(request, number)
    return render(
        request,
        "inner_loop/_advice.html",
        {"advice": advising.advise(found, request.POST.get("text", "")), "regret_is_owed": advising.owes_regret(found)},
    )


# --- what the acts share --------------------------------------------------------------------------------------------------------


def _find(request: HttpRequest, number: int) -> Case:
    found = case_page.find_case(request.member, number)
    if found is None:
        raise Http404
    return found


def _message(request: HttpRequest, found: Case, pk: int) -> Message:
    message = Message.objects.visible_to(request.member).select_related("case", "outgoing").filter(case=found, pk=pk).first()
    if message is None:
        raise Http404
    return message


def _receiver(request: HttpRequest, kind: str, pk: str) -> Member | Team:
    model = {"member": Member, "team": Team}.get(kind)
    if model is None or (number := id_in(pk)) is None:
        raise Http404
    found = model.objects.visible_to(request.member).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _try(request: HttpRequest, found: Case, act: Callable[[], HttpResponse], **kept: Any) -> HttpResponse:
    """A refusal is said on the page of the case, with what was written still in its form."""
    try:
        return act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _page(request, _find(request, found.number), status=refusal.status, **kept)


def _back(request: HttpRequest, found: Case) -> HttpResponse:
    return redirect(f"{_url('case', found)}{_query(request)}")


def _page(request: HttpRequest, found: Case, *, status: int = 200, **kept: Any) -> HttpResponse:
    page = case_page.read_case_page(found, request)
    beside = queue.read_queue(request.member, queue=_queue(request, found), at=timezone.now(), limit=_ROWS_BESIDE_A_CASE)
    text = kept["answer_form"]["text"].value() if "answer_form" in kept else ""
    following = queue.next_after(request.member, at=timezone.now()) if found.is_closed else None
    context = {
        "page": page,
        "case": found,
        "queue": beside,
        "tabs": _tabs(found.organisation.slug, beside),
        "next_number": following,
        "query": _query(request),
        "flush": True,
        "here": "cases",
        "kind_name": KIND_NAMES[page.lead.kind],
        "kind_icon": KIND_ICONS[page.lead.kind],
        "channel_name": CHANNEL_NAMES[page.lead.channel],
        "answer_form": AnswerForm(initial={"key": _key()}),
        "note_form": NoteForm(prefix="note", initial={"key": _key()}),
        "closure_form": ClosureForm(prefix="closure", initial={"key": _key()}),
        "assignment_form": AssignmentForm(colleagues=page.colleagues, teams=page.teams),
        "escalation_form": EscalationForm(prefix="escalation", initial={"key": _key()}, colleagues=page.colleagues),
        "regret_is_owed": advising.owes_regret(found),
        "advice": advising.advise(found, text or ""),
    }
    return render(request, "inner_loop/case.html", context | kept, status=status)


def _queue(request: HttpRequest, found: Case | None = None) -> str:
    """The queue that the address names; else the one that the case is in, or own cases, or the team's for who has none."""
    asked = request.GET.get("queue", "")
    if asked in queue.QUEUES:
        return asked
    if found is not None:
        beside = {"waiting": queue.WAITING_FOR_CUSTOMER, "closed": queue.DONE}
        return beside.get(found.state) or (queue.MINE if found.owner_id == request.member.pk else queue.TEAM)
    return queue.MINE if queue.n_to_do(request.member) else queue.TEAM


def _query(request: HttpRequest) -> str:
    asked = request.GET.get("queue", "")
    return f"?queue={asked}" if asked in queue.QUEUES else ""


def _tabs(organisation: str, found: queue.Queue) -> list[dict[str, Any]]:
    names = {
        queue.MINE: pgettext("queue", "Mine"), queue.TEAM: pgettext("queue", "The team's"), queue.WAITING_FOR_CUSTOMER: pgettext("queue", "Waiting"),
        queue.LATE: pgettext("queue", "Late"), queue.DONE: pgettext("queue", "Closed"),
    }  # fmt: skip
    counts = {queue.MINE: found.n_mine, queue.LATE: found.n_late}
    address = reverse("cases", args=[organisation])
    return [{"name": name, "url": f"{address}?queue={key}", "on": key == found.queue, "n": _counted(counts.get(key))} for key, name in names.items()]


def _counted(n: int | None) -> str:
    if not n:
        return ""
    return f"{queue.COUNTED_TO}+" if n > queue.COUNTED_TO else str(n)


def _url(name: str, found: Case, *more: Any) -> str:
    return reverse(name, args=[found.organisation.slug, found.number, *more])


def _key() -> str:
    return f"page-{new_id()}"
