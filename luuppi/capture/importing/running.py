"""An import that runs: groups of rows through the one way in, each with its counts in one transaction.

A run that was broken off (kill -9, power) goes on after the last group that was committed; nothing is stored twice or left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from luuppi.capture.importing.bad_rows import BadRows
from luuppi.capture.importing.definition import Definition, definition_of
from luuppi.capture.importing.keeping import bad_file_of, file_of, forget_file, found_in, layout_of
from luuppi.capture.importing.making import Made, Maker, settle
from luuppi.capture.importing.reading import Layout, Row, look_at
from luuppi.capture.importing.reasons import Reason, of_problem
from luuppi.capture.importing.refusals import ImportRuns
from luuppi.capture.models import FeedbackItem, Import, Touchpoint
from luuppi.capture.models.imports import CANCELLED, DONE, FAILED, PREVIEWED, ROOT_PATH, RUNNING, STOPPED, TRYING, UNDOING, WAITING
from luuppi.capture.receiving import BAD, NEW, Received, receive
from luuppi.errors import Refusal
from luuppi.people.models import Member
from luuppi.people.rules.permissions import Reach
from luuppi.running import todo

GROUP = 250  # rows that hold the writers' lock together: a few hundredths of a second, so that nobody who sends meanwhile waits long
LEASE, _SORTING = timedelta(minutes=2), timedelta(hours=1)  # rows of one respondent are sorted on disk before the first group
MOST_BAD = 1_000  # bad rows that are told one by one; the file of bad rows holds all
SHOWN_BAD = 50  # of them on the page
OnGroup = Callable[[Import], None]
OnBad = Callable[[Sequence[tuple[Row, Reason]]], None]


@dataclass(slots=True)
class Counts:
    """What a run or a dry run came to. Rows, except new and same, which are items."""

    n_rows: int = 0
    n_new: int = 0
    n_same: int = 0
    n_bad: int = 0
    n_differing: int = 0
    bad: list[tuple[Row, Reason]] = field(default_factory=list)


# --- asked for on a page, done by the worker ------------------------------------------------------------------------------------


@transaction.atomic
def ask_for(run: Import, *, dry: bool = False) -> None:
    """Put the run (or its dry run) into the background. Raises ImportRuns."""
    run = Import.objects.select_for_update().get(pk=run.pk)
    if run.state != PREVIEWED:
        raise ImportRuns()
    run.state = TRYING if dry else WAITING
    run.wants_cancel = False
    run.save(update_fields=["state", "wants_cancel"])
    todo.add("import.try" if dry else "import.run", str(run.pk), {"import": run.pk}, organisation_id=run.organisation_id)


@transaction.atomic
def cancel(run: Import) -> None:
    """Ask a run to end after the group under way; one that has stopped ends at once. What went in stays and can be undone."""
    run = Import.objects.select_for_update().get(pk=run.pk)
    if run.shown_state == STOPPED and (left := run.todo) is not None and run.state != UNDOING:
        left.delete()
        run.state, run.finished_at = (PREVIEWED, None) if run.state == TRYING else (CANCELLED, timezone.now())
        run.save(update_fields=["state", "finished_at"])
        if run.state == CANCELLED:
            forget_file(run)
        return
    Import.objects.filter(pk=run.pk, state__in=(WAITING, RUNNING, TRYING)).update(wants_cancel=True)


@transaction.atomic
def go_on(run: Import) -> None:
    """A run, dry run or undo that was given up is taken up where it stopped. Raises ImportRuns."""
    run = Import.objects.select_for_update().get(pk=run.pk)
    left = run.todo
    if left is None or not left.parked_at:
        raise ImportRuns()
    todo.try_again(left)


def run_waiting(todos: Sequence[todo.Todo]) -> None:
    """The to-do import.run."""
    for one in todos:
        run = _run_of(one)
        if run is not None and run.state in (WAITING, RUNNING):
            _guarded(run, lambda run=run, one=one: carry_out(run, path=file_of(run), on_group=lambda _run: todo.renew([one])))
            forget_file(run)


def try_waiting(todos: Sequence[todo.Todo]) -> None:
    """The to-do import.try."""
    for one in todos:
        run = _run_of(one)
        if run is not None and run.state == TRYING:
            _guarded(run, lambda run=run, one=one: _try(run, one))


def _run_of(one: todo.Todo) -> Import | None:
    return Import.objects.select_related("organisation").filter(pk=one.payload["import"]).first()


def _guarded(run: Import, work: Callable[[], Any]) -> None:
    """What the file or the mapping does not allow is said on the page of the import; everything else is retried."""
    try:
        work()
    except Refusal as refusal:
        Import.objects.filter(pk=run.pk).update(state=FAILED, problem=str(refusal), finished_at=timezone.now())


def _try(run: Import, one: todo.Todo) -> None:
    layout = layout_of(run)
    bad = BadRows(bad_file_of(run), layout.columns, delimiter=layout.delimiter)
    try:
        counts, noted = dry_run(
            run.organisation,
            file_of(run),
            layout,
            definition_of(run.mapping),
            reach=reach_of(run),
            on_group=lambda: todo.renew([one]),
            on_bad=bad.write,
        )
    finally:
        bad.close()
    run.refresh_from_db()
    run.found |= {
        "tried": {
            "rows": counts.n_rows,
            "new": counts.n_new,
            "same": counts.n_same,
            "bad": counts.n_bad,
            "differing": counts.n_differing,
            **noted,
        }
    }
    run.found["tried_bad"] = _told(counts.bad)
    Import.objects.filter(pk=run.pk).update(state=PREVIEWED, found=run.found)


def _told(bad: Sequence[tuple[Row, Reason]]) -> list[dict[str, Any]]:
    """The first bad rows as the page of the import tells them."""
    return [{"line": row.line, **reason.kept} for row, reason in bad[:SHOWN_BAD]]


# --- the run --------------------------------------------------------------------------------------------------------------------


def prepare(run: Import, path: Path, definition: Definition) -> tuple[Definition, Layout]:
    """Settle the mapping of a run from the file itself and keep it. Raises what `look_at` and `settle` raise."""
    layout = look_at(path, encoding=definition.encoding, delimiter=definition.delimiter)
    settled = settle(definition, path, layout)
    run.mapping, run.found, run.bytes_total = settled.model_dump(), run.found | found_in(layout), layout.n_bytes
    return settled, layout


def carry_out(run: Import, *, path: Path, bad_path: Path | None = None, on_group: OnGroup | None = None, on_bad: OnBad | None = None) -> Import:
    """Store the file's rows, from where the last run of this import ended. Raises what `look_at` and `settle` raise."""
    definition, layout = prepare(run, path, definition_of(run.mapping))
    run.state = RUNNING
    run.checkpoint |= {"until": _until(_SORTING if definition.group_by else LEASE)}
    run.save()
    organisation, reach = run.organisation, reach_of(run)
    maker = Maker(definition, layout, time_zone=organisation.time_zone, import_id=run.pk)
    bad = BadRows(bad_path or bad_file_of(run), layout.columns, delimiter=layout.delimiter, position=run.checkpoint.get("bad_bytes", 0))
    read = [0]
    made = maker.drafts(path, done=read)
    n_passed = run.checkpoint.get("made", 0)
    next(islice(made, n_passed, n_passed), None)
    allowed = _Allowed(organisation.pk, reach)
    try:
        for group in _groups(made):
            counts = _store(run, group, bad, allowed, n_made=len(group), read=read[0])
            if on_bad and counts.bad:
                on_bad(counts.bad)
            if on_group:
                on_group(run)
            if Import.objects.filter(pk=run.pk, wants_cancel=True).exists():
                return _end(run, CANCELLED)
    finally:
        bad.close()
    run.found |= {"noted": _noted(maker)}
    run.bytes_done = run.bytes_total
    return _end(run, DONE)


