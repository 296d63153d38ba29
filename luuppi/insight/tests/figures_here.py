"""A figures service inside the test: the real table, answerer, server and client; `figures()` brings in what the test has written.

The writer's thread is left out, since only the test's own connection sees what its transaction has written.
"""

import threading

import pytest

from luuppi.insight import asking
from luuppi.insight.service import file
from luuppi.insight.service.address import UnixAddress
from luuppi.insight.service.answering import Answerer, Manners
from luuppi.insight.service.compacting import Copier
from luuppi.insight.service.server import Desk, serve_at
from luuppi.insight.service.table import Generation, Table
from luuppi.insight.service.writer import Writer
from luuppi.insight.truth import Truth, newest_version


class TruthOfThisTest(Truth):
    """A test writes in one transaction that never ends; nobody else writes to its database, so all that it wrote is safe."""

    def horizon(self) -> int:
        return newest_version()


@pytest.fixture
def figures_away(settings, tmp_path):
    """Settings that point to a socket on which nobody listens."""
    settings.ANALYTICS_URL = f"unix://{tmp_path}/socket"
    return tmp_path / "socket"


@pytest.fixture
def figures(db, figures_away):
    """`figures()`: from now on figures hold everything that is in the database."""
    folder = file.Folder(figures_away.parent / "figures")
    folder.path.mkdir()
    path = folder.next()
    connection = file.open_file(path, file.Limits(memory_mb=256, threads=1), make=True)
    table = Table(folder)
    table.serve(Generation(path, connection))
    writer = Writer(table, TruthOfThisTest(), file.Limits(memory_mb=256, threads=1))
    server = serve_at(UnixAddress(figures_away), Desk(table, Answerer(table, Manners()), Copier(table, writer), None))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def bring_in() -> None:
        connection.execute("UPDATE state SET cursor = 0")
        while writer._bring_in(connection):
            pass

    yield bring_in
    for asker in asking._askers.values():
        asker._drop()  # the server's thread of a kept connection ends with it
    asking._askers.clear()
    server.shutdown()
    server.server_close()
    table.close()
