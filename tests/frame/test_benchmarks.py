"""The measurements under bench/ still fit the product they measure: they are run by hand, and would otherwise break unseen."""

import importlib
import sqlite3

import duckdb
import pytest

from bench import __main__ as bench
from bench import figures, figures_items, filling, scene
from luuppi.insight.service.row import create_table_sql
from luuppi.insight.service.sql import sql_for
from tests.frame.installation import copy_of


@pytest.mark.parametrize("name", sorted({*bench.names(), *bench.PARTS_OF_TRUST}))
def test_each_measurement_loads(name):
    assert importlib.import_module(f"bench.{name}").__doc__


def test_the_items_that_figures_are_measured_over_answer_every_question_asked_of_them():
    with duckdb.connect() as connection:
        connection.execute(create_table_sql())
        connection.execute("CREATE TABLE state (cursor BIGINT)")
        figures_items.make_items(connection, 2_000)
        answers = {name: connection.execute(sql_for(question)).fetchall() for name, question in figures.questions().items()}
    assert all(answers.values()), answers


@pytest.mark.sqlite_only
def test_the_home_that_lists_are_measured_over_is_one_that_the_product_could_have_made(migrated, tmp_path):
    home = copy_of(migrated, tmp_path / "home")
    scene.make(home)
    with sqlite3.connect(home / "luuppi.sqlite3") as database:
        filling.fill(database, 500)
        assert database.execute("SELECT count(*) FROM capture_feedbackitem").fetchone() == (500,)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
