"""Rows of one respondent together, wherever they stand in the file: sorted on disk, so that memory does not grow with the file."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from luuppi.capture.importing.reading import Row
from luuppi.capture.importing.reasons import packed, unpacked

_ROWS = "INSERT INTO given VALUES (?, ?, ?, ?)"
_IN_ORDER = (
    "SELECT given.key, given.line, given.cells, given.problem FROM given JOIN (SELECT key, min(line) AS first FROM given GROUP BY key) AS g"
    " ON g.key = given.key ORDER BY g.first, given.line"
)


def in_groups(rows: Iterator[Row], *, by: int) -> Iterator[list[Row]]:
    """The rows with the same value in the cell `by`, in the order of their first rows. A row without a value stands alone."""
    with tempfile.TemporaryDirectory(prefix="luuppi-rows-") as folder:
        kept = sqlite3.connect(Path(folder) / "rows.sqlite3", isolation_level=None)
        try:
            kept.execute("PRAGMA journal_mode=OFF")
            kept.execute("PRAGMA synchronous=OFF")
            kept.execute("CREATE TABLE given (key TEXT, line INTEGER, cells TEXT, problem TEXT)")
            kept.execute("BEGIN")
            kept.executemany(_ROWS, (_values(row, by) for row in rows))
            kept.execute("COMMIT")
            kept.execute("CREATE INDEX by_key ON given (key, line)")
            for _key, group in groupby(kept.execute(_IN_ORDER), key=lambda given: given[0]):
                yield [Row(line, json.loads(cells), unpacked(problem)) for _k, line, cells, problem in group]
        finally:
            kept.close()


def _values(row: Row, by: int) -> tuple[str, int, str, str]:
    key = "" if row.problem else row.cells[by].strip()
    return key or f"\x00line {row.line}", row.line, json.dumps(row.cells), packed(row.problem)
