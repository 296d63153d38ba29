"""A mapping: what the columns of a file mean. Saved under a name, or kept as a JSON file (docs/import.md describes every field)."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from luuppi.capture.importing.dates import STYLES
from luuppi.capture.importing.reading import LINE_COLUMN, REASON_COLUMN
from luuppi.capture.importing.refusals import BadMapping, ColumnMissing
from luuppi.capture.scales import SCORES

CUSTOMER = ("customer.external_id", "customer.email", "customer.phone", "customer.name")
PLAIN = ("text", "kind", "touchpoint", "occurred_at", "external_id", "language", "channel", "wants_contact", "contact_by", "visibility")
FIELDS = (*PLAIN, *SCORES, *CUSTOMER)
_FIELD = re.compile(r"(attributes|answers)\..{1,80}", re.DOTALL)


class Scale(BaseModel):
    """The scale of a score in the file: its worst and its best value. `1–5 with 1 best` is worst 5, best 1."""

    model_config = ConfigDict(extra="forbid")
    worst: float
    best: float

    def convert(self, value: float, low: int, high: int) -> float:
        return low + (value - self.worst) / (self.best - self.worst) * (high - low)


class Column(BaseModel):
    """What one column means. `field`: a field of the API, `attributes.NAME`, `answers.QUESTION`, or "" to leave the column out."""

    model_config = ConfigDict(extra="forbid")
    field: str
    scale: Scale | None = None
    no_score: list[str] = []  # values that mean "did not say"
    values: dict[str, str] = {}  # what a cell says → what the field says
    date: Literal["iso", "dmy", "mdy", "unix"] | None = None

    @field_validator("field")
    @classmethod
    def _known(cls, value: str) -> str:
        if value and value not in FIELDS and not _FIELD.fullmatch(value):
            raise ValueError(f"{value!r} is not a field; use one of {', '.join(FIELDS)}, attributes.NAME or answers.QUESTION")
        return value


class Definition(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(max_length=80)] = ""
    source: Annotated[str, Field(max_length=80)] = ""
    time_zone: str = ""  # "": the organisation's
    language: Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?$")] = ""
    kind: Literal["", "survey", "complaint", "praise", "idea", "question"] = ""
    encoding: str = ""
    delimiter: Annotated[str, Field(max_length=1)] = ""
    columns: dict[str, Column] = {}
    others: Literal["attributes", "ignore"] = "attributes"  # columns that are not named above
    touchpoint_from: list[str] = []  # several columns that together name the touchpoint
    touchpoint_joined_by: str = " / "
    group_by: str = ""  # rows with the same value here are one respondent, one item
    question: str = ""  # the column that has the question of a row
    answer: str = ""  # the column that has the answer to it; the answers together are the text of the item

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value:
            try:
                ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                raise ValueError(f"{value!r} is not a time zone; write it as Europe/Helsinki") from None
        return value

    def named_columns(self) -> list[str]:
        used = [name for name in (self.group_by, self.question, self.answer) if name]
        return list(dict.fromkeys([*self.columns, *self.touchpoint_from, *used]))

    def check_against(self, columns: Iterable[str]) -> None:
        """Raises ColumnMissing when the file lacks a column that the mapping names."""
        there = list(columns)
        for name in self.named_columns():
            if name not in there:
                raise ColumnMissing(column=name, columns=", ".join(there[:40]))


def automatic(columns: Iterable[str], **more) -> Definition:
    """The mapping for a file whose columns are named like the API's fields; the others become attributes."""
    known = {field: field for field in FIELDS} | {f"scores.{name}": name for name in SCORES}
    found: dict[str, Column] = {}
    for column in columns:
        if column in (LINE_COLUMN, REASON_COLUMN):
            continue
        plain = re.sub(r"\s+", "_", column.strip().lower())
        field = known.get(plain, "")
        if not field and _FIELD.fullmatch(column):
            field = column
        if field and field not in {c.field for c in found.values()}:
            found[column] = Column(field=field)
    return Definition(columns=found, **more)


def load_definition(path: Path) -> Definition:
    """A mapping kept as a JSON file. Raises BadMapping."""
    try:
        return definition_of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise BadMapping(problem=str(error)[:300]) from None


def definition_of(raw: dict) -> Definition:
    """Raises BadMapping."""
    try:
        return Definition.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadMapping(problem=f"{place}: {first['msg'].removeprefix('Value error, ')}") from None


__all__ = ["CUSTOMER", "FIELDS", "PLAIN", "STYLES", "Column", "Definition", "Scale", "automatic", "definition_of", "load_definition"]
