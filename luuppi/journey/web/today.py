"""Erasure on Today: customers who wait for it, for whoever carries it out. The law gives a month."""

from typing import Any

from luuppi.journey.queries.erasure import n_requests, read_requests
from luuppi.ui.today_parts import MAIN, Shown, register

_SHOWN = 3


def connect() -> None:
    register("erasures", erasures, place=MAIN, order=10)


def erasures(member: Any) -> Shown | None:
    if not member.grants.reach("customers.erase"):
        return None
    waiting = read_requests(member, most=_SHOWN)
    return Shown("journey/_today_erasures.html", {"waiting": waiting, "n": n_requests(member)}) if waiting else None
