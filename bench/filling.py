"""Fills a scratch home with many items, fast: rows with a realistic spread, made by SQL alone. `python -m bench.filling N` in LUUPPI_HOME.

540 days up to now; two items of five in words; one of fifty imported; one of ten with a case; half coded with one of 40 themes, the first ones much more often;
four of five read, six of ten answered, so that what nobody has answered lies mostly at the end.
"""

import random
import sqlite3
import sys
import time
from datetime import UTC, datetime, timedelta

from bench.scene import scratch_database

DAYS = 540
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
_SYLLABLES = "ka la mi no pa ri su ta vo he lu ki sa te ni ro ma pi tu va jo ko le nä rö si tä ly mu he".split()  # noqa: SIM905
RARE, COMMON = "kalavonäpi", "toimitus"


def invented_texts(n: int) -> list[tuple[int, str]]:
    """n texts of 8 to 25 words, few of them common and many rare; `COMMON` stands in one of five, `RARE` in one of a thousand."""
    draw = random.Random(3)
    words = ["".join(draw.choice(_SYLLABLES) for _ in range(draw.choice((2, 3, 3, 4)))) for _ in range(5_000)]
    texts = []
    for number in range(n):
        chosen = [words[min(4_999, int(draw.paretovariate(0.6)) - 1)] for _ in range(draw.randrange(8, 25))]
        chosen += [COMMON] * (number % 5 == 0) + [RARE] * (number % 1_000 == 7)
        draw.shuffle(chosen)
        texts.append((number, " ".join(chosen)))
    return texts


def _dice(salt: int, sides: int) -> str:
    """SQL of a die thrown for row n: the same for the same row and salt."""
    return f"(((n * 2654435761 + {salt} * 40503) % 1000003 * 7919 + {salt} * 104729) % 1000033 % {sides})"


def _later(salt: int, per_cent: int) -> str:
    return f"CASE WHEN {_dice(salt, 100)} < {per_cent} THEN datetime(at, '+{1 + salt % 5} days') END"


def fill(database: sqlite3.Connection, n: int) -> None:
    until = datetime.now(UTC) - timedelta(hours=1)
    first_ms = int(((until - timedelta(days=DAYS)) - _EPOCH).total_seconds() * 1000)
    step_ms = DAYS * 86_400_000 / n
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('capture_feedbackitem', 'journal_progress', 'meaning_coding', 'inner_loop_case', 'inner_loop_caseitem')"
    ).fetchall()
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-200000"):
        database.execute(f"PRAGMA {pragma}")
    for name, _sql in indexes:
        database.execute(f'DROP INDEX "{name}"')
    database.execute("CREATE TEMP TABLE texts (number INTEGER PRIMARY KEY, text TEXT)")
    database.executemany("INSERT INTO texts VALUES (?, ?)", invented_texts(20_000))
    database.execute("CREATE TEMP TABLE places AS SELECT row_number() OVER (ORDER BY id) - 1 AS number, id, team_id FROM capture_touchpoint")
    database.executemany(
        "INSERT INTO meaning_theme (key, names, description, created_at, organisation_id) VALUES (?, '{}', '', '2025-01-01', 1)", [(f"theme-{k}",) for k in range(40)]
    )
    database.execute(
        f"CREATE TEMP TABLE made AS WITH RECURSIVE rows (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM rows WHERE n + 1 < {n}) SELECT n,"
        f" (CAST({first_ms} + n * {step_ms} AS INTEGER) << 22) AS id, datetime({_EPOCH.timestamp()} + ({first_ms} + n * {step_ms}) / 1000, 'unixepoch') AS at FROM rows"
    )
    database.execute(
        "INSERT INTO capture_import (id, organisation_id, file_name, stored_as, mapping, state, by, created_at, n_rows, n_new, n_same, n_bad, bytes_done, bytes_total, problem, found, checkpoint, wants_cancel)"
        " VALUES (1, 1, 'bench.csv', '', '{}', 'done', 'system', '2025-01-01', 0, 0, 0, 0, 0, 0, '', '{}', '{}', 0)"
    )
    for statement in _statements():
        database.execute(statement)
    for _name, sql in indexes:
        database.execute(sql)
    database.commit()


