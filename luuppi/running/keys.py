"""The key of all tokens: one small file, made at first use, readable by its owner alone.

Each line is `number:base64 key`. The highest number signs; all numbers are accepted, so a key is renewed by adding a line.
Several machines of one installation share the file; a backup contains it and says so.
"""

import base64
import hashlib
import hmac
import os
import secrets
from functools import cached_property
from pathlib import Path


class Keyring:
    def __init__(self, path: Path):
        self.path = Path(path)

    @cached_property
    def keys(self) -> dict[int, bytes]:
        """Key number → key. Makes the file when it is missing; two processes that do so at once end with the same file."""
        if not self.path.exists():
            self._make()
        keys = {}
        for line in self.path.read_text().splitlines():
            number, _, text = line.partition(":")
            if text:
                keys[int(number)] = base64.b64decode(text)
        if not keys:
            raise ValueError(f"The key file {self.path} holds no key. Restore it from a backup: without it no link sent so far works.")
        return keys

    def _make(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("1:" + base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(mine, self.path)  # fails when another process was first, whose key then holds for both
        except FileExistsError:
            pass
        finally:
            mine.unlink()

    @cached_property
    def newest(self) -> int:
        return max(self.keys)

    def derive(self, purpose: str) -> str:
        """A text secret for one purpose, from the oldest key, so that adding a key signs nobody out."""
        return hmac.new(self.keys[min(self.keys)], purpose.encode(), hashlib.sha256).hexdigest()

    def sign(self, number: int, message: bytes) -> bytes:
        """The first 16 bytes of HMAC-SHA-256. Raises KeyError for a key number that does not exist."""
        begun = self._begun[number].copy()
        begun.update(message)
        return begun.digest()[:16]

    @cached_property
    def _begun(self) -> dict[int, hmac.HMAC]:
        """Key number → a signature that has taken in the key alone: to begin each time anew costs three times as much."""
        return {number: hmac.new(key, digestmod="sha256") for number, key in self.keys.items()}
