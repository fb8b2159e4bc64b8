"""Lists made elsewhere: measured as those of a model are."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee import metrics
from matinee.errors import InputError, UnknownNameError
from matinee.experiments.measuring import given_lists as module
from matinee.experiments.measuring.given_lists import given_lists, measure_lists
from matinee.experiments.measuring.ranking import ranked_lists


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 8), n_items=st.integers(2, 30))
def test_the_lists_of_a_ranking_are_seen_as_the_ranking_sees_them(
    seed: int, n: int, n_items: int
) -> None:
    rng = np.random.default_rng(seed)
    worth = np.where(rng.random((n, n_items)) < 0.3, rng.integers(1, 6, (n, n_items)), 0)
    targets = sp.csr_array(worth.astype(np.float32))
    seen = sp.csr_array((rng.random((n, n_items)) < 0.2).astype(np.float32) * (worth == 0))
    scores = rng.random((n, n_items), dtype=np.float32)
    ranked = ranked_lists(scores, targets, seen, k=min(7, n_items))
    listed = given_lists(ranked.items, targets)
    np.testing.assert_array_equal(listed.hits, ranked.hits)
    np.testing.assert_array_equal(listed.gains, ranked.gains)


def test_every_metric_of_lists_and_targets_is_measured_at_every_length() -> None:
    items = np.array([[0, 1, 2], [2, 3, -1]])
    targets = sp.csr_array(np.array([[4, 0, 2, 0], [0, 5, 0, 0]], dtype=np.float32))
    measured = measure_lists(items, targets, (1, 3))
    assert measured["recall@1"] == pytest.approx([0.5, 0.0])
    assert measured["recall@3"] == pytest.approx([1.0, 0.0])
    assert measured["coverage@3"] == 1.0
    assert measured["ndcg@3"][0] == pytest.approx(1.5 / (1 + 1 / np.log2(3)))  # type: ignore[index]
    assert {label.partition("@")[0] for label in measured} >= {"ndcg", "map", "mrr", "gini"}


def test_named_metrics_alone_are_measured() -> None:
    items, targets = np.array([[0]]), sp.csr_array(np.eye(1, 2, dtype=np.float32))
    assert set(measure_lists(items, targets, 1, ["mrr", "recall"])) == {"mrr@1", "recall@1"}
    with pytest.raises(UnknownNameError, match="unknown metric of lists alone 'novelty'"):
        measure_lists(items, targets, 1, ["novelty"])


def test_batches_of_viewers_do_not_see_each_others_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    targets = sp.random_array((50, 20), density=0.2, format="csr", rng=rng, dtype=np.float32)
    items = np.argsort(rng.random((50, 20)), axis=1)[:, :10]
    whole = given_lists(items, targets).hits
    monkeypatch.setattr(module, "_MARKS_AT_ONCE", 70)
    np.testing.assert_array_equal(given_lists(items, targets).hits, whole)


@pytest.mark.parametrize("items", [np.zeros((3, 2), dtype=np.int32), np.array([[0, 4], [1, 2]])])
def test_lists_of_other_viewers_or_films_are_refused(items: np.ndarray) -> None:
    with pytest.raises(InputError, match=r"must be of 2 viewers, with films from 0 to 3"):
        measure_lists(items, sp.csr_array((2, 4), dtype=np.float32))


def test_what_is_measured_agrees_with_the_metrics_themselves() -> None:
    rng = np.random.default_rng(1)
    targets = sp.random_array((40, 30), density=0.2, format="csr", rng=rng, dtype=np.float32)
    items = np.argsort(rng.random((40, 30)), axis=1)[:, :10].astype(np.int32)
    lists = given_lists(items, targets)
    expected = metrics.get("map").function(lists.hits[:, :5], np.diff(targets.indptr))
    np.testing.assert_array_equal(measure_lists(items, targets, 5)["map@5"], expected)
