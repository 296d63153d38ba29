"""The to-do table: durable work in the background, written in the transaction of the change that asks for it.

A to-do is claimed in batches by one conditional update, retried with growing, jittered pauses, and parked and shown after the last
attempt. (kind, key) is unique while it stands, so asking twice does it once. What a to-do does may run twice after a crash: its handler
keys what it does.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from luuppi.running import waking
from luuppi.running.ids import new_ids
from luuppi.running.models import Todo

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 12
Handler = Callable[[Sequence[Todo]], None]


@dataclass(frozen=True, slots=True)
class NewTodo:
    kind: str
    key: str
    payload: dict = field(default_factory=dict)
    due_at: datetime | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """How one kind of to-do is done: `run` gets up to `batch` claimed rows of the kind; raising means retry all of them, one by one."""

    run: Handler
    batch: int = 1
    in_child: bool = False  # heavy on the processor: runs in a child process with a memory limit


WORKS: dict[str, Work] = {}


def register(kind: str, run: Handler, **options) -> None:
    """Say, once at start, how a kind of to-do is done."""
    WORKS[kind] = Work(run, **options)


def add(kind: str, key: str, payload: dict | None = None, *, due_at: datetime | None = None, organisation_id: int | None = None) -> None:
    add_many([NewTodo(kind, key, payload or {}, due_at, organisation_id)])


def add_many(new: Sequence[NewTodo]) -> None:
    """Leave the to-dos, in the transaction of the change. One that stands already under its (kind, key) stays as it is."""
    if not new:
        return
    now = timezone.now()
    ids = new_ids(len(new))
    Todo.objects.bulk_create(
        [
            Todo(id=ids[i], organisation_id=t.organisation_id, kind=t.kind, key=t.key, due_at=t.due_at or now, payload=t.payload)
            for i, t in enumerate(new)
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    transaction.on_commit(waking.wake_worker, robust=True)


def add_anew(kind: str, key: str, payload: dict | None = None, *, due_at: datetime | None = None, organisation_id: int | None = None) -> None:
    """Leave a to-do whose work must see this very change: where the same one is being done at this moment, it is done once more after it."""
    # Under another number it is another to-do: who is at the first one brings that to its end, which is not there any more.
    with transaction.atomic():
        Todo.objects.filter(kind=kind, key=key, claimed_until__isnull=False).update(
            id=new_ids(1)[0], claimed_until=None, attempts=0, due_at=due_at or timezone.now()
        )
        add(kind, key, payload, due_at=due_at, organisation_id=organisation_id)


def take_back(kind: str, key: str) -> bool:
    """Undo: remove a to-do that has not begun. Returns whether it was there to remove."""
    removed, _ = Todo.objects.filter(kind=kind, key=key, claimed_until=None, attempts=0).delete()
    return bool(removed)


def try_again(parked: Todo) -> None:
    """What was given up is tried once more, with all its attempts."""
    Todo.objects.filter(pk=parked.pk).update(parked_at=None, attempts=0, due_at=timezone.now(), claimed_until=None)
    transaction.on_commit(waking.wake_worker, robust=True)


def claim(limit: int, *, kinds: Iterable[str] | None = None, now: datetime | None = None) -> list[Todo]:
    """Take due to-dos for this process, oldest due first, with one conditional update."""
    now = now or timezone.now()
    where, values = "", []
    if kinds is not None:
        kinds = list(kinds)
        where, values = f" AND kind IN ({', '.join(['%s'] * len(kinds))})", kinds
    skip = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    sql = (
        "UPDATE running_todo SET claimed_until = %s, attempts = attempts + 1 WHERE id IN (SELECT id FROM running_todo WHERE parked_at IS NULL"
        f" AND due_at <= %s AND (claimed_until IS NULL OR claimed_until < %s){where} ORDER BY due_at LIMIT %s{skip}) RETURNING id"
    )
    adapt = connection.ops.adapt_datetimefield_value
    if not _is_something_due(adapt(now), where, values):
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [adapt(now + LEASE), adapt(now), adapt(now), *values, limit])
        ids = [row[0] for row in cursor.fetchall()]
    return list(Todo.objects.filter(pk__in=ids).order_by("due_at", "id"))


def _is_something_due(now: object, where: str, values: list[str]) -> bool:
    """A look without a lock: an idle worker asks each second, and must neither write nor keep the writers waiting."""
    due = f"SELECT 1 FROM running_todo WHERE parked_at IS NULL AND due_at <= %s AND (claimed_until IS NULL OR claimed_until < %s){where} LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(due, [now, now, *values])
        return cursor.fetchone() is not None


def renew(todos: Sequence[Todo]) -> None:
    """Say that these are still being done: nobody else takes them for another LEASE."""
    Todo.objects.filter(pk__in=[t.pk for t in todos]).update(claimed_until=timezone.now() + LEASE)


def finish(todos: Sequence[Todo]) -> None:
    Todo.objects.filter(pk__in=[t.pk for t in todos]).delete()


def fail(todo: Todo, error: BaseException) -> None:
    """Note what went wrong; try again later, or park it after the last attempt so that a person sees it."""
    todo.last_error = f"{type(error).__name__}: {error}"[:2000]
    todo.claimed_until = None
    if todo.attempts >= MAX_ATTEMPTS:
        todo.parked_at = timezone.now()
    else:
        todo.due_at = timezone.now() + pause_after(todo.attempts)
    Todo.objects.filter(pk=todo.pk).update(last_error=todo.last_error, claimed_until=None, parked_at=todo.parked_at, due_at=todo.due_at)


def pause_after(attempts: int) -> timedelta:
    """1 s, 4 s, 16 s … at most 30 minutes, each ± 25 % so that many failures do not come back at once."""
    seconds = min(4.0 ** max(0, attempts - 1), 1800.0)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 not a secret


_left: set[int] = set()  # claimed in this process and not brought to an end, because the database stopped answering


def run_due(limit: int = 500, *, kinds: Iterable[str] | None = None, now: datetime | None = None) -> int:
    """Claim what is due and do it in this process; the worker's loop, and how tests let the background happen. Returns how many.

    Raises OperationalError when the database does not answer (it is away, its disk is full): what was claimed then comes back as soon as
    it answers again, without the attempt being counted.
    """
    if _left:
        Todo.objects.filter(pk__in=_left, parked_at=None).update(claimed_until=None, attempts=Greatest(F("attempts") - 1, 0))
        _left.clear()
    todos = claim(limit, kinds=kinds, now=now)
    try:
        for kind in dict.fromkeys(t.kind for t in todos):
            work = WORKS[kind]
            mine = [t for t in todos if t.kind == kind]
            for start in range(0, len(mine), work.batch):
                do(work, mine[start : start + work.batch])
    except OperationalError:
        _left.update(t.pk for t in todos)
        raise
    return len(todos)


def do(work: Work, todos: Sequence[Todo]) -> None:
    """Do a batch; when it fails, its rows go one by one, so that a poisoned one hurts only itself."""
    try:
        work.run(todos)
    except Exception as error:  # the boundary of background work: whatever it is, it is noted, shown and retried
        if len(todos) == 1:
            fail(todos[0], error)
            return
        for todo in todos:
            do(work, [todo])
        return
    finish(todos)
