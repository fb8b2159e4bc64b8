"""Lists made elsewhere are measured like those of a model."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import matinee
from matinee import metrics
from matinee.errors import InputError, UnknownNameError
from matinee.experiments.measuring.list_metrics import _hits, measure_lists
from matinee.experiments.measuring.ranking import ranked_lists


@settings(deadline=None, max_examples=100)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 8),
    n_items=st.integers(2, 30),
    block_bytes=st.sampled_from([1, 70, 2**24]),
)
def test_hits_are_those_of_the_ranking_in_blocks_of_any_size(
    seed: int, n: int, n_items: int, block_bytes: int
) -> None:
    rng = np.random.default_rng(seed)
    ratings = np.where(rng.random((n, n_items)) < 0.3, rng.integers(1, 6, (n, n_items)), 0)
    targets = sp.csr_array(ratings.astype(np.float32))
    seen = sp.csr_array((rng.random((n, n_items)) < 0.2).astype(np.float32) * (ratings == 0))
    ranked = ranked_lists(rng.random((n, n_items), dtype=np.float32), targets, seen, k=7)
    hits = _hits(ranked.items, targets, block_bytes=block_bytes)
    np.testing.assert_array_equal(hits, ranked.hits)


def test_every_metric_is_measured_at_every_length() -> None:
    items = np.array([[0, 1, 2], [2, 3, -1]])
    targets = sp.csr_array(np.array([[4, 0, 2, 0], [0, 5, 0, 0]], dtype=np.float32))
    measured = matinee.measure_lists(items, targets, (1, 3))
    assert measured["recall@1"] == pytest.approx([0.5, 0.0])
    assert measured["recall@3"] == pytest.approx([1.0, 0.0])
    assert measured["coverage@3"] == 1.0
    assert measured["ndcg@3"] == pytest.approx([1.5 / (1 + 1 / np.log2(3)), 0.0])
    assert {label.partition("@")[0] for label in measured} >= {"ndcg", "map", "mrr", "gini"}


def test_only_named_metrics_are_measured() -> None:
    items, targets = np.array([[0]]), sp.csr_array(np.eye(1, 2, dtype=np.float32))
    assert set(measure_lists(items, targets, 1, ["mrr", "recall"])) == {"mrr@1", "recall@1"}
    with pytest.raises(UnknownNameError, match="unknown metric of lists alone 'novelty'"):
        measure_lists(items, targets, 1, ["novelty"])


@pytest.mark.parametrize("items", [np.zeros((3, 2), dtype=np.int32), np.array([[0, 4], [1, 2]])])
def test_lists_of_other_viewers_or_films_are_refused(items: np.ndarray) -> None:
    with pytest.raises(InputError, match=r"must be of 2 viewers, with films from 0 to 3"):
        measure_lists(items, sp.csr_array((2, 4), dtype=np.float32))


def test_values_agree_with_the_metric() -> None:
    rng = np.random.default_rng(1)
    targets = sp.random_array((40, 30), density=0.2, format="csr", rng=rng, dtype=np.float32)
    items = np.argsort(rng.random((40, 30)), axis=1)[:, :10].astype(np.int32)
    expected = metrics.get("map").function(_hits(items[:, :5], targets), np.diff(targets.indptr))
    np.testing.assert_array_equal(measure_lists(items, targets, 5)["map@5"], expected)
