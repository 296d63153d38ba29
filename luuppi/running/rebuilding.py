"""What `luuppi rebuild` makes anew. The stage that owns something derived registers how."""

from collections.abc import Callable

REBUILDS: dict[str, Callable[[], str]] = {}  # name → does it, and says in words what it did
