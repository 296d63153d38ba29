"""Ids of items, events and to-dos: 63 bits, rising with time, made in the process, so that one INSERT a table suffices.

Bits from the top: 41 of milliseconds since 2025 · 10 drawn once for the process · 12 counting within the millisecond.
"""

import os
import secrets
import threading
import time
from datetime import UTC, datetime

EPOCH_MS = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp() * 1000)
_PROCESS_BITS, _COUNTER_BITS = 10, 12
_COUNTER_MASK = (1 << _COUNTER_BITS) - 1
_lock = threading.Lock()
_state = {"ms": 0, "counter": 0, "process": None, "pid": 0, "past": 0}


def new_id() -> int:
    return new_ids(1)[0]


def new_ids(n: int, *, at: datetime | None = None) -> list[int]:
    """`n` rising ids. When more than 4 096 are made in a millisecond the clock runs ahead rather than repeats.

    at: a moment of the past, for what is written later than it happened (the demo); None: now.
    """
    if at is not None:
        return _past_ids(n, at)
    with _lock:
        if _state["pid"] != os.getpid():  # a forked child must not go on with its parent's bits
            _state.update(pid=os.getpid(), process=secrets.randbits(_PROCESS_BITS))
        now = time.time_ns() // 1_000_000 - EPOCH_MS
        if now > _state["ms"]:
            _state.update(ms=now, counter=0)
        # Milliseconds and counter as one number: where the counter is full, it carries into the next millisecond.
        first, process = _state["ms"] << _COUNTER_BITS | _state["counter"], _state["process"] << _COUNTER_BITS
        _state.update(ms=first + n >> _COUNTER_BITS, counter=first + n & _COUNTER_MASK)
        return [(one >> _COUNTER_BITS) << (_PROCESS_BITS + _COUNTER_BITS) | process | one & _COUNTER_MASK for one in range(first, first + n)]


def _past_ids(n: int, at: datetime) -> list[int]:
    """Ids of a past moment: one counter for the whole process fills the low bits, so that no two are the same."""
    first = first_id_at(at)
    with _lock:
        start = _state["past"]
        _state["past"] += n
    return [first | ((start + k) & ((1 << (_PROCESS_BITS + _COUNTER_BITS)) - 1)) for k in range(n)]


def milliseconds_of(an_id: int) -> int:
    """Milliseconds since 2025 at which the id was made."""
    return an_id >> (_PROCESS_BITS + _COUNTER_BITS)


def first_id_at(moment: datetime) -> int:
    """The lowest id that can have been made at the moment: turns a time into a bound on ids."""
    ms = max(0, int(moment.timestamp() * 1000) - EPOCH_MS)
    return ms << (_PROCESS_BITS + _COUNTER_BITS)


def id_in(written: str) -> int | None:
    """The id that somebody wrote in an address or a form; None for what no row of the database can have."""
    if not (written.isascii() and written.isdigit() and len(written) < 20):
        return None
    number = int(written)
    return number if number < 1 << 63 else None


# --- the short code that people read aloud --------------------------------------------------------------------------------------

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in _SIGNS for b in _SIGNS]
_MIX = 0x5DEECE66D | 1  # odd, so that multiplying is one-to-one on 40 bits
_MASK = (1 << 40) - 1
_UNMIX = pow(_MIX, -1, 1 << 40)


def reference_of(an_id: int) -> str:
    """Eight signs of Crockford base32 and one that checks them, as `7K4-PQ2-XM3`. From the millisecond of the id, mixed."""
    mixed = (milliseconds_of(an_id) * _MIX) & _MASK
    a, b, c, d = _PAIRS[mixed >> 30], _PAIRS[mixed >> 20 & 1023], _PAIRS[mixed >> 10 & 1023], _PAIRS[mixed & 1023]
    return f"{a}{b[0]}-{b[1]}{c}-{d}{_SIGNS[mixed % 31]}"


def ids_of_reference(code: str) -> tuple[int, int] | None:
    """The lowest and highest id that the code can stand for; None when it is not a code or its check sign is wrong."""
    signs = code.upper().replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
    if len(signs) != 9 or any(sign not in _SIGNS for sign in signs):
        return None
    mixed = 0
    for sign in signs[:8]:
        mixed = mixed << 5 | _SIGNS.index(sign)
    if _SIGNS[mixed % 31] != signs[8]:
        return None
    ms = (mixed * _UNMIX) & _MASK
    shift = _PROCESS_BITS + _COUNTER_BITS
    return ms << shift, ((ms + 1) << shift) - 1
