"""What every test stands on: a home of its own, and the cast (Aino, Eero; Mikko, Sari, Leena; Olof of another organisation)."""

import os
import tempfile

import pytest

os.environ["LUUPPI_HOME"] = tempfile.mkdtemp(prefix="luuppi-tests-")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

pytest_plugins = ["tests.cast"]


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a process remembers for moments must not outlive a test's database."""
    from luuppi.people.web import addressing

    addressing.forget()
