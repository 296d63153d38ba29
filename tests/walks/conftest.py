"""Two organisations full of objects, made once for each file; what a test changes in them is taken back after it."""

import logging

import pytest
from django.db import transaction

from tests.cast import connection_kept, make_scene
from tests.walks.filled import Filled, fill

LUMI_MARK, NORRSKEN_MARK = "Hopeakettu", "Tundrasusi"


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker):
    """(Lumi, Norrsken), each with one of everything and no number in common."""
    with connection_kept(), django_db_blocker.unblock(), transaction.atomic():
        yield fill(make_scene(), LUMI_MARK, numbers_from=5000), fill(make_scene("norrsken", "Norrsken"), NORRSKEN_MARK)
        transaction.set_rollback(True)


@pytest.fixture
def full(both, db) -> Filled:
    return both[0]


@pytest.fixture
def foreign(both, db) -> Filled:
    """Olof's organisation."""
    return both[1]


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of refusals are what a walk looks for: the log need not name each."""
    logger = logging.getLogger("django.request")
    before, logger.level = logger.level, logging.CRITICAL
    yield
    logger.level = before
