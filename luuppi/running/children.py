"""Heavy work (themes, models, imports) in child processes, one at a time, with one numeric thread and a memory limit."""

import os
import resource
import subprocess
import sys

from luuppi.running import todo

MEMORY_BYTES = 4 << 30
_MOST_AT_ONCE = 1


class Children:
    """The children of one worker. A child that dies leaves its to-do claimed; it comes back when the lease ends."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen] = []

    def start_due(self) -> int:
        """Start a child for due heavy to-dos while there is room; returns how many were started."""
        self.running = [child for child in self.running if child.poll() is None]
        started = 0
        heavy = [kind for kind, work in todo.WORKS.items() if work.in_child]
        while heavy and len(self.running) < _MOST_AT_ONCE:
            claimed = todo.claim(1, kinds=heavy)
            if not claimed:
                break
            self.running.append(_start(claimed[0]))
            started += 1
        return started

    def drain(self) -> None:
        """Ask the children to end and wait for them; what they did not finish is done again later."""
        for child in self.running:
            if child.poll() is None:
                child.terminate()
        for child in self.running:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def _start(one: todo.Todo) -> subprocess.Popen:
    env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-m", "luuppi", "todo", str(one.pk)], env=env, stdin=subprocess.DEVNULL)


def limit_memory() -> None:
    """In the child: a job that wants too much fails by itself and is noted, rather than the machine being slowed to a halt."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
