"""`luuppi figures` as it is started in the process group: it follows the database of the home and ends with its parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]

STORE_AND_ASK = """
import time
import django
django.setup()
from django.db import connection
from luuppi.capture.drafts import Draft, FeedbackIn
from luuppi.capture.receiving import receive
from luuppi.errors import NotNow
from luuppi.insight.asking import ask
from luuppi.insight.question import Question
from luuppi.people.models import ApiToken
from luuppi.people.organising import create_organisation

lumi = create_organisation("lumi", name="Lumi")
reader = ApiToken(organisation=lumi, name="bi", scopes=["figures:read"])

def count():
    until = time.monotonic() + 60
    while True:
        try:
            return ask(Question.for_(reader, "counts")).rows[0][0]
        except NotNow as not_now:
            assert not_now.facts["retry_after"] >= 1 and time.monotonic() < until
            time.sleep(0.1)

assert count() == 0
receive([Draft(FeedbackIn(scores={"nps": 9}), channel="api", source="test")] * 3, organisation=lumi, by="customer")
stored = time.monotonic()
while count() != 3:
    assert time.monotonic() - stored < 60
    time.sleep(0.05)
print("counted")
"""


@pytest.fixture
def run_here(tmp_path):
    environment = os.environ | {"LUUPPI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "luuppi.settings", "PYTHONPATH": str(ROOT)}
    environment.pop("LUUPPI_DATABASE_URL", None)

    def start(*arguments, **options):
        return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE, **options)

    return start


def test_it_follows_the_database_and_ends_on_sigterm(run_here, tmp_path):
    assert run_here("-m", "luuppi", "migrate", "-v0").wait(180) == 0
    service = run_here("-m", "luuppi", "figures", "--follow-parent")
    try:
        out, problems = run_here("-c", STORE_AND_ASK).communicate(timeout=180)
        assert out == "counted\n", problems
        service.send_signal(signal.SIGTERM)
        assert service.wait(60) == 0, service.stderr.read()
    finally:
        service.kill()
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {"current", "figures-000001.duckdb", "lock"}


def test_over_tcp_without_a_token_it_refuses_with_the_reason(run_here):
    refused = run_here("-m", "luuppi", "figures", "--host", "127.0.0.1")
    _, problems = refused.communicate(timeout=60)
    assert refused.returncode == 1 and "LUUPPI_ANALYTICS_TOKEN" in problems


def test_it_begins_without_waiting_for_django(run_here):
    looked = run_here("-c", "import sys, luuppi.insight.starting; assert not {'django.db', 'luuppi.insight.truth', 'numpy'} & set(sys.modules)")
    assert looked.wait(60) == 0, looked.stderr.read()
