"""Where the shared development data is, for tests and benchmarks. No row of it lives in this repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def shared_path(name: str) -> Path | None:
    """The file `name` of shared/data, or None where it is not on this machine. LUUPPI_SHARED_DATA names another folder."""
    named = os.environ.get("LUUPPI_SHARED_DATA")
    places = [Path(named)] if named else [ROOT / "../shared/data", ROOT / "../../shared/data"]
    return next((place / name for place in places if (place / name).exists()), None)


def shared_file(name: str) -> Path:
    """As shared_path; the test says what is missing and skips where it is."""
    path = shared_path(name)
    if path is None:
        pytest.skip(f"shared/data/{name} is not on this machine")
    return path
