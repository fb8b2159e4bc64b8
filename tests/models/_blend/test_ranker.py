"""Blend with the ranker: its order, what it keeps, and what it needs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.data import Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.kernels.threads import threads
from matinee.models import Model
from matinee.models._blend.boosted import boosted_scores, learned_trees, trees_of
from matinee.models._blend.shortlist import Shortlists
from matinee.models.blend import Blend

Fit = Callable[..., Model]
OPTIONS: dict[str, object] = {
    "parts": "ease l2=5 + item-knn neighbours=10",
    "combine": "ranker",
    "shortlist": 8,
}


@pytest.fixture(scope="module")
def audience() -> Interactions:
    """600 viewers, each of one of four tastes, and films that some like more than others."""
    rng = np.random.default_rng(5)
    chances = np.full((600, 40), 0.05)
    for viewer in range(600):
        taste = viewer % 4
        chances[viewer, 10 * taste : 10 * taste + 10] = np.linspace(0.9, 0.3, 10)
    users, items = np.nonzero(rng.random((600, 40)) < chances)
    return Interactions(
        users=users.astype(np.int32),
        items=items.astype(np.int32),
        values=rng.integers(3, 6, len(users)).astype(np.float32),
        times=np.zeros(len(users), dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(600)),
        item_ids=Vocabulary.of("film", range(40)),
    )


@pytest.fixture(scope="module")
def model(audience: Interactions, request: pytest.FixtureRequest) -> Model:
    catalog = request.getfixturevalue("planted_catalog")
    return Blend(Blend.Config(**OPTIONS)).fit(audience, catalog, rng=np.random.default_rng(0))


def test_trees_are_learned_and_put_films_of_ones_taste_first(
    model: Model, audience: Interactions
) -> None:
    assert len(model.arrays["trees.roots"]) > 0
    scores = model.score(
        Query(
            items=np.array([20, 22, 24], dtype=np.int32),
            values=np.full(3, 5, dtype=np.float32),
            times=np.zeros(3, dtype=np.int64),
        )
    )
    scores[[20, 22, 24]] = -np.inf
    assert (np.argsort(-scores)[:5] // 10 == 2).all()


def test_one_viewer_is_answered_as_among_many(model: Model, audience: Interactions) -> None:
    histories = sp.csr_array(audience.matrix[:60])
    together = model.scores(histories)
    assert together.dtype == np.float32
    assert np.isfinite(together).all()
    for row, scores in enumerate(together):
        shown = slice(histories.indptr[row], histories.indptr[row + 1])
        items = histories.indices[shown].astype(np.int32)
        query = Query(items, histories.data[shown], np.zeros(len(items), dtype=np.int64))
        np.testing.assert_allclose(scores, model.score(query), rtol=1e-5, atol=1e-5)


def test_the_seed_alone_decides_and_not_the_threads(
    model: Model, audience: Interactions, request: pytest.FixtureRequest
) -> None:
    catalog = request.getfixturevalue("planted_catalog")
    for n in (1, 2):
        with threads(n):
            again = Blend(model.config).fit(audience, catalog, rng=np.random.default_rng(0))
        assert again.arrays.keys() == model.arrays.keys()
        for key, array in model.arrays.items():
            np.testing.assert_array_equal(again.arrays[key], array)


def test_it_answers_from_its_arrays_without_lightgbm(
    model: Model, audience: Interactions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)  # what an import finds when it is missing
    restored = Blend(model.config)
    for key, array in model.arrays.items():
        assert 600 not in array.shape
        np.save(tmp_path / f"{key}.npy", array, allow_pickle=False)
        restored.arrays[key] = np.load(tmp_path / f"{key}.npy", mmap_mode="r", allow_pickle=False)
    histories = audience.matrix[:5]
    np.testing.assert_array_equal(restored.scores(histories), model.scores(histories))


def test_without_lightgbm_the_extra_is_named_before_the_work(
    fit: Fit, planted: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    monkeypatch.setattr("matinee.models.blend.fit_parts", None)  # would fail if it were called
    with pytest.raises(InputError, match=r"pip install 'matinee\[boost\]'"):
        fit("blend", planted, OPTIONS)


def test_a_stranger_is_answered_by_the_prior_and_no_reason_is_invented(
    model: Model, history: Callable[..., Query]
) -> None:
    np.testing.assert_array_equal(model.score(Query()), model.arrays["prior"])
    assert model.contributions(history([20, 22]), 21) is None


def test_parts_weigh_the_same_where_nothing_can_be_learned(
    fit: Fit, ratings: Callable[..., Interactions], history: Callable[..., Query]
) -> None:
    few = ratings([[5, 4, 0, 3], [0, 3, 5, 4]])
    model = fit("blend", few, OPTIONS)
    assert len(model.arrays["trees.roots"]) == 0
    expected = np.zeros(4)
    for name, options in (("ease", {"l2": 5.0}), ("item-knn", {"neighbours": 10})):
        scores = fit(name, few, options).score(history([0])).astype(np.float64)
        expected += (scores - scores[1:].mean()) / scores[1:].std()
    np.testing.assert_allclose(model.score(history([0])), expected, rtol=1e-4)


def test_trees_are_added_to_the_shortlists_and_other_films_keep_their_order_below() -> None:
    lists = Shortlists(
        np.array([0, 0, 1]), np.array([1, 3, 0]), np.array([[0], [2], [2]], dtype=np.float32)
    )
    split = {"split_feature": 0, "threshold": 1.0}
    leaves = {"left_child": {"leaf_value": -3.0}, "right_child": {"leaf_value": 8.0}}
    trees = trees_of([{**split, **leaves}])
    weighted = np.array([[4, 9, 6, 0], [4, 9, 6, 0], [1, 2, 3, 4]], dtype=np.float32)
    scores = boosted_scores(lists, trees, weighted)
    np.testing.assert_array_equal(scores[0], [3, 6, 5, 8])
    np.testing.assert_array_equal(scores[1], [12, 11, 8, 2])
    np.testing.assert_array_equal(scores[2], weighted[2])
    assert scores.dtype == np.float32


def test_no_tree_is_grown_where_nobody_wants_anything_of_the_lists() -> None:
    lists = Shortlists(np.arange(3), np.arange(3), np.zeros((3, 2), dtype=np.float32))
    start = np.zeros(3, dtype=np.float32)
    trees = learned_trees(lists, start > 0, start, 10, np.random.default_rng(0))
    assert all(len(array) == 0 for array in trees.values())
