"""Somebody who asks for figures, without a database: what `Question.for_` needs of a member or a token."""

from dataclasses import dataclass


@dataclass(frozen=True)
class _Reach:
    everywhere: bool
    paths: tuple[str, ...]


class Reader:
    def __init__(self, organisation: int, *paths: str, everywhere: bool = False) -> None:
        self.organisation_id = organisation
        self._reach = _Reach(everywhere, paths)

    @property
    def grants(self) -> "Reader":
        return self

    def reach(self, act: str) -> _Reach:
        assert act == "figures.read"
        return self._reach
