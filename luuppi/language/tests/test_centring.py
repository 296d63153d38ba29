# mypy: allow-untyped-defs, allow-untyped-calls
"""Sari sorts one comment of each theme; the comments that nobody sorted show where the themes lie."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from luuppi.language.centring import theme_centres
from luuppi.language.coding import learn_codebook
from luuppi.language.tests.invented import comments

DIRECTIONS = np.eye(8, dtype=np.float32)
RANDOM = np.random.default_rng(5)


def around(direction, n, spread=0.15):
    places = DIRECTIONS[direction] + RANDOM.normal(0, spread, (n, 8))
    return (places / np.linalg.norm(places, axis=1, keepdims=True)).astype(np.float32)


UNSORTED = np.vstack([around(0, 200), around(1, 200), around(2, 200)])


def test_one_example_at_the_edge_finds_the_middle_of_its_heap():
    examples = np.asarray([[0.8, 0, 0, 0.6, 0, 0, 0, 0], [0, 0.8, 0, 0, 0.6, 0, 0, 0]], dtype=np.float32)
    centres = theme_centres(examples, np.eye(2, dtype=bool), UNSORTED)
    assert (centres[0] @ DIRECTIONS[0], centres[1] @ DIRECTIONS[1]) > (0.98, 0.98)


def test_a_heap_that_no_theme_is_near_to_moves_none():
    examples, flags = DIRECTIONS[:2], np.eye(2, dtype=bool)
    without = theme_centres(examples, flags, UNSORTED[:400])
    assert theme_centres(examples, flags, UNSORTED) == pytest.approx(without, abs=1e-2)


def test_many_examples_stay_the_masters_of_their_theme():
    examples = np.tile(DIRECTIONS[3] * 0.8 + DIRECTIONS[0] * 0.6, (100, 1)).astype(np.float32)
    centre = theme_centres(examples, np.ones((100, 1), dtype=bool), UNSORTED)[0]
    assert centre @ examples[0] > 0.99


def test_without_unsorted_comments_the_examples_are_the_centre():
    assert theme_centres(DIRECTIONS[:2], np.ones((2, 1), dtype=bool), UNSORTED[:0])[0] == pytest.approx(
        (DIRECTIONS[0] + DIRECTIONS[1]) / np.sqrt(2), abs=1e-6
    )


def test_a_theme_without_examples_has_no_centre():
    centres = theme_centres(DIRECTIONS[:1], np.asarray([[True, False]]), UNSORTED)
    assert not centres[1].any()
    assert not theme_centres(DIRECTIONS[:0], np.zeros((0, 2), dtype=bool), UNSORTED).any()
    assert theme_centres(DIRECTIONS[:1], np.zeros((1, 0), dtype=bool), UNSORTED).shape == (0, 8)


def test_unsorted_comments_help_who_gave_one_example_of_each_theme():
    texts, themes = comments(900, seed=1)
    new, truth = comments(200, seed=2)
    first = [themes.index(theme) for theme in sorted(set(themes))]
    book = learn_codebook([texts[i] for i in first], [{themes[i]} for i in first], "en", texts)
    alone = replace(book, _voters=replace(book._voters, centres=None))
    surer = [sum(_lead(ranked, theme) for ranked, theme in zip(one.rank(new), truth, strict=True)) for one in (book, alone)]
    assert surer[0] > 1.2 * surer[1] > 0


def _lead(ranked, theme):
    """How far the right theme is ahead of the best wrong one."""
    given = {one.theme: one.confidence for one in ranked}
    return given.pop(theme) - max(given.values())


def test_a_codebook_stored_before_there_were_centres_still_codes():
    texts, themes = comments(120, seed=3)
    book = learn_codebook(texts, [{theme} for theme in themes], "en")
    for name in ("centres", "near"):
        book._voters.__dict__.pop(name)
    old = pickle.loads(pickle.dumps(book))
    assert old.code(texts[:20]) == book.code(texts[:20])
    assert any(old.code(texts[:20]))
