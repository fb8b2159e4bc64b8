"""The listwise loss, its gradient, and planted weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matinee.models._ranker.softmax import Sample, Weights, learned_weights


def sample(n: int = 5, c: int = 7, seed: int = 0) -> Sample:
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape).astype(np.float32)

    allowed = np.zeros((n, c), dtype=np.float32)
    allowed[0, 2] = -np.inf
    targets = np.zeros((n, c), dtype=np.float32)
    targets[np.arange(n), rng.integers(3, c, n)] = 1
    users = np.ones(n, dtype=np.float32)
    users[1] = 3
    return Sample(draw(c, 2), draw(n, 2), draw(c, 2), draw(3, n, c), allowed, targets, users)


def test_the_loss_is_the_cross_entropy_of_the_targets() -> None:
    some = sample()
    weights = Weights(np.array([0.3, -0.2]), np.array([0.1, 0.5]), np.array([1.0, -0.4, 0.2]))
    loss, _ = some.loss(weights)
    expected = 0.0
    for user in range(5):
        scores = [
            sum(some.common[film] * weights.common)
            + sum(some.context[user] * some.scaled[film] * weights.context)
            + sum(some.personal[:, user, film] * weights.personal)
            for film in range(7)
        ]
        odds = np.exp(scores)
        odds[np.isinf(some.allowed[user])] = 0
        expected -= some.users[user] * np.log((odds / odds.sum())[some.targets[user] > 0]).sum()
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


def test_the_gradient_is_that_of_finite_differences() -> None:
    some = sample()
    flat = np.array([0.3, -0.2, 0.1, 0.5, 1.0, -0.4, 0.2])

    def loss(at: np.ndarray) -> float:
        return some.loss(Weights(*np.split(at, [2, 4])))[0]

    _, gradient = some.loss(Weights(*np.split(flat, [2, 4])))
    for place, slope in enumerate(gradient):
        step = np.zeros(7)
        step[place] = 1e-2
        numeric = (loss(flat + step) - loss(flat - step)) / 2e-2
        np.testing.assert_allclose(slope, numeric, rtol=2e-3, atol=2e-3)


def test_planted_weights_are_found() -> None:
    rng = np.random.default_rng(1)
    planted = Weights(np.array([1.0, -0.5]), np.array([0.7, 0.0]), np.array([0.0, 1.5, -1.0]))
    big = sample(1500, 30, seed=2)
    odds = np.exp(big.scores(planted))
    chosen = (odds / odds.sum(axis=1, keepdims=True)).cumsum(axis=1)
    chosen = (chosen < rng.random((1500, 1))).sum(axis=1).clip(0, 29)
    targets = np.zeros((1500, 30), dtype=np.float32)
    targets[np.arange(1500), chosen] = 1
    free = replace(big, allowed=np.zeros_like(big.allowed), targets=targets)
    found = learned_weights([free], 1e-6)
    for name in Weights._fields:
        np.testing.assert_allclose(getattr(found, name), getattr(planted, name), atol=0.2)


def test_a_high_penalty_leaves_no_weight() -> None:
    found = learned_weights([sample()], 1e6)
    assert max(np.abs(each).max() for each in found) < 1e-4


def test_the_penalty_ignores_the_scale_of_a_feature() -> None:
    some = sample(50, 20)
    large = replace(some, common=some.common * np.float32(1000))
    np.testing.assert_allclose(
        learned_weights([large], 0.1).common * 1000,
        learned_weights([some], 0.1).common,
        rtol=1e-2,
        atol=1e-3,
    )
