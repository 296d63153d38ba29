"""What `luuppi doctor` and `luuppi rebuild` do about the journal."""

from luuppi.journal.guards import guard_journal, missing_guards
from luuppi.journal.models import LoopEvent, Progress
from luuppi.journal.recording import rebuild_progress
from luuppi.running.examining import Finding, examination
from luuppi.running.rebuilding import REBUILDS


@examination("journal")
def guards() -> Finding:
    missing = missing_guards()
    return Finding(
        "journal",
        not missing,
        "append-only" if not missing else f"not guarded: {', '.join(sorted(missing))}",
        "" if not missing else "Run: luuppi migrate (it makes the guards again).",
    )


@examination("progress")
def progress() -> Finding:
    """The newest thousand items have a progress row; whether all rows are right is `luuppi rebuild`'s business."""
    newest = LoopEvent.objects.filter(kind="received").order_by("-id").values_list("item", flat=True)[:1000]
    without = set(newest) - set(Progress.objects.filter(pk__in=list(newest)).values_list("pk", flat=True))
    return Finding("progress", not without, f"{len(without)} of the newest items have no progress row", "" if not without else "Run: luuppi rebuild")


def rebuild() -> str:
    guard_journal()
    return f"{rebuild_progress()} progress rows did not match the journal and were corrected"


REBUILDS["progress"] = rebuild
