"""The one door to the figures for everything in Luuppi: `ask(question)` gives an Answer, or says when to come again."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.conf import settings

from luuppi.insight.question import Question
from luuppi.insight.refusals import FiguresAreBusy, FiguresAreRebuilding
from luuppi.insight.service.address import address_from
from luuppi.insight.service.asker import Answer, Asker, ServiceAway

__all__ = ["Answer", "ask", "ask_for_copy", "ask_for_rebuild", "read_state", "within"]

_seconds: ContextVar[float | None] = ContextVar("seconds that an answer may take", default=None)


def ask(question: Question) -> Answer:
    """What the figures service answers.

    Raises FiguresAreRebuilding when it is away or making its table anew, FiguresAreBusy when it has too much to do: both NotNow.
    """
    try:
        return _asker().ask(question, within=_seconds.get())
    except ServiceAway as away:
        raise (FiguresAreBusy if away.state == "busy" else FiguresAreRebuilding)(retry_after=away.retry_after) from away


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Questions asked inside wait so long and no longer: for a page on which figures are only a part."""
    before = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(before)


def ask_for_copy() -> None:
    """Copy the table into a new file now, so that erased rows leave the disk; done in the background. Raises FiguresAreRebuilding."""
    _order("/copy")


def ask_for_rebuild() -> None:
    """Make the file anew from the truth; the old one answers meanwhile. Needed when rows vanished from the truth without a trace in it (an
    organisation erased), and by `luuppi rebuild`. Raises FiguresAreRebuilding.
    """
    _order("/rebuild")


def read_state() -> dict[str, Any]:
    """What the service is doing (`state`, `as_of`), or the `problem` for which it refuses us.

    Raises FiguresAreRebuilding when it does not answer, ValueError when LUUPPI_ANALYTICS_URL cannot be understood.
    """
    return _order("/state", method="GET")


def _order(path: str, *, method: str = "POST") -> dict[str, Any]:
    try:
        _status, said = _asker().send(method, path)
        return said
    except ServiceAway as away:
        raise FiguresAreRebuilding(retry_after=away.retry_after) from away


_askers: dict[tuple[str, str, str], Asker] = {}


def _asker() -> Asker:
    """One for each place, so that connections are kept; settings may differ between tests."""
    place = settings.ANALYTICS_URL, settings.ANALYTICS_TOKEN, str(settings.HOME)
    if place not in _askers:
        _askers[place] = Asker(address_from(settings.ANALYTICS_URL, Path(settings.HOME)), settings.ANALYTICS_TOKEN or None)
    return _askers[place]
