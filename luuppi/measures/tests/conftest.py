"""The shared reference data, where it is: tests that need it say so and are left out elsewhere."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    root = Path(__file__).resolve().parents[3]
    told = os.environ.get("LUUPPI_SHARED_DATA")
    places = [Path(told)] if told else [root.parent / "shared" / "data", root.parent.parent / "shared" / "data"]
    for place in places:
        if place.is_dir():
            return place
    pytest.skip("needs the reference data of ../shared/data (or LUUPPI_SHARED_DATA)")
