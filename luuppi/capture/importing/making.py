"""From the rows of a file to drafts: each column's meaning is prepared once, then rows pass one by one, at any length of file."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from luuppi.capture.drafts import Draft, FeedbackIn
from luuppi.capture.importing.dates import DateReader, NoDate, find_style
from luuppi.capture.importing.definition import Column, Definition
from luuppi.capture.importing.grouping import in_groups
from luuppi.capture.importing.reading import LINE_COLUMN, REASON_COLUMN, Layout, Row, read_rows
from luuppi.capture.importing.reasons import Reason, of_validation
from luuppi.capture.importing.refusals import NothingMapped
from luuppi.capture.scales import SCORES

_SAMPLE_ROWS = 5_000
_YES = {"1", "true", "yes", "y", "x", "kyllä", "k", "ja", "tosi", "on"}
_NO = {"0", "false", "no", "n", "ei", "nej", "off"}
Put = Callable[[dict[str, Any], str], None]


class BadRow(ValueError):
    """Why a row cannot become an item, in words for its reader: `reason`."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(slots=True)
class Made:
    """One row, or the rows of one respondent: the draft made of it, or the problem."""

    rows: list[Row]
    draft: Draft | None = None
    problem: str = ""


@dataclass(slots=True)
class Noted:
    """What the reader of the report should know beside the bad rows."""

    dates_in_other_order: dict[str, int] = field(default_factory=dict)
    differing: Counter[str] = field(default_factory=Counter)  # column → respondents whose rows say different things there


def settle(definition: Definition, path: Path, layout: Layout) -> Definition:
    """The mapping with everything decided that is found from the file: the style of each column of dates.

    Raises ColumnMissing, NothingMapped.
    """
    definition.check_against(layout.columns)
    fields = {column.field for column in definition.columns.values()}
    if not definition.answer and not fields & {"text", *SCORES} and not any(name.startswith("answers.") for name in fields):
        raise NothingMapped()
    undated = [name for name, column in definition.columns.items() if column.field == "occurred_at" and column.date is None]
    if not undated:
        return definition
    sample = sample_of(path, layout)
    settled = definition.model_copy(deep=True)
    for name in undated:
        index = layout.columns.index(name)
        found = find_style(cells[index] for cells in sample)
        settled.columns[name].date = found.style if found else "iso"
    return settled


def sample_of(path: Path, layout: Layout, n: int = _SAMPLE_ROWS) -> list[list[str]]:
    """The cells of the first n rows that can be read."""
    found = []
    for row in read_rows(path, layout):
        if not row.problem:
            found.append(row.cells)
            if len(found) == n:
                break
    return found


