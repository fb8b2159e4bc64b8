"""DLAE against dropout masks drawn one by one, and against the formula of the paper."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.models.conftest import Contributions, Fit, History, Ratings

from matinee.content.features import encode
from matinee.data import Catalog, Interactions

PLAIN = {"activity_discount": 0, "lowest_weight": 1}


def test_weights_are_the_least_squares_over_all_dropout_masks(fit: Fit, ratings: Ratings) -> None:
    # all 2^4 masks of four films with their probability at a dropout of 0.3; inputs are divided by
    # the share that remains, so that their expectation is right
    seen = np.random.default_rng(0).random((9, 4)) < 0.6
    seen[0] = True
    dropout, remaining = 0.3, 0.7
    masked, complete = [], []
    for mask in itertools.product([0, 1], repeat=4):
        probability = np.prod(np.where(mask, remaining, dropout))
        masked.append(np.sqrt(probability) * seen * np.array(mask) / remaining)
        complete.append(np.sqrt(probability) * seen)
    inputs, outputs = np.concatenate(masked), np.concatenate(complete)
    expected = np.linalg.solve(inputs.T @ inputs + 2 * np.eye(4), inputs.T @ outputs)
    model = fit("dlae", ratings((seen * 5.0).tolist()), {**PLAIN, "dropout": dropout, "l2": 2})
    np.testing.assert_allclose(model.arrays["weights"], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("discount", [0, 0.5])
@pytest.mark.parametrize("lowest", [0.4, 1])
def test_viewers_and_ratings_are_weighted(
    discount: float, lowest: float, fit: Fit, ratings: Ratings
) -> None:
    rng = np.random.default_rng(3)
    stars = rng.integers(1, 6, (60, 12)) * (rng.random((60, 12)) < 0.4)
    options = {"activity_discount": discount, "lowest_weight": lowest, "l2": 3, "dropout": 0.5}
    model = fit("dlae", ratings(stars.tolist()), options)
    likes = np.where(stars > 0, lowest + (1 - lowest) * (stars - 1) / 4, 0)
    counts = np.count_nonzero(stars, axis=1)
    viewers: NDArray[np.float64] = np.maximum(counts, 1.0) ** -discount
    viewers /= viewers[counts > 0].mean()
    gram = (likes * viewers[:, None]).T @ likes
    expected = np.linalg.solve(gram + np.diag(np.diag(gram)) + 3 * np.eye(12), gram)
    np.testing.assert_allclose(model.arrays["weights"], expected, rtol=1e-4, atol=1e-5)


def test_a_low_rating_of_a_history_adds_less(
    fit: Fit, planted: Interactions, history: History, contributions: Contributions
) -> None:
    model, query = fit("dlae", planted, {"lowest_weight": 0.5}), history([2, 30], [5, 1])
    weights = model.arrays["weights"]
    expected = weights[2] + 0.5 * weights[30]
    np.testing.assert_allclose(model.score(query), expected, rtol=1e-5, atol=1e-7)
    parts = contributions(model, query, [9])
    np.testing.assert_allclose(parts, [[weights[2, 9], 0.5 * weights[30, 9]]], rtol=1e-6)


def test_a_single_viewer_of_everything_can_be_fitted(fit: Fit, ratings: Ratings) -> None:
    assert np.isfinite(fit("dlae", ratings([[5, 5, 5]])).arrays["weights"]).all()


def test_features_of_dlae_content_are_weighted_viewers(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    options = {**PLAIN, "dropout": 0.5, "l2": 4, "facts_weight": 3}
    model = fit("dlae-content", planted, options, planted_catalog)
    features = encode(planted_catalog, ("genres", "people", "keywords", "decade")).toarray()
    rows = np.vstack([planted.matrix.toarray() > 0, np.sqrt(3) * features.T.astype(np.float64)])
    gram = rows.T @ rows
    expected = np.linalg.solve(gram + np.diag(np.diag(gram)) + 4 * np.eye(len(gram)), gram)
    np.testing.assert_allclose(model.arrays["weights"], expected, rtol=1e-3, atol=1e-5)


def test_dlae_content_ranks_a_new_film_by_its_features(
    fit: Fit, planted: Interactions, planted_catalog: Catalog, history: History
) -> None:
    train = planted.select((planted.items != 9) & (planted.items != 29))
    scores = fit("dlae-content", train, None, planted_catalog).score(history([0, 1, 2, 3]))
    assert scores[9] > scores[29] + 0.01  # a comedy like those of the history, and a horror film
