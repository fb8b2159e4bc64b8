"""Films without ratings: regression on descriptions."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.content.description import film_features
from matinee.models._shared.unrated import _L2, Descriptions
from matinee.testing.planted import planted_catalog


@pytest.mark.parametrize("columns", [2, 12])
def test_the_regression_is_a_ridge_regression(columns: int) -> None:
    catalog = planted_catalog()
    rated = np.arange(40) % 4 > 0
    values = np.random.default_rng(0).standard_normal((40, columns)).astype(np.float32)
    # with fewer unrated films than columns the transpose is solved
    assert (np.count_nonzero(~rated) <= columns) == (columns == 12)
    found = Descriptions.of(catalog, rated).regressed(values)
    films = film_features(catalog).toarray().astype(np.float64)
    x, mean = films[rated], values[rated].mean(axis=0)
    slopes = np.linalg.solve(x.T @ x + _L2 * np.eye(x.shape[1]), x.T @ (values[rated] - mean))
    np.testing.assert_allclose(found, mean + films[~rated] @ slopes, atol=1e-4)


def test_unrated_films_come_below_all_others_in_the_order_of_their_facts() -> None:
    catalog = planted_catalog()
    rated = np.ones(40, dtype=np.bool_)
    rated[[3, 7, 25]] = False
    scores = np.where(np.arange(40) < 20, 2.0, 0.0).astype(np.float32)
    moved = Descriptions.of(catalog, rated).below(scores)
    np.testing.assert_array_equal(moved[rated], scores[rated])
    assert moved[~rated].max() <= scores[rated].min()
    assert moved[[3, 7]].min() > moved[25]  # comedies are watched more


def test_nothing_changes_where_all_films_are_rated_or_none() -> None:
    catalog, scores = planted_catalog(), np.arange(40, dtype=np.float32)
    for rated in (np.ones(40, dtype=np.bool_), np.zeros(40, dtype=np.bool_)):
        np.testing.assert_array_equal(Descriptions.of(catalog, rated).below(scores), scores)
