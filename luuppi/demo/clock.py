"""Telling the demo's past through the real doors: for a while the program believes that it is another moment."""

import contextlib
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Inside, `timezone.now()` is the moment. Only for the process that builds the demo, which serves nobody."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield moment
    finally:
        timezone.now = real
