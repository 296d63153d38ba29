# mypy: allow-untyped-defs, allow-untyped-calls
"""Sari sorted five comments of each theme; those that nobody sorted teach the words that her five did not hold."""

import numpy as np

from luuppi.language.classifying import Unsorted, learn_voters
from luuppi.language.sparse import by_place
from luuppi.language.teaching import FOR_EACH, MOST_SUREST, surest, themes_to_teach


def test_only_themes_of_a_few_examples_are_taught_and_not_of_one():
    assert themes_to_teach(np.asarray([0, 1, 3, 4, 16, 17, 500])).tolist() == [False, False, False, True, True, False, False]


def test_the_surest_come_first_three_for_each_example_and_not_without_end():
    shares = np.zeros((200, 2))
    shares[:, 0] = np.linspace(0.3, 0.9, 200)
    shares[:50, 1] = 0.6
    rows, about = surest(shares, np.asarray([0]), np.asarray([4, 4]))
    assert rows.tolist() == list(range(199, 199 - 4 * FOR_EACH, -1))
    assert about.all(axis=0).tolist() == [True, False]
    assert len(surest(shares, np.asarray([0, 1]), np.asarray([16, 16]))[0]) == 2 * MOST_SUREST
    assert len(surest(shares[:0], np.asarray([0, 1]), np.asarray([4, 4]))[0]) == 0


# Six words: 0 and 1 are what the examples of the two themes say, 2 and 3 stand beside them in the comments that nobody sorted.
EXAMPLES = by_place(np.ones(8, dtype=np.float32), range(8), [0] * 4 + [1] * 4, (8, 6))
FLAGS = np.repeat(np.eye(2, dtype=bool), 4, axis=0)
PLACE = np.eye(3, dtype=np.float32)[[0] * 8]
BESIDE = by_place(np.ones(80, dtype=np.float32), np.repeat(np.arange(40), 2), [0, 2] * 20 + [1, 3] * 20, (40, 6))


def voters_with(usable, themes=(0, 1)):
    nowhere = np.tile(PLACE[0], (40, 1))
    return learn_voters(EXAMPLES, PLACE, FLAGS, 0, Unsorted(nowhere, BESIDE, np.asarray(usable, dtype=np.int64), np.asarray(themes, dtype=np.int64)))


def test_a_word_that_only_unsorted_comments_hold_is_learnt_from_them():
    asked = by_place(np.ones(2, dtype=np.float32), [0, 1], [2, 3], (2, 6))
    taught = voters_with(range(40)).shares(asked, PLACE[:2])
    assert taught[0, 0] > taught[0, 1] + 0.05 and taught[1, 1] > taught[1, 0] + 0.05
    untaught = voters_with([]).shares(asked, PLACE[:2])
    assert np.abs(untaught[:, 0] - untaught[:, 1]).max() < 0.01


def test_a_theme_that_needs_no_help_keeps_what_its_examples_said():
    helped, alone = voters_with(range(40), [0]), voters_with([])
    assert np.array_equal(helped.weights[..., 1], alone.weights[..., 1])
    assert not np.array_equal(helped.weights[..., 0], alone.weights[..., 0])
