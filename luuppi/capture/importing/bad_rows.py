"""The file of bad rows: the line, the reason with its code and the row itself, so that it can be mended and imported again.

A spreadsheet must not compute what a stranger typed: a cell that could be a formula gets an apostrophe before it, which the import
takes away again when the file comes back.
"""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from luuppi.capture.importing.reading import LINE_COLUMN, REASON_COLUMN, Row
from luuppi.capture.importing.reasons import Reason

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


class BadRows:
    """Writes the file; `position` is where it ends, so that a run that was broken off goes on exactly there."""

    def __init__(self, path: Path, columns: Iterable[str], *, delimiter: str = ",", position: int = 0) -> None:
        self.path, self.delimiter, self.position = path, delimiter, position
        self.columns = [name for name in columns if name not in (LINE_COLUMN, REASON_COLUMN)]
        self.n_left = len(list(columns)) - len(self.columns)
        self._file: BinaryIO | None = None

    def write(self, bad: Iterable[tuple[Row, Reason]]) -> None:
        """Append rows with their reasons; on disk when this returns."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.delimiter)
        for row, reason in bad:
            writer.writerow([row.line, f"{safe(reason)} [{reason.code}]", *(safe(cell) for cell in row.cells[self.n_left :])])
        if text.tell():
            file = self._opened()
            file.write(text.getvalue().encode("utf-8", "replace"))
            file.flush()
            self.position = file.tell()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = open(self.path, "r+b" if self.position and self.path.exists() else "wb")  # noqa: SIM115 closed by close()
            self._file.truncate(self.position)
            self._file.seek(self.position)
            if not self.position:
                head = io.StringIO(newline="")
                csv.writer(head, delimiter=self.delimiter).writerow([LINE_COLUMN, REASON_COLUMN, *(safe(name) for name in self.columns)])
                self._file.write(("\ufeff" + head.getvalue()).encode("utf-8", "replace"))
        return self._file


def safe(cell: str) -> str:
    """The cell, so that no spreadsheet takes it for a formula."""
    if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