def _store(run: Import, group: list[Made], bad: BadRows, allowed: "_Allowed", *, n_made: int, read: int) -> Counts:
    counts = Counts(n_rows=sum(len(one.rows) for one in group))
    with transaction.atomic():
        good = [one for one in group if allowed.passes(one, counts)]
        for one, received in zip(good, _receive(run, good), strict=True):
            _count(one, received, counts)
        if counts.bad:
            bad.write(counts.bad)
        run.n_rows += counts.n_rows
        run.n_new += counts.n_new
        run.n_same += counts.n_same
        run.n_bad += counts.n_bad
        run.bytes_done = max(read, run.bytes_done)
        run.found["differing"] = run.found.get("differing", 0) + counts.n_differing
        run.found["bad"] = (run.found.get("bad", []) + _told(counts.bad))[:SHOWN_BAD]
        run.checkpoint = {"made": run.checkpoint.get("made", 0) + n_made, "bad_bytes": bad.position, "until": _until(LEASE)}
        run.save(update_fields=["n_rows", "n_new", "n_same", "n_bad", "bytes_done", "found", "checkpoint"])
    return counts


def _until(lease: timedelta) -> str:
    """By when the run will have said again that it goes on; a page that hears nothing then says that it has stopped."""
    return (timezone.now() + lease).isoformat()


