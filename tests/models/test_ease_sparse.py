"""Sparse EASE: dense where it keeps everything, and the best there is within what it keeps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.data import Interactions, Query
from matinee.kernels.threads import threads
from matinee.models import Model, ease_sparse

Weights = NDArray[np.float64]


@pytest.fixture
def audience(ratings: Callable[..., Interactions]) -> Interactions:
    """Two hundred viewers of fifty films, some far more popular, all stars."""
    rng = np.random.default_rng(7)
    seen = rng.random((200, 50)) < rng.uniform(0.03, 0.5, 50)
    seen[0] = True  # any two films share a viewer
    return ratings((seen * rng.integers(1, 6, (200, 50))).tolist())


def all_weights(model: Model) -> Weights:
    """Row `j` is what film `j` of a history adds to every film, `float64[n_items, n_items]`."""
    n_items = len(model.arrays["prior"])
    weights: Weights = model.arrays["common"].astype(np.float64) @ model.arrays["answers"].T
    for item in range(n_items):
        edges = slice(*model.arrays["starts"][item : item + 2])
        weights[item, model.arrays["films"][edges]] += model.arrays["weights"][edges]
    return weights


@pytest.mark.parametrize("directions", [0, 6, 50])
def test_with_every_film_a_neighbour_it_is_dlae(
    directions: int, fit: Callable[..., Model], audience: Interactions
) -> None:
    options = {"neighbours": 60, "directions": directions, "l2": 20}
    model = fit("ease-sparse", audience, options)
    dense = fit("dlae", audience, {"l2": 20})
    np.testing.assert_allclose(all_weights(model), dense.arrays["weights"], atol=2e-4)


@pytest.mark.parametrize("neighbours", [1, 5])
def test_weights_are_the_least_squares_within_neighbours_and_directions(
    neighbours: int, fit: Callable[..., Model], audience: Interactions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(ease_sparse, "_KNOWN", 50)
    options = {"neighbours": neighbours, "directions": 4, "l2": 20, "dropout": 0.3}
    model = fit("ease-sparse", audience, options)
    liked = model._weighted(audience.matrix).toarray().astype(np.float64)  # type: ignore[attr-defined]
    gram = liked.T @ liked
    regularised = gram + np.diag(0.3 / 0.7 * np.diagonal(gram) + 20)
    weights, common = all_weights(model), model.arrays["common"].astype(np.float64)
    assert common.shape == (50, 4)
    films, starts = model.arrays["films"], model.arrays["starts"]
    histories = np.repeat(np.arange(50), np.diff(starts))
    for item in range(50):
        near = histories[films == item]
        assert len(near) == neighbours + 1
        within = np.hstack([np.eye(50)[:, near], common])
        best = np.linalg.solve(within.T @ regularised @ within, within.T @ gram[:, item])
        np.testing.assert_allclose(weights[:, item], within @ best, atol=2e-5)


def test_directions_are_those_that_explain_most(
    fit: Callable[..., Model], audience: Interactions
) -> None:
    model = fit("ease-sparse", audience, {"directions": 3, "l2": 20, "dropout": 0.5})
    liked = model._weighted(audience.matrix).toarray().astype(np.float64)  # type: ignore[attr-defined]
    gram = liked.T @ liked
    scale = 1 / np.sqrt(np.diagonal(gram) + 20)
    strongest = np.linalg.eigvalsh(gram * scale[:, None] * scale)[:-4:-1]
    common = model.arrays["common"] * np.sqrt(1 + strongest)
    np.testing.assert_allclose(common.T @ gram @ common, np.diag(strongest), rtol=0.02, atol=0.02)


def test_scores_likeness_and_contributions_are_of_the_same_weights(
    fit: Callable[..., Model], audience: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("ease-sparse", audience, {"neighbours": 4, "directions": 3, "lowest_worth": 0.5})
    weights = all_weights(model)
    query = history([7, 30, 12], [5, 1, 3])
    worth = np.array([1, 0.5, 0.75])
    np.testing.assert_allclose(
        model.score(query), worth @ weights[query.items], rtol=1e-4, atol=1e-6
    )
    for item in range(50):
        parts = model.contributions(query, item)
        assert parts is not None
        np.testing.assert_allclose(parts, worth * weights[query.items, item], rtol=1e-4, atol=1e-6)
    expected = weights[7] / np.sqrt(model.arrays["likes"] + 20)
    expected[7] = 1
    np.testing.assert_allclose(model.similar(7), expected, rtol=1e-4, atol=1e-7)


def test_only_so_many_neighbours_are_kept(
    fit: Callable[..., Model], audience: Interactions
) -> None:
    model = fit("ease-sparse", audience, {"neighbours": 3, "directions": 0})
    np.testing.assert_array_equal(np.bincount(model.arrays["films"]), np.full(50, 4))
    assert model.arrays["common"].shape == (50, 0)


def test_a_film_few_share_has_fewer_neighbours(
    fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    model = fit("ease-sparse", ratings([[5, 4, 0, 0], [0, 0, 3, 0], [5, 5, 0, 0]]))
    assert np.bincount(model.arrays["films"], minlength=4).tolist() == [2, 2, 1, 1]
    assert np.isfinite(all_weights(model)).all()


@pytest.mark.parametrize("known", [1, 2])
def test_with_few_entries_known_it_stays_sound(
    known: int, fit: Callable[..., Model], audience: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ease_sparse, "_KNOWN", known)
    model = fit("ease-sparse", audience, {"neighbours": 8, "l2": 0.1, "dropout": 0.05})
    assert np.isfinite(all_weights(model)).all()
    assert np.abs(all_weights(model)).max() < 3


def test_threads_and_blocks_change_nothing(
    fit: Callable[..., Model], audience: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fit("ease-sparse", audience, {"neighbours": 5})
    monkeypatch.setattr(ease_sparse, "_BLOCK", 40 * 7)
    for n in (1, 2):
        with threads(n):
            again = fit("ease-sparse", audience, {"neighbours": 5})
        for key, array in again.arrays.items():
            np.testing.assert_array_equal(array, whole.arrays[key])
