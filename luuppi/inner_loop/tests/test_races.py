"""Two at once: each act happens one time, and the second is told."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[3]


@contextlib.contextmanager
def empty_database(tmp_path):
    """Settings of a process that has a database of its own, of the same kind as the tests'."""
    own = os.environ | {"LUUPPI_HOME": str(tmp_path), "LUUPPI_DATABASE_URL": "", "PYTHONPATH": str(ROOT)}
    if not settings.DATABASE_URL:
        yield own
        return
    import psycopg

    name = f"race_{os.getpid()}"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield own | {"LUUPPI_DATABASE_URL": f"{settings.DATABASE_URL.rpartition('/')[0]}/{name}"}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_at_the_same_moment_everything_happens_once(tmp_path):
    with empty_database(tmp_path) as environment:
        done = subprocess.run([sys.executable, "-m", "luuppi.inner_loop.tests.race"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "two open a case": ["done", "item-has-a-case"],
        "two reactions": ["done", "done", "done"],
        "n cases of the idea": 1,
        "the same answer twice": ["done", "done"],
        "n answers": 1,
        "two close": ["case-closed", "done"],
        "n closed events": 1,
        "two say no": ["done", "done"],
        "n reopened events": 1,
        "two say no by one press": ["done", "done"],
        "two add a theme": ["done", "theme-taken"],
        "two add a touchpoint": ["done", "touchpoint-taken"],
        "two found a team": ["done", "done"],
        "keys of teams": ["nouto", "nouto-2"],
        "numbers": [1001, 1002],
    }
