"""What `luuppi doctor` and `luuppi rebuild` do about the figures."""

from pathlib import Path

from django.conf import settings

from luuppi.insight.asking import ask_for_rebuild, read_state
from luuppi.insight.refusals import FiguresAreRebuilding
from luuppi.running.examining import Finding, examination
from luuppi.running.rebuilding import REBUILDS

_HERE = "Start Luuppi: luuppi serve (or luuppi figures). What it writes to standard error says why."
_ELSEWHERE = "See that it runs there and can be reached, and that LUUPPI_ANALYTICS_URL and LUUPPI_ANALYTICS_TOKEN are the same on both sides."


@examination("figures")
def service() -> Finding:
    """Whether the service answers; one that makes its table anew is well."""
    mend = _ELSEWHERE if settings.ANALYTICS_URL else _HERE
    try:
        state = read_state()
    except FiguresAreRebuilding:
        return Finding("figures", False, "the figures service does not answer", mend)
    except ValueError as wrong:
        return Finding("figures", False, str(wrong), "Set LUUPPI_ANALYTICS_URL as docs/settings.md says, or leave it out.")
    if "state" not in state:
        return Finding("figures", False, f"the figures service refuses us: {state.get('problem', 'it does not say why')}", mend)
    return Finding("figures", True, f"{state['state']}, up to date at {state['as_of']}" if state["as_of"] else str(state["state"]))


def rebuild() -> str:
    """While the service runs it makes the next generation beside the one that answers. Where it does not run, its files go, and it
    makes them anew when it starts. Raises FiguresAreRebuilding when it can be neither asked nor replaced just now."""
    try:
        ask_for_rebuild()
    except FiguresAreRebuilding:
        if settings.ANALYTICS_URL or not _throw_away():
            raise
        return "the figures service does not run; it makes its table anew when it starts"
    return "the table is made anew in the background; until then the old one answers"


def _throw_away() -> bool:
    """Delete the generations. False when a service holds them that does not answer yet."""
    from luuppi.insight.service.file import Folder, delete_path  # brings the analytics engine along: only for this command

    folder = Folder(Path(settings.HOME) / "figures")
    if not folder.take():
        return False
    try:
        delete_path(folder.path / "current")
        folder.delete_others()
    finally:
        folder.leave()
    return True


REBUILDS["figures"] = rebuild
