"""Regressions on descriptions against their closed forms with dense matrices."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.models._shared.description_ridge import (
    Smoother,
    common_directions,
    regressed_on_description,
)


def films_of(n_items: int, n_features: int) -> sp.csr_array:
    """A few common features and many rare ones."""
    rng = np.random.default_rng(0)
    chances = 0.5 / np.arange(1, n_features + 1)
    return sp.csr_array((rng.random((n_items, n_features)) < chances).astype(np.float32))


def exact(films: sp.csr_array, ridge: float) -> NDArray[np.float64]:
    dense: NDArray[np.float64] = films.toarray().astype(np.float64)
    return dense @ np.linalg.solve(dense.T @ dense + ridge * np.eye(dense.shape[1]), dense.T)


def smoother(films: sp.csr_array, ridge: float, most: int) -> Smoother:
    squares = np.full(films.shape[1], 1 / ridge, dtype=np.float32)
    return Smoother(films, squares, common_directions(films, ridge, most))


@pytest.mark.parametrize("shape", [(40, 90), (90, 40), (400, 300), (300, 400)])
def test_all_directions_give_the_ridge_regression(shape: tuple[int, int]) -> None:
    films = films_of(*shape)
    histories = sp.csr_array(np.random.default_rng(1).random((5, shape[0])) < 0.1).astype("f4")
    predicted = smoother(films, 10, min(shape) - 1).smooth(histories)
    np.testing.assert_allclose(predicted, histories @ exact(films, 10), atol=2e-5)


def test_a_few_directions_are_enough() -> None:
    films = films_of(600, 2000)
    histories = sp.eye_array(600, format="csr", dtype=np.float32)
    ridge = 0.015 * 1600
    approximate, expected = smoother(films, ridge, 64).smooth(histories), exact(films, ridge)
    likes = (np.random.default_rng(2).random((20, 600)) < 0.1).astype(np.float64)
    for one, other in zip(likes @ approximate, likes @ expected, strict=True):
        assert np.corrcoef(one, other)[0, 1] > 0.98


def test_between_returns_entries_of_the_matrix() -> None:
    films = films_of(50, 70)
    one = smoother(films, 5, 20)
    matrix = one.smooth(sp.eye_array(50, format="csr", dtype=np.float32))
    liked, items = np.array([3, 7, 49]), np.array([11, 0])
    np.testing.assert_allclose(one.between(liked, items), matrix[liked][:, items].T, atol=1e-6)


def test_films_without_features_have_no_directions() -> None:
    assert common_directions(sp.csr_array((4, 0), dtype=np.float32), 1.0, 8).shape == (4, 0)


def test_values_are_regressed_on_descriptions() -> None:
    films = films_of(200, 300)
    known, values = np.arange(200) < 150, films.sum(axis=1) + 1
    dense = films.toarray().astype(np.float64)
    learned = dense[:150]
    weights = np.linalg.solve(
        learned.T @ learned + 2 * np.eye(300), learned.T @ values[:150].astype(np.float64)
    )
    predicted = regressed_on_description(films, known, values, 2.0)
    assert predicted.dtype == np.float32
    np.testing.assert_allclose(predicted, np.maximum(dense @ weights, 0), atol=1e-4)
