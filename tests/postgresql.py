"""A PostgreSQL of our own for the tests: made in a temporary folder on a free loopback port, thrown away after."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


class PostgresqlIsMissing(RuntimeError):
    """There is none that we can start; the message says what would help."""


@contextlib.contextmanager
def running_postgresql() -> Iterator[str]:
    """The address of an empty database. Runs as user postgres when we are root (it refuses to run as root), else as ourselves."""
    programs = _programs()
    as_user = _switch()
    folder = Path(tempfile.mkdtemp(prefix="luuppi-postgresql-"))
    if as_user:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    data, port = folder / "data", _free_port()
    started = False
    try:
        _run(as_user, programs / "initdb", "-D", data, "-U", "luuppi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off -c autovacuum=off -c max_connections=200"
        _run(as_user, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        started = True
        _run(as_user, programs / "createdb", "-h", "127.0.0.1", "-p", port, "-U", "luuppi", "luuppi")
        yield f"postgresql://luuppi@127.0.0.1:{port}/luuppi"
    finally:
        if started:
            _run(as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    raise PostgresqlIsMissing("install Debian's postgresql")


def _switch() -> list[str]:
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresqlIsMissing("there is no user postgres to run it as; install Debian's postgresql") from None
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def _run(as_user: list[str], *command: object) -> None:
    result = subprocess.run([*as_user, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/")
    if result.returncode:
        raise PostgresqlIsMissing(f"{Path(str(command[0])).name} failed: {result.stdout.strip()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
