"""A real installation in a temporary home: its own processes, its own database file, its own port."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class Installation:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("LUUPPI_", "DJANGO_", "PYTEST"))} | {"LUUPPI_HOME": str(home), "OMP_NUM_THREADS": "1"}
        self.port = free_port()
        self.token = ""

    def run(self, *arguments: str, **env: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "-m", "luuppi", *arguments], cwd=ROOT, env=self.env | env, capture_output=True, text=True, timeout=300)

    def python(self, program: str, *arguments: str) -> subprocess.CompletedProcess:
        """A few lines of Python in this installation."""
        env = self.env | {"DJANGO_SETTINGS_MODULE": "luuppi.settings"}
        return subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)

    def must(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout.strip()

    @contextlib.contextmanager
    def process(self, *arguments: str, **options) -> Iterator[subprocess.Popen]:
        """`luuppi …` in a group of its own, killed at the end with all that it started."""
        started = subprocess.Popen([sys.executable, "-m", "luuppi", *arguments], cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True, **options)
        try:
            yield started
        finally:
            if started.poll() is None:
                started.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    started.wait(30)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait(30)

    @contextlib.contextmanager
    def web(self) -> Iterator[subprocess.Popen]:
        with self.process("web", "--port", str(self.port), "--threads", "8", "--follow-parent") as web:
            self.wait_until_it_answers()
            yield web

    def wait_until_it_answers(self, path: str = "/healthz", seconds: float = 120) -> None:
        until(lambda: self.get(path)[0] == 200, seconds)

    def get(self, path: str) -> tuple[int, bytes]:
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Status and body; status 0 when nobody answers."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method=method, headers={"Authorization": f"Bearer {self.token}", **headers})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except (OSError, ValueError):
            return 0, b""

    def send(self, **item) -> tuple[int, dict]:
        key = item.pop("key", None)
        headers = {"Idempotency-Key": key} if key else {}
        status, body = self.ask("POST", "/api/v1/feedback", json.dumps(item).encode(), **headers)
        return status, json.loads(body) if body else {}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(holds, seconds: float) -> None:
    """Wait until it holds; AssertionError when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def processes_of(home: Path) -> set[int]:
    """Processes that have this home in their environment."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if f"LUUPPI_HOME={home}\0".encode() in (folder / "environ").read_bytes():
                    found.add(int(folder.name))
    return found


def copy_of(template: Path, home: Path) -> Path:
    shutil.copytree(template, home)
    return home
