"""Popularity of lists against plain loops and by hand; RecTools is in `test_peers`."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.metrics._lists import list_means
from matinee.metrics.popularity import long_tail_share, mean_popularity, popularity_lift

COUNTS = np.array([40, 30, 10, 10, 5, 5, 0])
"""100 ratings; films 0, 1 and the two with 10 have 90."""


def test_the_lift_agrees_with_a_loop_over_viewers() -> None:
    rng = np.random.default_rng(0)
    counts = rng.integers(0, 50, 30)
    items = np.argsort(rng.random((20, 30)), axis=1)[:, :6]
    items[3, 2:] = -1
    histories = sp.csr_array((rng.random((20, 30)) < 0.3).astype(np.float32))
    ours = popularity_lift(items, counts, histories)
    for viewer in range(20):
        listed = [counts[film] for film in items[viewer] if film >= 0]
        watched = counts[histories[[viewer]].indices]
        expected = (sum(listed) / len(listed)) / (watched.sum() / len(watched)) - 1
        assert ours[viewer] == pytest.approx(expected, abs=1e-12)


def test_the_history_itself_has_no_lift_and_no_history_or_no_list_no_value() -> None:
    history = sp.csr_array(np.array([[5.0, 0, 3.0, 0, 0, 0, 0]]))
    assert popularity_lift(np.array([[2, 0]]), COUNTS, history).tolist() == [0.0]
    histories = sp.csr_array(np.array([[0.0] * 7, [1.0] * 7, [0, 0, 0, 0, 0, 0, 2.0]]))
    items = np.array([[0], [-1], [0]])
    assert np.isnan(popularity_lift(items, COUNTS, histories)).all()


def test_popularity_is_a_share_of_viewers() -> None:
    assert mean_popularity(np.array([[0, 6], [1, -1]]), COUNTS, 50).tolist() == [0.4, 0.6]


@pytest.mark.parametrize(
    ("head", "tail"),
    [(0.7, {2, 3, 4, 5, 6}), (0.71, {4, 5, 6}), (0.8, {4, 5, 6}), (0.9, {4, 5, 6}), (1.0, {6})],
)
def test_the_head_is_the_most_popular_films_with_that_share(head: float, tail: set[int]) -> None:
    of_tail = long_tail_share(np.arange(7)[:, None], COUNTS, head=head)
    assert set(np.flatnonzero(of_tail)) == tail


def test_unrated_films_are_in_the_tail_even_without_any_ratings() -> None:
    assert long_tail_share(np.array([[0, 1]]), np.zeros(2, dtype=np.int64)).tolist() == [1.0]


def test_the_block_size_of_look_ups_changes_nothing() -> None:
    items = np.random.default_rng(1).integers(-1, 7, (100, 5))
    values = COUNTS.astype(np.float64)
    np.testing.assert_array_equal(list_means(items, values, block=35), list_means(items, values))
