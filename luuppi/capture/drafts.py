"""A draft: one feedback item as sent, checked, before it is stored. Every door makes drafts; `receiving.receive` stores them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

MAX_TEXT = 50_000
CLOCK_TOLERANCE = timedelta(minutes=5)
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
# Control characters but for line breaks and tabs, and the signs that turn the direction of the text around them.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2060\ufeff\ufff9-\ufffb]")

# One address that a letter can be sent to, and no list of them: without the signs that part addresses in a header, and no dots in a row.
_ONE_ADDRESS = r"""^[^@\s,;:<>()\[\]\\"]+@[^@\s,;:<>()\[\]\\".]+(\.[^@\s,;:<>()\[\]\\".]+)+$"""


def clean_text(value: Any) -> Any:
    """The text without control characters and direction tricks, in NFC, with plain line breaks. Other types pass through."""
    if not isinstance(value, str):
        return value
    if value.isprintable() and unicodedata.is_normalized("NFC", value):  # nothing unseen in it: the usual cell and name
        return value.strip()
    value = value.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate cannot be stored
    return unicodedata.normalize("NFC", _UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))).strip()


# The limits stand before the cleaning in each list: so pydantic checks them in its own code, after the cleaning all the same.
LongText = Annotated[str, Field(max_length=MAX_TEXT), BeforeValidator(clean_text)]
Short = Annotated[str, Field(max_length=200), BeforeValidator(clean_text)]
ShortName = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(clean_text)]


class CustomerIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    external_id: ShortName | None = None
    email: Annotated[str, Field(max_length=254, pattern=_ONE_ADDRESS), BeforeValidator(clean_text)] | None = None
    phone: Annotated[str, Field(max_length=32, pattern=r"^\+?[0-9 ()-]{5,31}$"), BeforeValidator(clean_text)] | None = None
    name: Short | None = None


class ScoresIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    nps: Annotated[int, Field(ge=0, le=10, strict=True)] | None = None
    csat: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    ces: Annotated[int, Field(ge=1, le=7, strict=True)] | None = None


class AnswerIn(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)  # no JSON: the store would refuse it for ever
    question: ShortName
    value: LongText | int | float | bool | None = None


class FeedbackIn(BaseModel):
    """A feedback item as sent. At least one of text, scores, answers; unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    kind: Literal["survey", "complaint", "praise", "idea", "question"] | None = None
    channel: Literal["form", "survey", "api", "import", "staff", "email", "kiosk", "widget"] | None = None
    touchpoint: Annotated[str, Field(min_length=1, max_length=100), BeforeValidator(clean_text)] | None = None
    occurred_at: datetime | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")] | None = None
    text: LongText | None = None
    scores: ScoresIn | None = None
    answers: Annotated[list[AnswerIn], Field(max_length=200)] | None = None
    customer: CustomerIn | None = None
    wants_contact: bool = False
    contact_by: Literal["phone", "email", "sms"] | None = None
    visibility: Literal["private", "public"] = "private"
    source: Annotated[str, Field(min_length=1, max_length=80), BeforeValidator(clean_text)] | None = None
    external_id: ShortName | None = None
    attributes: (
        dict[
            Annotated[str, Field(min_length=1, max_length=80), BeforeValidator(clean_text)],
            Annotated[str, Field(max_length=2000), BeforeValidator(clean_text)] | int | float | bool | None,
        ]
        | None
    ) = None

    @field_validator("occurred_at")
    @classmethod
    def _in_time(cls, value: datetime | None) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("needs a time zone, as in 2026-11-20T09:00:00Z")
        if value > datetime.now(UTC) + CLOCK_TOLERANCE:
            raise ValueError("lies in the future")
        if value < _EARLIEST:
            raise ValueError("lies before 1970")
        return value.astimezone(UTC)

    @field_validator("attributes")
    @classmethod
    def _few(cls, value: dict | None) -> dict | None:
        if value and len(value) > 100:
            raise ValueError("has more than 100 attributes")
        return value

    @model_validator(mode="after")
    def _something(self) -> "FeedbackIn":
        if self.text:
            return self
        scored = self.scores is not None and any(value is not None for value in (self.scores.nps, self.scores.csat, self.scores.ces))
        if not scored and not any(answer.value not in (None, "") for answer in self.answers or ()):
            raise ValueError("at least one of text, scores, answers must say something")
        return self

    @property
    def settled_kind(self) -> str:
        return self.kind or ("survey" if self.scores else "question")


@dataclass(frozen=True, slots=True)
class Draft:
    """A checked item with what its door knows: where it came in, whether its addresses are known, and the key of the sending."""

    item: FeedbackIn
    channel: str
    source: str
    knows_addresses: bool = False  # True: sent by the organisation's own systems; False: typed by somebody ("says to be")
    key: str | None = None  # Idempotency-Key or form token
    import_id: int | None = None
    acknowledged: bool = False  # True: the sender sees the confirmation in the answer to the sending
