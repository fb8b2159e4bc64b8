"""Sparse EASE: equal to DLAE with all neighbours, and optimal within fewer of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.models.conftest import Contributions, Fit, History, Ratings

from matinee.data import Histories, Interactions
from matinee.kernels.threads import threads
from matinee.models._shared.denoising import discount_activity
from matinee.models.ease_sparse import EaseSparse, EaseSparseConfig, sparse_weights

Weights = NDArray[np.float64]


@pytest.fixture
def audience(ratings: Ratings) -> Interactions:
    """Two hundred viewers of fifty films, some far more popular, all stars."""
    rng = np.random.default_rng(7)
    seen = rng.random((200, 50)) < rng.uniform(0.03, 0.5, 50)
    seen[0] = True  # any two films share a viewer
    return ratings((seen * rng.integers(1, 6, (200, 50))).tolist())


def dense(arrays: Mapping[str, NDArray[Any]]) -> Weights:
    """Weights from every film of a history (rows) to every film, `float64[n_items, n_items]`."""
    weights: Weights = arrays["common"].astype(np.float64) @ arrays["answers"].T
    for item in range(len(weights)):
        edges = slice(*arrays["starts"][item : item + 2])
        weights[item, arrays["films"][edges]] += arrays["weights"][edges]
    return weights


def weighted(interactions: Interactions, config: EaseSparseConfig) -> Any:
    model = EaseSparse(config)
    model.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
    return discount_activity(model.weigh(interactions), config.activity_discount)


def arrays_of(
    interactions: Interactions, config: EaseSparseConfig, entries_per_neighbour: int
) -> dict[str, NDArray[Any]]:
    return sparse_weights(
        weighted(interactions, config),
        config,
        np.random.default_rng(0),
        entries_per_neighbour=entries_per_neighbour,
    )


@pytest.mark.parametrize("directions", [0, 6, 50])
def test_with_every_film_a_neighbour_it_equals_dlae(
    directions: int, fit: Fit, audience: Interactions
) -> None:
    options = {"neighbours": 60, "directions": directions, "l2": 20}
    model = fit("ease-sparse", audience, options)
    dlae = fit("dlae", audience, {"l2": 20})
    np.testing.assert_allclose(dense(model.arrays), dlae.arrays["weights"], atol=2e-4)


@pytest.mark.parametrize("neighbours", [1, 5])
def test_weights_are_the_least_squares_within_neighbours_and_directions(
    neighbours: int, audience: Interactions
) -> None:
    config = EaseSparseConfig(neighbours=neighbours, directions=4, l2=20, dropout=0.3)
    arrays = arrays_of(audience, config, 50)
    likes = weighted(audience, config).toarray().astype(np.float64)
    gram = likes.T @ likes
    regularised = gram + np.diag(0.3 / 0.7 * np.diagonal(gram) + 20)
    weights, common = dense(arrays), arrays["common"].astype(np.float64)
    assert common.shape == (50, 4)
    histories = np.repeat(np.arange(50), np.diff(arrays["starts"]))
    for item in range(50):
        near = histories[arrays["films"] == item]
        assert len(near) == neighbours + 1
        within = np.hstack([np.eye(50)[:, near], common])
        best = np.linalg.solve(within.T @ regularised @ within, within.T @ gram[:, item])
        np.testing.assert_allclose(weights[:, item], within @ best, atol=2e-5)


def test_directions_are_those_that_explain_most(audience: Interactions) -> None:
    config = EaseSparseConfig(directions=3, l2=20, dropout=0.5)
    likes = weighted(audience, config).toarray().astype(np.float64)
    gram = likes.T @ likes
    scale = 1 / np.sqrt(np.diagonal(gram) + 20)
    strongest = np.linalg.eigvalsh(gram * scale[:, None] * scale)[:-4:-1]
    common = arrays_of(audience, config, 8)["common"] * np.sqrt(1 + strongest)
    np.testing.assert_allclose(common.T @ gram @ common, np.diag(strongest), rtol=0.02, atol=0.02)


def test_scores_similarity_and_contributions_come_from_the_same_weights(
    fit: Fit, audience: Interactions, history: History, contributions: Contributions
) -> None:
    options = {"neighbours": 4, "directions": 3, "lowest_weight": 0.5}
    model = fit("ease-sparse", audience, options)
    weights = dense(model.arrays)
    query = history([7, 12, 30], [5, 3, 1])
    parts = np.array([1, 0.75, 0.5])[:, None] * weights[[7, 12, 30]]
    np.testing.assert_allclose(model.score(query), parts.sum(axis=0), rtol=1e-4, atol=1e-6)
    every = list(range(50))
    np.testing.assert_allclose(contributions(model, query, every), parts.T, rtol=1e-4, atol=1e-6)
    expected = weights[7] / np.sqrt(model.arrays["likes"] + 20)
    expected[7] = 1
    np.testing.assert_allclose(model.similar(np.array([7]))[0], expected, rtol=1e-4, atol=1e-7)


def test_the_number_of_neighbours_is_that_of_the_option(fit: Fit, audience: Interactions) -> None:
    model = fit("ease-sparse", audience, {"neighbours": 3, "directions": 0})
    np.testing.assert_array_equal(np.bincount(model.arrays["films"]), np.full(50, 4))
    assert model.arrays["common"].shape == (50, 0)


def test_a_film_with_few_common_viewers_has_fewer_neighbours(fit: Fit, ratings: Ratings) -> None:
    model = fit("ease-sparse", ratings([[5, 4, 0, 0], [0, 0, 3, 0], [5, 5, 0, 0]]))
    assert np.bincount(model.arrays["films"], minlength=4).tolist() == [2, 2, 1, 1]
    assert np.isfinite(dense(model.arrays)).all()


@pytest.mark.parametrize("entries_per_neighbour", [1, 2])
def test_few_entries_of_the_gram_matrix_give_moderate_weights(
    entries_per_neighbour: int, audience: Interactions
) -> None:
    config = EaseSparseConfig(neighbours=8, l2=0.1, dropout=0.05)
    assert np.abs(dense(arrays_of(audience, config, entries_per_neighbour))).max() < 3


def test_threads_change_nothing(fit: Fit, audience: Interactions) -> None:
    expected = fit("ease-sparse", audience, {"neighbours": 5}).arrays
    config, rng = EaseSparseConfig(neighbours=5), np.random.default_rng(0)
    for n in (1, 2):
        with threads(n):
            again = sparse_weights(weighted(audience, config), config, rng)
        rng = np.random.default_rng(0)
        for name, array in again.items():
            np.testing.assert_array_equal(array, expected[name])


def test_one_history_has_its_own_answers_from_each_of_two_models(
    fit: Fit, audience: Interactions, history: History
) -> None:
    query, items = history([7, 12, 30], [5, 3, 1]), np.arange(50)
    models = [fit("ease-sparse", audience, {"neighbours": each}) for each in (2, 9)]
    histories = Histories.of(query, models[0].n_items)
    for model in [*models, *models]:
        fresh = Histories.of(replace(query), model.n_items)
        np.testing.assert_array_equal(model.scores(histories), model.scores(fresh))
        found, alone = model.contributions(histories, items), model.contributions(fresh, items)
        assert found is not None
        np.testing.assert_array_equal(found, alone)


def test_a_film_that_is_asked_for_twice_has_the_same_contributions(
    fit: Fit, audience: Interactions, history: History, contributions: Contributions
) -> None:
    model, query = fit("ease-sparse", audience, {"neighbours": 9}), history([7, 12], [5, 3])
    first, other, again = contributions(model, query, [8, 30, 8])
    assert first.any()
    assert first.tolist() == again.tolist() != other.tolist()