def _receive(run: Import, good: list[Made]) -> list[Received]:
    """Store the group; where the database refuses it, its halves, so that a poisoned row hurts only itself."""
    try:
        with transaction.atomic():
            return receive([one.draft for one in good], organisation=run.organisation, by=run.by)
    except (IntegrityError, DataError) as error:
        if len(good) == 1:
            return [Received(BAD, code="not-stored", problem=str(error))]
        middle = len(good) // 2
        return _receive(run, good[:middle]) + _receive(run, good[middle:])


def _count(one: Made, received: Received, counts: Counts) -> None:
    if received.status == BAD:
        counts.n_bad += len(one.rows)
        reason = Reason("not-stored", detail=received.problem) if received.code == "not-stored" else of_problem(received.code, received.problem)
        counts.bad += [(row, reason) for row in one.rows]
    elif received.status == NEW:
        counts.n_new += 1
    else:
        counts.n_same += 1
        counts.n_differing += bool(received.differs)


def _end(run: Import, state: str) -> Import:
    run.state, run.finished_at = state, timezone.now()
    run.save(update_fields=["state", "finished_at", "found", "bytes_done"])
    return run


def _groups(made: Iterator[Made]) -> Iterator[list[Made]]:
    while group := list(islice(made, GROUP)):
        yield group


def _noted(maker: Maker) -> dict[str, Any]:
    return {"other_order": maker.noted.dates_in_other_order, "differing_within": dict(maker.noted.differing)}


# --- whose teams ----------------------------------------------------------------------------------------------------------------


def reach_of(run: Import) -> Reach:
    """How far whoever asked for the run may import; the command line and tokens of the organisation reach everywhere."""
    kind, _, number = run.by.partition(":")
    member = Member.objects.filter(pk=number, organisation=run.organisation).first() if kind == "member" else None
    return member.grants.reach("settings.work") if member else Reach(everywhere=kind != "member")


class _Allowed:
    """Lets through what the one who imports may import: touchpoints of their own teams, when they do not reach everything."""

    def __init__(self, organisation_id: int, reach: Reach) -> None:
        self.reach, self.everything = reach, reach.covers(ROOT_PATH)
        self.paths = {} if self.everything else dict(Touchpoint.objects.filter(organisation=organisation_id).values_list("key", "team__path"))

    def passes(self, one: Made, counts: Counts) -> bool:
        """Whether it goes on; what does not is counted as bad."""
        problem = one.problem or self._problem(one)
        if problem:
            counts.n_bad += len(one.rows)
            counts.bad += [(row, problem) for row in one.rows]
        return not problem

    def _problem(self, one: Made) -> Reason | str:
        if self.everything or one.draft is None:
            return ""
        key = one.draft.item.touchpoint or ""
        return "" if self.reach.covers(self.paths.get(key, ROOT_PATH)) else Reason("not-your-team", value=key)


# --- the dry run ----------------------------------------------------------------------------------------------------------------


def dry_run(
    organisation,
    path: Path,
    layout: Layout,
    definition: Definition,
    *,
    reach: Reach,
    on_group: Callable[[], None] | None = None,
    on_bad: OnBad | None = None,
) -> tuple[Counts, dict[str, Any]]:
    """What the import would do: how many new, same, bad and why, without storing anything. Raises ColumnMissing, NothingMapped."""
    maker = Maker(settle(definition, path, layout), layout, time_zone=organisation.time_zone)
    allowed = _Allowed(organisation.pk, reach)
    counts, seen = Counts(), set()
    for group in _groups(maker.drafts(path)):
        counts.n_rows += sum(len(one.rows) for one in group)
        n_before = len(counts.bad)
        good = [one for one in group if allowed.passes(one, counts)]
        if on_bad:
            on_bad(counts.bad[n_before:])
        ids = [one.draft.item.external_id for one in good]
        known = set(
            FeedbackItem.objects.filter(organisation=organisation, source=maker.source, external_id__in=ids, withdrawn_at=None).values_list(
                "external_id", flat=True
            )
        )
        for external_id in ids:
            if external_id in known or hash(external_id) in seen:
                counts.n_same += 1
            else:
                counts.n_new += 1
                seen.add(hash(external_id))
        del counts.bad[MOST_BAD:]
        if on_group:
            on_group()
    return counts, _noted(maker)
