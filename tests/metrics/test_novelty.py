"""Self-information by hand; RecTools' MeanInvUserFreq is in `test_peers`."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.metrics.novelty import self_information

COUNTS = np.array([8, 2, 1, 0])


def test_a_film_that_everybody_rated_has_no_novelty() -> None:
    assert self_information(np.array([[0]]), COUNTS, 8).tolist() == [0.0]


def test_half_the_viewers_is_one_bit_more() -> None:
    assert self_information(np.array([[1], [2]]), COUNTS, 8).tolist() == [2.0, 3.0]


def test_unrated_films_are_left_out_or_count_as_rated_once() -> None:
    items = np.array([[1, 3], [3, -1]])
    left_out = self_information(items, COUNTS, 8)
    assert left_out[0] == 2.0
    assert np.isnan(left_out[1])
    assert self_information(items, COUNTS, 8, unrated="once").tolist() == [2.5, 3.0]


def test_the_mean_is_over_the_films_of_a_short_list() -> None:
    assert self_information(np.array([[2, 1, -1, -1]]), COUNTS, 8) == pytest.approx([2.5])


def test_without_training_there_is_no_novelty() -> None:
    assert np.isnan(self_information(np.array([[0]]), np.zeros(1, dtype=np.int64), 0)).all()
