import contextlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from luuppi.capture.importing.dates import STYLES
from luuppi.capture.importing.definition import Definition
from luuppi.capture.importing.headings import guess, keys_by_name, score_range
from luuppi.capture.importing.keeping import existing, find_definition, found_in
from luuppi.capture.importing.making import sample_of, settle
from luuppi.capture.importing.reading import Layout, Row, look_at
from luuppi.capture.importing.reasons import Reason
from luuppi.capture.importing.running import MOST_BAD, carry_out, dry_run
from luuppi.capture.models import Import, Touchpoint
from luuppi.capture.models.imports import FAILED
from luuppi.people.models import Organisation
from luuppi.people.reading import organisation_named
from luuppi.people.rules.permissions import Reach

_STOPPED = (
    "The import stopped: the disk is full or the database does not answer. What went in stays."
    " Put that right and run the same command again: nothing is doubled."
)


class Command(BaseCommand):
    help = (
        "Import a CSV file of feedback. Columns map by their usual headings in Finnish, Swedish and English, and it says how;"
        " look first with --dry-run. Rows that cannot be used go to FILE.bad.csv."
    )

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--mapping", metavar="NAME|FILE", help="a saved mapping, or a JSON file (docs/import.md)")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, store nothing")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *, file, organisation, mapping, dry_run, **options):
        place, path = organisation_named(organisation), existing(file)
        definition = find_definition(place, mapping) if mapping else Definition()
        layout = look_at(path, encoding=definition.encoding, delimiter=definition.delimiter)
        sample = sample_of(path, layout)
        guessed = None if mapping else guess(layout.columns, sample, keys_by_name(Touchpoint.objects.filter(organisation=place)))
        settled = settle(guessed or definition, path, layout)
        self._say_found(layout, settled, sample)
        figures = self._try(place, path, layout, settled) if dry_run else self._run(place, path, layout, settled)
        found = {
            "encoding": layout.encoding,
            "delimiter": layout.delimiter,
            "dates": {name: column.date for name, column in settled.columns.items() if column.date},
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures | found, ensure_ascii=False))
            return
        self.stdout.write(
            f"{figures['new']} new, {figures['same']} same, {figures['bad']} bad rows, of {figures['rows']} rows"
            + (" (dry run: nothing was stored)" if dry_run else "")
        )

    def _say_found(self, layout: Layout, settled: Definition, sample: Sequence[Sequence[str]]) -> None:
        names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
        self.stderr.write(f"{layout.encoding}, {names.get(layout.delimiter, layout.delimiter)}, {len(layout.columns)} columns")
        for name, column in settled.columns.items():
            self.stderr.write(f"  {name} → {column.field or 'left out'}" + (f", dates as {STYLES[column.date]}" if column.date else ""))
        if settled.others == "ignore":
            return
        named = set(settled.named_columns())
        for index, name in enumerate(layout.columns):
            if name not in named and (ends := score_range(name, [cells[index] for cells in sample])):
                self.stderr.write(f"  {name}: looks like a score ({ends[0]:g}–{ends[1]:g}), comes along as an attribute; a mapping says what it is")

    def _try(self, place: Organisation, path: Path, layout: Layout, settled: Definition) -> dict:
        counts, noted = dry_run(place, path, layout, settled, reach=Reach(everywhere=True))
        for row, reason in counts.bad[:10]:
            self.stderr.write(f"  line {row.line}: {reason} [{reason.code}]")
        return {
            "rows": counts.n_rows,
            "new": counts.n_new,
            "same": counts.n_same,
            "bad": counts.n_bad,
            "bad_rows": _told(counts.bad),
            "noted": noted,
            "dry_run": True,
        }

    def _run(self, place: Organisation, path: Path, layout: Layout, settled: Definition) -> dict:
        run = Import.objects.create(
            organisation=place,
            file_name=path.name[:200],
            by="system",
            mapping=settled.model_dump(),
            bytes_total=layout.n_bytes,
            found=found_in(layout),
        )
        bad_path = path.with_name(f"{path.name}.bad.csv")
        bad_path.unlink(missing_ok=True)
        bad: list[dict] = []
        try:
            carry_out(
                run,
                path=path,
                bad_path=bad_path,
                on_group=_Progress(self.stderr),
                on_bad=lambda rows: bad.extend(_told(rows[: MOST_BAD - len(bad)])),
            )
        except (OperationalError, OSError) as error:
            with contextlib.suppress(OperationalError):  # a full disk takes no note of it either: the page says it when the lease has ended
                Import.objects.filter(pk=run.pk).update(state=FAILED, problem=f"{_STOPPED} ({error})", finished_at=timezone.now())
            raise CommandError(f"{_STOPPED} ({error}; {run.n_rows} rows were done)") from error
        for name, n in run.found["noted"]["other_order"].items():
            self.stderr.write(f"{name}: {n} of its dates could only be read with day and month in the other order")
        if run.n_bad:
            self.stderr.write(f"The bad rows with line and reason: {bad_path}")
        return {
            "rows": run.n_rows,
            "new": run.n_new,
            "same": run.n_same,
            "bad": run.n_bad,
            "differing": run.found.get("differing", 0),
            "noted": run.found["noted"],
            "import": str(run.pk),
            "bad_file": str(bad_path) if run.n_bad else None,
            "bad_rows": bad,
        }


def _told(rows: Sequence[tuple[Row, Reason]]) -> list[dict]:
    return [{"line": row.line, "code": reason.code, "reason": str(reason)} for row, reason in rows]


class _Progress:
    """A line every two seconds, on a terminal in place."""

    def __init__(self, stderr) -> None:
        self.stderr, self.begun, self.said = stderr, time.monotonic(), time.monotonic()

    def __call__(self, run: Import) -> None:
        now = time.monotonic()
        if now - self.said < 2:
            return
        self.said = now
        speed = run.n_rows / (now - self.begun)
        words = f"{run.share_done:.0%} · {run.n_rows} rows · {run.n_new} new · {run.n_bad} bad · {speed:.0f} rows/s"
        self.stderr.write(f"\r{words}  " if sys.stderr.isatty() else words, ending="" if sys.stderr.isatty() else "\n")
