"""Weights along sequences, compared with means over all orders of equal times."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories
from matinee.models._shared.sequences import (
    Constant,
    Decay,
    Pause,
    drawn_order,
    past_weights,
    step_decays,
)

TIMES = [[30, 10, 10, 500, 10], [7], [], [5, 5, 5], [0, 90, 0]]


def histories(times: list[list[int]]) -> Histories:
    stars = np.zeros((len(times), 5), dtype=np.float32)
    for row, each in enumerate(times):
        stars[row, : len(each)] = 4
    return Histories(sp.csr_array(stars), np.concatenate([*map(np.array, times)]).astype(np.int64))


def over_all_orders(decay: Decay, times: list[int]) -> NDArray[np.float64]:
    """Mean weight of every rating over the orders in which times do not fall."""
    found = []
    for order in permutations(range(len(times))):
        ordered = [times[place] for place in order]
        if ordered != sorted(ordered):
            continue
        left = np.zeros(len(times))
        for place, rating in enumerate(order):
            pause = ordered[place] - ordered[place - 1] if place else 0
            step = decay.factor if isinstance(decay, Constant) else 1 / (1 + pause / decay.seconds)
            left *= step
            left[rating] = 1
        found.append(left)
    return np.mean(found, axis=0)


@pytest.mark.parametrize("decay", [Constant(0.3), Constant(1.0), Constant(0.0), Pause(60.0)])
def test_weights_are_means_over_all_orders_of_equal_times(decay: Decay) -> None:
    expected = np.concatenate([over_all_orders(decay, each) for each in TIMES if each])
    np.testing.assert_allclose(past_weights(decay, histories(TIMES)), expected, rtol=1e-5)


@pytest.mark.parametrize("decay", [Constant(0.3), Pause(60.0)])
def test_a_history_without_times_is_a_set(decay: Decay) -> None:
    timed = histories([[9, 9, 9]])
    weights = past_weights(decay, Histories(timed.ratings))
    np.testing.assert_array_equal(weights, past_weights(decay, timed))
    assert len(set(weights.tolist())) == 1


def test_negligible_weights_are_dropped() -> None:
    weights = past_weights(Constant(0.001), histories([[1, 2, 3, 4]]))
    np.testing.assert_allclose(weights, [0, 1e-6, 1e-3, 1], rtol=1e-5)
    assert past_weights(Pause(1.0), histories([[1, 10_000_000]])).tolist() == [0, 1]


def test_the_order_of_equal_times_is_drawn_and_that_of_others_kept() -> None:
    rows, times = np.array([1, 1, 0, 1, 0]), np.array([4, 4, 9, 3, 2])
    orders = {
        tuple(drawn_order(rows, times, np.random.default_rng(seed)).tolist()) for seed in range(20)
    }
    assert orders == {(4, 2, 3, 0, 1), (4, 2, 3, 1, 0)}


def test_a_pause_before_the_first_rating_does_not_exist() -> None:
    first, times = np.array([True, False, True, False]), np.array([1000, 1060, 5, 5])
    np.testing.assert_array_equal(step_decays(Pause(60), times, first), [1, 0.5, 1, 1])
    np.testing.assert_array_equal(step_decays(Constant(0.2), times, first), [1, 0.2, 1, 0.2])
