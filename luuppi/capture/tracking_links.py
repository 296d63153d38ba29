"""The link by which a customer follows an item: unguessable, in no column, the same each time it is made.

`base32(version, key number, item id, HMAC-SHA-256(key, purpose | item id | counter)[:16])`. The counter on the item revokes.
"""

import base64
import binascii
import hmac

from django.conf import settings

from luuppi.running.keys import Keyring

_VERSION = 1
GIVER, FOLLOWER, UNSUBSCRIBE = b"giver", b"follower", b"unsubscribe"
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [a + b for a in _LETTERS for b in _LETTERS]
_SHIFTS = range(200, -1, -10)
_ring = Keyring(settings.SECRET_KEY_FILE)


def token_of(item_id: int, *, counter: int = 0, purpose: bytes = GIVER) -> str:
    """42 small letters and digits."""
    number = _ring.newest
    return _spelt(bytes([_VERSION, number]) + item_id.to_bytes(8) + _signature(number, item_id, counter, purpose))


def tracking_url(item_id: int, *, counter: int = 0) -> str:
    return f"{settings.BASE_URL}/t/{token_of(item_id, counter=counter)}"


def item_id_in(token: str) -> int | None:
    """The item that a token claims to be of; None when it cannot be a token. Nothing is proven until `is_genuine`."""
    raw = _raw(token)
    return int.from_bytes(raw[2:10]) if raw else None


def is_genuine(token: str, *, counter: int = 0, purpose: bytes = GIVER) -> bool:
    """Whether we made this token for its item, this purpose and this counter. Constant time."""
    raw = _raw(token)
    if raw is None or raw[1] not in _ring.keys:
        return False
    return hmac.compare_digest(raw[10:], _signature(raw[1], int.from_bytes(raw[2:10]), counter, purpose))


def _raw(token: str) -> bytes | None:
    # Base32 spares bits at its end: only the one spelling that we make is a token.
    if len(token) != 42 or token != token.lower():
        return None
    try:
        raw = base64.b32decode(token.upper() + "======")
    except binascii.Error:
        return None
    if raw[0] != _VERSION or _spelt(raw) != token:
        return None
    return raw


def _spelt(raw: bytes) -> str:
    """26 bytes in small base32, two letters at a time: the standard library's own takes longer than all else that makes a token."""
    bits = int.from_bytes(raw) << 2
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])


def _signature(number: int, item_id: int, counter: int, purpose: bytes) -> bytes:
    return _ring.sign(number, purpose + b"|" + item_id.to_bytes(8) + b"|" + counter.to_bytes(4))
