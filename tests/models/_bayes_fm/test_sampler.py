"""The chain finds again what generated ratings were made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.models._bayes_fm.gibbs import Block, Sampler, described
from matinee.models._bayes_fm.levels import Levels

SHAPE = (60, 50)
N = 2_000


@pytest.fixture(scope="module")
def blocks() -> dict[str, Block]:
    pairs = np.random.default_rng(0).permutation(SHAPE[0] * SHAPE[1])[:N]
    rows = {"viewers": pairs // SHAPE[1], "films": pairs % SHAPE[1]}
    sizes = dict(zip(rows, SHAPE, strict=True))
    return {name: described(rows[name], [sp.eye_array(sizes[name])]) for name in rows}


def targets(blocks: dict[str, Block], noise: float) -> np.ndarray:
    """Mean 3.5, biases of spread .5, one factor of spread .7 on either side."""
    rng = np.random.default_rng(1)
    biases = [rng.standard_normal(n) * 0.5 for n in SHAPE]
    factors = [rng.standard_normal(n) * 0.7 for n in SHAPE]
    users, items = (block.rows for block in blocks.values())
    sums = 3.5 + biases[0][users] + biases[1][items] + factors[0][users] * factors[1][items]
    return np.asarray(sums + rng.standard_normal(N) * noise)


def test_noise_and_spread_of_biases_are_found_again(blocks: dict[str, Block]) -> None:
    sampler = Sampler(blocks, targets(blocks, 0.4), 1, np.random.default_rng(2))
    noise, spread = [], []
    for sweep in range(300):
        sampler.sweep()
        if sweep >= 100:
            noise.append(1 / np.sqrt(sampler.noise_precision))
            spread.append(1 / np.sqrt(sampler.precisions["viewers"][0, 0]))
    assert np.mean(noise) == pytest.approx(0.4, rel=0.05)
    assert np.mean(spread) == pytest.approx(0.5, rel=0.25)


def test_who_rates_with_more_noise_is_found_again(blocks: dict[str, Block]) -> None:
    users = blocks["viewers"].rows
    spread = np.where(users % 2, 0.2, 0.8)
    given = targets(blocks, 0) + np.random.default_rng(6).standard_normal(N) * spread
    both = {name: replace(block, uneven=True) for name, block in blocks.items()}
    sampler = Sampler(both, given, 1, np.random.default_rng(7))
    precisions = []
    for sweep in range(300):
        sampler.sweep()
        if sweep >= 100:
            precisions.append(sampler.noise_precision * sampler.steadiness["viewers"])
    noise = 1 / np.sqrt(np.mean(precisions, axis=0))
    assert np.median(noise[1::2]) == pytest.approx(0.2, rel=0.2)
    assert np.median(noise[::2]) == pytest.approx(0.8, rel=0.2)
    # films do not differ
    assert sampler.evenness["viewers"] < 10 < sampler.evenness["films"]


def test_levels_are_explained_by_what_they_were_cut_from(blocks: dict[str, Block]) -> None:
    latent = targets(blocks, 0.5)
    codes = np.searchsorted([3.0, 3.5, 4.5], latent)
    levels = Levels(np.bincount(codes))
    sampler = Sampler(blocks, codes.astype(float), 1, np.random.default_rng(8), levels)
    predicted = np.zeros(N)
    for sweep in range(200):
        sampler.sweep()
        if sweep >= 100:
            predicted += sampler._targets - sampler._residuals
    order = np.argsort(blocks["viewers"].rows, kind="stable")
    assert np.corrcoef(predicted, latent[order])[0, 1] > 0.8
    gaps = np.diff(levels.cuts)
    assert gaps[1] / gaps[0] == pytest.approx(2, rel=0.2)


def test_what_it_keeps_up_to_date_is_what_its_weights_say(blocks: dict[str, Block]) -> None:
    given = targets(blocks, 0.4)
    users = blocks["viewers"].rows
    plus = blocks | {"halves": described(users % 2, [sp.eye_array(2)], meets=False)}
    sampler = Sampler(plus, given, 3, np.random.default_rng(3))
    for _ in range(20):
        sampler.sweep()
    sums = {name: block.features @ sampler.weights[name] for name, block in plus.items()}
    for name, each in sums.items():
        np.testing.assert_allclose(sampler.sums[name][:, : each.shape[1]], each, atol=1e-9)
    assert sampler.weights["halves"].shape == (2, 1)
    viewers, films = (sums[name][plus[name].rows] for name in ("viewers", "films"))
    predicted = sampler.mean + viewers[:, 0] + films[:, 0] + sums["halves"][users % 2, 0]
    predicted += (viewers[:, 1:] * films[:, 1:]).sum(axis=1)
    order = np.argsort(users, kind="stable")
    np.testing.assert_allclose(sampler._residuals, (given - predicted)[order], atol=1e-9)


def test_features_side_by_side_have_a_prior_each() -> None:
    features = [sp.eye_array(4), sp.csr_array(np.ones((4, 2)))]
    block = described(np.zeros(3, dtype=np.int64), features)
    np.testing.assert_array_equal(block.groups, [0, 0, 0, 0, 1, 1])
    np.testing.assert_array_equal(block.features.toarray()[0], [1, 0, 0, 0, 1, 1])
