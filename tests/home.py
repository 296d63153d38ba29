"""A home of its own for every test process. Loaded before Django's settings are read (pyproject.toml, addopts): a conftest comes too late."""

import atexit
import os
import shutil
import tempfile

os.environ["LUUPPI_HOME"] = tempfile.mkdtemp(prefix="luuppi-tests-")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
atexit.register(shutil.rmtree, os.environ["LUUPPI_HOME"], ignore_errors=True)
