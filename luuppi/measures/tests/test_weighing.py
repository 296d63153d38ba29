import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luuppi.measures.weighing import standing_out

COUNTS = st.lists(st.integers(0, 500), max_size=12)


@pytest.mark.parametrize(
    ("counts", "k"),
    [
        ([], 0),
        ([7], 0),
        ([0, 0, 0], 0),
        ([12, 12, 11, 10, 10, 9], 0),
        ([40, 10, 9, 8], 1),
        ([40, 38, 9, 8], 2),
        ([90, 40, 9, 8], 2),
        ([40, 39, 38, 37, 2], 0),
        ([8, 0, 0], 1),
        ([3, 0, 0], 0),
    ],
)
def test_who_stands_out(counts, k):
    assert standing_out(counts) == k


def test_at_most_so_many_are_told():
    assert [standing_out([40, 39, 38, 37, 2], most=most) for most in (1, 3, 4, 9)] == [0, 0, 4, 4]


@given(COUNTS, st.randoms())
def test_order_and_things_never_mentioned_change_nothing(counts, dice):
    mixed = [*counts, *([0] if len(counts) > 3 else [])]
    dice.shuffle(mixed)
    assert standing_out(mixed) == standing_out(counts)


@given(COUNTS)
def test_more_of_the_same_never_hides_what_stood_out(counts):
    assert standing_out([3 * n for n in counts]) >= standing_out(counts)


@pytest.mark.parametrize(("g", "at_most"), [(2, 0.07), (3, 0.05), (10, 0.01)])
def test_of_things_that_are_alike_something_stands_out_seldom(g, at_most):
    draws = np.random.default_rng(1).multinomial(150, [1 / g] * g, size=600)
    assert np.mean([standing_out(draw) > 0 for draw in draws]) <= at_most


@pytest.mark.parametrize("wrong", [[-1], [1.5], [float("nan")], [float("inf")], ["many"]])
def test_a_broken_count_is_named(wrong):
    with pytest.raises(ValueError, match="counts"):
        standing_out(wrong)


def test_none_at_most_makes_no_sense():
    with pytest.raises(ValueError, match="most"):
        standing_out([1, 2], most=0)
