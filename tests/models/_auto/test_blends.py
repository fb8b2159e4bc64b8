"""Weights of a sum: found again where they are known, equal where nothing tells."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.models._auto.blends import Shortlists, best_shares, cross_fitted


def lists_of(parts: list[NDArray[np.float64]], targets: NDArray[np.bool_]) -> Shortlists:
    scores = [each.astype(np.float32) for each in parts]
    return Shortlists.of(scores, sp.csr_array(targets.astype(np.float32)))


def test_ndcg_of_a_sum_equals_that_of_the_whole_scores() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.random((2, 30, 400))
    targets = rng.random((30, 400)) < 0.05
    lists = lists_of([first, second], targets)
    found = lists.ndcg(np.array([0.5, 0.5]), 10)
    order = np.argsort(-(first + second).astype(np.float32), axis=1)[:, :10]
    hits = np.take_along_axis(targets, order, axis=1)
    discounts = 1 / np.log2(np.arange(2, 12))
    best = [discounts[: min(10, each)].sum() for each in targets.sum(axis=1)]
    np.testing.assert_allclose(found, hits @ discounts / best, rtol=1e-6)


def test_a_film_on_both_lists_counts_once() -> None:
    scores = np.array([[3.0, 2.0, 1.0]])
    lists = lists_of([scores, scores], np.array([[True, False, False]]))
    assert lists.hits.sum() == 1
    assert lists.ndcg(np.array([0.5, 0.5]), 10).tolist() == [1]


def test_noise_gets_no_share() -> None:
    rng = np.random.default_rng(1)
    targets = rng.random((400, 150)) < 0.06
    good = targets + rng.normal(0, 0.4, targets.shape)
    shares = best_shares(lists_of([good, rng.normal(0, 1, targets.shape)], targets), 10)
    assert shares[0] >= 0.75


def test_shares_are_equal_where_parts_are_alike() -> None:
    rng = np.random.default_rng(2)
    targets = rng.random((400, 150)) < 0.06
    parts = [targets + rng.normal(0, 0.5, targets.shape) for _ in range(3)]
    np.testing.assert_allclose(best_shares(lists_of(parts, targets), 10), 1 / 3, atol=0.13)


def test_cross_fitted_shares_come_from_other_viewers() -> None:
    """Half of the viewers follow one part and half the other: each half gets the wrong one."""
    rng = np.random.default_rng(3)
    targets = rng.random((200, 80)) < 0.1
    good, bad = targets + rng.normal(0, 0.2, targets.shape), rng.normal(0, 1, targets.shape)
    even = (np.arange(200) % 2 == 0)[:, None]
    lists = lists_of([np.where(even, good, bad), np.where(even, bad, good)], targets)
    assert (
        cross_fitted(lists, 10).mean()
        < 0.5 * lists_of([good, bad], targets).ndcg(np.array([1.0, 0.0]), 10).mean()
    )
