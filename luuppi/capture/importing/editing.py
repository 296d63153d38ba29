"""The mapping as a person edits it on a page: one choice for each column, and back into a Definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from luuppi.capture.importing.dates import STYLES, find_style
from luuppi.capture.importing.definition import Column, Definition, definition_of
from luuppi.capture.importing.headings import score_range
from luuppi.capture.importing.reading import LINE_COLUMN, REASON_COLUMN
from luuppi.capture.importing.refusals import BadMapping
from luuppi.capture.scales import SCORES
from luuppi.ui.writing import number

ATTRIBUTE, LEFT_OUT, OWN_ANSWER = "attribute", "", "own answer"
MEANINGS = [
    (ATTRIBUTE, _("Attribute of the same name")),
    (LEFT_OUT, _("Leave out")),
    ("text", _("What the customer said")),
    ("nps", _("NPS, 0–10")),
    ("csat", _("Satisfaction, 1–5")),
    ("ces", _("Ease, 1–7")),
    (OWN_ANSWER, _("Answer; the column is the question")),
    ("occurred_at", _("When it happened")),
    ("touchpoint", _("Touchpoint")),
    ("external_id", _("Id of the feedback")),
    ("group_by", _("Respondent: rows of the same person become one")),
    ("question", _("Question of the row")),
    ("answer", _("Answer to that question")),
    ("kind", _("Kind")),
    ("language", _("Language")),
    ("customer.external_id", _("Customer number")),
    ("customer.email", _("E-mail")),
    ("customer.phone", _("Phone")),
    ("customer.name", _("Customer's name")),
    ("wants_contact", _("Wants to be contacted")),
    ("contact_by", _("How to be contacted")),
    ("channel", _("Channel")),
    ("visibility", _("Public or private")),
]
STYLE_CHOICES = list(STYLES.items())


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column as the page shows it. `key` begins the names of its inputs."""

    key: str
    name: str
    samples: list[str]
    meaning: str
    is_score: bool
    worst: str
    best: str
    no_score: str
    values: str
    date: str
    is_date: bool
    score_range: str  # from–to of what looks like a score and is taken for none, "" for any other
    date_note: str  # what a person should know of its dates: "" | "ambiguous" | how many are possible in the other order only

    @property
    def is_carried(self) -> bool:
        """Whether nothing is said of it: it becomes an attribute as it is."""
        return self.meaning == ATTRIBUTE and not self.values and not self.score_range


def rows_of(definition: Definition, columns: list[str], sample: list[list[str]]) -> list[ColumnRow]:
    """The columns of the file with what the mapping says of them."""
    found = []
    for index, name in enumerate(columns):
        if name in (LINE_COLUMN, REASON_COLUMN):
            continue
        column = definition.columns.get(name)
        values = [cells[index].strip() for cells in sample]
        note = ""
        if column and column.field == "occurred_at" and (style := find_style(values)):
            note = "ambiguous" if style.ambiguous else str(style.n_other_order or "")
        found.append(
            ColumnRow(
                key=f"c{index}",
                name=name,
                samples=list(dict.fromkeys(v[:60] for v in values if v))[:3],
                meaning=_meaning(definition, name),
                is_score=bool(column and column.field in SCORES),
                worst=f"{column.scale.worst:g}" if column and column.scale else "",
                best=f"{column.scale.best:g}" if column and column.scale else "",
                no_score=", ".join(column.no_score) if column else "",
                values="\n".join(f"{given} = {meant}" for given, meant in column.values.items()) if column else "",
                date=(column.date or "") if column else "",
                is_date=bool(column and column.field == "occurred_at"),
                score_range=_score_range(name, values) if _meaning(definition, name) == ATTRIBUTE else "",
                date_note=note,
            )
        )
    return found


def _score_range(name: str, values: list[str]) -> str:
    ends = score_range(name, values)
    return "–".join(number(end, 0 if end == int(end) else 1) for end in ends) if ends else ""


def _meaning(definition: Definition, name: str) -> str:
    for role in ("group_by", "question", "answer"):
        if getattr(definition, role) == name:
            return role
    if name in definition.touchpoint_from:
        return "touchpoint"
    column = definition.columns.get(name)
    if column is None:
        return ATTRIBUTE if definition.others == "attributes" else LEFT_OUT
    if column.field.startswith("answers."):
        return OWN_ANSWER
    return ATTRIBUTE if column.field.startswith("attributes.") else column.field


def definition_from(said: Mapping[str, Any], columns: list[str], before: Definition) -> Definition:
    """What the page's form says. `before` keeps what the page has no input for. Raises BadMapping."""
    raw: dict[str, Any] = {name: str(said.get(name, "")).strip() for name in ("name", "source", "time_zone", "language", "kind")}
    raw |= {"encoding": said.get("encoding", before.encoding), "delimiter": said.get("delimiter", before.delimiter), "others": "ignore"}
    raw["touchpoint_joined_by"], mapped, places = before.touchpoint_joined_by, {}, []
    for index, name in enumerate(columns):
        meaning = said.get(f"c{index}-meaning", LEFT_OUT)
        if meaning in ("group_by", "question", "answer"):
            if raw.get(meaning):
                raise BadMapping(problem=f"{name}: {raw[meaning]}")
            raw[meaning] = name
        elif meaning == "touchpoint":
            places.append(name)
        elif meaning != LEFT_OUT and name not in (LINE_COLUMN, REASON_COLUMN):
            mapped[name] = _column(said, f"c{index}", name, meaning, before.columns.get(name))
    raw["touchpoint_from"] = places if len(places) > 1 else []
    if len(places) == 1:
        mapped[places[0]] = {"field": "touchpoint", "values": _values(said.get(f"c{columns.index(places[0])}-values", ""))}
    return definition_of(raw | {"columns": mapped})


def _column(said: Mapping[str, Any], key: str, name: str, meaning: str, before: Column | None) -> dict[str, Any]:
    field = {ATTRIBUTE: f"attributes.{name[:80]}", OWN_ANSWER: f"answers.{name[:80]}"}.get(meaning, meaning)
    if before and before.field.startswith("attributes.") and meaning == ATTRIBUTE:
        field = before.field
    column: dict[str, Any] = {"field": field, "values": _values(said.get(f"{key}-values", ""))}
    worst, best = said.get(f"{key}-worst", "").strip(), said.get(f"{key}-best", "").strip()
    if field in SCORES:
        column["no_score"] = [one.strip() for one in said.get(f"{key}-no_score", "").split(",") if one.strip()]
        if worst or best:
            column["scale"] = {"worst": _number(worst, name), "best": _number(best, name)}
            if column["scale"]["worst"] == column["scale"]["best"]:
                raise BadMapping(problem=f"{name}: {worst} = {best}")
    if field == "occurred_at" and said.get(f"{key}-date"):
        column["date"] = said[f"{key}-date"]
    return column


def _values(lines: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in lines.splitlines() if "=" in line)
    return {given.strip(): meant.strip() for given, _sign, meant in pairs}


def _number(text: str, name: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise BadMapping(problem=f"{name}: “{text}”") from None
