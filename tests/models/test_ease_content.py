"""EASE with content: new films by their description, against the formula written out."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Contributions, Fit, History

from matinee.content.description import film_features
from matinee.data import Catalog, Interactions


def test_weights_follow_the_formula(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    train = planted.select((planted.items != 9) & (planted.items != 30))
    options = {"l2": 20.0, "feature_l2": 2.0, "likes_for_half": 5.0}
    model = fit("ease-content", train, options, catalog=planted_catalog)
    likes = np.bincount(train.items, minlength=40)
    rated = likes > 0
    features = film_features(planted_catalog).toarray().astype(np.float64)
    kernel = features @ features.T
    own = fit("ease", train, {"l2": 20.0}).arrays["weights"].astype(np.float64)
    regression = np.linalg.inv(kernel[np.ix_(rated, rated)] + 2 * np.eye(38)) @ kernel[rated]
    predicted = own[np.ix_(rated, rated)] @ regression
    expected = np.zeros((40, 40))
    expected[rated] = own[rated] + predicted * 5 / (5 + likes)
    expected[~rated] = regression.T[~rated] @ expected[rated]
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(model.arrays["weights"], expected, atol=2e-5)


def test_a_new_film_is_recommended_to_those_who_like_its_kind(
    fit: Fit,
    planted: Interactions,
    planted_catalog: Catalog,
    history: History,
    contributions: Contributions,
) -> None:
    train = planted.select((planted.items != 9) & (planted.items != 30))
    model = fit("ease-content", train, catalog=planted_catalog)
    comedies, horrors = model.score(history([0, 1, 2])), model.score(history([20, 21, 22]))
    assert comedies[9] > comedies[30]
    assert horrors[30] > horrors[9]
    parts = contributions(model, history([0, 1, 2]), [9])
    assert parts.sum() == pytest.approx(comedies[9], rel=1e-4)


def test_a_new_film_counts_in_a_history(
    fit: Fit, planted: Interactions, planted_catalog: Catalog, history: History
) -> None:
    model = fit("ease-content", planted.select(planted.items != 9), catalog=planted_catalog)
    scores = model.score(history([9]))
    assert scores[:9].mean() > scores[20:].mean()


def test_without_predicted_weights_rated_films_are_ranked_as_by_ease(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("ease-content", planted, {"likes_for_half": 0}, catalog=planted_catalog)
    own = fit("ease", planted).arrays["weights"]
    np.testing.assert_allclose(model.arrays["weights"], own, atol=1e-6)
