"""Hold-out inside a fit: training ratings and targets are disjoint, a fifth is held out."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Ratings

from matinee.data import Interactions
from matinee.models._blend.held_out import hold_out


def test_a_fifth_of_every_history_is_a_target_and_not_in_training(planted: Interactions) -> None:
    held_out = hold_out(planted, np.random.default_rng(0))
    assert held_out is not None
    np.testing.assert_array_equal(np.diff(held_out.targets.indptr), 3)
    np.testing.assert_array_equal(held_out.histories.lengths, 12)
    assert held_out.histories.times is not None
    both = held_out.train.matrix + held_out.targets
    assert (both != planted.matrix).nnz == 0
    assert len(held_out.train) == 60 * 12


def test_the_seed_decides(planted: Interactions) -> None:
    one, same, other = (hold_out(planted, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one is not None
    assert same is not None
    assert other is not None
    assert (one.targets != same.targets).nnz == 0
    assert (one.targets != other.targets).nnz > 0


def test_users_need_five_ratings(ratings: Ratings) -> None:
    assert hold_out(ratings([[5, 4, 3, 2, 0], [0, 1, 2, 3, 4]]), np.random.default_rng(0)) is None


def test_the_number_of_users_is_limited(planted: Interactions) -> None:
    every = hold_out(planted, np.random.default_rng(0))
    few = hold_out(planted, np.random.default_rng(0), most=7)
    assert every is not None
    assert few is not None
    assert few.histories.ratings.shape == few.targets.shape == (7, 40)
    assert len(few.train) == len(every.train)
    assert few.histories.ratings.multiply(few.targets).nnz == 0


def test_ndcg_by_hand(planted: Interactions) -> None:
    held_out = hold_out(planted, np.random.default_rng(0))
    assert held_out is not None
    one = held_out.take(np.array([0]))
    targets = one.targets.indices
    scores = np.zeros((1, 40), dtype=np.float32)
    scores[0, targets] = [3, 1, 0.5]
    others = np.setdiff1d(np.arange(40), targets)
    scores[0, others[:2]] = [2, 0.8]  # targets at ranks 1, 3 and 5
    ideal = 1 + 1 / np.log2(3) + 1 / np.log2(4)
    gained = 1 + 1 / np.log2(4) + 1 / np.log2(6)
    assert one.ndcg(scores, 10)[0] == pytest.approx(gained / ideal)
    assert one.ndcg(scores, 2)[0] == pytest.approx(1 / (1 + 1 / np.log2(3)))
