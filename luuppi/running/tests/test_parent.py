"""A part whose parent died before it could look ends all the same."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_PART = "import time; from luuppi.running.parent import follow_parent; follow_parent(); time.sleep(120)"


def test_a_child_of_a_parent_that_is_gone_already_ends():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    part = subprocess.run([sys.executable, "-c", _PART], cwd=ROOT, env=os.environ | {"LUUPPI_PARENT": str(gone.pid)}, timeout=60)
    assert part.returncode == -signal.SIGTERM