class Maker:
    """Makes drafts by one settled definition. `noted` fills while it works."""

    def __init__(self, definition: Definition, layout: Layout, *, time_zone: str, import_id: int | None = None) -> None:
        self.definition, self.layout, self.import_id = definition, layout, import_id
        self.zone = ZoneInfo(definition.time_zone or time_zone)
        self.source = definition.source or definition.name or "import"
        self.noted = Noted()
        self.dates: dict[str, DateReader] = {}
        self.n_alike: Counter[bytes] = Counter()
        self.seen: set[int] = set()
        self.hashed_from = 2 if layout.is_bad_file else 0
        self.at = {name: index for index, name in enumerate(layout.columns)}
        self.puts: list[tuple[int, str, Put]] = []
        self.constants = {key: value for key, value in (("kind", definition.kind), ("language", definition.language)) if value}
        for index, name in enumerate(layout.columns):
            if (put := self._put_of(name)) is not None:
                self.puts.append((index, name, put))

    def drafts(self, path: Path, *, done: list[int] | None = None, most_rows: int | None = None) -> Iterator[Made]:
        """One Made for each row, or for each respondent where the mapping groups rows, in the order of the file."""
        rows = self._unguarded(islice(read_rows(path, self.layout, done=done), most_rows))
        if self.definition.group_by:
            for group in in_groups(rows, by=self.at[self.definition.group_by]):
                yield from self._of_group(group)
        else:
            for row in rows:
                yield self._of_row(row)
        self.noted.dates_in_other_order = {name: reader.n_other_order for name, reader in self.dates.items() if reader.n_other_order}

    # --- one row, one respondent ----------------------------------------------------------------------------------------------

    def _of_row(self, row: Row) -> Made:
        if row.problem:
            return Made([row], problem=row.problem)
        try:
            said = self._said(row)
            if "external_id" not in said:
                said["external_id"] = self._own_id([row])
            return Made([row], self._draft(said))
        except BadRow as bad:
            return Made([row], problem=bad.reason)

    def _of_group(self, group: list[Row]) -> Iterator[Made]:
        together: dict[str, Any] = {}
        used: list[Row] = []
        for row in group:
            try:
                if row.problem:
                    raise BadRow(row.problem)
                self._join(together, self._said(row))
                used.append(row)
            except BadRow as bad:
                yield Made([row], problem=bad.reason)
        if not used:
            return
        respondent = used[0].cells[self.at[self.definition.group_by]].strip()
        together.setdefault("external_id", respondent[:200] or self._own_id(used))
        try:
            yield Made(used, self._draft(together))
        except BadRow as bad:
            for row in used:
                yield Made([row], problem=bad.reason)

    def _join(self, together: dict[str, Any], said: dict[str, Any]) -> None:
        """Add a further row of the same respondent: answers and texts add up, of everything else the first that is said counts."""
        for name, value in said.items():
            if name not in together:
                together[name] = value
            elif name == "answers":
                together[name] += [answer for answer in value if answer not in together[name]]
            elif name in ("scores", "customer", "attributes"):
                for key, one in value.items():
                    if together[name].setdefault(key, one) != one:
                        self.noted.differing[f"{name}.{key}"] += 1
            elif name == "text":
                if value not in together[name].split("\n\n"):
                    together[name] += f"\n\n{value}"
            elif together[name] != value:
                self.noted.differing[name] += 1

    def _said(self, row: Row) -> dict[str, Any]:
        said: dict[str, Any] = dict(self.constants)
        cells = row.cells
        for index, name, put in self.puts:
            if cell := cells[index].strip():
                try:
                    put(said, cell)
                except (BadRow, NoDate) as error:
                    raise BadRow(error.reason.within(name)) from None
                except ValueError as error:
                    raise BadRow(Reason("not-valid", column=name, detail=str(error))) from None
        definition = self.definition
        if definition.touchpoint_from:
            parts = [" ".join(cells[self.at[name]].split()) for name in definition.touchpoint_from]
            if place := definition.touchpoint_joined_by.join(part for part in parts if part):
                said["touchpoint"] = place
        if definition.answer and (answer := cells[self.at[definition.answer]].strip()):
            question = " ".join(cells[self.at[definition.question]].split()) if definition.question else ""
            said.setdefault("answers", []).append({"question": question[:200] or definition.answer[:200], "value": answer})
            said["text"] = f"{said['text']}\n\n{answer}" if "text" in said else answer
        return said

    def _draft(self, said: dict[str, Any]) -> Draft:
        try:
            item = FeedbackIn.model_validate(said)
        except ValidationError as error:
            raise BadRow(of_validation(error.errors())) from None
        return Draft(item, channel=item.channel or "import", source=self.source, knows_addresses=True, import_id=self.import_id)

    def _own_id(self, rows: list[Row]) -> str:
        """For rows without an id of their own: the hash of what they say and which of the same they are."""
        content = "\x1e".join("\x1f".join(row.cells[self.hashed_from :]) for row in rows)
        digest = hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=16)
        short = int.from_bytes(digest.digest()[:8])
        occurrence = 1
        if short in self.seen:
            self.n_alike[digest.digest()] += 1
            occurrence += self.n_alike[digest.digest()]
        else:
            self.seen.add(short)
        return f"row:{digest.hexdigest()}:{occurrence}"

    def _unguarded(self, rows: Iterator[Row]) -> Iterator[Row]:
        """A file of bad rows that comes back mended: without the sign that kept spreadsheets from computing its cells."""
        if not self.layout.is_bad_file:
            return rows
        return (
            Row(row.line, [cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r") else cell for cell in row.cells], row.problem)
            for row in rows
        )

    # --- what a column does -----------------------------------------------------------------------------------------------------

    def _put_of(self, name: str) -> Put | None:
        column = self.definition.columns.get(name)
        if column is None:
            taken = {
                self.definition.group_by,
                self.definition.question,
                self.definition.answer,
                *self.definition.touchpoint_from,
                LINE_COLUMN,
                REASON_COLUMN,
            }
            if name in taken or self.definition.others == "ignore":
                return None
            return self._put_of_field(name, Column(field=f"attributes.{name[:80]}"))
        if not column.field:
            return None
        put = self._put_of_field(name, column)
        return _translated(put, column) if column.values or (column.no_score and column.field not in SCORES) else put

    def _put_of_field(self, name: str, column: Column) -> Put:
        first, _, rest = column.field.partition(".")
        if column.field in SCORES:
            return _score(column)
        if first == "answers":
            return lambda said, cell: said.setdefault("answers", []).append({"question": rest, "value": cell})
        if first == "attributes" and rest.endswith("_eur"):
            return lambda said, cell: said.setdefault("attributes", {}).__setitem__(rest, number_of(cell))
        if first in ("attributes", "customer"):
            return _within(first, rest)
        if column.field == "occurred_at":
            reader = self.dates[name] = DateReader(column.date or "iso", self.zone)
            return lambda said, cell: said.__setitem__("occurred_at", reader.read(cell))
        if column.field == "wants_contact":
            return lambda said, cell: said.__setitem__("wants_contact", yes_or_no(cell))
        if column.field in ("kind", "language", "contact_by", "visibility", "channel"):
            return lambda said, cell: said.__setitem__(column.field, cell.lower())
        return lambda said, cell: said.__setitem__(column.field, cell)


def _within(group: str, key: str) -> Put:
    def put(said: dict[str, Any], cell: str) -> None:
        if group in said:
            said[group][key] = cell
        else:
            said[group] = {key: cell}

    return put


def _translated(put: Put, column: Column) -> Put:
    def translate(said: dict[str, Any], cell: str) -> None:
        if cell not in column.no_score and (value := column.values.get(cell, cell)):
            put(said, value)

    return translate


def _score(column: Column) -> Put:
    low, high = SCORES[column.field]
    known: dict[str, int] = {}
    no_score = set(column.no_score)

    def put(said: dict[str, Any], cell: str) -> None:
        if cell in no_score:
            return
        value = known.get(cell)
        if value is None:
            value = known[cell] = _score_of(cell, column, low, high)
        if "scores" in said:
            said["scores"][column.field] = value
        else:
            said["scores"] = {column.field: value}

    return put


def _score_of(cell: str, column: Column, low: int, high: int) -> int:
    given = number_of(cell)
    value = column.scale.convert(given, low, high) if column.scale else given
    if not low <= value <= high:
        ends = sorted((column.scale.worst, column.scale.best)) if column.scale else (low, high)
        raise BadRow(Reason("not-a-score", value=cell[:40], low=f"{ends[0]:g}", high=f"{ends[1]:g}"))
    if column.scale is None and value != int(value):
        raise BadRow(Reason("not-whole", value=cell[:40]))
    return int(value + 0.5)


def number_of(cell: str) -> float:
    """A number as people write it: 8 · 8,0 · 1 234,50 · 1.234,50 · 1,234.50. Raises BadRow."""
    plain = cell.replace("\xa0", "").replace("\u202f", "").replace(" ", "").replace("\u2212", "-")
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma > point:
        plain = plain.replace(".", "").replace(",", ".")
    elif comma >= 0:
        plain = plain.replace(",", "")
    try:
        value = float(plain)
    except ValueError:
        raise BadRow(Reason("not-a-number", value=cell[:40])) from None
    if not abs(value) < 1e15:  # also refuses what is no number
        raise BadRow(Reason("not-a-number", value=cell[:40]))
    return value


def yes_or_no(cell: str) -> bool:
    """Raises BadRow."""
    if (word := cell.lower()) in _YES or word in _NO:
        return word in _YES
    raise BadRow(Reason("not-yes-or-no", value=cell[:40]))
