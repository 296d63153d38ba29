import os

import pytest

from tests.frame.installation import Installation, copy_of


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A home whose database has its tables and nothing in them."""
    if os.environ.get("LUUPPI_DATABASE_URL"):
        pytest.skip("about real processes on the embedded default")
    made = Installation(tmp_path_factory.mktemp("migrated") / "home")
    made.must("migrate")
    return made.home


@pytest.fixture(scope="session")
def template(migrated, tmp_path_factory):
    """A home with an organisation and a token; each test gets a copy."""
    made = Installation(copy_of(migrated, tmp_path_factory.mktemp("template") / "home"))
    made.must("organisation", "create", "lumi", "--name", "Lumi")
    made.token = made.must("token", "create", "--organisation", "lumi")
    (made.home / "token-of-tests").write_text(made.token)
    return made.home


@pytest.fixture
def luuppi(template, tmp_path):
    installation = Installation(copy_of(template, tmp_path / "home"))
    installation.token = (installation.home / "token-of-tests").read_text()
    return installation
