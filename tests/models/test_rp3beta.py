"""The random walk against its steps as dense matrices."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Fit, History, Ratings

from matinee.data import Interactions


@pytest.mark.parametrize(("alpha", "beta"), [(1, 0), (0.7, 0.6)])
def test_scores_are_probabilities_of_three_steps_over_popularity(
    alpha: float, beta: float, fit: Fit, ratings: Ratings, history: History
) -> None:
    seen = (np.random.default_rng(1).random((30, 9)) < 0.4).astype(float)
    model = fit("rp3beta", ratings((seen * 3).tolist()), {"alpha": alpha, "beta": beta})
    to_user = (seen / seen.sum(axis=0)).T ** alpha
    to_item = (seen / np.maximum(seen.sum(axis=1, keepdims=True), 1)) ** alpha
    walk = to_user @ to_item / seen.sum(axis=0) ** beta
    np.fill_diagonal(walk, 0)
    np.testing.assert_allclose(model.score(history([2, 5])), walk[2] + walk[5], rtol=1e-5)


def test_only_the_largest_weights_are_stored(fit: Fit, planted: Interactions) -> None:
    every = np.arange(planted.n_items)
    expected, largest = (fit("rp3beta", planted, {"neighbours": k}).similar(every) for k in (39, 4))
    for weights in (expected, largest):
        np.fill_diagonal(weights, 0)
    assert (np.count_nonzero(largest, axis=1) == 4).all()
    np.testing.assert_allclose(np.sort(largest)[:, -4:], np.sort(expected)[:, -4:], rtol=1e-6)
