"""Metrics of dislikes beside loops over every film, and beside scikit-learn."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from matinee import metrics
from matinee.metrics.dislikes import (
    auc_disliked,
    discounted_loss,
    disliked_per_slot,
    disliked_share,
    judged_slots,
)

N, K = 12, 5
SEEDS = st.integers(0, 2**32 - 1)


def lists(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Items, and which are judged and disliked; some dislikes are in no list."""
    rng = np.random.default_rng(seed)
    items = np.argsort(rng.random((N, 20)), axis=1)[:, :K]
    judged = rng.random((N, K)) < 0.5
    disliked = judged & (rng.random((N, K)) < 0.5)
    return items, judged, disliked, disliked.sum(axis=1) + rng.integers(0, 3, N)


@given(seed=SEEDS)
def test_shares_and_losses_are_those_of_a_loop(seed: int) -> None:
    items, judged, disliked, n_disliked = lists(seed)
    if not n_disliked.any():
        return
    share = disliked_share(disliked, judged, n_disliked)
    slots = disliked_per_slot(items, disliked, n_disliked)
    loss = discounted_loss(disliked, n_disliked)
    for viewer in range(N):
        ranks = [rank for rank in range(1, K + 1) if disliked[viewer, rank - 1]]
        known = sum(judged[viewer].tolist())
        assert slots[viewer] == len(ranks) / K
        assert share[viewer] == len(ranks) / known if known else np.isnan(share[viewer])
        worst = sum(1 / log2(rank + 1) for rank in range(1, min(K, n_disliked[viewer]) + 1))
        if worst:
            assert loss[viewer] == pytest.approx(sum(1 / log2(rank + 1) for rank in ranks) / worst)
        else:
            assert np.isnan(loss[viewer])


@given(seed=SEEDS)
def test_the_mean_share_is_pooled_over_all_judged_films(seed: int) -> None:
    _, judged, disliked, n_disliked = lists(seed)
    if not n_disliked.any() or not judged.any():
        return
    share = disliked_share(disliked, judged, n_disliked)
    mean = metrics.get("disliked").mean(share, judged_slots(judged).astype(np.float64))
    assert mean == pytest.approx(np.count_nonzero(disliked) / np.count_nonzero(judged))


def test_nothing_has_a_value_without_any_dislike() -> None:
    items, judged, disliked, n_disliked = lists(0)
    nothing, none = np.zeros_like(disliked), np.zeros_like(n_disliked)
    assert np.isnan(disliked_share(nothing, judged, none)).all()
    assert np.isnan(disliked_per_slot(items, nothing, none)).all()
    assert np.isnan(discounted_loss(nothing, none)).all()


def test_loss_is_the_ndcg_of_the_dislikes() -> None:
    _, _, disliked, n_disliked = lists(3)
    ndcg = metrics.get("ndcg").function(disliked, n_disliked)
    np.testing.assert_allclose(discounted_loss(disliked, n_disliked), ndcg)


@given(seed=SEEDS, levels=st.sampled_from([3, 10_000]))
def test_pairs_in_order_are_those_of_a_loop_with_ties_against_the_model(
    seed: int, levels: int
) -> None:
    rng = np.random.default_rng(seed)
    bounds = np.concatenate([[0], np.cumsum(rng.integers(0, 8, N))])
    scores = rng.integers(0, levels, bounds[-1]).astype(np.float32)
    signs = rng.integers(-1, 2, bounds[-1]).astype(np.int8)
    measured = auc_disliked(scores, signs, bounds)
    for viewer in range(N):
        own = slice(bounds[viewer], bounds[viewer + 1])
        likes, dislikes = scores[own][signs[own] == 1], scores[own][signs[own] == -1]
        if not len(likes) * len(dislikes):
            assert np.isnan(measured[viewer])
            continue
        right = sum(like > dislike for like in likes for dislike in dislikes)
        assert measured[viewer] == pytest.approx(right / (len(likes) * len(dislikes)))
        if len(np.unique(scores[own])) == len(scores[own]):
            truth = np.concatenate([np.ones(len(likes)), np.zeros(len(dislikes))])
            theirs = roc_auc_score(truth, np.concatenate([likes, dislikes]))
            assert measured[viewer] == pytest.approx(theirs)


def test_equal_scores_are_all_wrong_and_a_signed_zero_is_no_difference() -> None:
    signs, bounds = np.array([1, -1], dtype=np.int8), np.array([0, 2])
    for scores in ([1.0, 1.0], [0.0, -0.0], [-0.0, 0.0]):
        assert auc_disliked(np.array(scores), signs, bounds).tolist() == [0.0]
