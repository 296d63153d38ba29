"""Where the rows come from: the truth, as the figures service sees it. The service itself knows no Django."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from luuppi.insight.service.row import FigureRow


class SourceAway(Exception):
    """The truth cannot be read at the moment (database down, locked). The service keeps answering from what it has and tries again."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after a cursor. rows: the latest state of each changed item, once. gone: items that no figure may count any more."""

    rows: list[FigureRow]
    gone: list[int]
    cursor: int

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.gone


@dataclass(frozen=True, slots=True)
class Everything:
    """All rows, in parts. cursor: where the truth stood before the first row was read; what changes meanwhile comes after it again.

    Best in the order (organisation, received_at): then the file needs no sorting afterwards.
    """

    cursor: int
    parts: Iterator[list[FigureRow]]


class Source(Protocol):
    """Both raise SourceAway. They are called from one thread."""

    def changes_after(self, cursor: int, limit: int) -> Changes:
        """At most `limit` changed items after `cursor`, in the order of their change. Nothing new: no rows, none gone, the same cursor.

        Safe to ask again: rows replace, they never add up. An item erased after `cursor` must be named as gone.
        """
        ...

    def everything(self) -> Everything: ...
