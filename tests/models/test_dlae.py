"""The linear autoencoder against drop-outs drawn one by one, and against the paper's formula."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.data import Interactions, Query
from matinee.models import Model

PLAIN = {"activity_discount": 0, "lowest_worth": 1}


def test_the_weights_are_the_least_squares_over_every_way_to_leave_films_out(
    fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    # all 2^4 masks of four films, each as likely as it is when three in ten are left out; what
    # is kept is divided by the share kept, so that the sums are right on average
    seen = np.random.default_rng(0).random((9, 4)) < 0.6
    seen[0] = True
    left_out, kept = 0.3, 0.7
    inputs, targets = [], []
    for mask in itertools.product([0, 1], repeat=4):
        chance = np.prod(np.where(mask, kept, left_out))
        inputs.append(np.sqrt(chance) * seen * np.array(mask) / kept)
        targets.append(np.sqrt(chance) * seen)
    given, wanted = np.concatenate(inputs), np.concatenate(targets)
    expected = np.linalg.solve(given.T @ given + 2 * np.eye(4), given.T @ wanted)
    model = fit("dlae", ratings((seen * 5.0).tolist()), {**PLAIN, "dropout": left_out, "l2": 2})
    np.testing.assert_allclose(model.arrays["weights"], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("discount", [0, 0.5])
@pytest.mark.parametrize("lowest", [0.4, 1])
def test_viewers_and_ratings_are_weighted(
    discount: float, lowest: float, fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    rng = np.random.default_rng(3)
    stars = rng.integers(1, 6, (60, 12)) * (rng.random((60, 12)) < 0.4)
    options = {"activity_discount": discount, "lowest_worth": lowest, "l2": 3, "dropout": 0.5}
    model = fit("dlae", ratings(stars.tolist()), options)
    worth = np.where(stars > 0, lowest + (1 - lowest) * (stars - 1) / 4, 0)
    counts = np.count_nonzero(stars, axis=1)
    viewers: NDArray[np.float64] = np.maximum(counts, 1.0) ** -discount
    viewers /= viewers[counts > 0].mean()
    gram = (worth * viewers[:, None]).T @ worth
    expected = np.linalg.solve(gram + np.diag(np.diag(gram)) + 3 * np.eye(12), gram)
    np.testing.assert_allclose(model.arrays["weights"], expected, rtol=1e-4, atol=1e-5)


def test_a_low_rating_of_a_history_adds_less(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("dlae", planted, {"lowest_worth": 0.5})
    weights = model.arrays["weights"]
    np.testing.assert_allclose(
        model.score(history([2, 30], [5, 1])), weights[2] + 0.5 * weights[30], rtol=1e-5, atol=1e-7
    )
    parts = model.contributions(history([2, 30], [5, 1]), 9)
    assert parts is not None
    np.testing.assert_allclose(parts, [weights[2, 9], 0.5 * weights[30, 9]], rtol=1e-6)


def test_one_viewer_of_everything_is_fitted(
    fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    model = fit("dlae", ratings([[5, 5, 5]]))
    assert np.isfinite(model.arrays["weights"]).all()
