"""A survey by link: the score is kept when its page is sent, the item is made with the last page or after 30 idle minutes."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from luuppi.capture.committing import receive_one
from luuppi.capture.drafts import AnswerIn, CustomerIn, Draft, FeedbackIn, ScoresIn
from luuppi.capture.models import FeedbackItem, Survey, SurveyDraft, Touchpoint
from luuppi.capture.models.imports import ROOT_PATH
from luuppi.capture.receiving import BAD, NEW
from luuppi.capture.sending import add, hold
from luuppi.errors import NotAllowed
from luuppi.people.models import Organisation
from luuppi.running import patience

IDLE = timedelta(minutes=30)


@transaction.atomic
def save_score(survey: Survey, *, token: str, score: int, language: str, looks_automatic: bool = False) -> SurveyDraft:
    """Keep the score of page one. Sending the page again changes the draft as long as no item was made of it."""
    now = timezone.now()
    draft, _made = SurveyDraft.objects.get_or_create(
        survey=survey, token=token, defaults={"language": language, "started_at": now, "updated_at": now}
    )
    if draft.item_id is None:
        draft.answers = {**draft.answers, "score": score} | ({"automatic": True} if looks_automatic else {})
        draft.language, draft.updated_at = language, now
        draft.save(update_fields=["answers", "language", "updated_at"])
    return draft


def finish(draft: SurveyDraft, *, why: str = "", email: str = "") -> int:
    """Make the item of a draft, once; returns its id. Words and an address that come after that are an addition to it. Raises StoreIsBusy."""
    later = "\n".join(filter(None, (why, email)))
    if draft.item_id is not None:
        if later:
            add(FeedbackItem.objects.get(pk=draft.item_id), later, by="customer")
        return draft.item_id
    survey = draft.survey
    item = FeedbackIn(
        kind="survey",
        scores=ScoresIn(**{survey.measure: draft.answers["score"]}),
        text=why or None,
        answers=[AnswerIn(question="why", value=why)] if why else None,
        language=draft.language,
        touchpoint=survey.touchpoint.key if survey.touchpoint else None,
        customer=CustomerIn(email=email) if email else None,
        wants_contact=bool(email),
        contact_by="email" if email else None,
        attributes={"survey": survey.key, "survey_version": survey.version},
        occurred_at=draft.updated_at,
    )
    sent = Draft(item, channel="survey", source=f"survey {survey.key}", key=f"survey:{draft.token}", acknowledged=True)
    received = receive_one(sent, organisation=survey.organisation, by="customer", within=patience.OF_A_PERSON)
    with transaction.atomic():
        SurveyDraft.objects.filter(pk=draft.pk).update(item_id=received.item_id)
    if received.status == BAD and later:  # finished by the clock a moment ago, now with words
        add(FeedbackItem.objects.get(pk=received.item_id), later, by="customer")
    if draft.answers.get("automatic") and received.status == NEW:
        hold(received.item_id, survey.organisation, reason="honeypot")
    return received.item_id


def finish_idle() -> int:
    """Make items of drafts that nobody has touched for half an hour: a score without a why is an answer too."""
    idle = SurveyDraft.objects.select_related("survey__organisation", "survey__touchpoint").filter(item_id=None, updated_at__lt=timezone.now() - IDLE)
    n = 0
    for draft in idle.order_by("updated_at")[:1_000]:
        finish(draft)
        n += 1
    return n


@transaction.atomic
def create_survey(organisation: Organisation, *, name: str, touchpoint: Touchpoint | None, by: Any) -> Survey:
    """An NPS survey with a link of its own, open at once. Raises NotAllowed."""
    _check(by, organisation, touchpoint)
    return Survey.objects.create(
        organisation=organisation, key=secrets.token_urlsafe(8).lower().replace("_", "-").strip("-"), name=name, touchpoint=touchpoint
    )


@transaction.atomic
def open_survey(survey: Survey, *, is_open: bool, by: Any) -> None:
    """Open the link or close it. Answers that are on their way when it closes still become items. Raises NotAllowed."""
    _check(by, survey.organisation, survey.touchpoint)
    Survey.objects.filter(pk=survey.pk).update(is_open=is_open)


def _check(by: Any, organisation: Organisation, touchpoint: Touchpoint | None) -> None:
    path = touchpoint.team.path if touchpoint else ROOT_PATH
    if (
        by.organisation_id != organisation.pk
        or (touchpoint and touchpoint.organisation_id != organisation.pk)
        or not by.grants.may("settings.work", path)
    ):
        raise NotAllowed()
