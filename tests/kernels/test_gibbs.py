"""Draws of a block, compared with plain NumPy and with ridge regression."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.kernels.compiled import csr
from matinee.kernels.gibbs import draw_block

Floats = NDArray[np.float64]

SIZES = (7, 5, 4)
FIRSTS = (0, 7, 12)


class State(NamedTuple):
    """A random state of a machine of three blocks, the second of which is drawn."""

    places: NDArray[np.int32]
    targets: Floats
    sums: Floats
    features: sp.csc_array
    groups: NDArray[np.int32]
    weights: Floats
    means: Floats
    precisions: Floats
    normals: Floats


def state(factors: int, seed: int = 0, n: int = 60) -> State:
    rng = np.random.default_rng(seed)
    f = 1 + factors
    features = sp.csc_array(rng.random((SIZES[1], 6)) * (rng.random((SIZES[1], 6)) < 0.5))
    weights, sums = rng.standard_normal((6, f)), rng.standard_normal((sum(SIZES), f))
    sums[FIRSTS[1] : FIRSTS[2]] = features @ weights
    # the last row of the drawn block has no rating
    rows = [rng.integers(0, size - 1, n) + at for size, at in zip(SIZES, FIRSTS, strict=True)]
    return State(
        np.stack(rows, axis=1).astype(np.int32),
        rng.standard_normal(n),
        sums,
        features,
        np.array([0, 0, 0, 1, 1, 1], dtype=np.int32),
        weights,
        rng.standard_normal((2, f)),
        rng.uniform(0.5, 2, (2, f)),
        rng.standard_normal((6, f)),
    )


def residuals(inputs: State) -> Floats:
    rows = inputs.sums[inputs.places]
    pairs = [(0, 1), (0, 2), (1, 2)]
    met = sum((rows[:, a, 1:] * rows[:, b, 1:]).sum(axis=1) for a, b in pairs)
    return np.asarray(inputs.targets - rows[:, :, 0].sum(axis=1) - met)


def drawn(inputs: State, noise: Floats) -> tuple[Floats, Floats, Floats]:
    """What the kernel makes of weights, sums and residuals."""
    weights, sums, remains = inputs.weights.copy(), inputs.sums.copy(), residuals(inputs)
    draw_block(
        inputs.places,
        1,
        np.array([0, 2]),
        FIRSTS[1],
        SIZES[1],
        remains,
        sums,
        csr(inputs.features),
        inputs.groups,
        weights,
        inputs.means,
        inputs.precisions,
        noise,
        inputs.normals,
    )
    return weights, sums, remains


@pytest.mark.parametrize("factors", [0, 1, 6])
def test_a_block_is_drawn_like_single_weights_over_all_ratings(factors: int) -> None:
    inputs = state(factors)
    noise = np.random.default_rng(5).uniform(0.5, 3, len(inputs.targets))
    weights, sums, remains = drawn(inputs, noise)
    expected, error = inputs.weights.copy(), residuals(inputs)
    partner = inputs.sums[inputs.places[:, 0]] + inputs.sums[inputs.places[:, 2]]
    partner[:, 0] = 1
    amounts = inputs.features.toarray()[inputs.places[:, 1] - FIRSTS[1]]
    for j in range(1 + factors):
        for feature in range(6):
            slope = partner[:, j] * amounts[:, feature]
            prior = inputs.precisions[inputs.groups[feature], j]
            precision = (noise * slope) @ slope + prior
            pull = (noise * slope) @ (error + slope * expected[feature, j])
            mean = (pull + prior * inputs.means[inputs.groups[feature], j]) / precision
            new = mean + inputs.normals[feature, j] / np.sqrt(precision)
            error -= slope * (new - expected[feature, j])
            expected[feature, j] = new
    np.testing.assert_allclose(weights, expected, rtol=1e-9)
    np.testing.assert_allclose(remains, error, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(sums[FIRSTS[1] : FIRSTS[2]], inputs.features @ weights, rtol=1e-9)
    untouched = np.delete(np.arange(sum(SIZES)), np.arange(FIRSTS[1], FIRSTS[2]))
    np.testing.assert_array_equal(sums[untouched], inputs.sums[untouched])


def test_the_mean_of_many_draws_is_ridge_regression() -> None:
    inputs, alpha, n = state(0, seed=3), 2.0, 20_000
    amounts = inputs.features.toarray()[inputs.places[:, 1] - FIRSTS[1]]
    without = residuals(inputs) + amounts @ inputs.weights[:, 0]
    prior = inputs.precisions[inputs.groups, 0]
    system = alpha * amounts.T @ amounts + np.diag(prior)
    right = alpha * amounts.T @ without + prior * inputs.means[inputs.groups, 0]
    noise = np.full(len(inputs.targets), alpha)
    expected, variance = np.linalg.solve(system, right), np.diag(np.linalg.inv(system))
    rng = np.random.default_rng(1)
    draws = np.empty((n, 6))
    for number in range(n):
        weights, sums, _ = drawn(inputs._replace(normals=rng.standard_normal((6, 1))), noise)
        inputs = inputs._replace(weights=weights, sums=sums)
        draws[number] = weights[:, 0]
    spread = np.sqrt(variance)
    np.testing.assert_allclose((draws.mean(axis=0) - expected) / spread, 0, atol=0.1)
    np.testing.assert_allclose(draws.std(axis=0) / spread, 1, atol=0.06)
