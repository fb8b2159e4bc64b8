"""Lists made elsewhere are measured like those of a model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import pytrec_eval
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import matinee
from matinee import metrics
from matinee.errors import InputError, UnknownNameError
from matinee.experiments.measuring.list_metrics import measure_lists
from matinee.experiments.measuring.ranking import listed_in, ranked_lists


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
    hits = listed_in(ranked.items, targets, block_bytes=block_bytes)
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


def test_the_metrics_of_lists_alone_are_those_that_need_no_training() -> None:
    found = {label.partition("@")[0] for label in measure_lists([[0]], np.eye(1, 2), 1)}
    assert {"f1", "rbp", "dcg"} <= found
    needing_films = {each for each in metrics.names() if "item_genres" in metrics.get(each).inputs}
    assert "genre-entropy" in needing_films
    assert not found & needing_films


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
    expected = metrics.get("map").function(
        listed_in(items[:, :5], targets), np.diff(targets.indptr)
    )
    np.testing.assert_array_equal(measure_lists(items, targets, 5)["map@5"], expected)


TARGETS = sp.csr_array(np.array([[0, 4, 2, 5, 1], [3, 0, 0, 0, 0]], dtype=np.float32))
LISTS = np.array([[1, 2], [0, 3]])


def same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert found.keys() == expected.keys()
    for label, values in expected.items():
        np.testing.assert_array_equal(found[label], values, err_msg=label)


def test_lists_shorter_than_k_have_misses_at_the_missing_ranks() -> None:
    found = measure_lists(LISTS, TARGETS, [1, 4], ["precision", "recall-capped", "ndcg"])
    assert found["precision@4"] == pytest.approx([2 / 4, 1 / 4])
    assert found["recall-capped@4"] == pytest.approx([2 / 4, 1])
    perfect = (1 / np.log2(np.arange(2, 6))).sum()
    assert found["ndcg@4"] == pytest.approx([(1 + 1 / np.log2(3)) / perfect, 1])
    assert found["precision@1"] == pytest.approx([1, 1])
    padded = np.array([[1, 2, -1, -1, -1, -1], [0, 3, -1, -1, -1, -1]])
    same(measure_lists(LISTS, TARGETS, (2, 4)), measure_lists(padded, TARGETS, (2, 4)))


@pytest.mark.parametrize("k", [3, np.int64(3), [3], np.array([3]), (3, 3)])
def test_a_length_may_be_of_any_integer_type(k: Any) -> None:
    same(measure_lists(LISTS, TARGETS, k), measure_lists(LISTS, TARGETS, 3))


@pytest.mark.parametrize("k", [0, -1, [], [2, 0], 2.0, "2", None, [True, 0]])
def test_a_length_that_is_not_positive_is_refused(k: Any) -> None:
    with pytest.raises(InputError, match=r"^k must be a"):
        measure_lists(LISTS, TARGETS, k)


@pytest.mark.parametrize(
    "items",
    [
        [[1, 2], [0, 3]],
        [[1, 2, -1], [0, 3]],
        ((1, 2), (0, 3)),
        [np.array([1, 2]), np.array([0, 3])],
        LISTS.astype(np.uint8),
        LISTS.astype(np.int64),
    ],
)
def test_lists_are_taken_in_every_form(items: Any) -> None:
    same(measure_lists(items, TARGETS), measure_lists(LISTS, TARGETS))


@pytest.mark.parametrize(
    "items",
    [
        LISTS.astype(float),
        [[1.0, 2.0], [0.0, 3.0]],
        [["1"], ["0"]],
        LISTS[0],
        LISTS[None],
        [1, 2],
        None,
        5,
        [[1], [None]],
        LISTS > 1,
    ],
)
def test_lists_that_are_not_rows_of_films_are_refused(items: Any) -> None:
    with pytest.raises(InputError, match="lists must be an array or lists of whole numbers"):
        measure_lists(items, TARGETS)


def test_a_film_listed_twice_is_refused() -> None:
    with pytest.raises(InputError, match="list 1 has film 3 twice"):
        measure_lists([[1, 2], [3, 0, 3]], TARGETS)
    measure_lists([[1, -1, -1], [-1, -1, -1]], TARGETS)  # -1 is no film


def test_targets_are_taken_in_every_format() -> None:
    expected = measure_lists(LISTS, TARGETS)
    dense = TARGETS.toarray()
    for targets in (dense, dense.astype(np.int8), *map(TARGETS.asformat, ("csc", "coo", "lil"))):
        same(measure_lists(LISTS, targets), expected)
    unsorted = sp.csr_array(
        (np.array([1, 5, 2, 4, 3], dtype=np.float32), np.array([4, 3, 2, 1, 0]), [0, 4, 5]), (2, 5)
    )
    same(measure_lists(LISTS, unsorted), expected)


def test_a_stored_zero_is_a_target() -> None:
    targets = sp.csr_array((np.zeros(1, dtype=np.float32), [1], [0, 1]), shape=(1, 3))
    assert measure_lists([[1]], targets, 1, ["recall"])["recall@1"] == [1.0]
    nobody = measure_lists([[1]], targets.toarray(), 1, ["recall"])["recall@1"]
    assert np.isnan(nobody).all()  # no targets, no value


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (sp.coo_array(([1.0, 2.0], ([0, 0], [1, 1])), shape=(2, 5)), "two ratings of a viewer"),
        (TARGETS * np.float32(np.nan), "ratings are finite numbers"),
        (np.full((2, 5), np.inf), "ratings are finite numbers"),
        (np.zeros(5), r"targets has the shape \[5\]"),
        ("targets", "sparse or dense array of ratings"),
        (None, "sparse or dense array of ratings"),
    ],
)
def test_targets_that_are_no_ratings_are_refused(targets: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        measure_lists(LISTS, targets)


TREC_EVAL = {
    "precision": "P",
    "recall": "recall",
    "map": "map_cut",
    "ndcg": "ndcg_cut",
    "ndcg-graded": "ndcg_cut",
    "hit-rate": "success",
    "mrr": "recip_rank",
}
KS = (1, 5, 10, 20)


@pytest.mark.parametrize("name", TREC_EVAL)
def test_runs_with_ties_grades_and_short_lists_are_measured_as_by_trec_eval(name: str) -> None:
    # a run of trec_eval: few distinct scores, lists of 0 to 30 films, grades of 0 to 4
    rng = np.random.default_rng(9)
    n, n_items = 40, 60
    grades = np.where(rng.random((n, n_items)) < 0.3, rng.integers(0, 5, (n, n_items)), -1)
    grades[:, 0] = rng.integers(1, 5, n)
    run: dict[str, dict[str, float]] = {}
    lists: list[list[int]] = []
    for viewer in range(n):
        films = rng.permutation(n_items)[: rng.integers(1, 31)]
        scores = rng.integers(0, 6, len(films)) / 4
        run[f"{viewer:02}"] = {
            f"{film:02}": float(s) for film, s in zip(films, scores, strict=True)
        }
        # trec_eval breaks ties by the name of the document, the last first
        lists.append(films[np.lexsort((-films, -scores))].tolist())
    targets = sp.csr_array(np.maximum(grades, 0).astype(np.float32))
    judged = np.minimum(grades, 1) if name == "ndcg" else grades
    qrels = {
        f"{viewer:02}": {f"{film:02}": int(row[film]) for film in np.flatnonzero(row >= 0)}
        for viewer, row in enumerate(judged)
    }
    cut = "" if name == "mrr" else "." + ",".join(map(str, KS))
    theirs = pytrec_eval.RelevanceEvaluator(qrels, {TREC_EVAL[name] + cut}).evaluate(run)
    found = measure_lists(lists, targets, KS if cut else 30, [name])
    for label, values in found.items():
        key = TREC_EVAL[name] + ("_" + label.partition("@")[2] if cut else "")
        expected = [theirs[viewer][key] for viewer in sorted(theirs)]
        np.testing.assert_allclose(values, expected, rtol=0, atol=1e-6, err_msg=label)
