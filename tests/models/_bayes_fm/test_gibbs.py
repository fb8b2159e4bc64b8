"""The Gibbs sampler recovers the parameters that ratings were generated with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.models._bayes_fm.gibbs import Block, Sampler, block_of

SHAPE = (60, 50)
N = 2_000


@pytest.fixture(scope="module")
def blocks() -> dict[str, Block]:
    pairs = np.random.default_rng(0).permutation(SHAPE[0] * SHAPE[1])[:N]
    rows = {"users": pairs // SHAPE[1], "items": pairs % SHAPE[1]}
    sizes = dict(zip(rows, SHAPE, strict=True))
    return {name: block_of(rows[name], [sp.eye_array(sizes[name])]) for name in rows}


def generate(blocks: dict[str, Block], noise: float) -> np.ndarray:
    """Mean 3.5, biases of spread .5, one factor of spread .7 on either side."""
    rng = np.random.default_rng(1)
    biases = [rng.standard_normal(n) * 0.5 for n in SHAPE]
    factors = [rng.standard_normal(n) * 0.7 for n in SHAPE]
    users, items = (block.rows for block in blocks.values())
    sums = 3.5 + biases[0][users] + biases[1][items] + factors[0][users] * factors[1][items]
    return np.asarray(sums + rng.standard_normal(N) * noise)


def test_noise_and_spread_of_biases_are_recovered(blocks: dict[str, Block]) -> None:
    sampler = Sampler(blocks, generate(blocks, 0.4), 1, np.random.default_rng(2))
    noise, spread = [], []
    for sweep in range(300):
        sampler.sweep()
        if sweep >= 100:
            noise.append(1 / np.sqrt(sampler.noise_precision))
            spread.append(1 / np.sqrt(sampler.precisions["users"][0, 0]))
    assert np.mean(noise) == pytest.approx(0.4, rel=0.05)
    assert np.mean(spread) == pytest.approx(0.5, rel=0.25)


def test_heteroscedastic_noise_is_recovered(blocks: dict[str, Block]) -> None:
    users = blocks["users"].rows
    spread = np.where(users % 2, 0.2, 0.8)
    ratings = generate(blocks, 0) + np.random.default_rng(6).standard_normal(N) * spread
    noisy = {name: replace(block, heteroscedastic=True) for name, block in blocks.items()}
    sampler = Sampler(noisy, ratings, 1, np.random.default_rng(7))
    precisions = []
    for sweep in range(300):
        sampler.sweep()
        if sweep >= 100:
            precisions.append(sampler.noise_precision * sampler.precision_scales["users"])
    noise = 1 / np.sqrt(np.mean(precisions, axis=0))
    assert np.median(noise[1::2]) == pytest.approx(0.2, rel=0.2)
    assert np.median(noise[::2]) == pytest.approx(0.8, rel=0.2)
    # the noise of items does not differ
    assert sampler.degrees_of_freedom["users"] < 10 < sampler.degrees_of_freedom["items"]


def test_sums_and_residuals_stay_consistent_with_the_weights(blocks: dict[str, Block]) -> None:
    ratings, users = generate(blocks, 0.4), blocks["users"].rows
    halves = block_of(users % 2, [sp.eye_array(2)], interacts=False)
    three = blocks | {"halves": halves}
    sampler = Sampler(three, ratings, 3, np.random.default_rng(3))
    for _ in range(20):
        sampler.sweep()
    sums = {name: block.features @ sampler.weights[name] for name, block in three.items()}
    for name, each in sums.items():
        np.testing.assert_allclose(sampler.sums[name][:, : each.shape[1]], each, atol=1e-9)
    assert sampler.weights["halves"].shape == (2, 1)
    of_users, of_items = (sums[name][three[name].rows] for name in ("users", "items"))
    predicted = sampler.mean + of_users[:, 0] + of_items[:, 0] + sums["halves"][users % 2, 0]
    predicted += (of_users[:, 1:] * of_items[:, 1:]).sum(axis=1)
    order = np.argsort(users, kind="stable")
    np.testing.assert_allclose(sampler._residuals, (ratings - predicted)[order], atol=1e-9)


def test_each_feature_matrix_of_a_block_has_its_own_prior() -> None:
    features = [sp.eye_array(4), sp.csr_array(np.ones((4, 2)))]
    block = block_of(np.zeros(3, dtype=np.int64), features)
    np.testing.assert_array_equal(block.groups, [0, 0, 0, 0, 1, 1])
    np.testing.assert_array_equal(block.features.toarray()[0], [1, 0, 0, 0, 1, 1])
