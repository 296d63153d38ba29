"""The bare limit of intake: a raw WSGI function, sqlite3 and a group commit, nothing of Luuppi. Reads BARE_FILE (a database whose four
tables stand ready: the same rows are written as Luuppi must write) from the environment."""

import json
import os
import queue
import sqlite3
import threading
import time

INSERTS = (
    "INSERT INTO capture_feedbackitem (id, organisation_id, team_id, touchpoint_id, kind, channel, occurred_at, received_at, language, text, nps, answers,"
    " says_to_be, wants_contact, contact_by, visibility, source, external_id, attributes, link_counter)"
    " VALUES (?, 1, 1, 1, ?, 'api', ?, ?, ?, ?, ?, '[]', '{}', 0, '', 'private', 'bench', ?, '{}', 0)",
    "INSERT INTO journal_loopevent (id, organisation_id, item, kind, at, by, data) VALUES (?, 1, ?, 'received', ?, 'token:1', '{\"channel\": \"api\"}')",
    "INSERT INTO journal_progress (item_id, organisation_id, team_id, touchpoint, kind, received_at, imported, held, withdrawn, unheard, version)"
    " VALUES (?, 1, 1, 1, 'complaint', ?, 0, 0, 0, 1, ?)",
    "INSERT INTO running_todo (id, organisation_id, kind, key, due_at, attempts, payload, last_error) VALUES (?, 1, 'react', ?, ?, 0, ?, '')",
)


def opened(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def store(connection: sqlite3.Connection, first: int, items: list[dict]) -> None:
    at = time.strftime("%Y-%m-%d %H:%M:%S")
    numbered = list(enumerate(items, first))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        INSERTS[0], [(n, i["kind"], at, at, i["language"], i["text"], i["scores"]["nps"], i.get("external_id")) for n, i in numbered]
    )
    connection.executemany(INSERTS[1], [(n, n, at) for n, _i in numbered])
    connection.executemany(INSERTS[2], [(n, at, n) for n, _i in numbered])
    connection.executemany(INSERTS[3], [(n, str(n), at, f'{{"kind": "received", "item": {n}}}') for n, _i in numbered])
    connection.execute("COMMIT")


waiting: queue.SimpleQueue = queue.SimpleQueue()


def commit_groups() -> None:
    connection, next_id = opened(os.environ["BARE_FILE"]), time.time_ns() // 1000
    while True:
        group = [waiting.get()]
        while not waiting.empty():
            group.append(waiting.get())
        store(connection, next_id, [item for item, _done, _answer in group])
        for number, (_item, done, answer) in enumerate(group, next_id):
            answer.append(number)
            done.set()
        next_id += len(group)


if "BARE_FILE" in os.environ:
    threading.Thread(target=commit_groups, daemon=True).start()


def application(environ, start_response):
    item = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    done, answer = threading.Event(), []
    waiting.put((item, done, answer))
    done.wait()
    body = json.dumps({"id": str(answer[0]), "status": "new"}).encode()
    start_response("201 Created", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
