"""The pages of people who have no account: the open feedback form, the survey by link, thanks. No script, no cookie, no session.

They need no CSRF token: they act for nobody who is signed in, and the form's own token makes a repeated send the same sending.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from luuppi.capture.drafts import FeedbackIn
from luuppi.capture.forms import FeedbackForm, ScoreForm, WhyForm
from luuppi.capture.models import FeedbackItem, Survey, SurveyDraft, Touchpoint
from luuppi.capture.places import touchpoints
from luuppi.capture.sending import new_sending, send
from luuppi.capture.surveying import finish, save_score
from luuppi.capture.tracking_links import is_genuine, item_id_in, token_of
from luuppi.people.models import Organisation
from luuppi.people.web.membership import public_page, stand_in
from luuppi.running.patience import StoreIsBusy

_SCORES = {str(score) for score in range(11)}
WAS_SLOW = "luuppi.was_slow"  # of the WSGI environ: the short path has waited for the store already, and this is what it said


@csrf_exempt
@public_page
@require_http_methods(["GET", "POST"])
def feedback_form(request: HttpRequest, organisation: str) -> HttpResponse:
    """/f/{organisation}: complaint, praise, idea or question, in under a minute on a phone."""
    here = request.organisation
    key = request.GET.get("touchpoint", "")
    if request.method == "GET":
        return _page(request, "capture/form.html", FeedbackForm(initial={"sending": new_sending()}), touchpoint=_touchpoint(here, key))
    form = FeedbackForm(request.POST)
    if form.is_valid():
        try:
            if slow := request.META.get(WAS_SLOW):
                raise slow
            item_id = send_form(form.cleaned_data, organisation=here, touchpoint=key, language=request.language, looks_automatic=form.looks_automatic)
        except ValidationError:
            form.add_error("text", _nothing())
        except StoreIsBusy as busy:
            return _page(request, "capture/form.html", form, touchpoint=_touchpoint(here, key), busy=str(busy), status=503)
        else:
            return _thanks(item_id)
    return _page(request, "capture/form.html", form, touchpoint=_touchpoint(here, key), status=422)


def send_form(said: dict, *, organisation: Organisation, touchpoint: str, language: str, looks_automatic: bool = False) -> int:
    """Store what a form that is right says; returns the item's id. Raises StoreIsBusy, and ValidationError when it says nothing."""
    item = _item(said, language, touchpoint if touchpoint in touchpoints(organisation, {touchpoint}) else None)
    return send(item, organisation=organisation, channel="form", sending=said["sending"], by="customer", looks_automatic=looks_automatic)


def _touchpoint(organisation, key: str) -> Touchpoint | None:
    return Touchpoint.objects.filter(organisation=organisation, key=key).first() if key else None


def _item(said: dict, language: str, touchpoint: str | None) -> FeedbackIn:
    way = said["contact"]
    customer = {name: said[name] for name in ("email", "phone") if said.get(name)} if way != "no" else None
    return FeedbackIn(
        kind=said["kind"], text=said["text"], language=language, touchpoint=touchpoint,
        customer=customer, wants_contact=way != "no", contact_by=way if way != "no" else None,
    )  # fmt: skip


def _nothing():
    return FeedbackForm.base_fields["text"].error_messages["required"]


@csrf_exempt
@public_page
@require_http_methods(["GET", "POST"])
def survey_score(request: HttpRequest, key: str) -> HttpResponse:
    """/s/{survey}: page one, the score. `?score=` chooses beforehand and never records: mail scanners open every link."""
    survey = _survey(request, key)
    if request.method == "GET":
        chosen = request.GET.get("score", "")
        return _page(
            request,
            "capture/survey_score.html",
            ScoreForm(initial={"sending": new_sending(), "score": int(chosen) if chosen in _SCORES else None}),
            survey=survey,
        )
    form = ScoreForm(request.POST)
    if not form.is_valid():
        return _page(request, "capture/survey_score.html", form, survey=survey, status=422)
    try:
        draft = save_score(
            survey,
            token=form.cleaned_data["sending"],
            score=form.cleaned_data["score"],
            language=request.language,
            looks_automatic=form.looks_automatic,
        )
    except StoreIsBusy as busy:
        return _page(request, "capture/survey_score.html", form, survey=survey, busy=str(busy), status=503)
    return redirect(reverse("survey_why", args=[key, draft.token]), preserve_request=False)


@csrf_exempt
@public_page
@require_http_methods(["GET", "POST"])
def survey_why(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """/s/{survey}/{token}: page two, the why, worded by the score."""
    survey = _survey(request, key)
    draft = get_object_or_404(SurveyDraft.objects.select_related("survey__organisation", "survey__touchpoint"), survey=survey, token=token)
    if request.method == "GET":
        return _page(
            request,
            "capture/survey_why.html",
            WhyForm(initial={"sending": token}),
            survey=survey,
            draft=draft,
            score=draft.answers["score"],
        )
    form = WhyForm(request.POST)
    if form.is_valid():
        try:
            item_id = finish(draft, why=form.cleaned_data["why"].strip(), email=form.cleaned_data["email"])
        except StoreIsBusy as busy:
            return _page(
                request,
                "capture/survey_why.html",
                form,
                survey=survey,
                draft=draft,
                score=draft.answers["score"],
                busy=str(busy),
                status=503,
            )
        return _thanks(item_id)
    return _page(request, "capture/survey_why.html", form, survey=survey, draft=draft, score=draft.answers["score"], status=422)


def _survey(request: HttpRequest, key: str) -> Survey:
    survey = get_object_or_404(Survey.objects.select_related("organisation", "touchpoint"), key=key, is_open=True)
    stand_in(request, survey.organisation)
    return survey


@public_page
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """/t/{token}/thanks: it has arrived; the reference, what happens next and when, and the way to the tracking page."""
    item = FeedbackItem.objects.select_related("organisation", "progress").filter(pk=item_id_in(token)).first()
    if item is None or not is_genuine(token, counter=item.link_counter):
        raise Http404
    stand_in(request, item.organisation)
    return _private(
        render(
            request,
            "capture/thanks.html",
            {"item": item, "token": token, "wants_answer": item.wants_contact or item.kind in ("complaint", "question"), "noindex": True},
        )
    )


def _thanks(item_id: int) -> HttpResponse:
    response = redirect("thanks", token_of(item_id))
    response.status_code = 303
    return _private(response)


def _page(request: HttpRequest, template: str, form, *, status: int = 200, **context) -> HttpResponse:
    """A form's address holds no secret, so the browser may keep its page: Back leads to what was typed, also to a form that was refused."""
    response = render(request, template, {"form": form, **context}, status=status)
    response["Cache-Control"] = "private, no-cache"
    if status == 503:
        response["Retry-After"] = "5"
    return response


def _private(response: HttpResponse) -> HttpResponse:
    """The address holds a secret: it goes to nobody else, and nothing keeps it."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
