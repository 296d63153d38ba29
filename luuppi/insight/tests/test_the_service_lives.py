"""The figures service as a real process: killed, damaged, locked, copied under load, orphaned, ended."""

import json
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from luuppi.insight.question import Question
from luuppi.insight.service.address import TcpAddress
from luuppi.insight.service.asker import Asker, ServiceAway
from luuppi.insight.tests.brute_force import answer, random_rows
from luuppi.insight.tests.figures_in_a_process import ROOT, Service
from luuppi.insight.tests.readers import Reader

pytestmark = pytest.mark.slow

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


LEENA = Reader(1, everywhere=True)


def counts(**asked):
    return Question.for_(LEENA, "counts", at=AT, **asked)


def loop(**asked):
    return Question.for_(LEENA, "loop", by=("touchpoint",), at=AT, **asked)


@pytest.fixture
def service(tmp_path):
    service = Service(tmp_path)
    yield service
    if service.process and service.process.poll() is None:
        service.kill()


def test_it_fills_itself_from_the_truth_and_follows_it(service):
    rows = random_rows(2000, seed=5)
    service.truth.put(*rows)
    service.start()
    assert list(service.ask(loop()).rows) == answer(rows, loop())

    service.truth.put(rows[0]._replace(organisation=1, touchpoint=77), *random_rows(300, seed=6, first=5000))
    service.truth.erase(*[row.item for row in rows[10:60]])
    got = service.ask_fresh(loop())
    assert list(got.rows) == answer(service.truth.rows(), loop())
    assert 77 in [row[0] for row in got.rows]
    assert got.as_of is not None


def test_a_change_shows_within_a_second(service):
    service.truth.put(*random_rows(500, seed=5))
    service.start()
    service.ask(counts())

    def seconds_until_seen(number: int) -> float:
        service.truth.put(*random_rows(1, seed=number, first=10_000 + number))
        changed = time.monotonic()
        service.ask_fresh(counts())
        return time.monotonic() - changed

    # Eleven of twelve; a machine that is busy for a moment is no slow service.
    assert any(sorted(map(seconds_until_seen, range(12 * again, 12 * again + 12)))[-2] < 1.0 for again in range(3))


def test_killed_again_and_again_it_neither_loses_nor_doubles_a_row(service):
    """kill -9 at random moments while changes come in; each time it must stand up again with all that the truth has."""
    dice = random.Random(3)
    service.truth.put(*random_rows(3000, seed=5))
    service.start()
    service.ask(counts())
    for round_ in range(8):
        service.truth.put(*random_rows(400, seed=round_, first=dice.randrange(1, 4000)))
        service.truth.erase(*[dice.randrange(1, 4000) for _ in range(20)])
        time.sleep(dice.uniform(0, 0.8))
        service.kill()
        service.start()
        assert list(service.ask_fresh(loop()).rows) == answer(service.truth.rows(), loop())
    assert "made anew" not in service.log().split("serving", 2)[2], "a kill must not cost a rebuild"


def test_killed_while_making_the_file_anew_it_begins_again(service):
    service.truth.put(*random_rows(2000, seed=5))
    service.start(TRUTH_IS_SLOW="60")  # it is killed long before
    with pytest.raises(ServiceAway) as away:
        wait_for_state(service, "rebuilding")
        service.asker.ask(counts())
    assert (away.value.state, away.value.retry_after) == ("rebuilding", 5)
    service.kill()
    service.start()
    assert list(service.ask(counts()).rows) == answer(service.truth.rows(), counts())


@pytest.mark.parametrize("how", ["emptied", "cut", "scribbled", "no head", "gone", "note gone", "another shape"])
def test_a_damaged_file_is_made_anew_meanwhile_it_says_so(service, how):
    service.truth.put(*random_rows(4000, seed=5))
    service.start()
    before = service.ask(loop())
    service.kill(signal.SIGTERM)
    current = service.figures / (service.figures / "current").read_text()
    damage(current, how)
    service.start(TRUTH_IS_SLOW="0.5")
    states = []
    while True:
        try:
            after = service.asker.ask(loop())
            break
        except ServiceAway as away:
            states.append(away.state)
            time.sleep(0.02)
    assert after.rows == before.rows
    assert "rebuilding" in states
    assert [path.name for path in service.figures.glob("*.duckdb")] == [(service.figures / "current").read_text()]


def damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "another shape":
        with duckdb.connect(str(path)) as connection:
            connection.execute("UPDATE state SET shape = 0")
    elif how == "note gone":
        path.with_name("current").unlink()
    elif how == "gone":
        path.unlink()
    else:
        noise = random.Random(1).randbytes(len(content) - 12288)
        damaged = {"emptied": b"", "cut": content[: len(content) // 2], "scribbled": content[:12288] + noise}
        path.write_bytes(damaged.get(how, b"x" * 4096 + content[4096:]))


def test_damage_found_while_answering_leads_to_a_new_file(service):
    """Blocks are checked when they are read: a file may open well and still be broken further in."""
    service.truth.put(*random_rows(60_000, seed=5))
    service.start()
    before = service.ask(loop())
    service.kill(signal.SIGTERM)
    current = service.figures / (service.figures / "current").read_text()
    content = bytearray(current.read_bytes())
    # From the second block on, a few bytes in each block of 256 kB: the head stays readable.
    for at in range(12288 + 1000, len(content), 262144):
        content[at : at + 16] = bytes(byte ^ 0xFF for byte in content[at : at + 16])
    current.write_bytes(content)
    service.start()
    assert service.ask(loop()).rows == before.rows
    assert (service.figures / "current").read_text() != current.name
    assert "damaged" in service.log() or "cannot be used" in service.log()


def test_a_file_that_takes_the_process_with_it_is_made_anew(service):
    """The count of openings that did not end well outlives the process."""
    service.truth.put(*random_rows(500, seed=5))
    service.start()
    service.ask(counts())
    service.kill(signal.SIGTERM)
    (service.figures / "opening").write_text("3")
    generation = (service.figures / "current").read_text()
    service.start()
    service.ask(counts())
    assert (service.figures / "current").read_text() != generation
    assert not (service.figures / "opening").exists()


def test_a_lock_is_waited_for_and_never_a_reason_to_rebuild(service):
    """An operator looks into the file with another program."""
    service.truth.put(*random_rows(500, seed=5))
    service.start()
    before = service.ask(counts())
    service.kill(signal.SIGTERM)
    generation = (service.figures / "current").read_text()
    holder = f"import duckdb, sys; c = duckdb.connect({str(service.figures / generation)!r}); print('held', flush=True); sys.stdin.read()"
    other = subprocess.Popen([sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    other.stdout.readline()
    service.start()
    wait_for_state(service, "waiting")
    with pytest.raises(ServiceAway, match="waiting"):
        service.asker.ask(counts())
    other.communicate(b"")
    assert service.ask(counts()).rows == before.rows
    assert (service.figures / "current").read_text() == generation


def test_a_truth_restored_from_a_backup_leads_to_a_new_file(service):
    service.truth.put(*random_rows(500, seed=5))
    service.start()
    service.ask(counts())
    kept = random_rows(100, seed=9)
    service.truth.database.execute("DELETE FROM items")
    service.truth.put(*kept)
    until = time.monotonic() + 60
    while list(service.ask(counts()).rows) != answer(kept, counts()):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_swap_under_load_fails_no_question_and_takes_erased_rows_off_the_disk(service):
    mark = "unmistakable-segment-of-aino"
    rows = random_rows(20_000, seed=5)
    aino = [row._replace(organisation=1, segment=f"{mark}-{number}") for number, row in enumerate(random_rows(50, seed=8, first=90_000))]
    service.truth.put(*rows, *aino)
    service.start()
    service.ask(counts())
    assert mark.encode() in service.bytes_on_disk(), "the test must be able to find what it looks for"

    service.truth.erase(*[row.item for row in aino])
    expected = answer(service.truth.rows(), loop())
    service.ask_fresh(counts())
    failures, n_asked, stop = [], [0], threading.Event()

    def keep_asking():
        while not stop.is_set():
            try:
                if list(service.asker.ask(loop()).rows) != expected:
                    failures.append("wrong rows")
            except ServiceAway as away:
                failures.append(str(away))
            n_asked[0] += 1

    askers = [threading.Thread(target=keep_asking) for _ in range(2)]
    for asker in askers:
        asker.start()
    for _ in range(3):
        generation = service.state()["generation"]
        assert service.asker.send("POST", "/copy")[0] == 202
        until = time.monotonic() + 60
        while service.state()["generation"] == generation:
            assert time.monotonic() < until, service.log()
            time.sleep(0.02)
    stop.set()
    for asker in askers:
        asker.join()
    assert not failures and n_asked[0] > 20
    until = time.monotonic() + 60
    while len(list(service.figures.glob("*.duckdb"))) > 1:  # the old one goes when the last question to it has been answered
        assert time.monotonic() < until, service.log()
        time.sleep(0.02)
    assert mark.encode() not in service.bytes_on_disk()


def test_made_anew_beside_the_old_one_no_question_waits(service):
    """Rows can vanish from the truth without a trace in it (an organisation erased): only a rebuild sees that."""
    service.truth.put(*random_rows(3000, seed=5))
    service.start(TRUTH_IS_SLOW="0.3")
    service.ask(counts())
    service.truth.database.execute("DELETE FROM items WHERE item < 1000")
    generation = service.state()["generation"]
    assert service.asker.send("POST", "/rebuild")[0] == 202
    until = time.monotonic() + 60
    while service.state()["generation"] == generation:
        assert service.asker.ask(counts()).rows
        assert time.monotonic() < until
    assert list(service.asker.ask(counts()).rows) == answer(service.truth.rows(), counts())


def test_it_ends_with_its_parent(tmp_path):
    """A parent that is killed cannot tell its children; an orphan would hold the folder and answer from an old world."""
    service = Service(tmp_path, with_parent=True)
    command = [sys.executable, "-m", "luuppi.insight.tests.figures_in_a_process", str(tmp_path), json.dumps(service.options)]
    start_and_wait = f"import subprocess, sys; p = subprocess.Popen({command!r}); print(p.pid, flush=True); p.wait()"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, "-c", start_and_wait], cwd=ROOT, stdout=subprocess.PIPE, env=environment)
    pid = int(parent.stdout.readline())
    service.ask(counts())
    parent.kill()
    parent.wait()
    until = time.monotonic() + 60
    while is_running(pid):
        assert time.monotonic() < until, "the service outlived its parent"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_sigterm_ends_it_cleanly(service):
    service.truth.put(*random_rows(500, seed=5))
    service.start()
    service.ask(counts())
    assert service.kill(signal.SIGTERM) == 0
    assert not (service.folder / "socket").exists()
    with pytest.raises(ServiceAway, match="away"):
        service.asker.ask(counts())


def test_the_next_one_waits_until_the_one_before_has_ended(service):
    service.truth.put(*random_rows(500, seed=5))
    service.start()
    service.ask(counts())
    first, before = service.process, service.ask(counts())
    second = service.start().process
    time.sleep(0.5)
    assert service.state()["process"] == first.pid
    first.send_signal(signal.SIGTERM)
    first.wait(30)
    assert service.ask(counts()).rows == before.rows
    assert service.state()["process"] == second.pid


def test_the_socket_is_its_owners_alone(service):
    service.start()
    service.ask(counts())
    assert stat.S_IMODE((service.folder / "socket").stat().st_mode) == 0o600
    assert stat.S_IMODE(service.figures.stat().st_mode) == 0o700


def test_over_tcp_it_needs_the_token(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    service = Service(tmp_path, tcp=["127.0.0.1", port], token="right")
    service.truth.put(*random_rows(50, seed=5))
    service.start()
    try:
        service.asker = Asker(TcpAddress("127.0.0.1", port), "right")
        assert list(service.ask(counts()).rows) == answer(service.truth.rows(), counts())
        for wrong in (None, "wrong", "righ", "rightt"):
            with pytest.raises(RuntimeError, match="401"):
                Asker(TcpAddress("127.0.0.1", port), wrong).ask(counts())
    finally:
        service.kill()


def test_over_tcp_without_a_token_it_does_not_start(tmp_path):
    service = Service(tmp_path, tcp=["127.0.0.1", 0]).start()
    assert service.process.wait(60) == 1
    assert "LUUPPI_ANALYTICS_TOKEN" in service.log()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b'{"organisation": 1}', b"[" * 100_000, b'{"sql": "SELECT 1"}'],
    ids=["empty", "half", "list", "text", "null", "not utf-8", "fields missing", "deep", "sql"],
)
def test_what_is_no_question_gets_a_reason(service_of_module, body):
    connection = service_of_module.asker._connect()
    connection.request("POST", "/question", body=body)
    response = connection.getresponse()
    assert response.status == 400 and json.loads(response.read())["problem"]
    connection.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("organisation", "1"), ("organisation", True), ("organisation", None), ("scope", ["0001"]), ("scope", "0001."), ("measure", "sql"),
        ("by", ["week", "week"]), ("by", ["secret"]), ("limit", 100_000), ("limit", 0), ("at", "yesterday"), ("at", "2026-01-01T00:00:00"),
        ("filters", {"where": ["1=1"]}), ("filters", {"touchpoint": ["1 OR 1=1"]}),
        ("filters", {"score": [{"scale": "nps", "low": 6, "high": 0}]}),
        ("period", {"since": "x", "until": None, "of": "occurred"}), ("hole_days", -1), ("more", 1),
    ],
)  # fmt: skip
def test_a_field_that_is_wrong_is_named(service_of_module, name, value):
    sent = counts().to_wire() | {name: value}
    status, content = service_of_module.asker.send("POST", "/question", sent)
    assert status == 400
    assert name in content["problem"] or name == "filters"


def test_a_body_that_is_too_long_or_has_no_length_is_refused(service_of_module):
    connection = service_of_module.asker._connect()
    connection.request("POST", "/question", headers={"Content-Length": "300000"})
    assert connection.getresponse().status == 413
    connection = service_of_module.asker._connect()
    connection.putrequest("POST", "/question")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    assert connection.getresponse().status == 411
    service_of_module.asker._drop()
    assert service_of_module.ask(counts()).rows


@pytest.fixture(scope="module")
def service_of_module(tmp_path_factory):
    service = Service(tmp_path_factory.mktemp("service"))
    service.truth.put(*random_rows(50, seed=5))
    service.start()
    service.ask(counts())
    yield service
    service.kill()


def wait_for_state(service: Service, state: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            if service.state()["state"] == state:
                return
        except ServiceAway:
            pass
        assert time.monotonic() < until, service.log()
        time.sleep(0.02)
