"""What Luuppi writes is for the users who run it: who else works on the machine reads neither database, mails nor uploads.

A home that Luuppi makes has mode 0700. One that its group may write to was made so that several users share it, and stays theirs; the mode
of a home that is there already is never changed, but `luuppi doctor` says when it is wider.
"""

import os
import stat
from pathlib import Path


def write_for_oneself(home: Path) -> None:
    """From here on files that this process makes are its user's alone; in a shared home, its group's too."""
    os.umask(0o007 if is_shared(home) else 0o077)


def is_shared(home: Path) -> bool:
    return bool(_mode(home) & 0o020)


def is_wider(home: Path) -> bool:
    """Whether others than those who run Luuppi can look into the home."""
    return bool(_mode(home) & (0o007 if is_shared(home) else 0o077))


def _mode(home: Path) -> int:
    """0 when there is none yet."""
    return stat.S_IMODE(home.stat().st_mode) if home.exists() else 0
