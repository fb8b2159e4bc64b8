"""What is held back inside a fit: nothing is in two places, nobody loses too much."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.data import Interactions
from matinee.models._blend.held_out import HeldOut, hold_out


def test_a_fifth_of_everybodys_ratings_is_held_back_and_learned_from_by_nobody(
    planted: Interactions,
) -> None:
    held_out = hold_out(planted, np.random.default_rng(0))
    assert held_out is not None
    np.testing.assert_array_equal(np.diff(held_out.targets.indptr), 3)
    np.testing.assert_array_equal(held_out.lengths, 12)
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


def test_without_a_viewer_of_five_ratings_nothing_is_held_back(
    ratings: Callable[..., Interactions],
) -> None:
    assert hold_out(ratings([[5, 4, 3, 2, 0], [0, 1, 2, 3, 4]]), np.random.default_rng(0)) is None


def test_no_more_viewers_are_asked_about_than_were_allowed(planted: Interactions) -> None:
    everybody = hold_out(planted, np.random.default_rng(0))
    few = hold_out(planted, np.random.default_rng(0), most=7)
    assert everybody is not None
    assert few is not None
    assert few.histories.shape == few.targets.shape == (7, 40)
    assert len(few.train) == len(everybody.train)
    assert ((few.histories != 0).multiply(few.targets != 0)).nnz == 0
    assert everybody.few(np.random.default_rng(0), 60) is everybody


def test_ndcg_is_that_worked_by_hand(planted: Interactions) -> None:
    held_out = hold_out(planted, np.random.default_rng(0))
    assert held_out is not None
    one = HeldOut(held_out.train, held_out.histories[[0]], held_out.targets[[0]])
    wanted = one.targets.indices
    scores = np.zeros((1, 40), dtype=np.float32)
    scores[0, wanted] = [3, 1, 0.5]
    others = np.setdiff1d(np.arange(40), wanted)
    scores[0, others[:2]] = [2, 0.8]  # targets at ranks 1, 3 and 5
    ideal = 1 + 1 / np.log2(3) + 1 / np.log2(4)
    found = 1 + 1 / np.log2(4) + 1 / np.log2(6)
    assert one.ndcg(scores, 10)[0] == pytest.approx(found / ideal)
    assert one.ndcg(scores, 2)[0] == pytest.approx(1 / (1 + 1 / np.log2(3)))