def _statements() -> list[str]:
    kind = f"CASE {_dice(5, 7)} WHEN 0 THEN 'complaint' WHEN 1 THEN 'praise' WHEN 2 THEN 'idea' WHEN 3 THEN 'question' ELSE 'survey' END"
    imported = f"CASE WHEN {_dice(40, 50)} = 0 THEN 1 END"
    nps = f"CASE WHEN {_dice(7, 10)} < 7 THEN {_dice(8, 11)} END"
    theme = f"(1 + ({_dice(14, 40)} * {_dice(15, 40)}) / 40)"
    state = f"CASE WHEN {_dice(30, 10)} < 2 THEN 'open' WHEN {_dice(30, 10)} = 2 THEN 'waiting' ELSE 'closed' END"
    return [
        "INSERT INTO capture_feedbackitem (id, organisation_id, team_id, touchpoint_id, kind, channel, occurred_at, received_at, language, text, nps, answers, says_to_be,"
        " wants_contact, contact_by, visibility, source, attributes, link_counter, imported_by_id)"
        f" SELECT made.id, 1, places.team_id, places.id, {kind}, 'api', at, at, '', coalesce(text, ''), {nps}, '[]', '{{}}', 0, '', 'private', 'bench', '{{}}', 0, {imported}"
        f" FROM made JOIN places ON places.number = {_dice(2, 8)} LEFT JOIN texts ON {_dice(3, 5)} < 2 AND texts.number = {_dice(4, 20_000)} ORDER BY n",
        "INSERT INTO journal_progress (item_id, organisation_id, team_id, touchpoint, kind, received_at, imported, held, withdrawn, read_at, answered_at, solved_at, used_at,"
        f" told_at, unheard, version) SELECT id, 1, (SELECT team_id FROM capture_feedbackitem item WHERE item.id = made.id), 1 + {_dice(2, 8)}, {kind}, at, {_dice(40, 50)} = 0, 0, 0,"
        f" {_later(19, 80)}, {_later(20, 60)}, {_later(21, 30)}, {_later(22, 20)}, {_later(23, 15)}, 0, n FROM made ORDER BY n",
        "UPDATE journal_progress SET unheard = answered_at IS NULL AND told_at IS NULL AND NOT imported",
        "INSERT OR REPLACE INTO journal_versioncounter (id, value) SELECT 1, max(version) FROM journal_progress",
        "INSERT INTO meaning_reading (item_id, language, masked_text, parts, has_personal_data, spam_reason, stems, read_at)"
        " SELECT id, 'fi', '', '[]', 0, '', text, received_at FROM capture_feedbackitem ORDER BY id",
        "INSERT INTO meaning_search (rowid, stems) SELECT id, text FROM capture_feedbackitem WHERE text != '' ORDER BY id",
        "INSERT INTO meaning_coding (touchpoint, polarity, confidence, answers, by, at, item_id, organisation_id, theme_id)"
        f" SELECT 1 + {_dice(2, 8)}, -1, 0.8, '[]', 'system', at, id, 1, {theme} FROM made WHERE {_dice(13, 2)} = 0 ORDER BY n",
        "INSERT INTO inner_loop_case (id, number, state, priority, wants_contact, opened_at, opened_by, promise_hours, answer_due_at, queue_at, outcome, not_told_because,"
        " n_closings, reopened_count, lead_item_id, organisation_id, team_id, touchpoint_id, owner_id, closed_at)"
        f" SELECT n + 1, n + 1, {state}, 0, 0, at, 'system', 72, datetime(at, '+3 days'), datetime(at, '+3 days'), CASE {state} WHEN 'closed' THEN 'solved' ELSE '' END, '', 0, 0, made.id, 1, places.team_id, places.id,"
        f" CASE WHEN {_dice(31, 50)} < 2 THEN 1 + {_dice(31, 50)} END, CASE WHEN {state} = 'closed' THEN datetime(at, '+3 days') END"
        f" FROM made JOIN places ON places.number = {_dice(2, 8)} WHERE {_dice(6, 10)} = 0 ORDER BY n",
        "INSERT INTO inner_loop_caseitem (in_open_case, added_at, case_id, item_id) SELECT state != 'closed', opened_at, id, lead_item_id FROM inner_loop_case ORDER BY id",
    ]


if __name__ == "__main__":
    started = time.monotonic()
    with sqlite3.connect(scratch_database()) as scratch:
        fill(scratch, int(sys.argv[1]))
    print(f"{int(sys.argv[1]):,} items in {time.monotonic() - started:.0f} s", file=sys.stderr)
