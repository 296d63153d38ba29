"""What a file of rows is made of, and its rows: encoding, delimiter and header are found by themselves and can be set.

Only a file that somebody sends is read here; what its columns mean is `definition`, what a row becomes is `making`.
"""

import csv
import io
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from luuppi.capture.importing.encodings import find_encoding
from luuppi.capture.importing.reasons import Reason
from luuppi.capture.importing.refusals import EmptyFile, NoColumns, UnknownEncoding

DELIMITERS = ",;\t|"
MOST_SIGNS = 1_000_000  # in one cell; more is no answer of a customer
_SAMPLE_ROWS = 200
LINE_COLUMN, REASON_COLUMN = "luuppi line", "luuppi reason"  # the two that a file of bad rows has more than the file had


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written. `lossy`: some bytes do not fit the encoding, and their rows are reported."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    first_line: int  # the line of the header, counted from 1
    n_bytes: int
    lossy: bool = False

    @property
    def is_bad_file(self) -> bool:
        """Whether it is a file of bad rows that we wrote and somebody has mended."""
        return self.columns[:2] == (LINE_COLUMN, REASON_COLUMN)


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line on which it begins, its cells as wide as the header, and why it cannot be used, where it cannot."""

    line: int
    cells: list[str]
    problem: str = ""


def look_at(path: Path, *, encoding: str = "", delimiter: str = "", name: str = "") -> Layout:
    """Find out how the file is written. name: as its sender knows it, for what is said about it. Raises EmptyFile, NoColumns, UnknownEncoding."""
    n_bytes = path.stat().st_size
    if not n_bytes:
        raise EmptyFile(name=name or path.name)
    found, lossy = (encoding, True) if encoding else find_encoding(path)
    try:
        with open(path, encoding=found, errors="surrogateescape", newline="") as file:
            sample = file.read(500_000)
    except (LookupError, UnicodeError):
        raise UnknownEncoding(encoding=found) from None
    skipped = _says_delimiter(sample)
    if skipped:
        delimiter, sample = delimiter or skipped, sample.split("\n", 1)[-1]
    delimiter = delimiter or _find_delimiter(sample)
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    header = next((row for row in reader if any(cell.strip() for cell in row)), None)
    if header is None:
        raise NoColumns(name=name or path.name)
    return Layout(found, delimiter, _names(header), reader.line_num + bool(skipped), n_bytes, lossy)


def read_rows(path: Path, layout: Layout, *, done: list[int] | None = None) -> Iterator[Row]:
    """The records below the header, one at a time, whatever the size of the file.

    A record that cannot be read (a quotation mark never closed, too wide, bytes that are no text) is a Row with a problem, and reading
    goes on with the next line. done: a list of one number that is kept at the bytes read so far.
    """
    csv.field_size_limit(MOST_SIGNS)
    width = len(layout.columns)
    with open(path, "rb") as raw:
        source = _Lines(io.TextIOWrapper(raw, encoding=layout.encoding, errors="surrogateescape", newline=""))
        for _ in range(layout.first_line):
            next(source, None)
        source.kept.clear()
        reader = csv.reader(source, delimiter=layout.delimiter)
        while True:
            line = source.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(line, [source.kept[0][:200], *[""] * (width - 1)], source.give_back(_TOO_LONG))
                reader = csv.reader(source, delimiter=layout.delimiter)
                continue
            if source.ended and len(source.kept) > 1:
                yield Row(line, [source.kept[0][:200], *[""] * (width - 1)], source.give_back(_NEVER_CLOSED))
                reader = csv.reader(source, delimiter=layout.delimiter)
                continue
            source.kept.clear()
            if done is not None and not line % 1000:
                done[0] = raw.tell()
            if not cells or (len(cells) == 1 and not cells[0].strip()):
                continue
            yield _row(line, cells, width, lossy=layout.lossy)
        # The loop ends by the return above.


_NEVER_CLOSED = Reason("not-closed")
_TOO_LONG = Reason("cell-too-long", most=MOST_SIGNS)


class _Lines:
    """The lines of a file, remembering those of the record under way, so that they can be given back when it turns out not to be one."""

    __slots__ = ("ended", "file", "kept", "number", "waiting")

    def __init__(self, file: io.TextIOWrapper) -> None:
        self.file, self.kept, self.waiting, self.number, self.ended = file, [], deque(), 0, False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.waiting:
            line = self.waiting.popleft()
        else:
            line = self.file.readline(_LONGEST_LINE)
            if not line:
                self.ended = True
                raise StopIteration
        self.number += 1
        self.kept.append(line)
        return line

    def give_back(self, alone: str) -> str:
        """Keep only the first line as the bad one; the others are read again. Returns what was wrong."""
        others = self.kept[1:]
        self.waiting.extendleft(reversed(others))
        self.number -= len(others)
        self.ended = False
        self.kept.clear()
        return _NEVER_CLOSED if others else alone


_LONGEST_LINE = 16_000_000


def _row(line: int, cells: list[str], width: int, *, lossy: bool) -> Row:
    n = len(cells)
    if n < width:
        cells += [""] * (width - n)
    elif n > width:
        extra, cells = cells[width:], cells[:width]
        if any(cell.strip() for cell in extra):
            return Row(line, cells, Reason("too-many-cells", n=n, width=width))
    if lossy and any("\udc80" <= sign <= "\udcff" for cell in cells for sign in cell if sign > "\ud7ff"):
        return Row(line, [cell.encode("utf-8", "replace").decode() for cell in cells], Reason("not-text"))
    return Row(line, cells)


def _says_delimiter(sample: str) -> str:
    """Excel writes `sep=;` on a line of its own before the header."""
    first = sample.split("\n", 1)[0].rstrip("\r")
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") else ""


def _find_delimiter(sample: str) -> str:
    """The delimiter that cuts the most records into the same number of cells, more than one."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        csv.field_size_limit(MOST_SIGNS)
        rows = []
        try:
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                rows.append(len(row))
                if len(rows) == _SAMPLE_ROWS:
                    break
        except csv.Error:
            pass
        if not rows or rows[0] < 2:
            continue
        usual, n_usual = Counter(rows).most_common(1)[0]
        score = (n_usual / len(rows) if usual > 1 else 0.0, usual)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _names(header: list[str]) -> tuple[str, ...]:
    """The names of the columns, none empty and none twice."""
    names: list[str] = []
    for number, cell in enumerate(header, 1):
        name = " ".join(cell.replace("\x00", "").split())[:120] or f"column {number}"
        copy = 2
        while (shown := name if copy == 2 and name not in names else f"{name} ({copy})") in names:
            copy += 1
        names.append(shown)
    return tuple(names)
