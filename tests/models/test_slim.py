"""SLIM against scikit-learn's elastic net."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import ElasticNet
from tests.models.conftest import Fit, Ratings

from matinee.data import Interactions
from matinee.models import Model


def dense_weights(model: Model, n_items: int) -> NDArray[np.float64]:
    """Column `i` has the weights that predict film `i`, `float64[n_items, n_items]`."""
    weights = np.zeros((n_items, n_items))
    for item in range(n_items):
        edges = slice(*model.arrays["starts"][item : item + 2])
        weights[model.arrays["films"][edges], item] = model.arrays["weights"][edges]
    return weights


@pytest.mark.parametrize("negative", [True, False])
def test_weights_are_those_of_scikit_learn(*, negative: bool, fit: Fit, ratings: Ratings) -> None:
    rng = np.random.default_rng(4)
    seen = (rng.random((80, 15)) < rng.uniform(0.1, 0.7, 15)).astype(float)
    l1, l2, n = 1.5, 4.0, len(seen)
    model = fit("slim", ratings((seen * 4).tolist()), {"l1": l1, "l2": l2, "negative": negative})
    weights = dense_weights(model, 15)
    net = ElasticNet(
        alpha=(l1 + l2) / n,
        l1_ratio=l1 / (l1 + l2),
        positive=not negative,
        fit_intercept=False,
        tol=1e-10,
        max_iter=100_000,
    )
    for item in range(15):
        others = np.delete(seen, item, axis=1)
        expected = np.insert(net.fit(others, seen[:, item]).coef_, item, 0)
        np.testing.assert_allclose(weights[:, item], expected, atol=1e-5)
    assert (weights == 0).mean() > 0.1
    assert (weights < 0).any() == negative


def test_only_the_nearest_films_have_weights(fit: Fit, planted: Interactions) -> None:
    model = fit("slim", planted, {"neighbours": 3})
    counts = np.diff(model.arrays["starts"])
    assert counts.max() == 3
    films = np.repeat(np.arange(planted.n_items), counts)
    assert (films != model.arrays["films"]).all()
