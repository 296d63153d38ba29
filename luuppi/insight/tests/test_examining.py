"""`luuppi rebuild` and `luuppi doctor` about the figures."""

from pathlib import Path

import pytest

from luuppi.insight import asking
from luuppi.insight.refusals import FiguresAreRebuilding
from luuppi.insight.service.file import Folder
from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 fixtures
from luuppi.running.examining import EXAMINATIONS
from luuppi.running.rebuilding import REBUILDS


@pytest.fixture
def no_service(settings, tmp_path):
    """A home in which no figures service runs."""
    settings.ANALYTICS_URL, settings.HOME = "", tmp_path
    yield tmp_path
    asking._askers.clear()


def test_the_doctor_sees_that_the_service_answers(figures):  # noqa: F811
    finding = EXAMINATIONS["figures"]()
    assert finding.ok and finding.words.startswith("serving")


def test_the_doctor_says_when_nobody_answers(no_service):
    finding = EXAMINATIONS["figures"]()
    assert not finding.ok and "luuppi serve" in finding.mend


def test_the_doctor_says_what_is_wrong_with_the_address(no_service, settings):
    settings.ANALYTICS_URL = "ftp://figures.example"
    finding = EXAMINATIONS["figures"]()
    assert not finding.ok and "ftp://figures.example" in finding.words
    settings.ANALYTICS_URL = "http://127.0.0.1:9"  # nobody listens there
    finding = EXAMINATIONS["figures"]()
    assert not finding.ok and "LUUPPI_ANALYTICS_TOKEN" in finding.mend


def test_rebuild_asks_the_service_that_runs(figures):  # noqa: F811
    assert "old one answers" in REBUILDS["figures"]()


def test_rebuild_throws_the_files_away_where_no_service_runs(no_service):
    folder = no_service / "figures"
    folder.mkdir()
    (folder / "figures-000001.duckdb").write_bytes(b"rows")
    (folder / "current").write_text("figures-000001.duckdb")
    assert "when it starts" in REBUILDS["figures"]()
    assert not list(folder.glob("figures-*")) and Folder(folder).current() is None


def test_rebuild_touches_nothing_that_a_silent_service_holds(no_service):
    holder = Folder(Path(no_service) / "figures")
    assert holder.take()
    (holder.path / "figures-000001.duckdb").write_bytes(b"rows")
    with pytest.raises(FiguresAreRebuilding):
        REBUILDS["figures"]()
    assert (holder.path / "figures-000001.duckdb").exists()
    holder.leave()


def test_rebuild_says_so_when_a_service_elsewhere_does_not_answer(no_service, settings):
    settings.ANALYTICS_URL = "http://127.0.0.1:9"
    with pytest.raises(FiguresAreRebuilding):
        REBUILDS["figures"]()
