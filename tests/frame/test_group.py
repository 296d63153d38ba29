"""One process group: what dies is started again, what is asked to end ends, and nothing outlives its parent."""

import os
import signal
import subprocess
import sys

import pytest

from tests.frame.installation import ROOT, processes_of, until

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def serve(luuppi):
    return luuppi.process("serve", "--port", str(luuppi.port))


def parts(luuppi, parent: int) -> dict[str, int]:
    """Name of each part → its process."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(parent)], capture_output=True, text=True).stdout
    found = {}
    for line in listed.splitlines():
        pid, _, words = line.strip().partition(" ")
        for name in ("web", "worker", "figures"):
            if f"luuppi {name}" in words or (name == "web" and "granian" in words):
                found[name] = int(pid)
    return found


def test_it_starts_serves_restarts_what_dies_and_ends_when_asked(luuppi):
    with serve(luuppi) as group:
        luuppi.wait_until_it_answers()
        until(lambda: luuppi.get("/readyz")[0] == 200, 60)
        assert luuppi.get("/metrics")[0] == 200
        before = parts(luuppi, group.pid)
        assert set(before) == {"web", "worker", "figures"}
        for name in ("web", "worker"):
            os.kill(before[name], signal.SIGKILL)
        until(lambda: all(parts(luuppi, group.pid).get(n) not in (None, before[n]) for n in ("web", "worker")), 60)
        luuppi.wait_until_it_answers()
        second = luuppi.run("serve", "--port", str(luuppi.port + 1))
        assert second.returncode == 1 and "already runs" in second.stderr
        group.terminate()
        assert group.wait(60) == 0
        until(lambda: not processes_of(luuppi.home), 40)


def test_nothing_outlives_a_parent_that_was_killed(luuppi):
    with serve(luuppi) as group:
        luuppi.wait_until_it_answers()
        os.kill(group.pid, signal.SIGKILL)
        until(lambda: not processes_of(luuppi.home), 40)


def test_a_port_that_is_taken_is_said_with_a_way_out(luuppi):
    holder = subprocess.Popen([sys.executable, "-c", f"import socket,time; s=socket.create_server(('127.0.0.1', {luuppi.port})); print('ready', flush=True); time.sleep(60)"], stdout=subprocess.PIPE, cwd=ROOT)
    try:
        assert holder.stdout.readline() == b"ready\n"
        said = luuppi.run("serve", "--port", str(luuppi.port))
        assert said.returncode == 1 and "--port" in said.stderr
    finally:
        holder.kill()
        holder.wait()
