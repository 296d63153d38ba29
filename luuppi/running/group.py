"""One process group: a parent that starts web, worker and figures service, restarts what dies with growing pauses, and ends them all.

Each part leads a group of its own, so that what a part has started goes with it.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from luuppi.running.parent import for_children

_DRAIN_SECONDS = 25
_LONGEST_PAUSE = 30.0
_HEALTHY_SECONDS = 20.0


@dataclass
class Part:
    name: str
    arguments: list[str]
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    failures: int = 0
    start_again_at: float = 0.0
    restarts: int = field(default=0)
    is_asked_to_end: bool = False

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "luuppi", *self.arguments], start_new_session=True, stdin=subprocess.DEVNULL, env=for_children()
        )
        self.started_at = time.monotonic()

    def send(self, sign: int) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, sign)
            except ProcessLookupError:
                return

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def become_group(parts: list[Part], *, holding: int) -> None:
    """Go on as a process with the same number that runs these parts and has loaded nothing else: it idles for months, and Django would
    take it 45 MB. `holding`: an open file that stays open."""
    os.set_inheritable(holding, True)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "luuppi.running.group", json.dumps([[part.name, part.arguments] for part in parts])])


class Group:
    """`chores` are called all the time while the group runs; each must return at once."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.chores: list[Callable[[], None]] = []
        self.stopping = threading.Event()

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; returns 0 when everything ended by itself in time, 1 when something had to be killed."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: self.stopping.set())
        signal.signal(signal.SIGHUP, lambda *_: self.reload_web())
        for part in self.parts:
            part.start()
        while not self.stopping.wait(0.2):
            for part in self.parts:
                self._look_after(part)
            for chore in self.chores:
                chore()
        return self._end()

    def start_anew(self, name: str) -> None:
        """End the part in order; it is started again at once."""
        for part in self.parts:
            if part.name == name and part.process is not None:
                part.is_asked_to_end = True
                part.process.terminate()

    def _look_after(self, part: Part) -> None:
        now = time.monotonic()
        if part.ended() and part.is_asked_to_end:
            part.send(signal.SIGKILL)
            part.is_asked_to_end = False
            part.start()
        elif part.ended():
            part.send(signal.SIGKILL)  # what the dead part had started must not hold the port or a lock
            part.failures = 0 if now - part.started_at > _HEALTHY_SECONDS else part.failures + 1
            pause = min(0.25 * 2**part.failures, _LONGEST_PAUSE) if part.failures else 0.0  # what was well and died once is missed at once
            print(f"{part.name} ended with {part.process.returncode}; starting it again in {pause:.1f} s", file=sys.stderr, flush=True)
            part.process, part.start_again_at = None, now + pause
            part.restarts += 1
        if part.process is None and now >= part.start_again_at:
            part.start()

    def reload_web(self) -> None:
        """New web processes begin to answer, then the old ones end: nobody is turned away."""
        for part in self.parts:
            if part.name == "web":
                part.send(signal.SIGHUP)

    def _end(self) -> int:
        for part in self.parts:
            if part.process is not None:
                part.process.terminate()
        deadline, killed = time.monotonic() + _DRAIN_SECONDS, 0
        for part in self.parts:
            if part.process is None:
                continue
            try:
                part.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                killed += 1
            part.send(signal.SIGKILL)
        return 1 if killed else 0


if __name__ == "__main__":
    raise SystemExit(Group([Part(name, arguments) for name, arguments in json.loads(sys.argv[1])]).run())
