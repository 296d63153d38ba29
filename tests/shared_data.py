"""The openly licensed reference data beside the project; tests that read it say so and skip where it is absent."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_data(*parts: str) -> Path:
    """The path of a reference file; skips the test where the data is not there."""
    bases = [Path(p) for p in [os.environ.get("LUUPPI_SHARED_DATA", "")] if p] + [ROOT.parent / "shared" / "data", ROOT.parent.parent / "shared" / "data"]
    for base in bases:
        if (path := base.joinpath(*parts)).exists():
            return path
    pytest.skip(f"reference data {'/'.join(parts)} is not beside the project")
