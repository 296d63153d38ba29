"""The nightly copy in parts: every row once, in order, whatever the sizes of organisations; and what makes a change cheap at any size."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from luuppi.insight.service import compacting, file
from luuppi.insight.service.compacting import copy_in_order, parts_of
from luuppi.insight.service.row import INSERT_SQL, as_json_columns
from luuppi.insight.service.source import Changes
from luuppi.insight.service.writer import bring_in
from luuppi.insight.tests.brute_force import random_rows

LIMITS = file.Limits(memory_mb=256, threads=1)
IN_ORDER = "SELECT organisation, item FROM items ORDER BY organisation, received_at, item"


@pytest.fixture
def table(tmp_path):
    connection = file.open_file(tmp_path / "figures-000001.duckdb", LIMITS, make=True)
    yield connection
    connection.close()


def filled(table, sizes: dict[int, int]):
    """So many rows of each organisation, over two years."""
    rows = random_rows(sum(sizes.values()), seed=4)
    names = [organisation for organisation, n in sizes.items() for _ in range(n)]
    rows = [
        row._replace(organisation=name, received_at=row.received_at - timedelta(days=n % 700))
        for n, (row, name) in enumerate(zip(rows, names, strict=True))
    ]
    table.execute(INSERT_SQL, [as_json_columns(rows)])
    return rows


def copied(table, path) -> list[tuple[int, int]]:
    copy_in_order(table.cursor(), path)
    with file.open_file(path, LIMITS) as copy:
        return copy.execute("SELECT organisation, item FROM items").fetchall()


@pytest.mark.parametrize(
    "sizes",
    [{}, {1: 1}, {1: 900, 2: 3, 3: 4, 4: 900, 5: 2, 9: 99}, {7: 100, 8: 100}, dict.fromkeys(range(1, 300), 1)],
    ids=["empty", "one row", "uneven", "just full", "many small"],
)
def test_the_copy_holds_every_row_once_and_in_order(table, tmp_path, monkeypatch, sizes):
    monkeypatch.setattr(compacting, "ROWS_AT_ONCE", 100)
    if sizes:
        filled(table, sizes)
    assert copied(table, tmp_path / "figures-000002.duckdb") == table.execute(IN_ORDER).fetchall()


def test_a_large_organisation_is_copied_by_months_and_small_ones_together(table, monkeypatch):
    monkeypatch.setattr(compacting, "ROWS_AT_ONCE", 100)
    filled(table, {1: 40, 2: 40, 3: 900, 4: 40})
    parts = parts_of(table)
    assert [(part.first, part.last) for part in parts if 3 not in (part.first, part.last)] == [(1, 2), (4, 4)]
    of_large = [part for part in parts if part.first == 3]
    assert 5 <= len(of_large) <= 30
    assert all(earlier.until == later.since for earlier, later in pairwise(of_large)), "no moment is left out or copied twice"


def test_the_copy_keeps_the_cursor_from_before_its_first_part(table, tmp_path):
    filled(table, {1: 10})
    table.execute("UPDATE state SET cursor = 77, n_changed = 5")
    copied(table, tmp_path / "figures-000002.duckdb")
    with file.open_file(tmp_path / "figures-000002.duckdb", LIMITS) as copy:
        assert copy.execute("SELECT cursor, n_changed FROM state").fetchall() == [(77, 0)]


def test_a_failed_copy_leaves_no_file(table, tmp_path, monkeypatch):
    filled(table, {1: 10})
    monkeypatch.setattr(compacting, "_COPY_SQL", "INSERT INTO next_generation.items SELECT * FROM nowhere WHERE ? ? ? ?")
    with pytest.raises(file.duckdb.Error):
        copy_in_order(table.cursor(), tmp_path / "figures-000002.duckdb")
    assert [path.name for path in tmp_path.glob("*.duckdb")] == ["figures-000001.duckdb"]
    assert "next_generation" not in str(table.execute("SELECT database_name FROM duckdb_databases()").fetchall()), (
        "and the next night can try again"
    )


def test_a_change_of_some_items_reads_only_the_blocks_where_they_can_be(table):
    """The engine's own account of the statement: of six hundred thousand rows it reads the one block where the ids can be."""
    table.execute(
        "INSERT INTO items (organisation, item, received_at) SELECT 1, n, TIMESTAMP '2026-01-01' + to_seconds(n) FROM range(600000) AS numbers(n)"
    )
    table.execute("CHECKPOINT")
    ids = [*range(100_000, 100_200), *range(10**12, 10**12 + 200)]
    told = table.execute("EXPLAIN ANALYZE DELETE FROM items WHERE item IN (SELECT unnest(?::BIGINT[]))", [ids]).fetchall()[0][1]
    scanned, of_all = map(int, re.search(r"Row Groups Scanned: (\d+) / (\d+)", told).groups())
    assert (scanned, of_all >= 4) == (1, True)

    bring_in(table, Changes([], ids, 9))
    assert table.execute("SELECT count(*) FROM items").fetchone() == (600_000 - 200,)
