"""The core: everybody in it has enough ratings, and nothing larger has that."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.data.splits.examples import of_columns, pairs, some_interactions

from matinee.data import Interactions
from matinee.data.splits import core
from matinee.errors import InputError


def removed_one_by_one(
    ratings: set[tuple[int, int]], per_viewer: int, per_film: int
) -> set[tuple[int, int]]:
    """Removes single ratings of whoever has too few, until nobody has."""
    left = set(ratings)
    while True:
        users, items = [user for user, _ in left], [item for _, item in left]
        for user, item in sorted(left):
            if users.count(user) < per_viewer or items.count(item) < per_film:
                left.remove((user, item))
                break
        else:
            return left


@settings(deadline=None, max_examples=60)
@given(interactions=some_interactions(), per_viewer=st.integers(1, 7), per_film=st.integers(1, 7))
def test_the_core_is_what_remains_if_ratings_leave_one_by_one(
    interactions: Interactions, per_viewer: int, per_film: int
) -> None:
    expected = removed_one_by_one(pairs(interactions), per_viewer, per_film)
    if not expected:
        with pytest.raises(InputError, match=r"none of the .* ratings is left"):
            core(interactions, per_viewer, per_film)
        return
    inside = interactions.select(core(interactions, per_viewer, per_film))
    assert pairs(inside) == expected
    assert core(inside, per_viewer, per_film).all()


def test_a_film_that_leaves_takes_a_viewer_along() -> None:
    users, items = [0, 0, 0, 1, 1, 2, 2], [0, 1, 2, 0, 1, 0, 3]
    ratings = of_columns(users, items, [3.0] * 7, [0] * 7)
    assert core(ratings).all()
    assert pairs(ratings.select(core(ratings, 2, 2))) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    np.testing.assert_array_equal(core(ratings, 3), np.array(users) == 0)


def test_nothing_left_is_an_error_that_says_what_to_lower() -> None:
    ratings = of_columns([0, 1], [0, 1], [3.0] * 2, [0] * 2)
    with pytest.raises(InputError, match="with 2 or more for each viewer and 1 or more for each f"):
        core(ratings, 2)
