"""Bodies and answers of the API of cases."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict

from luuppi.capture.drafts import MAX_TEXT, clean_text
from luuppi.inner_loop.models import Case, Message
from luuppi.inner_loop.models.message import NOTE
from luuppi.meaning.passages import words_of

Said = Annotated[str, BeforeValidator(clean_text), Field(min_length=1, max_length=MAX_TEXT)]
Name = Annotated[str, BeforeValidator(clean_text), Field(min_length=1, max_length=254)]


class Act(Schema):
    """What every act may say: in whose name it is done."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)
    as_: Name | None = Field(
        None, alias="as", description="E-mail of the member who does it; left out, the token does.", examples=["mikko@example.com"]
    )


class CaseIn(Act):
    feedback: Name = Field(description="Id of the feedback item.", examples=["250309545313878016"])


class AssignmentIn(Act):
    to: Name | None = Field(None, description="E-mail of the member who gets the case.", examples=["mikko@example.com"])
    team: Name | None = Field(None, description="Key of the team whose queue gets it.", examples=["phones"])


class AnswerIn(Act):
    text: Said = Field(examples=["Olen pahoillani. Uusi paketti on sinulla perjantaina."])
    promised_on: date | None = Field(None, description="A day promised to the customer; kept like a clock.", examples=["2026-11-27"])
    public: Literal[False] = Field(False, description="Answers are private.")


class NoteIn(Act):
    text: Said = Field(examples=["Soitin, ei vastausta."])


class EscalationIn(Act):
    reason: Said = Field(examples=["Hyvitys ylittää valtuuteni."])
    to: Name | None = Field(None, description="E-mail of the member who is asked to step in.", examples=["sari@example.com"])


class ClosureIn(Act):
    outcome: Literal["solved", "partly", "cannot_be_changed", "not_ours"] = "solved"
    text: Said | None = Field(
        None, description="What the customer is told; needed where no answer was sent before.", examples=["Palautin toimitusmaksun."]
    )
    not_told_because: Literal["anonymous", "opted_out", "abusive"] | None = None


class ConfirmationOut(Schema):
    solved: bool
    at: datetime
    ces: int | None
    new_nps: int | None
    will_stay: bool | None


class CaseOut(Schema):
    number: str
    state: str
    priority: int
    team: str
    owner: str | None
    touchpoint: str | None
    customer: str | None
    wants_contact: bool
    feedback: list[str]
    opened_at: datetime
    due_at: datetime | None
    promised_on: date | None
    answered_at: datetime | None
    escalated_at: datetime | None
    escalated_because: str | None
    closed_at: datetime | None
    outcome: str | None
    not_told_because: str | None
    reopened_count: int
    confirmation: ConfirmationOut | None


class MessageOut(Schema):
    id: str
    direction: str
    text: str
    by: str
    at: datetime
    state: str | None
    promised_on: date | None


class WordsOut(Schema):
    id: str
    kind: str
    text: str
    masked: bool


class CaseWithTalk(CaseOut):
    words: list[WordsOut]
    messages: list[MessageOut]


class CaseList(Schema):
    items: list[CaseOut]
    next: str | None


def case_out(case: Case) -> dict:
    """The case must come with team, owner__user, touchpoint, customer, case_items and confirmations loaded."""
    confirmation = max(case.confirmations.all(), key=lambda one: one.closing, default=None)
    return {
        "number": str(case.number),
        "state": case.state,
        "priority": case.priority,
        "team": case.team.key,
        "owner": case.owner.user.email if case.owner else None,
        "touchpoint": case.touchpoint.key if case.touchpoint else None,
        "customer": str(case.customer_id) if case.customer_id else None,
        "wants_contact": case.wants_contact,
        "feedback": [str(link.item_id) for link in sorted(case.case_items.all(), key=lambda link: link.item_id)],
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "promised_on": case.promised_on,
        "answered_at": case.first_answered_at,
        "escalated_at": case.escalated_at,
        "escalated_because": case.escalated_because if case.escalated_at and case.escalated_because else None,
        "closed_at": case.closed_at,
        "outcome": case.outcome or None,
        "not_told_because": case.not_told_because or None,
        "reopened_count": case.reopened_count,
        "confirmation": confirmation and {name: getattr(confirmation, name) for name in ("solved", "at", "ces", "new_nps", "will_stay")},
    }


def message_out(message: Message) -> dict:
    state = None if message.direction == NOTE else "perhaps_sent" if message.perhaps_sent else message.state
    return {
        "id": str(message.pk),
        "direction": message.direction,
        "text": message.text,
        "by": message.by,
        "at": message.at,
        "state": state,
        "promised_on": message.promised_on,
    }


def words_out(item, *, full: bool) -> dict:
    reading = getattr(item, "reading", None)
    text = words_of(item) if full else (reading.masked_text if reading else "")
    return {"id": str(item.pk), "kind": item.kind, "text": text, "masked": not full}
