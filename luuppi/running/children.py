"""Heavy work (themes, models, imports) in child processes, one at a time, with one numeric thread and a memory limit."""

import resource
import subprocess
import sys

from luuppi.running import todo
from luuppi.running.parent import for_children

MEMORY_BYTES = 4 << 30
_MOST_AT_ONCE = 1


class Children:
    """The children of one worker. The to-do of a child that died is tried again after a pause; when the worker dies too, after its lease."""

    def __init__(self) -> None:
        self.running: list[tuple[subprocess.Popen, int]] = []  # the process and the id of its to-do

    def start_due(self) -> int:
        """Start a child for due heavy to-dos while there is room; returns how many were started."""
        self._bury()
        started = 0
        heavy = [kind for kind, work in todo.WORKS.items() if work.in_child]
        while heavy and len(self.running) < _MOST_AT_ONCE:
            claimed = todo.claim(1, kinds=heavy)
            if not claimed:
                break
            self.running.append((_start(claimed[0]), claimed[0].pk))
            started += 1
        return started

    def _bury(self) -> None:
        """Note what the dead left undone (killed, the disk full). Raises OperationalError while nothing can be written: asked again later."""
        ended = {number: child.returncode for child, number in self.running if child.poll() is not None}
        for one in todo.Todo.objects.filter(pk__in=[number for number, code in ended.items() if code], claimed_until__isnull=False):
            todo.fail(one, ChildProcessError(f"the process that did it ended with {ended[one.pk]}"))
        self.running = [(child, number) for child, number in self.running if number not in ended]

    def drain(self) -> None:
        """Ask the children to end and wait for them; what they did not finish is done again later."""
        for child, _todo in self.running:
            if child.poll() is None:
                child.terminate()
        for child, _todo in self.running:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def _start(one: todo.Todo) -> subprocess.Popen:
    env = for_children() | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-m", "luuppi", "todo", str(one.pk)], env=env, stdin=subprocess.DEVNULL)


def limit_memory() -> None:
    """In the child: a job that wants too much fails by itself and is noted, rather than the machine being slowed to a halt."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
