"""Ten million rows of the figures table, made inside DuckDB from hashes of their number: the same on every run.

Twenty organisations, one of which has sixty per cent; 540 days from START; in the order of the nightly copy.
"""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from luuppi.insight.service import file
from luuppi.insight.service.row import COLUMNS

N_ORGANISATIONS, LARGE_SHARE = 20, 0.6
START = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 540


def make_file(path: Path, n: int, limits: file.Limits) -> None:
    connection = file.open_file(path, limits, make=True)
    make_items(connection, n)
    connection.close()


def make_items(connection: duckdb.DuckDBPyConnection, n: int) -> None:
    """n items in the order of the nightly copy, made inside DuckDB from hashes of their number: the same on every run."""
    sizes = [int(n * LARGE_SHARE)] + [int(n * (1 - LARGE_SHARE) / (N_ORGANISATIONS - 1))] * (N_ORGANISATIONS - 1)
    sizes[-1] += n - sum(sizes)
    first = 0
    for organisation, size in enumerate(sizes, 1):
        for start in range(0, size, 1_000_000):
            stop = min(size, start + 1_000_000)
            connection.execute(_ITEMS_SQL, {"organisation": organisation, "size": size, "start": start, "stop": stop, "first": first})
        first += size
    connection.execute("UPDATE state SET cursor = ?", [n])
    connection.execute("CHECKPOINT")


def _dice(number: int, sides: int) -> str:
    return f"CAST(hash(item, {number}) % {sides} AS INTEGER)"


def _later(number: int, share: int) -> str:
    return f"CASE WHEN {_dice(number, 100)} < {share} THEN received_at + to_minutes({_dice(number + 50, 20_000)}) END"


_THEME = f"[{{'theme': CAST({_dice(30, 60)} AS BIGINT), 'polarity': CAST({_dice(31, 3)} - 1 AS TINYINT)}}]"
_THEME_2 = f"[{{'theme': CAST(60 + {_dice(32, 60)} AS BIGINT), 'polarity': CAST({_dice(33, 3)} - 1 AS TINYINT)}}]"
_VALUES = {
    "organisation": "CAST($organisation AS BIGINT)",
    "item": "item",
    "received_at": "received_at",
    "occurred_at": f"received_at - to_minutes({_dice(1, 3000)})",
    "received_day": "CAST(received_at + INTERVAL 2 HOUR AS DATE)",
    "occurred_day": f"CAST(received_at + INTERVAL 2 HOUR - to_minutes({_dice(1, 3000)}) AS DATE)",
    "touchpoint": f"CAST($organisation * 100 + {_dice(2, 12)} AS BIGINT)",
    "team": f"'0001.000' || {_dice(3, 9)} || '.'",
    "channel": f"['web', 'api', 'mail', 'kiosk', 'import'][1 + {_dice(4, 5)}]",
    "kind": f"['survey', 'survey', 'survey', 'complaint', 'praise', 'idea', 'question'][1 + {_dice(5, 7)}]",
    "language": f"['fi', 'sv', 'en'][1 + {_dice(6, 3)}]",
    "nps": f"CASE WHEN {_dice(7, 10)} < 7 THEN {_dice(8, 11)} END",
    "csat": f"CASE WHEN {_dice(9, 10)} < 4 THEN 1 + {_dice(10, 5)} END",
    "ces": f"CASE WHEN {_dice(11, 10)} < 2 THEN 1 + {_dice(12, 7)} END",
    "sentiment": f"{_dice(13, 2000)} / 1000.0 - 1",
    "themes": f"CASE {_dice(14, 5)} WHEN 0 THEN [] WHEN 1 THEN {_THEME} || {_THEME_2} ELSE {_THEME} END",
    "segment": f"['home', 'business', NULL][1 + {_dice(15, 3)}]",
    "value_eur": f"{_dice(16, 90_000)} / 100.0",
    "imported": f"{_dice(17, 10)} = 0",
    "erased": f"{_dice(18, 500)} = 0",
    "acknowledged_at": _later(18, 80),
    "read_at": _later(19, 75),
    "answered_at": _later(20, 60),
    "solved_at": _later(21, 30),
    "used_at": _later(22, 20),
    "told_at": _later(23, 15),
}
assert list(_VALUES) == list(COLUMNS)
_ITEMS_SQL = (
    f"INSERT INTO items SELECT *, list_transform(themes, lambda coded: coded.theme) FROM (SELECT "
    f"{', '.join(f'CAST({value} AS {COLUMNS[name]}) AS {name}' for name, value in _VALUES.items())} FROM ("
    f"SELECT CAST($first + number AS BIGINT) AS item, TIMESTAMP '{START:%Y-%m-%d}'"
    f" + to_seconds(CAST(number AS DOUBLE) / $size * {DAYS * 86400}) AS received_at"
    " FROM range($start, $stop) AS numbers(number)))"
)
