"""One fit at a time where the library below is not safe from threads.

liblinear draws the order of its steps from one generator for the whole process, and lets go of Python's lock while it works: two fits at
once take each other's draws, and their weights differ in the sixth digit from run to run.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

_lock = threading.Lock()


def fit_alone(fit: Callable[..., Any], *arguments: Any) -> Any:
    """fit(*arguments) while no other thread of this process fits through here."""
    with _lock:
        return fit(*arguments)
